"""Strategies for the arguments of every operation, within the range that a correct program can compute in float32.

Numbers are ordinary, whole (so that sums are exact and scores tie), 0 of either sign, subnormal, tiny or
extreme, but within the range in which float32 does not overflow: scores up to 1e4, weights up to 30.
"""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nnspec.contract import operations
from nnspec.contract.support import ACTIVATIONS, METHODS
from nnspec.judging import cases

SCALES = [1e-300, 1e-39, 1e-6, 1.0, 10.0, 60.0, 400.0, 1e4]
SPECIAL = [0.0, -0.0, 5e-324, -1e-300, 1e-45, -1e-39, 1e-20]


def numbers(scale):
    return st.one_of(st.floats(-scale, scale), st.integers(-4, 4).map(float), st.sampled_from(SPECIAL))


def arrays(*shape, scales=SCALES):
    """Arrays of this shape, each within one of the scales."""
    return st.sampled_from(scales).flatmap(lambda scale: hnp.arrays(float, shape, elements=numbers(scale)))


def shaped(build, greatest=5):
    """The strategy that ``build`` makes from two lengths."""
    return st.tuples(st.integers(1, greatest), st.integers(1, greatest)).flatmap(lambda shape: build(*shape))


NAMES, REDUCTIONS = st.sampled_from(ACTIVATIONS), st.sampled_from(operations.REDUCTIONS)
SEEDS = st.integers(0, 2**32 - 1).map(np.random.default_rng)

FUNCTIONS = shaped(lambda *shape: st.fixed_dictionaries({"name": NAMES, "z": arrays(*shape)}))
SOFTMAX = shaped(lambda *shape: st.fixed_dictionaries({"scores": arrays(*shape)}))
#: Each label is drawn independently, so that classes may be missing.
LABELLED = shaped(
    lambda n, k: st.fixed_dictionaries(
        {
            "scores": arrays(n, k),
            "labels": st.lists(st.integers(0, k - 1), min_size=n, max_size=n).map(np.array),
            "reduction": REDUCTIONS,
        }
    ),
    greatest=8,
)


# ---- networks: from seeds, which is faster than number by number ----


def mixed(random, shape, scale, kind):
    """Random numbers of one kind; "mixed" has zeros, whole numbers and subnormal numbers among the others."""
    normal = scale * random.standard_normal(shape)
    if kind == "whole":
        return np.rint(2 * random.standard_normal(shape))
    if kind == "mixed":
        special = random.choice([*SPECIAL, 1.0, -2.0], shape)
        return np.where(random.random(shape) < 0.3, special, normal)
    return np.zeros(shape) if kind == "zero" else normal


def networks(random, sizes, activation, scale, kinds):
    return {
        "weights": [mixed(random, shape, scale, kinds[0]) for shape in itertools.pairwise(sizes)],
        "biases": [mixed(random, size, 1.0, kinds[1]) for size in sizes[1:]],
        "activation": activation,
    }


def problem_arguments(random, sizes, examples, activation, scales, kinds, objective):
    """The arguments of ``loss``; scales: of the weights and the inputs; kinds: of the weights, biases and inputs."""
    return {
        "network": networks(random, sizes, activation, scales[0], kinds),
        "inputs": mixed(random, (examples, sizes[0]), scales[1], kinds[2]),
        "labels": random.integers(0, random.integers(1, sizes[-1], endpoint=True), examples),
        "objective": objective,
    }


def problems(weight_scales=(1e-3, 0.1, 1.0, 5.0, 30.0), input_scales=(1e-30, 1.0, 10.0)):
    kinds = st.sampled_from(["normal", "whole", "mixed"])
    return st.builds(
        problem_arguments,
        random=SEEDS,
        sizes=st.lists(st.integers(1, 6), min_size=2, max_size=5),
        examples=st.one_of(st.integers(1, 8), st.integers(9, 60)),
        activation=NAMES,
        scales=st.tuples(st.sampled_from(weight_scales), st.sampled_from(input_scales)),
        kinds=st.tuples(kinds, st.sampled_from(["normal", "whole", "mixed", "zero"]), kinds),
        objective=st.builds(cases.objective, REDUCTIONS, st.sampled_from([0.0, 1e-3, 0.3, 1.0, 3.0])),
    )


