"""JAX on the CPU: value_and_grad of the objective, compiled steps, and lax.scan over the iterations."""

import os
from functools import partial

os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

jax.config.update("jax_enable_x64", True)

FUNCTIONS = {"relu": jax.nn.relu, "tanh": jnp.tanh, "logistic": jax.nn.sigmoid}


def outputs(layers, activation, x):
    """The outputs of every layer, the scores last."""
    *hidden, last = layers
    values = [x]
    for weights, biases in hidden:
        values.append(FUNCTIONS[activation](values[-1] @ weights + biases))
    return [*values[1:], values[-1] @ last[0] + last[1]]


def cross_entropy(scores, labels, reduction):
    chosen = jnp.take_along_axis(jax.nn.log_softmax(scores), labels[:, None], axis=1)
    return -(jnp.mean(chosen) if reduction == "mean" else jnp.sum(chosen))


@partial(jax.jit, static_argnames=["activation", "reduction"])
def total(layers, x, labels, l2, activation, reduction):
    """The objective."""
    penalty = sum(jnp.vdot(weights, weights) for weights, _ in layers)
    return cross_entropy(outputs(layers, activation, x)[-1], labels, reduction) + l2 / 2 * penalty


@partial(jax.jit, static_argnames=["activation", "reduction"])
def step(state, rate, keep, x, labels, l2, activation, reduction):
    """The layers and the velocity after one update, and the objective before it."""
    layers, velocity = state
    loss, slopes = jax.value_and_grad(total)(layers, x, labels, l2, activation, reduction)
    velocity = jax.tree.map(lambda v, g: keep * v - rate * g, velocity, slopes)
    return (jax.tree.map(jnp.add, layers, velocity), velocity), loss


@partial(jax.jit, static_argnames=["activation", "reduction"])
def scan(state, rates, keep, x, labels, l2, activation, reduction):
    """A step for each rate, on all examples."""

    def one(state, rate):
        return step(state, rate, keep, x, labels, l2, activation, reduction)

    return lax.scan(one, state, rates)


def learning_rates(optimizer, iterations, precision):
    t, rate, schedule = (
        jnp.arange(iterations, dtype=precision),
        optimizer["learning_rate"],
        optimizer["schedule"],
    )
    if schedule is None:
        return jnp.full(iterations, rate, precision)
    decay, every = schedule["decay"], schedule["every"]
    return {
        "step": lambda: rate * decay ** (t // every),
        "exponential": lambda: rate * jnp.exp(-decay * t),
        "inverse_time": lambda: rate / (1 + decay * t),
    }[schedule["kind"]]()


class Jax:
    def __init__(self, precision):
        self.precision = precision

    def describe(self):
        return {"name": "JAX", "version": jax.__version__, "language": "Python", "precision": self.precision}

    def array(self, numbers):
        return jnp.asarray(numbers, self.precision)

    def layers(self, network):
        """Weights and biases, a pair per layer."""
        arrays = zip(network["weights"], network["biases"], strict=True)
        return [tuple(self.array(array) for array in pair) for pair in arrays]

    def softmax(self, scores):
        return jax.nn.softmax(self.array(scores))

    def activation(self, name, z):
        return FUNCTIONS[name](self.array(z))

    def activation_derivative(self, name, z):
        return jax.vmap(jax.grad(FUNCTIONS[name]))(self.array(z).ravel()).reshape(z.shape)

    def cross_entropy(self, scores, labels, reduction):
        return cross_entropy(self.array(scores), jnp.asarray(labels), reduction)

    def score_gradient(self, scores, labels, reduction):
        return jax.grad(cross_entropy)(self.array(scores), jnp.asarray(labels), reduction)

    def forward(self, network, inputs):
        *hidden, scores = outputs(self.layers(network), network["activation"], self.array(inputs))
        return {"hidden": hidden, "scores": scores}

    def predict(self, network, inputs):
        return jnp.argmax(self.forward(network, inputs)["scores"], axis=1)

    def problem(self, network, inputs, labels, objective):
        """The arguments of ``total``."""
        arguments = self.layers(network), self.array(inputs), jnp.asarray(labels), self.array(objective["l2"])
        return *arguments, network["activation"], objective["reduction"]

    def loss(self, network, inputs, labels, objective):
        return total(*self.problem(network, inputs, labels, objective))

    def gradients(self, network, inputs, labels, objective):
        return unzipped(jax.grad(total)(*self.problem(network, inputs, labels, objective)))

    def train(self, network, inputs, labels, objective, optimizer, iterations, batches):
        layers, x, y, *how = self.problem(network, inputs, labels, objective)
        keep = self.array(optimizer["momentum"] if optimizer["method"] == "momentum" else 0.0)
        rates = learning_rates(optimizer, iterations, self.precision)
        state = layers, jax.tree.map(jnp.zeros_like, layers)
        if batches is None:
            state, losses = scan(state, rates, keep, x, y, *how)
        else:
            losses = []
            for rate, batch in zip(rates, batches, strict=True):
                state, loss = step(state, rate, keep, x[batch], y[batch], *how)
                losses.append(loss)
        return {"losses": np.asarray(losses), "network": unzipped(state[0])}


def unzipped(layers):
    weights, biases = zip(*layers, strict=True)
    return {"weights": list(weights), "biases": list(biases)}


float64, float32 = Jax("float64"), Jax("float32")


def __getattr__(name):
    """The module itself computes in float64."""
    return getattr(float64, name)
