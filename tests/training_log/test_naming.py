"""Which variant is named for a log, and that the search is bounded by work."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from nnspec.documents.experiments import TRACED
from nnspec.runs.printed_numbers import LOSSES, decimals
from nnspec.training_log import comparison, naming, variant_losses, work
from nnspec.training_log.pairs import together
from nnspec.training_log.reading import read
from nnspec.training_log.variant import Variant, correct, logged
from nnspec.training_log.variants import variants
from nnspec.training_log.ways import FROM_1

#: The documents' runs that print losses.
PRINTING = [name for name, printed in LOSSES.items() if printed]


def variant_named(experiment, name):
    return next(each for each in (correct(experiment), *variants(experiment)) if each.name == name)


def log_of(variant, iterations, digits=6):
    """The log that a variant prints."""
    losses = variant.losses(iterations, noise=3e-16)
    return read("\n".join(f"{i} {loss:.{digits}f}" for i, loss in losses.items()), "log")


def with_rate(experiment, rate):
    """The document's program with another learning rate."""
    optimizer = {**experiment.optimizer, "learning_rate": rate}
    return Variant("rate", "", "", replace(experiment, optimizer=optimizer))


@pytest.fixture
def short_search(monkeypatch):
    """A search that ends soon: enough for what is stored."""
    monkeypatch.setattr(work, "ITERATIONS", 300)


@pytest.mark.parametrize("name", PRINTING)
def test_what_the_documents_print_is_right(name):
    log = read("\n".join(f"iteration {i}: loss {digits}" for i, digits in LOSSES[name].items()), "log")

    assert comparison.judge(log, TRACED[name], "float64").accepted


@pytest.mark.parametrize("name", PRINTING)
def test_a_change_in_the_last_digit_but_one_is_wrong(name):
    printed = {
        **LOSSES[name],
        "0": f"{float(LOSSES[name]['0']) + 10 ** (1 - decimals(LOSSES[name]['0'])):.6f}",
    }
    log = read("\n".join(f"iteration {i}: loss {digits}" for i, digits in printed.items()), "log")

    assert not comparison.judge(log, TRACED[name], "float64").accepted


NAMED = [
    ("spiral-linear", "PenaltyWithoutTheHalf", range(0, 200, 10)),
    ("spiral-linear", "learning rate 0.1", range(0, 200, 10)),
    ("spiral-linear", "strength of the penalty 0.01", range(0, 200, 10)),
    ("spiral-linear", "Normals from 300", range(0, 200, 10)),
    ("spiral-linear", "seed 1 for all", range(0, 200, 10)),
    ("spiral-linear", "default_rng(42)", range(0, 200, 10)),
    ("spiral-linear", "initial weights 0.1 · N(0, 1)", range(0, 200, 10)),
    ("spiral-linear", "iterations counted from 1", range(10, 200, 10)),
    ("spiral-linear", "LossWithEpsilon 1e-5", range(0, 200, 10)),
    ("spiral-relu", "Normals from 306", range(0, 50, 10)),
    ("spiral-relu", "Normals from 306", [0, 1000, 2000]),
    ("moons-tanh", "seed 7", [0, 400, 800]),
    ("circles-momentum", "momentum 0.5", range(0, 300, 10)),
    ("circles-momentum", "number of hidden units 4", range(0, 300, 10)),
    ("moons-relu", "logged before the update", range(0, 50, 5)),
    ("moons-relu", "loss not divided by N", range(0, 50, 5)),
    ("spiral-minibatch", "learning rate 0.05", range(0, 50, 5)),
]


@pytest.mark.parametrize(("experiment", "name", "iterations"), NAMED, ids=lambda value: str(value))
def test_the_variant_that_prints_a_log_is_named(experiment, name, iterations):
    log = log_of(variant_named(TRACED[experiment], name), iterations)

    result = naming.search(log, TRACED[experiment], "float64")

    assert [fit.variant.name for fit in result.fits] == [name]
    assert result.fits[0].losses == len(list(iterations))


@pytest.mark.parametrize("rate", [0.37, 0.99])
def test_a_learning_rate_that_nobody_listed_is_found(rate):
    log = log_of(with_rate(TRACED["spiral-linear"], rate), range(0, 200, 10))

    result = naming.search(log, TRACED["spiral-linear"], "float64")

    assert [fit.variant.about for fit in result.fits] == [f"The learning rate is {rate}, not 1."]


