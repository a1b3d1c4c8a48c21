"""Explicit loops for Numba, layer by layer over all examples of a batch.

All parameters are in one vector: for each layer its weights in row order, then its biases. The outputs of all
layers are side by side, one row per example, with its inputs first. Constants are made from ``one`` and ``none``,
since a literal would turn float32 into float64. Inlined functions are compiled with their caller's fastmath option.
"""

import math

import numba
import numpy as np

RELU, TANH, LOGISTIC = 0, 1, 2

inlined = numba.njit(inline="always")


@inlined
def bent(code, z, one):
    """The output h = f(z)."""
    if code == RELU:
        h = max(z, one - one)
    elif code == TANH:
        h = math.tanh(z)
    elif z < 0:
        h = one - one / (one + math.exp(z))
    else:
        h = one / (one + math.exp(-z))
    return h


@inlined
def slope(code, h, one):
    """The derivative f′ from the output h."""
    if code == RELU:
        d = one if h > 0 else one - one
    elif code == TANH:
        d = one - h * h
    else:
        d = h * (one - h)
    return d


@inlined
def forward(sizes, code, parameters, units):
    """Fill in the outputs of every layer after the inputs."""
    one = parameters.dtype.type(1)
    none = one - one
    weight = start = 0
    for layer in range(len(sizes) - 1):
        fan_in, fan_out = sizes[layer], sizes[layer + 1]
        bias, stop = weight + fan_in * fan_out, start + fan_in
        for n in range(len(units)):
            for j in range(fan_out):
                z = none
                for i in range(fan_in):
                    z += units[n, start + i] * parameters[weight + i * fan_out + j]
                z += parameters[bias + j]
                units[n, stop + j] = bent(code, z, one) if layer < len(sizes) - 2 else z
        weight, start = bias + fan_out, stop


@inlined
def softmax(scores, probabilities, logs):
    """Fill in the probabilities (N, K), and for every row log Σ exp of its scores."""
    for n in range(len(scores)):
        greatest = scores[n, 0]
        for k in range(scores.shape[1]):
            greatest = max(greatest, scores[n, k])
        total = greatest - greatest
        for k in range(scores.shape[1]):
            probabilities[n, k] = math.exp(scores[n, k] - greatest)
            total += probabilities[n, k]
        for k in range(scores.shape[1]):
            probabilities[n, k] /= total
        logs[n] = greatest + math.log(total)


@inlined
def cross_entropy(scores, labels, count, delta):
    """The loss over ``count``; fills in its gradient on the scores."""
    one = scores.dtype.type(1)
    logs = np.empty(len(scores), scores.dtype)
    softmax(scores, delta, logs)
    total = one - one
    for n in range(len(scores)):
        total += logs[n] - scores[n, labels[n]]
        delta[n, labels[n]] -= one
        for k in range(scores.shape[1]):
            delta[n, k] /= count
    return total / count


@inlined
def backward(sizes, code, parameters, units, delta, l2, gradients):
    """Fill in the gradients, from the last layer to the first, and return the penalty."""
    one = parameters.dtype.type(1)
    none = one - one
    squares = none
    weight, start = len(parameters), units.shape[1] - sizes[-1]
    for layer in range(len(sizes) - 2, -1, -1):
        fan_in, fan_out = sizes[layer], sizes[layer + 1]
        bias = weight - fan_out
        weight, start = bias - fan_in * fan_out, start - fan_in
        for j in range(fan_out):
            total = none
            for n in range(len(units)):
                total += delta[n, j]
            gradients[bias + j] = total
        below = np.empty((len(units), fan_in), parameters.dtype)
        for i in range(fan_in):
            for j in range(fan_out):
                w, total = parameters[weight + i * fan_out + j], none
                for n in range(len(units)):
                    total += units[n, start + i] * delta[n, j]
                gradients[weight + i * fan_out + j] = total + l2 * w
                squares += w * w
            for n in range(len(units)):
                total = none
                for j in range(fan_out):
                    total += delta[n, j] * parameters[weight + i * fan_out + j]
                below[n, i] = total * slope(code, units[n, start + i], one)
        delta = below
    return l2 * squares / (one + one)


@inlined
def objective(sizes, code, parameters, inputs, labels, l2, count, gradients):
    """The objective; fills in its gradients."""
    units = np.empty((len(inputs), sizes.sum()), parameters.dtype)
    units[:, : sizes[0]] = inputs
    forward(sizes, code, parameters, units)
    scores = units[:, units.shape[1] - sizes[-1] :].copy()
    delta = np.empty_like(scores)
    loss = cross_entropy(scores, labels, count, delta)
    return loss + backward(sizes, code, parameters, units, delta, l2, gradients)


@inlined
def train(sizes, code, parameters, inputs, labels, l2, counts, order, starts, rates, keep):
    """Change the parameters, and return the losses.

    Iteration t has the examples order[starts[t]:starts[t + 1]], or all examples if ``order`` is empty; its loss is
    divided by counts[t].
    """
    velocity, gradients = np.zeros_like(parameters), np.empty_like(parameters)
    losses = np.empty(len(rates), parameters.dtype)
    x, y = inputs, labels
    for t in range(len(rates)):
        if len(order) > 0:
            chosen = order[starts[t] : starts[t + 1]]
            x, y = inputs[chosen], labels[chosen]
        losses[t] = objective(sizes, code, parameters, x, y, l2, counts[t], gradients)
        for p in range(len(parameters)):
            velocity[p] = keep * velocity[p] - rates[t] * gradients[p]
            parameters[p] += velocity[p]
    return losses


@inlined
def bent_all(code, z, h):
    """Fill in h = f(z) of a vector."""
    for n in range(len(z)):
        h[n] = bent(code, z[n], z.dtype.type(1))


@inlined
def slope_all(code, z, d):
    """Fill in f′ of a vector."""
    bent_all(code, z, d)
    for n in range(len(z)):
        d[n] = slope(code, d[n], z.dtype.type(1))
