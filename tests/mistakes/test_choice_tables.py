"""The tables of choices: long enough, with names of their own, words and clauses."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest

from nnspec.mistakes import PAIRS, catalogue
from nnspec.mistakes.choices import (
    activations,
    alone,
    array_slips,
    choices,
    circles,
    data,
    example_losses,
    generators,
    initializers,
    loops,
    losses,
    momentum,
    moons,
    optimizers,
    outputs,
    penalties,
    prediction_class,
    predictions,
    schedules,
    spiral,
    with_activation,
    with_loss_and_gradient,
)
from nnspec.specification.chapters import entries

WHOLE, ALONE = list(choices()), list(alone())
CLAUSES = {entry.clause.id for entry in entries()}
TABLES = {
    "activations": (activations.ACTIVATIONS, 30),
    "outputs": (outputs.OUTPUT_FUNCTIONS, 9),
    "example losses": (example_losses.LOSSES, 25),
    "losses": (losses.FORMS, 25),
    "norms": (penalties.NORMS, 9),
    "parts": (penalties.PARTS, 7),
    "factors": (penalties.FACTORS, 7),
    "penalties": (penalties.PENALTIES, 25),
    "momentum": (momentum.MOMENTA, 20),
    "optimizers": (optimizers.OPTIMIZERS, 11),
    "schedules": (schedules.SCHEDULES, 60),
    "initializers": (initializers.INITIALIZERS, 13),
    "loops": (loops.LOOPS, 15),
    "slips": (array_slips.SLIPS, 9),
    "data": (data.DATA, 9),
    "predictions": (predictions.PREDICTIONS, 12),
    "spiral": (spiral.SPIRAL, 12),
    "moons": (moons.MOONS, 12),
    "circles": (circles.CIRCLES, 12),
}
#: Programs that no log of losses shows: they are not among the choices.
OF_NO_LOG = [
    *map(prediction_class.with_prediction, predictions.PREDICTIONS),
    *map(generators.with_generator, (*spiral.SPIRAL, *moons.MOONS, *circles.CIRCLES)),
]


@pytest.mark.parametrize(("rows", "least"), TABLES.values(), ids=TABLES)
def test_a_table_has_enough_rows_and_each_a_name_of_its_own(rows, least):
    names = Counter((getattr(row, "kind", ""), row.name) for row in rows)

    assert len(rows) >= least
    assert max(names.values()) == 1


def test_programs_have_unique_names_that_the_catalogue_does_not_have():
    names = Counter(program.__name__ for program in [*WHOLE, *ALONE, *OF_NO_LOG, *catalogue(), *PAIRS])

    assert [name for name, count in names.items() if count > 1] == []
    assert all(name.isidentifier() for name in names)


def test_programs_name_clauses_that_exist_and_say_what_is_wrong_and_how_to_fix_it():
    for program in [*WHOLE, *ALONE, *OF_NO_LOG]:
        assert program.clause in CLAUSES
        assert program.__doc__.endswith(".")
        assert program.fix.endswith(".")


def test_the_same_row_gives_the_same_program():
    assert with_activation(activations.leaky_relu(0.07)) is with_activation(activations.leaky_relu(0.07))


def test_what_a_document_has_is_no_choice():
    with pytest.raises(ValueError, match="relu is what the documents have"):
        with_activation(activations.RELU, "relu")
    with pytest.raises(ValueError, match="a choice is another form"):
        with_loss_and_gradient(losses.RIGHT)


def test_importing_nnspec_and_its_catalogue_leaves_choices_alone():
    code = "import sys, nnspec, nnspec.mistakes; sys.exit('nnspec.mistakes.choices' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
