"""Golden trace files: their contents, their provenance, and their schema."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Callable, Iterator
from importlib import metadata, resources
from typing import Any

import numpy as np

from nnspec.contract.operations import PRECISIONS
from nnspec.documents.experiments import Experiment
from nnspec.ensemble import kernels
from nnspec.ensemble.gather import Ensemble, gather, members
from nnspec.ensemble.leave_one_out import leave_one_out
from nnspec.ensemble.summary import centre, stored_iterations, summary
from nnspec.reference.values import Array
from nnspec.runs.envelope import FACTOR, FLOOR


def make(
    experiments: list[Experiment], requested: int | None, progress: Callable[[int, int, str], None]
) -> Iterator[dict[str, Any]]:
    """The contents of each experiment's file, as soon as they are known; the parameters are those of ``gather``."""
    for ensemble in gather(experiments, requested, progress):
        yield stored(ensemble, requested)


def stored(ensemble: Ensemble, requested: int | None) -> dict[str, Any]:
    """The contents of an experiment's file."""
    return {
        **summary(ensemble),
        "left_out": {
            precision: leave_one_out(
                runs, centre(ensemble), stored_iterations(ensemble.experiment), precision
            )
            for precision, runs in ensemble.runs.items()
        },
        "about": about(ensemble.experiment),
        "checksums": checksums(ensemble.experiment),
        "provenance": provenance(ensemble, requested),
    }


def about(experiment: Experiment) -> dict[str, Any]:
    """A description of the trace for a reader of the file."""
    return {
        "what": experiment.about,
        "sees": experiment.sees,
        "document": experiment.document,
        "losses": "the objective before the update of each of these iterations, the first being 0",
        "reach": "greatest distance of a member so far, as a share of the loss; a list ends where nothing is judged",
        "tolerance": f"the loss times the reach times {FACTOR['float64']:g} for float64, {FACTOR['float32']:g} for "
        f"float32; the reach is never less than {FLOOR} units in the last place",
        "horizon": "the last iteration to which half of the digits are certain",
        "cycle": "the two losses that runs take in turn, in either order, for these iterations and the next of each",
        "left_out": "members, and whole kinds of rounding, judged by the envelope of all others: how many were tried "
        "and refused, and the greatest share of a tolerance",
        "outcome": "loss of the final network, and how many examples it classifies as labelled: least, greatest",
    }


def checksums(experiment: Experiment) -> dict[str, str]:
    """SHA-256 of the data and the initial parameters, as little-endian float64 and int64 in row order."""
    inputs, labels = experiment.examples()
    network = experiment.network()
    parameters = [array for pair in zip(network["weights"], network["biases"], strict=True) for array in pair]
    return {
        "inputs": digest([inputs], "<f8"),
        "labels": digest([labels], "<i8"),
        "initial_parameters": digest(parameters, "<f8"),
    }


def digest(arrays: list[Array], dtype: str) -> str:
    """SHA-256 of arrays, concatenated."""
    return hashlib.sha256(
        b"".join(np.ascontiguousarray(array, dtype).tobytes() for array in arrays)
    ).hexdigest()


def provenance(ensemble: Ensemble, requested: int | None) -> dict[str, Any]:
    """The origin of the numbers: command, versions, machine and members."""
    name = ensemble.experiment.name
    return {
        "command": f"nnspec golden make {name}" + (f" --members {requested}" if requested else ""),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numpy_quaddtype": metadata.version("numpy-quaddtype"),
        "machine": platform.machine(),
        "kernels": kernels.usable(),
        "members": members(ensemble.experiment, requested),
        "quadruple_precision": f"losses before iteration {len(ensemble.quadruple)}; then the median of float64",
    }


def text(stored: dict[str, Any]) -> str:
    """The text of the file: a line for every value, and a line for each part of ``float64`` and ``float32``."""
    lines = []
    for key, value in stored.items():
        if key in PRECISIONS:
            inner = ",\n".join(f"  {json.dumps(name)}: {json.dumps(part)}" for name, part in value.items())
            lines.append(f" {json.dumps(key)}: {{\n{inner}\n }}")
        else:
            lines.append(f" {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def complaints(stored: Any) -> list[str]:
    """The violations of the schema in a file; empty if there are none."""
    import jsonschema

    schema = json.loads(
        resources.files("nnspec.golden").joinpath("trace.schema.json").read_text(encoding="utf-8")
    )
    errors = jsonschema.Draft202012Validator(schema).iter_errors(stored)
    return [f"{'/'.join(map(str, error.absolute_path)) or 'the file'}: {error.message}" for error in errors]
