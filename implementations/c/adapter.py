"""Plain C: network.c, compiled at first use, and called through ctypes."""

import ctypes
import itertools
import math
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

SOURCE = Path(__file__).with_name("network.c")
KINDS = {"relu": 0, "tanh": 1, "logistic": 2}
REDUCTIONS = {"sum": 0, "mean": 1}
REALS = {"float64": ctypes.c_double, "float32": ctypes.c_float}
USUAL, FAST = ("-O2",), ("-O3", "-march=native", "-ffast-math")


@cache
def compiled(real, options):
    """The library, loaded; its file is then deleted."""
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "network.so"
        define = f"-DREAL={real.__name__.removeprefix('c_')}"
        command = [
            "cc",
            "-std=c99",
            "-shared",
            "-fPIC",
            *options,
            define,
            str(SOURCE),
            "-o",
            str(library),
            "-lm",
        ]
        subprocess.run(command, check=True)
        loaded = ctypes.CDLL(str(library))
    loaded.softmax.restype = loaded.cross_entropy.restype = loaded.objective.restype = real
    return loaded


def learning_rate(optimizer, t):
    rate, schedule = optimizer["learning_rate"], optimizer["schedule"]
    if schedule is None:
        return rate
    decay, every = schedule["decay"], schedule["every"]
    if schedule["kind"] == "inverse_time":
        return rate / (1 + decay * t)
    return rate * (math.exp(-decay * t) if schedule["kind"] == "exponential" else decay ** (t // every))


class C:
    def __init__(self, precision, options):
        self.precision, self.options, self.real = precision, options, REALS[precision]

    def describe(self):
        name = f"C, {' '.join(self.options)}"
        version = subprocess.run(["cc", "--version"], check=True, capture_output=True, text=True).stdout
        return {
            "name": name,
            "version": version.splitlines()[0],
            "language": "C",
            "precision": self.precision,
        }

    @property
    def library(self):
        return compiled(self.real, self.options)

    def array(self, numbers):
        return np.ascontiguousarray(numbers, dtype=self.real)

    def problem(self, network, inputs):
        """The first arguments of the functions: layers, sizes, kind, parameters, inputs."""
        sizes = whole([len(network["weights"][0]), *map(len, network["biases"])])
        return (
            len(sizes) - 1,
            sizes,
            KINDS[network["activation"]],
            self.array(flat(network)),
            self.array(inputs),
        )

    def call(self, name, *arguments):
        """Call a function of the library, with arrays as pointers and floats as real."""
        converted = [
            a.ctypes.data_as(ctypes.c_void_p)
            if isinstance(a, np.ndarray)
            else self.real(a)
            if isinstance(a, float)
            else a
            for a in arguments
        ]
        return getattr(self.library, name)(*converted)

    def activation(self, name, z):
        h = np.empty(z.shape, self.real)
        self.call("activations", KINDS[name], z.size, self.array(z), h)
        return h

    def activation_derivative(self, name, z):
        d = np.empty(z.shape, self.real)
        self.call("derivatives", KINDS[name], z.size, self.array(z), d)
        return d

    def softmax(self, scores):
        p = np.empty(scores.shape, self.real)
        for row, out in zip(self.array(scores), p, strict=True):
            self.call("softmax", len(row), row, out)
        return p

    def forward(self, network, inputs):
        layers, sizes, kind, parameters, x = self.problem(network, inputs)
        units = np.empty((len(x), sizes.sum()), self.real)
        units[:, : sizes[0]] = x
        for row in units:
            self.call("forward", layers, sizes, kind, parameters, row)
        _, *hidden, scores = np.split(units, np.cumsum(sizes)[:-1], axis=1)
        return {"hidden": hidden, "scores": scores}

    def predict(self, network, inputs):
        return self.forward(network, inputs)["scores"].argmax(axis=1)

    def objective(self, network, inputs, labels, objective):
        """The objective and its gradient."""
        layers, sizes, kind, parameters, x = self.problem(network, inputs)
        gradient, chosen = np.empty_like(parameters), whole(range(len(x)))
        how = len(x), chosen, REDUCTIONS[objective["reduction"]], float(objective["l2"])
        return self.call(
            "objective", layers, sizes, kind, parameters, x, whole(labels), *how, gradient
        ), unflat(gradient, sizes)

    def loss(self, network, inputs, labels, objective):
        return self.objective(network, inputs, labels, objective)[0]

    def gradients(self, network, inputs, labels, objective):
        return self.objective(network, inputs, labels, objective)[1]

    def train(self, network, inputs, labels, objective, optimizer, iterations, batches):
        layers, sizes, kind, parameters, x = self.problem(network, inputs)
        always = batches is None
        counts = whole([len(x)] * iterations if always else [len(batch) for batch in batches])
        chosen = whole(range(len(x)) if always else [index for batch in batches for index in batch])
        rates = self.array([learning_rate(optimizer, t) for t in range(iterations)])
        momentum = float(optimizer["momentum"] if optimizer["method"] == "momentum" else 0)
        how = int(always), REDUCTIONS[objective["reduction"]], float(objective["l2"])
        losses, problem = np.empty(iterations, self.real), (layers, sizes, kind, parameters, x, whole(labels))
        self.call("train", *problem, iterations, counts, chosen, *how, rates, momentum, losses)
        return {"losses": losses, "network": unflat(parameters, sizes)}


def whole(numbers):
    return np.array(numbers, dtype=ctypes.c_int)


def flat(network):
    """All parameters in one vector."""
    layers = zip(network["weights"], network["biases"], strict=True)
    return np.concatenate([array.ravel() for layer in layers for array in layer])


def unflat(vector, sizes):
    blocks = np.split(
        vector, np.cumsum([(fan_in + 1) * fan_out for fan_in, fan_out in itertools.pairwise(sizes)])
    )
    shaped = [block.reshape(-1, fan_out) for block, fan_out in zip(blocks, sizes[1:], strict=False)]
    return {"weights": [block[:-1] for block in shaped], "biases": [block[-1] for block in shaped]}


float64, float32 = C("float64", USUAL), C("float32", USUAL)
fastmath, fastmath_float32 = C("float64", FAST), C("float32", FAST)


def __getattr__(name):
    """The module itself computes in float64."""
    return getattr(float64, name)