@pytest.mark.parametrize("name", ["learning rate 0.1", "PenaltyWithoutTheHalf"])
def test_a_mistake_is_named_in_a_log_that_counts_from_1(name):
    log = log_of(logged(variant_named(TRACED["spiral-linear"], name), FROM_1), range(1, 30))

    result = naming.search(log, TRACED["spiral-linear"], "float64")

    assert [fit.variant.name for fit in result.fits] == [name]


def test_a_wrong_constant_in_a_log_over_n_is_named_as_a_pair():
    experiment = TRACED["spiral-linear"]
    over_n = next(each for each in naming.ways(experiment) if each.name == "loss divided by N")
    log = log_of(logged(variant_named(experiment, "learning rate 0.1"), over_n), range(0, 200, 10), digits=9)

    result = naming.search(log, experiment, "float64")

    assert result.fits[0].variant.name == "loss divided by N and learning rate 0.1"


def test_two_wrong_constants_are_named_as_a_pair():
    experiment = TRACED["spiral-linear"]
    names = ("learning rate 0.1", "strength of the penalty 0.01")
    pair = together(*(variant_named(experiment, name) for name in names), experiment)

    result = naming.search(log_of(pair, range(0, 200, 10)), experiment, "float64")

    assert result.fits[0].variant.name == " and ".join(names)


def test_constants_that_contradict_each_other_are_no_pair():
    experiment = TRACED["spiral-linear"]
    rates = [variant_named(experiment, f"learning rate {rate}") for rate in ("0.1", "2")]

    assert together(*rates, experiment) is None


@pytest.mark.usefixtures("short_search")
def test_with_few_digits_no_variant_is_sure():
    experiment = TRACED["spiral-linear"]
    log = log_of(variant_named(experiment, "PenaltyWithoutTheHalf"), [0, 10, 20], digits=2)

    result = naming.search(log, experiment, "float64")

    assert not any(fit.sure for fit in result.fits)


@pytest.mark.usefixtures("short_search")
def test_nan_names_no_variant():
    log = read("\n".join(["0 1.098744", "1000 nan", "2000 nan"]), "log")

    assert naming.search(log, TRACED["spiral-relu"], "float64").fits == []


@pytest.mark.usefixtures("short_search")
def test_losses_of_no_known_variant_stay_unexplained():
    log = read("\n".join(f"{i} {1.1 / (1 + i / 40):.6f}" for i in range(0, 200, 10)), "log")

    assert naming.search(log, TRACED["spiral-linear"], "float64").fits == []


def test_a_search_runs_no_more_iterations_than_it_may(monkeypatch):
    run = []

    def objectives(_variant, iterations, _noise):
        run.append(iterations)
        return np.full(iterations, 1.0)

    monkeypatch.setattr(Variant, "objectives", objectives)
    log = read("\n".join(f"{i} {1.1 / (1 + i / 40):.6f}" for i in range(0, 200, 10)), "log")

    result = naming.search(log, TRACED["spiral-linear"], "float64")

    assert not result.complete
    assert 0.9 * work.ITERATIONS < sum(run) + work.START * len(run) <= work.ITERATIONS


def test_a_search_does_not_look_at_the_clock(monkeypatch):
    log = log_of(with_rate(TRACED["spiral-linear"], 0.37), range(0, 60, 10))
    days = iter(range(10**9))
    for clock in ("monotonic", "perf_counter", "time", "process_time"):
        monkeypatch.setattr(time, clock, lambda: 86_400.0 * next(days))

    result = naming.search(log, TRACED["spiral-linear"], "float64")

    assert [fit.variant.about for fit in result.fits] == ["The learning rate is 0.37, not 1."]


# ---- stored losses ----


@pytest.mark.parametrize("name", TRACED)
def test_every_variant_has_its_own_name_and_a_fix(name):
    every = list(variants(TRACED[name]))

    assert len({variant.name for variant in every}) == len(every)
    assert all(variant.about.endswith(".") and variant.fix.endswith(".") for variant in every)


@pytest.mark.parametrize("name", TRACED)
def test_every_experiment_has_stored_losses_of_its_variants(name):
    stored = variant_losses.losses(name).keys()

    assert len(stored) > 100
    assert stored | variant_losses.same(name) <= {variant.name for variant in variants(TRACED[name])}


@pytest.mark.parametrize("variant", ["learning rate 2", "BiasesPenalised", "seed 3"])
def test_a_variant_still_prints_its_stored_log(variant):
    experiment = TRACED["spiral-linear"]
    expected = variant_losses.losses(experiment.name)[variant]

    got = variant_named(experiment, variant).losses(expected)

    assert got == pytest.approx(expected, rel=variant_losses.CERTAIN + variant_losses.ROUNDING)
