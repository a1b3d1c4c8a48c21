"""A softmax classifier and a ReLU network with one hidden layer, trained on a spiral (after CS231n).

The parameters are one list: [W, b] is the linear classifier, [W, b, W2, b2] the network.
"""

from itertools import pairwise

import numpy as np


def make_spiral(rng, points=100, classes=3):
    X, y = [], []
    for arm in range(classes):
        radius = np.linspace(0, 1, points)
        angle = np.linspace(4 * arm, 4 * arm + 4, points) + rng.normal(0, 0.2, points)
        X.append(np.column_stack([radius * np.sin(angle), radius * np.cos(angle)]))
        y.append(np.full(points, arm))
    return np.vstack(X), np.concatenate(y)


def init_params(rng, *sizes):
    params = []
    for rows, columns in pairwise(sizes):
        params += [0.01 * rng.standard_normal((rows, columns)), np.zeros((1, columns))]
    return params


def relu(z):
    return np.maximum(z, 0)


def shift(scores):
    # softmax does not notice, and exp cannot overflow any more
    return scores - scores.max(axis=1, keepdims=True)


def softmax(scores):
    e = np.exp(shift(scores))
    return e / e.sum(axis=1, keepdims=True)


def data_loss(scores, y):
    """The cross-entropy of an average example."""
    s = shift(scores)
    logprobs = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    return -logprobs[np.arange(len(y)), y].mean()


def score_grad(scores, y):
    dscores = softmax(scores)
    dscores[np.arange(len(y)), y] -= 1
    return dscores / len(y)


def forward(X, W, b, W2=None, b2=None):
    """The hidden layer (None if there is none) and the class scores."""
    if W2 is None:
        return None, X @ W + b
    hidden = relu(X @ W + b)
    return hidden, hidden @ W2 + b2


def predict(X, params):
    return forward(X, *params)[1].argmax(axis=1)


def loss_and_grads(X, y, params, reg):
    hidden, scores = forward(X, *params)
    loss = data_loss(scores, y)
    dscores = score_grad(scores, y)

    if hidden is None:
        grads = [X.T @ dscores, dscores.sum(axis=0, keepdims=True)]
    else:
        dhidden = dscores @ params[2].T
        dhidden[hidden <= 0] = 0  # a unit that was off passes nothing back
        grads = [X.T @ dhidden, dhidden.sum(axis=0, keepdims=True)]
        grads += [hidden.T @ dscores, dscores.sum(axis=0, keepdims=True)]

    for i in range(0, len(params), 2):  # the weights; biases are not regularized
        loss += 0.5 * reg * np.sum(params[i] ** 2)
        grads[i] += reg * params[i]
    return loss, grads


def descent(grads, step_size):
    return [-step_size * g for g in grads]


def move(params, steps):
    return [p + step for p, step in zip(params, steps, strict=True)]


def train(X, y, params, step_size, reg, iterations):
    """The loss at the start of every iteration, and the parameters at the end."""
    losses = []
    for _ in range(iterations):
        loss, grads = loss_and_grads(X, y, params, reg)
        losses.append(loss)
        params = move(params, descent(grads, step_size))
    return losses, params


if __name__ == "__main__":
    rng = np.random.default_rng(231)
    X, y = make_spiral(rng)
    for title, sizes, iterations in [("linear classifier", (2, 3), 200), ("network", (2, 100, 3), 5000)]:
        losses, params = train(X, y, init_params(rng, *sizes), step_size=1.0, reg=1e-3, iterations=iterations)
        print(title)
        for i in range(0, iterations, iterations // 10):
            print(f"  iteration {i}: loss {losses[i]:.6f}")
        print(f"  training accuracy: {np.mean(predict(X, params) == y):.2f}")
