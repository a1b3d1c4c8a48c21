"""The formulas of each operation, in the order in which they rest on each other."""

from __future__ import annotations

from collections.abc import Iterator

from nnspec.contract.support import Support
from nnspec.diagnosis.data_formulas import DATA_SETS, data_formulas
from nnspec.diagnosis.formulas import Formula
from nnspec.diagnosis.function_formulas import activation_formulas, forward_formulas, softmax_formulas
from nnspec.diagnosis.gradient_formulas import gradient_formulas, score_gradient_formulas
from nnspec.diagnosis.initialization_formulas import initialization_formulas
from nnspec.diagnosis.loss_formulas import loss_formulas
from nnspec.diagnosis.prediction_formulas import prediction_formulas
from nnspec.diagnosis.update_formulas import Moves, step_formulas
from nnspec.diagnosis.views import Gradients, Losses


def formulas_of(operation: str, support: Support) -> Iterator[Formula]:
    """The formulas of an operation, but for ``train``, whose formulas depend on what is found."""
    reduction = support.reductions[0]
    if operation in DATA_SETS:
        yield from data_formulas(operation)
    elif operation == "initialize":
        yield from initialization_formulas(support)
    elif operation == "softmax":
        yield from softmax_formulas(support)
    elif operation in ("activation", "activation_derivative"):
        yield from activation_formulas(operation, support)
    elif operation == "forward":
        yield from forward_formulas(support)
    elif operation == "predict":
        yield from prediction_formulas(support)
    elif operation in ("cross_entropy", "loss"):
        yield from loss_formulas(Losses(operation, reduction), support)
    elif operation == "score_gradient":
        yield from score_gradient_formulas(support)
    elif operation == "gradients":
        yield from gradient_formulas(Gradients(operation, reduction), support)
    elif operation == "update":
        yield from step_formulas(Moves("update"), support)
