"""What is found of one operation by asking: its form, the shapes that it is made for, the arguments it ignores."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnspec.contract.support import Support
from nnspec.judging import forms, ordinary
from nnspec.judging.ignored import Arguments, arguments
from nnspec.judging.ordinary import Asking, Choices, Reply, last_line
from nnspec.judging.shapes_found import Asked, Found, shapes_found
from nnspec.report.record import FORM, NOTE, UNCALLABLE, Observation

Judged = Callable[[Mapping[str, Any]], bool]


@dataclass
class Findings:
    """What is found of an operation.

    answered: whether it gave an answer of the right form; observations of its form; limits: why calls are not judged,
    and which are; shapes: those that it is made for.
    """

    answered: bool = False
    observations: list[Observation] = field(default_factory=list)
    limits: list[tuple[str, Judged]] = field(default_factory=list)
    shapes: list[Found] = field(default_factory=list)
    arguments: Arguments = field(default_factory=Arguments)


def ask(
    asking: Asking,
    operation: str,
    scope: Support,
    usual: Choices,
    shapes: Asked,
    known: Mapping[str, Any] | None = None,
) -> Findings:
    """Ask about one operation, and for these shapes; nothing is found of one that is missing, crashes or hangs.

    known: by field of describe, what other operations turned out to choose themselves.
    """
    tried = list(_tried(asking, operation, scope, usual))
    choices, reply = tried[-1]
    if reply.lost:
        return Findings()
    if not reply.is_answer:
        return _without_answer(asking, operation, tried)
    if wrong := forms.fault(operation, choices.params(operation), reply.answer):
        return _wrong_form(operation, *wrong)
    findings = Findings(answered=True, shapes=shapes_found(asking, operation, choices, shapes, tried))
    findings.arguments = arguments(asking, operation, scope, choices, known)
    return findings


def _tried(asking: Asking, operation: str, scope: Support, usual: Choices) -> list[tuple[Choices, Reply]]:
    """Calls of an operation, up to the first that it answers or is lost by."""
    tried = []
    for choices in (usual, *ordinary.others(scope, usual)):
        reply = asking(operation, choices.params(operation))
        tried.append((choices, reply))
        if reply.is_answer or reply.lost:
            break
    return tried


def _wrong_form(operation: str, message: str, fix: str) -> Findings:
    """Nothing of this operation is judged."""
    return Findings(
        observations=[Observation(FORM, operation, message, fix)],
        limits=[(f"{operation} has the wrong form", _never)],
    )


def _never(_: Mapping[str, Any]) -> bool:
    return False


# ---- operations that raise an error whatever they are asked ----


def _without_answer(asking: Asking, operation: str, tried: list[tuple[Choices, Reply]]) -> Findings:
    """An operation that is missing, or that raises an error for all that it does not decline."""
    failed = [(choices, reply.error) for choices, reply in tried if reply.error]
    if not failed:
        return Findings()
    choices, error = failed[0]
    params = choices.params(operation)
    if "labels" in params and _answers_one_hot(asking, operation, params):
        return _wrong_form(
            operation,
            f"{operation} wants one-hot labels: it raised {last_line(error)} "
            f"for labels of the shape ({len(params['labels'])},)",
            "Make the labels one-hot in the adapter.",
        )
    if operation == "predict" and (answered := _answers_handle(asking, choices)):
        return answered
    message, _, contract = error.partition(" The contract calls it")
    if contract and message.startswith(f"{operation}(") and " has the wrong parameters: " in message:
        observation = Observation(
            UNCALLABLE, operation, message.rstrip("."), f"The contract calls it{contract}"
        )
        return Findings(
            observations=[observation], limits=[(f"{operation} has the wrong parameters", _never)]
        )
    return _wrong_form(operation, *_in_words(operation, error))


def _answers_one_hot(asking: Asking, operation: str, params: dict[str, Any]) -> bool:
    labels = params["labels"]
    classes = np.shape(params["scores"])[1] if "scores" in params else _classes(params)
    return asking(operation, {**params, "labels": np.eye(classes, dtype=int)[labels]}).is_answer


def _classes(params: Mapping[str, Any]) -> int:
    if "network" in params:
        return len(params["network"]["biases"][-1])
    return int(params["experiment"]["sizes"][-1])


def _answers_handle(asking: Asking, choices: Choices) -> Findings | None:
    """A predict that takes what fit returned, and nothing else; or may do so, if fit returns nothing."""
    fitted = asking("fit", choices.params("fit"))
    if fitted.error or fitted.lost:
        return Findings(limits=[("fit returned nothing that predict might take", _has_no_network)])
    if not fitted.is_answer:
        return None
    inputs = choices.params("predict")["inputs"]
    params = {"network": fitted.answer, "inputs": inputs}
    reply = asking("predict", params)
    if not reply.is_answer or forms.fault("predict", params, reply.answer):
        return None
    note = Observation(
        NOTE,
        "predict",
        "predict takes only what fit returned: it is judged with that alone",
        "Raise NotImplementedError for a network of the contract, or take it.",
    )
    return Findings(observations=[note], limits=[("predict takes only what fit returned", _has_no_network)])


def _has_no_network(params: Mapping[str, Any]) -> bool:
    network = params["network"]
    return not (isinstance(network, Mapping) and "weights" in network)


#: The arguments that have numbers of layers or of classes.
SHAPED = ("network", "sizes", "experiment", "scores")
#: Errors that no shape of the arguments leads to.
SLIPS = ("NameError", "UnboundLocalError", "AttributeError", "ImportError", "ModuleNotFoundError", "KeyError")
#: How to fix an error at every shape, if it is none of the program's.
SAY_SHAPE = 'If it is made for one shape alone, say so in describe, such as "depths": [2] or "classes": [10].'
#: The line of a traceback that names a place: the file, the line, the function.
_PLACE = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+), in (?P<name>\S+)')


def _in_words(operation: str, error: str) -> tuple[str, str]:
    """An error, and how to fix it."""
    message = last_line(error)
    if message.startswith(f"the answer to {operation} cannot be sent: "):
        return message, ""
    place = list(_PLACE.finditer(error))
    where = f" ({place[-1]['file']}, line {place[-1]['line']})" if place else ""
    may_be_of_shape = ordinary.takes(operation, *SHAPED) and not message.startswith(SLIPS)
    return f"{operation} raised {message}{where} for every shape that was tried", (
        SAY_SHAPE if may_be_of_shape else ""
    )
