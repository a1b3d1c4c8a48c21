"""The 24 mutation operators of DeepCrime with their usual values, as switches of deepcrime_program.py.

Humbatova, Jahangirova, Tonella: DeepCrime: Mutation Testing of Deep Learning Systems Based on Real Faults, ISSTA 2021,
doi:10.1145/3460319.3464825. The codes are those of github.com/dlfaults/deepcrime, utils/constants.py
(``operator_name_dict``), and so are the lists of activations, losses, optimisers with their rates, initializers and
rates of dropout; percentages and other values are steps of the searches in utils/properties. Each can be checked:

    nnspec check benchmarks/deepcrime_mutants.py:HLR_0_01 --quick
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from deepcrime_program import Whole

#: More places than a network that is checked has layers.
EVERY = tuple(range(10))
#: The strength of Keras's penalties by name.
KERAS = 0.01


@dataclass(frozen=True)
class Operator:
    """An operator; mutants: the switches for each value; note: how it is applied here, or why it cannot be."""

    code: str
    name: str
    mutants: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    note: str = ""


def each(switch: str, values: Iterable[Any]) -> dict[str, dict[str, Any]]:
    """One switch with several values."""
    return {str(value): {switch: value} for value in values}


ANEW = "The random numbers begin again with each call, as a script sets its seed when it starts; “anew”: they go on."
ADDED = "The documents' programs have none, so it is added."

ACTIVATIONS = {
    "relu": "relu",
    "tanh": "tanh",
    "sigmoid": "logistic",
    **{
        name: name
        for name in ("elu", "selu", "softmax", "softplus", "softsign", "hard_sigmoid", "exponential")
    },
}
LOSSES = (
    *("mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error"),
    *(
        "mean_squared_logarithmic_error",
        "squared_hinge",
        "hinge",
        "categorical_hinge",
        "logcosh",
        "huber_loss",
    ),
    *("binary_crossentropy", "kullback_leibler_divergence", "poisson", "cosine_proximity"),
)
INITIALIZERS = (
    *("zeros", "ones", "random_normal", "random_uniform", "truncated_normal", "orthogonal", "identity"),
    *("lecun_normal", "lecun_uniform", "glorot_normal", "glorot_uniform", "he_normal", "he_uniform"),
)
L1, L2, BOTH = (("l1", KERAS),), (("l2", KERAS),), (("l1", KERAS), ("l2", KERAS))

DATA = [
    Operator(
        "TCL",
        "change labels of training data",
        {
            **each("change_labels", (3.12, 12.5, 50, 100)),
            "50 anew": {"change_labels": 50, "drawn_anew": True},
        },
        f"A percentage of the labels of the most frequent class. {ANEW}",
    ),
    Operator(
        "TRD",
        "remove portion of training data",
        each("delete_data", (3.12, 12.5, 50, 99)),
        "A percentage of each class.",
    ),
    Operator(
        "TUD",
        "unbalance training data",
        each("unbalance", (12.5, 50, 100)),
        "A percentage of each class that is rarer than the average is deleted. The documents' classes are equally "
        "frequent, so only other data show it.",
    ),
    Operator(
        "TAN",
        "add noise to training data",
        {**each("add_noise", (12.5, 50, 100)), "50 anew": {"add_noise": 50, "drawn_anew": True}},
        "To a percentage of the examples; the noise has that percentage of an example's standard deviation.",
    ),
    Operator(
        "TCO",
        "make output classes overlap",
        each("overlap", (12.5, 50, 100)),
        "A percentage of the most frequent class is repeated with the label of the second.",
    ),
]

TRAINING = [
    Operator(
        "HBS",
        "change batch size",
        each("batch_size", (32, 64, 256, 512)),
        "Where the caller gives no batches, the program makes its own, in order.",
    ),
    Operator(
        "HLR",
        "change learning rate",
        each("learning_rate", (1.0, 0.1, 0.01, 0.001)),
        "The caller's rate is not used; its schedule is.",
    ),
    Operator(
        "HNE",
        "change number of epochs",
        each("epochs", (1, 3, 6)),
        "Training ends after so many passes through the data.",
    ),
    Operator(
        "HDB",
        "disable data batching",
        {"every example": {"no_batching": True}},
        "Every iteration takes all examples, whatever batches the caller gives.",
    ),
]

NETWORK = [
    Operator(
        "ACH",
        "change activation function",
        {
            **{f"hidden {name}": {"first_activation": ours} for name, ours in ACTIVATIONS.items()},
            **{
                f"output {name}": {"output_activation": ACTIVATIONS[name]}
                for name in ("sigmoid", "relu", "softplus", "exponential")
            },
        },
        "Of the first hidden layer, or of the output in place of softmax; Keras's cross-entropy then divides the "
        "outputs by their sum and clips them.",
    ),
    Operator(
        "ARM",
        "remove activation function",
        {
            "first hidden": {"first_activation": "linear"},
            "last hidden": {"last_activation": "linear"},
            "output": {"output_activation": "linear"},
        },
        "Of the first or last hidden layer, or of the output.",
    ),
    Operator(
        "AAL",
        "add activation function to layer",
        {
            name: {"score_activation": ACTIVATIONS[name]}
            for name in ("relu", "tanh", "sigmoid", "elu", "softmax", "softplus")
        },
        "To the only layer without one: the scores, before softmax.",
    ),
    Operator(
        "RAW",
        "add weights regularisation",
        {"l1": {"more_penalty": L1}, "l2": {"more_penalty": L2}, "l1_l2": {"more_penalty": BOTH}},
        "To the first layer, with Keras's strength of 0.01, and on top of the caller's.",
    ),
    Operator(
        "RCW",
        "change weights regularisation",
        {
            "first l1": {"penalty": L1},
            "first l1_l2": {"penalty": BOTH},
            "every l2": {"penalty": L2, "every_penalty": True},
            "every l1 λ": {"penalty": (("l1", "λ"),), "every_penalty": True},
        },
        "λ/2 · Σ‖W‖² becomes Keras's penalty of strength 0.01, or λ Σ|W|.",
    ),
    Operator(
        "RRW",
        "remove weights regularisation",
        {"first": {"no_penalty": (0,)}, "last": {"no_penalty": (-1,)}, "every": {"no_penalty": EVERY}},
    ),
    Operator(
        "RCD",
        "change dropout rate",
        {
            **{str(percent): {"dropout": percent / 100} for percent in (12.5, 25, 50, 75, 100)},
            "50 anew": {"dropout": 0.5, "drawn_anew": True},
        },
        f"{ADDED[:-1]}, after the first hidden layer; percentages, in training only.",
    ),
    Operator(
        "WCI",
        "change weights initialisation",
        each("initializer", INITIALIZERS),
        "Of the first layer, in `initialize` and `fit`. Keras's constant is 0 by default, so it is zeros.",
    ),
    Operator(
        "WAB",
        "add bias to a layer",
        note="Every layer of the documents' programs has biases.",
    ),
    Operator(
        "WRB",
        "remove bias from a layer",
        {"first": {"no_bias": (0,)}, "last": {"no_bias": (-1,)}, "every": {"no_bias": EVERY}},
        "The biases are not added, and never updated.",
    ),
    Operator(
        "LCH",
        "change loss function",
        each("loss", LOSSES),
        "Of the probabilities and one-hot targets, as Keras has it. Its sparse cross-entropy is the right loss.",
    ),
]

OPTIMISATION = [
    Operator(
        "RCP",
        "change patience parameter",
        each("patience", (1, 5, 10)),
        f"{ADDED[:-1]}: training ends when the loss has not fallen for so many iterations.",
    ),
    Operator(
        "OCH",
        "change optimisation function",
        {
            **each("optimiser", ("sgd", "rmsprop", "adagrad", "adadelta", "adam", "adamax", "nadam")),
            **{
                f"{name} given rate": {"optimiser": name, "optimiser_rate": "given"}
                for name in ("rmsprop", "adagrad", "adam")
            },
        },
        "By its name, so with its default rate and no schedule; or with the rate that the caller gives.",
    ),
    Operator(
        "OCG",
        "change gradient clip",
        {
            **{f"value {value}": {"clip_value": value} for value in (0.5, 0.01)},
            **{f"norm {value}": {"clip_norm": value} for value in (1.0, 0.1)},
        },
        f"{ADDED[:-1]}, to the gradient of each parameter: each number, or its norm.",
    ),
    Operator(
        "VRM",
        "remove validation set",
        note="The documents' programs have none, and what is set aside to look at changes no number of the training.",
    ),
]

OPERATORS = [*DATA, *TRAINING, *NETWORK, *OPTIMISATION]
#: The switches of each mutant, by the operator's code and the value.
MUTANTS: dict[str, dict[str, Any]] = {
    f"{operator.code} {value}": dict(switches)
    for operator in OPERATORS
    for value, switches in operator.mutants.items()
}


def identifier(name: str) -> str:
    """The mutant's name as that of an object of this module."""
    return re.sub(r"\W+", "_", name)


def program(name: str) -> Any:
    """The program with this mutation."""
    mutated: Any = Whole
    return mutated(**MUTANTS[name])


def __getattr__(wanted: str) -> Any:
    for name in MUTANTS:
        if identifier(name) == wanted:
            return program(name)
    raise AttributeError(wanted)
