"""The experiments are the documents'."""

from __future__ import annotations

import numpy as np
import pytest

from nnspec.contract.errors import WrongUse
from nnspec.documents.experiments import EXPERIMENTS, MOONS_LOGISTIC_REGRESSION, data_set
from nnspec.reference import Reference
from nnspec.reproduce.comparison import choose


def held_out_accuracy(strength: float, fold: np.ndarray) -> float:
    """The accuracy on a fold of the baseline, trained without the fold with an L2 penalty of this strength."""
    inputs, labels = data_set("moons")
    training = MOONS_LOGISTIC_REGRESSION.training(1_500)
    training |= {
        "inputs": inputs[~fold],
        "labels": labels[~fold],
        "objective": {"reduction": "sum", "l2": strength},
    }
    training["network"]["weights"][0][:] = 0
    if strength > 100:  # a strong penalty needs a shorter step
        training["optimizer"] = {**training["optimizer"], "learning_rate": 0.5 / strength}
    network = Reference().train(**training)["network"]
    return float(np.mean(Reference().predict(network, inputs[fold]) == labels[fold]))


def stratified_folds(count: int) -> list[np.ndarray]:
    """Folds as scikit-learn makes them: each class is cut in order, one stretch per fold."""
    labels = data_set("moons")[1]
    folds = [np.zeros(len(labels), dtype=bool) for _ in range(count)]
    for label in (0, 1):
        for fold, stretch in zip(folds, np.array_split(np.flatnonzero(labels == label), count), strict=True):
            fold[stretch] = True
    return folds


def test_cross_validation_picks_the_strength_of_the_baseline():
    inverse_strengths = np.logspace(-4, 4, 10)
    folds = stratified_folds(5)

    accuracies = [np.mean([held_out_accuracy(2 / c, fold) for fold in folds]) for c in inverse_strengths]

    picked = 2 / inverse_strengths[int(np.argmax(accuracies))]
    assert picked == pytest.approx(MOONS_LOGISTIC_REGRESSION.objective["l2"])


def test_every_exercise_is_an_experiment():
    about = " ".join(experiment.about for experiment in EXPERIMENTS.values())

    assert all(f"exercise {number}" in about for number in range(1, 6))


def test_the_last_minibatch_of_a_pass_is_shorter():
    sizes = [len(batch) for batch in EXPERIMENTS["moons-minibatch"].batches(14)]

    assert sizes == [30] * 6 + [20] + [30] * 6 + [20]


def test_a_pass_of_minibatches_holds_every_example_once():
    batches = EXPERIMENTS["moons-minibatch"].batches(7)

    assert sorted(np.concatenate(batches)) == list(range(200))


def test_an_unknown_experiment_is_reported_with_the_nearest_name():
    with pytest.raises(WrongUse, match="Did you mean spiral-relu"):
        choose(["spiral-rely"])
