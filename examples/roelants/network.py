"""Logistic hidden units and a softmax output, trained with momentum on circles (after Peter Roelants).

The parameters are the list [bh, Wh, bo, Wo]; the targets T have a one in the column of the class.
"""

import numpy as np


def make_circles(rng, count=100, factor=0.3, noise=0.1):
    angles = 2 * np.pi * np.arange(count // 2) / (count // 2)
    ring = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    X = np.concatenate([ring, factor * ring])
    labels = np.concatenate([np.zeros(len(ring), int), np.ones(len(ring), int)])
    return X + noise * rng.standard_normal(X.shape), labels


def one_hot(labels, classes):
    return np.eye(classes)[labels]


def random_params(rng, inputs, hidden, outputs, scale):
    shapes = [(1, hidden), (inputs, hidden), (1, outputs), (hidden, outputs)]
    return [scale * rng.standard_normal(shape) for shape in shapes]


def logistic(Z):
    with np.errstate(over="ignore"):  # exp may become inf, and 1 / inf is the right answer, 0
        return 1 / (1 + np.exp(-Z))


def logistic_derivative(H):
    """From the outputs H of the units."""
    return H * (1 - H)


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


# forward


def hidden_outputs(X, Wh, bh):
    return logistic(X @ Wh + bh)


def output_inputs(H, Wo, bo):
    return H @ Wo + bo


def network(X, params):
    """H and Zo; softmax of Zo are the probabilities Y."""
    bh, Wh, bo, Wo = params
    H = hidden_outputs(X, Wh, bh)
    return H, output_inputs(H, Wo, bo)


def predict(X, params):
    _, Zo = network(X, params)
    return softmax(Zo).argmax(axis=1)


def cross_entropy(Zo, T):
    """−Σ T log Y, with the logarithm taken before Y can become 0."""
    Z = Zo - Zo.max(axis=1, keepdims=True)
    log_Y = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
    return -(T * log_Y).sum()


def cost(X, T, params):
    _, Zo = network(X, params)
    return cross_entropy(Zo, T)


# backward


def output_error(Y, T):
    return Y - T


def hidden_error(H, Wo, Eo):
    return logistic_derivative(H) * (Eo @ Wo.T)


def weight_gradient(layer_input, E):
    return layer_input.T @ E


def bias_gradient(E):
    return E.sum(axis=0, keepdims=True)


def gradients(X, T, params):
    Wo = params[3]
    H, Zo = network(X, params)
    Eo = output_error(softmax(Zo), T)
    Eh = hidden_error(H, Wo, Eo)
    return [bias_gradient(Eh), weight_gradient(X, Eh), bias_gradient(Eo), weight_gradient(H, Eo)]


def check_gradients(X, T, params, epsilon=1e-4):
    """The number of derivatives that central differences confirm; ValueError at the first they do not."""
    confirmed = 0
    for param, gradient in zip(params, gradients(X, T, params), strict=True):
        for place in np.ndindex(param.shape):
            value = param[place]
            param[place] = value + epsilon
            above = cost(X, T, params)
            param[place] = value - epsilon
            below = cost(X, T, params)
            param[place] = value
            numerical = (above - below) / (2 * epsilon)
            if not np.isclose(numerical, gradient[place]):
                raise ValueError(f"numerical gradient {numerical}, backpropagation gives {gradient[place]}")
            confirmed += 1
    return confirmed


# training with momentum


def zero_velocities(params):
    return [np.zeros_like(param) for param in params]


def next_velocities(Vs, gradients, momentum, learning_rate):
    return [momentum * V - learning_rate * J for V, J in zip(Vs, gradients, strict=True)]


def next_params(params, Vs):
    return [param + V for param, V in zip(params, Vs, strict=True)]


def train(X, T, params, momentum, learning_rate, iterations):
    """The costs before training and after every update (one more than iterations), and the parameters."""
    costs = [cost(X, T, params)]
    Vs = zero_velocities(params)
    for _ in range(iterations):
        Vs = next_velocities(Vs, gradients(X, T, params), momentum, learning_rate)
        params = next_params(params, Vs)
        costs.append(cost(X, T, params))
    return costs, params


if __name__ == "__main__":
    rng = np.random.default_rng(4)
    X, labels = make_circles(rng)
    T = one_hot(labels, 2)
    confirmed = check_gradients(X, T, random_params(rng, 2, 3, 2, scale=1.0))
    print(f"gradient check: all {confirmed} derivatives agree")

    start = random_params(rng, 2, 3, 2, scale=0.1)
    costs, params = train(X, T, start, momentum=0.9, learning_rate=0.02, iterations=300)
    for i in range(0, len(costs), 30):
        print(f"cost after {i} updates: {costs[i]:.6f}")
    print(f"classified correctly: {np.sum(predict(X, params) == labels)} of {len(X)}")
