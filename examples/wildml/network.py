"""A network with one hidden layer of tanh units that tells two moons apart (after WildML's tutorial).

A model is a dictionary of W1, b1, W2 and b2.
"""

import numpy as np


def make_moons(rng, count=200, noise=0.2):
    half = count // 2
    t = np.linspace(0, np.pi, half)
    upper = np.column_stack([np.cos(t), np.sin(t)])
    lower = np.column_stack([1 - np.cos(t), 0.5 - np.sin(t)])
    X = np.vstack([upper, lower]) + noise * rng.standard_normal((2 * half, 2))
    y = np.repeat([0, 1], half)
    order = rng.permutation(2 * half)
    return X[order], y[order]


def new_model(rng, n_in, n_hidden, n_out):
    return {
        "W1": rng.standard_normal((n_in, n_hidden)) / np.sqrt(n_in),
        "b1": np.zeros((1, n_hidden)),
        "W2": rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden),
        "b2": np.zeros((1, n_out)),
    }


def tanh(z):
    return np.tanh(z)


def tanh_slope(a):
    """The derivative of tanh where tanh is a."""
    return 1 - a**2


def log_probabilities(z2):
    z2 = z2 - np.max(z2, axis=1, keepdims=True)  # keeps exp from overflowing
    return z2 - np.log(np.sum(np.exp(z2), axis=1, keepdims=True))


def probabilities(z2):
    e = np.exp(z2 - np.max(z2, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def feed_forward(model, X):
    a1 = tanh(X @ model["W1"] + model["b1"])
    z2 = a1 @ model["W2"] + model["b2"]
    return a1, z2


def predict(model, X):
    _, z2 = feed_forward(model, X)
    return np.argmax(z2, axis=1)


def cross_entropy(z2, y):
    """Summed over the examples."""
    return -np.sum(log_probabilities(z2)[range(len(y)), y])


def output_delta(z2, y):
    delta = probabilities(z2)
    delta[range(len(y)), y] -= 1
    return delta


def total_loss(model, X, y, reg_lambda):
    """What gradient descent makes smaller."""
    _, z2 = feed_forward(model, X)
    squares = np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2)
    return cross_entropy(z2, y) + reg_lambda / 2 * squares


def calculate_loss(model, X, y, reg_lambda):
    """The same for one example of len(X): this is what gets printed."""
    return total_loss(model, X, y, reg_lambda) / len(X)


def backprop(model, X, y, reg_lambda):
    a1, z2 = feed_forward(model, X)
    delta3 = output_delta(z2, y)
    delta2 = (delta3 @ model["W2"].T) * tanh_slope(a1)
    return {
        "W1": X.T @ delta2 + reg_lambda * model["W1"],
        "b1": np.sum(delta2, axis=0, keepdims=True),
        "W2": a1.T @ delta3 + reg_lambda * model["W2"],
        "b2": np.sum(delta3, axis=0, keepdims=True),
    }


def step(grads, epsilon):
    return {name: -epsilon * grad for name, grad in grads.items()}


def take(model, change):
    return {name: model[name] + change[name] for name in model}


def train(model, X, y, epsilon, reg_lambda, passes, after_pass=None):
    """Gradient descent from the given model; after_pass(i, model) is called at the end of pass i."""
    for i in range(passes):
        model = take(model, step(backprop(model, X, y, reg_lambda), epsilon))
        if after_pass:
            after_pass(i, model)
    return model


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    X, y = make_moons(rng)
    settings = {"epsilon": 0.01, "reg_lambda": 0.01}

    def report(i, model):
        if i % 1000 == 0:
            print(f"Loss after pass {i}: {calculate_loss(model, X, y, settings['reg_lambda']):.6f}")

    model = train(new_model(rng, 2, 3, 2), X, y, **settings, passes=10_000, after_pass=report)
    print(f"Accuracy with 3 hidden units: {np.mean(predict(model, X) == y):.3f}")

    for hidden in [1, 2, 4, 5, 20, 50]:
        model = train(new_model(rng, 2, hidden, 2), X, y, **settings, passes=1000)
        print(f"Accuracy with {hidden} hidden units: {np.mean(predict(model, X) == y):.3f}")
