"""What the labels of numbers mean: an iteration, a loss, an accuracy, a gradient's norm, or nothing that is needed."""

from __future__ import annotations

import re

#: Labels that text has no word for: of the line above (Keras), of a counter such as 3/200, of a line's first number.
HEADER, COUNTER, FIRST = "line above", "counter k/N", "first number"
#: The label of losses without a name, and of those in a column beside the step, in TensorBoard and MLflow.
NAMELESS, VALUE = "number", "value"

#: Words for an iteration, those that count finest first.
ITERATION = {
    **dict.fromkeys(("iteration", "iterations", "iter", "iters", "it"), 0),
    **dict.fromkeys(("step", "steps", "update", "updates"), 1),
    **dict.fromkeys(("epoch", "epochs", "ep", "pass", "passes", "round"), 2),
    "index": 5,
}
_LOSS = {"loss", "losses", "cost", "costs", "objective", "logloss", "nll", "xent", "crossentropy"}
#: Words beside “loss”, and how much they speak against it: the objective of the training data is wanted.
_BESIDE = {
    **dict.fromkeys(("train", "training", "total", "full"), -1),
    **dict.fromkeys(("avg", "average", "mean", "epoch"), 1),
    **dict.fromkeys(("nll", "xent", "crossentropy", "entropy"), 2),
    **dict.fromkeys(("running", "smoothed", "smooth", "ema", "moving"), 5),
    **dict.fromkeys(
        ("best", "min", "max", "lowest", "std", "prev", "previous", "last", "final", "initial"), 10
    ),
    **dict.fromkeys(("delta", "diff", "difference", "change", "scale", "time", "improvement", "target"), 10),
    **dict.fromkeys(("data",), 20),
    **dict.fromkeys(
        ("reg", "regularization", "regularisation", "penalty", "l1", "l2", "weight", "decay", "aux"), 25
    ),
    **dict.fromkeys(
        ("val", "valid", "validation", "test", "testing", "eval", "evaluation", "dev", "holdout"), 40
    ),
}
#: From here on a loss is not that of the training data.
OTHER_DATA = 30
WITHOUT_WORDS = 50.0
#: From here on it is a part of the loss.
PART = 20
#: Words that say nothing about a number.
_FILLERS = {"number", "no", "nr", "num", "is", "was", "value", "at", "of", "the", "current", "and"}
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+\d*|\d+")


def words(label: str) -> list[str]:
    """The words of a label in lower case: train_loss, trainLoss, Train/loss and train loss have the same."""
    return [word.lower() for word in _WORD.findall(label)]


def telling(label: str) -> list[str]:
    """Its words without those that say nothing."""
    return [word for word in words(label) if word not in _FILLERS]


def iteration_rank(label: str) -> float | None:
    """How well a label names an iteration, the best is 0; None if it does not."""
    pseudo = {HEADER: 3.0, COUNTER: 4.0, FIRST: 6.0}
    if label in pseudo:
        return pseudo[label]
    if label in ("i", "t", "n", "k", ""):
        return 5.5
    found = telling(label)
    if not found or found[-1] not in ITERATION or set(found) & _LOSS:
        return None
    own = label.startswith("_")  # wandb counts its own calls
    return ITERATION[found[-1]] + 2.5 * own + 0.1 * (len(found) > 1)


def loss_rank(label: str) -> float | None:
    """How well a label names the loss of the training data, the best is -1; None if it does not."""
    found = words(label)
    if label in (NAMELESS, VALUE):
        return WITHOUT_WORDS
    if not (set(found) & _LOSS or {"cross", "entropy"} <= set(found)):
        return None
    ranks = [_BESIDE.get(word, 3.0 * (word not in _LOSS)) for word in found]
    return max(ranks) if max(ranks) > 0 else min(ranks)


def is_accuracy(label: str) -> bool:
    """Whether it names the accuracy on the training data."""
    found = set(words(label))
    return bool(found & {"acc", "accuracy"}) and all(_BESIDE.get(word, 0) < OTHER_DATA for word in found)


def is_gradient_norm(label: str) -> bool:
    """Whether it names the norm of the gradient."""
    found = set(words(label))
    return bool(found & {"gnorm", "gradnorm"} or (found & {"grad", "gradient", "grads"} and "norm" in found))