PROBLEMS = problems()


def only(*names):
    return lambda arguments: {name: arguments[name] for name in names}


SCHEDULES = st.one_of(
    st.none(),
    st.builds(
        lambda kind, decay, every: {"kind": kind, "decay": decay, "every": every},
        st.sampled_from(["step", "exponential", "inverse_time"]),
        st.sampled_from([0.0, 1e-3, 0.13, 0.7, 1.0]),
        st.integers(1, 3),
    ),
)
OPTIMIZERS = st.builds(
    lambda method, rate, momentum, schedule: {
        "method": method,
        "learning_rate": rate,
        "momentum": momentum,
        "schedule": schedule,
    },
    st.sampled_from(METHODS),
    st.sampled_from([1e-3, 0.02, 0.37, 1.0]),
    st.sampled_from([0.0, 0.5, 0.9]),
    SCHEDULES,
)


def steps(random, sizes, scales, kinds, optimizer, first, count):
    """A network, gradients for several updates in a row, and the first iteration."""
    return {
        "network": networks(random, sizes, "relu", scales[0], kinds),
        "gradients": [
            {"weights": n["weights"], "biases": n["biases"]}
            for n in (networks(random, sizes, "relu", scales[1], kinds) for _ in range(count))
        ],
        "optimizer": optimizer,
        "first": first,
    }


STEPS = st.builds(
    steps,
    random=SEEDS,
    sizes=st.lists(st.integers(1, 4), min_size=2, max_size=4),
    scales=st.tuples(st.sampled_from([1e-3, 1.0, 30.0]), st.sampled_from([1e-40, 1e-6, 1.0, 1e4])),
    kinds=st.tuples(*[st.sampled_from(["normal", "whole", "mixed"])] * 2),
    optimizer=OPTIMIZERS,
    first=st.sampled_from([0, 1, 2, 7, 50]),
    count=st.integers(1, 5),
)


def training_arguments(arguments, random, optimizer, iterations, batched):
    n = len(arguments["labels"])
    batches = [random.integers(0, n, random.integers(1, n, endpoint=True)) for _ in range(iterations)]
    return {
        **arguments,
        "optimizer": optimizer,
        "iterations": iterations,
        "batches": batches if batched else None,
    }


#: Smaller weights: after an update of large weights, the next one overflows.
TRAININGS = st.builds(
    training_arguments,
    problems(weight_scales=(1e-3, 0.1, 1.0, 3.0), input_scales=(1e-30, 1.0)),
    SEEDS,
    OPTIMIZERS,
    st.integers(1, 4),
    st.booleans(),
)


def initial(random, sizes, activation, scale, fan_in, biases):
    return {
        "normals": cases.like(random, sizes),
        "sizes": sizes,
        "activation": activation,
        "initialization": {"scale": scale, "fan_in": fan_in, "biases": biases},
    }


INITIALIZATIONS = st.builds(
    initial,
    random=SEEDS,
    sizes=st.lists(st.integers(1, 6), min_size=2, max_size=5),
    activation=NAMES,
    scale=st.sampled_from([0.01, 0.1, 1.0, 0.37]),
    fan_in=st.booleans(),
    biases=st.sampled_from(["zeros", "normals"]),
)


def spiral(random, examples_per_class, classes):
    normals = random.standard_normal(examples_per_class * classes)
    return {"normals": normals, "examples_per_class": examples_per_class, "classes": classes}


def moons(random, examples, noise):
    normals, order = random.standard_normal((examples, 2)), random.permutation(examples)
    return {"normals": normals, "order": order, "examples": examples, "noise": noise}


