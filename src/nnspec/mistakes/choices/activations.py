"""Activations that people choose, as functions of real and of complex arrays, and formulas of derivatives.

Every function takes the real part for its comparisons, so a step of 1e-20 along the imaginary axis gives its
derivative without any difference of rounded numbers. A formula says what holds at exactly 0 wherever the function
has a jump or a kink there.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from nnspec.reference.values import Array

#: The imaginary step of a derivative: so small that its square is lost beside 1.
STEP = 1e-20


@dataclass(frozen=True)
class Activation:
    """An activation; its phrase follows "the activation is", its formula is in terms of z.

    elementwise: whether an output depends on its own input alone; documents: those in which it is right.
    """

    name: str
    phrase: str
    formula: str
    function: Callable[[Array], Array] = field(compare=False, repr=False)
    elementwise: bool = True
    documents: tuple[str, ...] = ()

    def derivative(self, z: Array) -> Array:
        """f′(z), element by element: ∂h_i/∂z_i, also where an output depends on other inputs."""
        if self.elementwise:
            return derivative(self.function, z)
        slopes = [self.slopes(z, unit)[..., unit] for unit in range(z.shape[-1])]
        return np.stack(slopes, axis=-1)

    def slopes(self, z: Array, unit: int) -> Array:
        """∂h_j/∂z_i of every unit j, for one unit i."""
        moved = z.astype(complex)
        moved[..., unit] += 1j * STEP
        return (self.function(moved).imag / STEP).astype(z.dtype)


@dataclass(frozen=True)
class Derivative:
    """A formula that people type for a derivative, of whatever x it is given: the input z or the output h."""

    name: str
    phrase: str
    formula: str
    function: Callable[[Array], Array] = field(compare=False, repr=False)

    def derivative(self, x: Array) -> Array:
        """The formula at x."""
        return self.function(x)


def derivative(function: Callable[[Array], Array], z: Array) -> Array:
    """f′(z) of a function that works element by element, from a step along the imaginary axis."""
    z = np.asarray(z)
    slope: Array = function(z.astype(complex) + 1j * STEP).imag / STEP
    return slope.astype(z.dtype)


# ---- the functions ----


def where_positive(z: Array, positive: Array | float, otherwise: Array | float) -> Array:
    """The first where z > 0, else the second; complex arrays are compared by their real parts."""
    return np.where(z.real > 0, positive, otherwise)


def magnitude(z: Array) -> Array:
    """|z|, whose derivative at 0 is taken as 1."""
    return np.where(z.real < 0, -z, z)


def exp(z: Array) -> Array:
    """exp(z); inf for a large z, without a warning."""
    with np.errstate(over="ignore"):
        return np.exp(z)


def exp_below(z: Array) -> Array:
    """exp(min(z, 0)), which cannot overflow."""
    return np.exp(where_positive(z, 0 * z, z))


def logistic(z: Array) -> Array:
    """1 / (1 + exp(−z)), without overflow."""
    small = np.exp(-magnitude(z))
    return np.where(z.real < 0, small, 1) / (1 + small)


def softplus(z: Array) -> Array:
    """log(1 + exp(z)), without overflow."""
    below = where_positive(z, -z, z)
    rest = np.log(1 + np.exp(below)) if np.iscomplexobj(z) else np.log1p(np.exp(below))
    return where_positive(z, z, 0 * z) + rest


def erf(z: Array) -> Array:
    """The error function; of an imaginary part only what is linear in it counts."""
    real = np.array([math.erf(x) for x in z.real.ravel()]).reshape(z.shape)
    if np.iscomplexobj(z):
        return real + 2j / math.sqrt(math.pi) * z.imag * np.exp(-z.real * z.real)
    return real.astype(z.dtype)


def leaky(slope: float) -> Callable[[Array], Array]:
    """The function that is z where z > 0, else slope · z."""
    return lambda z: where_positive(z, z, slope * z)


def elu(z: Array, alpha: float = 1.0) -> Array:
    """The function that is z where z > 0, else α (exp(z) − 1)."""
    small = exp_below(z) - 1 if np.iscomplexobj(z) else np.expm1(np.minimum(z, 0))
    return where_positive(z, z, alpha * small)


def clipped(z: Array, low: float, high: float) -> Array:
    """The function max(low, min(high, z)), whose derivative is 0 at both ends."""
    return np.where(z.real <= low, low + 0 * z, np.where(z.real >= high, high + 0 * z, z))


def softmax_over_units(z: Array) -> Array:
    """exp(z_i) / Σ_j exp(z_j) over the units of a layer, the last axis."""
    exponentials = np.exp(z - z.real.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


# ---- the table ----


def leaky_relu(slope: float) -> Activation:
    """The leaky ReLU with this slope for negative inputs."""
    about = f"a leaky ReLU, which returns {slope:g} z for a negative input z"
    return Activation(f"leaky relu {slope:g}", about, f"max(0, z) + {slope:g} min(0, z)", leaky(slope))


def _row(name: str, phrase: str, formula: str, function: Callable[[Array], Array]) -> Activation:
    """An activation whose phrase has its formula."""
    return Activation(name, f"{phrase}, {formula.partition(';')[0]}", formula, function)


_SELU = 1.0507009873554805
_SELU_ALPHA = 1.6732632423543772

RELU = Activation(
    *("relu", "ReLU", "max(0, z), with the derivative 0 at 0"),
    lambda z: where_positive(z, z, 0 * z),
    documents=("cs231n",),
)
TANH = Activation("tanh", "tanh", "tanh(z)", np.tanh, documents=("wildml",))
LOGISTIC = Activation(
    *("logistic", "the logistic function", "1 / (1 + exp(−z))"), logistic, documents=("roelants",)
)

#: Every activation, the most likely first.
ACTIVATIONS = (
    RELU,
    TANH,
    LOGISTIC,
    Activation("identity", "the identity, as if the layer had none", "z", lambda z: 1 * z),
    Activation("zero", "0 for every input, as if all hidden units were switched off", "0", lambda z: 0 * z),
    leaky_relu(0.01),
    leaky_relu(0.1),
    leaky_relu(0.2),
    leaky_relu(0.3),
    _row("softplus", "softplus", "log(1 + exp(z))", softplus),
    _row("elu", "ELU", "z where z > 0, else exp(z) − 1", elu),
    _row(
        "selu",
        "SELU",
        "1.0507 z where z > 0, else 1.7581 (exp(z) − 1)",
        lambda z: _SELU * elu(z, _SELU_ALPHA),
    ),
    _row(
        "gelu",
        "GELU",
        "z/2 · (1 + erf(z / √2))",
        lambda z: z / 2 * (1 + erf(z / math.sqrt(2))),
    ),
    _row(
        "gelu tanh",
        "GELU in its tanh form",
        "z/2 · (1 + tanh(√(2/π) (z + 0.044715 z³)))",
        lambda z: z / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z * z * z))),
    ),
    _row("silu", "SiLU (swish)", "z / (1 + exp(−z))", lambda z: z * logistic(z)),
    _row(
        "relu6", "ReLU6", "min(6, max(0, z)); the derivative is 0 at 0 and at 6", lambda z: clipped(z, 0, 6)
    ),
    _row("softsign", "softsign", "z / (1 + |z|)", lambda z: z / (1 + magnitude(z))),
    _row("magnitude", "the magnitude", "|z|; the derivative is 1 at 0", magnitude),
    _row("square", "the square", "z²", lambda z: z * z),
    _row("cube", "the cube", "z³", lambda z: z * z * z),
    _row("sin", "the sine", "sin(z)", np.sin),
    _row("cos", "the cosine", "cos(z)", np.cos),
    _row(
        "step",
        "a step",
        "1(z > 0), whose derivative is 0; it is 0 at 0",
        lambda z: where_positive(z, 1 + 0 * z, 0),
    ),
    _row(
        "sign",
        "the sign of z",
        "±1, whose derivative is 0; it is 0 at 0",
        lambda z: np.sign(z.real) + 0 * z,
    ),
    _row(
        "bipolar logistic",
        "the bipolar logistic function",
        "2 / (1 + exp(−z)) − 1",
        lambda z: 2 * logistic(z) - 1,
    ),
    _row("lecun tanh", "LeCun's tanh", "1.7159 tanh(2z/3)", lambda z: 1.7159 * np.tanh(2 * z / 3)),
    _row("tanh of twice", "tanh of twice the input", "tanh(2z)", lambda z: np.tanh(2 * z)),
    _row(
        "logistic of twice",
        "the logistic function of twice the input",
        "1 / (1 + exp(−2z))",
        lambda z: logistic(2 * z),
    ),
    _row(
        "mirrored logistic",
        "the logistic function with the wrong sign",
        "1 / (1 + exp(z))",
        lambda z: logistic(-z),
    ),
    _row(
        "hard tanh", "hard tanh", "max(−1, min(1, z)); the derivative is 0 at ±1", lambda z: clipped(z, -1, 1)
    ),
    _row(
        "hard sigmoid keras",
        "Keras' hard sigmoid",
        "max(0, min(1, 0.2 z + 0.5)); the derivative is 0 at ±2.5",
        lambda z: clipped(0.2 * z + 0.5, 0, 1),
    ),
    _row(
        "hard sigmoid torch",
        "PyTorch's hard sigmoid",
        "max(0, min(1, z/6 + 1/2)); the derivative is 0 at ±3",
        lambda z: clipped(z / 6 + 0.5, 0, 1),
    ),
    _row(
        "hard swish", "hard swish", "z · max(0, min(1, z/6 + 1/2))", lambda z: z * clipped(z / 6 + 0.5, 0, 1)
    ),
    _row("mish", "mish", "z tanh(log(1 + exp(z)))", lambda z: z * np.tanh(softplus(z))),
    _row("arctan", "the arctangent", "arctan(z)", np.arctan),
    _row("gaussian", "a Gaussian", "exp(−z²)", lambda z: np.exp(-z * z)),
    _row("gaussian of half", "a Gaussian", "exp(−z²/2)", lambda z: np.exp(-z * z / 2)),
    _row(
        "log logistic", "the logarithm of the logistic function", "−log(1 + exp(−z))", lambda z: -softplus(-z)
    ),
    _row(
        "bent identity",
        "the bent identity",
        "(√(z² + 1) − 1)/2 + z",
        lambda z: (np.sqrt(z * z + 1) - 1) / 2 + z,
    ),
    _row("squareplus", "squareplus", "(z + √(z² + 4))/2", lambda z: (z + np.sqrt(z * z + 4)) / 2),
    _row("exp", "the exponential", "exp(z)", exp),
    _row("celu 0.5", "CELU with α = 0.5", "z where z > 0, else 0.5 (exp(2z) − 1)", lambda z: elu(2 * z) / 2),
    _row("squared relu", "the square of ReLU", "max(0, z)²", lambda z: where_positive(z, z * z, 0 * z)),
    _row(
        "threshold 1",
        "ReLU with a threshold of 1",
        "z where z > 1, else 0; it is 0 at 1",
        lambda z: np.where(z.real > 1, z, 0 * z),
    ),
    _row(
        "capped relu 1",
        "ReLU capped at 1",
        "min(1, max(0, z)); the derivative is 0 at 0 and at 1",
        lambda z: clipped(z, 0, 1),
    ),
    _row(
        "negated relu",
        "ReLU with the wrong sign",
        "min(0, z); the derivative is 0 at 0",
        lambda z: np.where(z.real < 0, z, 0 * z),
    ),
    _row("tanhshrink", "tanhshrink", "z − tanh(z)", lambda z: z - np.tanh(z)),
    _row("softshrink", "softshrink", "z ∓ 0.5 where |z| > 0.5, else 0", lambda z: z - clipped(z, -0.5, 0.5)),
    _row(
        "hardshrink",
        "hardshrink",
        "z where |z| > 0.5, else 0",
        lambda z: np.where(np.abs(z.real) > 0.5, z, 0 * z),
    ),
    _row(
        "rectified tanh", "rectified tanh", "max(0, tanh(z))", lambda z: where_positive(z, np.tanh(z), 0 * z)
    ),
    Activation(
        *("softmax over units", "softmax over the units of the layer", "exp(z_i) / Σ_j exp(z_j)"),
        softmax_over_units,
        elementwise=False,
    ),
)

#: Formulas of derivatives, each of z or of h.
DERIVATIVES = (
    Derivative("one", "1, as if there were no activation", "1", lambda x: 1 + 0 * x),
    Derivative("one minus square", "1 − x²", "1 − x²", lambda x: 1 - x * x),
    Derivative("x times one minus x", "x (1 − x)", "x (1 − x)", lambda x: x * (1 - x)),
    Derivative(
        "positive", "1(x > 0)", "1(x > 0), which is 0 at 0", lambda x: where_positive(x, 1 + 0 * x, 0 * x)
    ),
    Derivative(
        "not negative", "1(x ≥ 0)", "1(x ≥ 0), which is 1 at 0", lambda x: np.where(x < 0, 0 * x, 1 + 0 * x)
    ),
    Derivative(
        "not positive", "1(x ≤ 0)", "1(x ≤ 0), which is 1 at 0", lambda x: where_positive(x, 0 * x, 1 + 0 * x)
    ),
    Derivative("one minus x", "1 − x", "1 − x", lambda x: 1 - x),
    Derivative("one plus square", "1 + x²", "1 + x²", lambda x: 1 + x * x),
    Derivative("x itself", "x itself", "x", lambda x: 1 * x),
    Derivative("square minus one", "x² − 1", "x² − 1", lambda x: x * x - 1),
    Derivative("x times one plus x", "x (1 + x)", "x (1 + x)", lambda x: x * (1 + x)),
    Derivative("half of one minus square", "(1 − x²)/2", "(1 − x²)/2", lambda x: (1 - x * x) / 2),
)

#: Each activation by its name.
BY_NAME = {activation.name: activation for activation in ACTIVATIONS}