def circles(random, examples, factor, noise):
    normals = random.standard_normal((examples, 2))
    return {"normals": normals, "examples": examples, "factor": factor, "noise": noise}


NOISES = st.sampled_from([0.0, 0.2, 1.0])
EXAMPLES = st.integers(2, 100)
SPIRALS = st.builds(spiral, SEEDS, st.integers(1, 60), st.integers(1, 5))
MOONS = st.builds(moons, SEEDS, EXAMPLES, NOISES)
CIRCLES = st.builds(circles, SEEDS, EXAMPLES, st.sampled_from([0.3, 0.5, 0.6]), NOISES)

#: By operation. ``update`` is tested separately, over several steps.
QUESTIONS = {
    "softmax": SOFTMAX,
    "activation": FUNCTIONS,
    "activation_derivative": FUNCTIONS,
    "cross_entropy": LABELLED,
    "score_gradient": LABELLED,
    "forward": PROBLEMS.map(only("network", "inputs")),
    "loss": PROBLEMS,
    "gradients": PROBLEMS,
    "train": TRAININGS,
    "initialize": INITIALIZATIONS,
    "spiral": SPIRALS,
    "moons": MOONS,
    "circles": CIRCLES,
}

# ---- ordinary arguments, on which a correct program uses a good part of its tolerance ----

#: An operation, and its activation, schedule or number of iterations.
ORDINARY = [
    "softmax",
    *(f"activation-{name}" for name in ("tanh", "logistic")),
    *(f"activation_derivative-{name}" for name in ("tanh", "logistic")),
    "cross_entropy",
    "score_gradient",
    *(f"{operation}-{name}" for operation in ("forward", "loss", "gradients") for name in ACTIVATIONS),
    *(f"update-{kind}" for kind in ("none", "step", "exponential", "inverse_time")),
    *(f"train-{iterations}" for iterations in (1, 2, 3, 4)),
    "initialize",
    "spiral",
    "moons",
    "circles",
]


def ordinary(case, random):
    """Arguments like the suite's, of random sizes."""
    operation, _, kind = case.partition("-")
    n, k, sizes = (
        int(random.integers(1, 9)),
        int(random.integers(2, 6)),
        [3, 5, 4, 2][: random.integers(3, 5)],
    )
    objective = cases.objective(str(random.choice(operations.REDUCTIONS)), float(random.choice([0.0, 0.3])))
    scores = {"scores": 2 * random.standard_normal((n, k))}
    labelled = {**scores, "labels": random.integers(0, k, n), "reduction": objective["reduction"]}
    problem = cases.problem(random, sizes, kind if kind in ACTIVATIONS else "tanh", objective, n)
    optimizer = cases.optimizer(str(random.choice(METHODS)))
    every = {"batches": None, "optimizer": optimizer}
    return {
        "softmax": lambda: scores,
        "activation": lambda: {"name": kind, "z": scores["scores"]},
        "activation_derivative": lambda: {"name": kind, "z": scores["scores"]},
        "cross_entropy": lambda: labelled,
        "score_gradient": lambda: labelled,
        "forward": lambda: only("network", "inputs")(problem),
        "loss": lambda: problem,
        "gradients": lambda: problem,
        "update": lambda: one_update(random, sizes, kind),
        "train": lambda: {**problem, **every, "iterations": int(kind)},
        "initialize": lambda: initial(random, sizes, "relu", 0.37, True, "normals"),
        "spiral": lambda: spiral(random, 7, 4),
        "moons": lambda: moons(random, 11, 0.3),
        "circles": lambda: circles(random, 11, 0.6, 0.2),
    }[operation]()


def one_update(random, sizes, kind):
    schedule = None if kind == "none" else {"kind": kind, "decay": 0.7, "every": 2}
    return {
        "network": cases.network(random, sizes, "relu"),
        "gradients": cases.like(random, sizes),
        "velocity": cases.zero_velocity(sizes),
        "optimizer": cases.optimizer("momentum", schedule),
        "iteration": int(random.integers(0, 12)),
    }
