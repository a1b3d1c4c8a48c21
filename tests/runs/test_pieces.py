"""A long run is asked in pieces that the program has the time for; its answers do not depend on the cut."""

from __future__ import annotations

import numpy as np
import pytest
from miniatures import miniature

from nnspec.contract.errors import TimedOut
from nnspec.documents.experiments import EXPERIMENTS, SPIRAL_RELU
from nnspec.judging.subject import Subject
from nnspec.reach.transports import OverProcess
from nnspec.reference import Reference
from nnspec.runs.pieces import FIRST, train_in_pieces
from nnspec.runs.traces import train


class Slow:
    """The reference by a clock of its own, on which each iteration takes some seconds."""

    def __init__(self, seconds, patience=60.0):
        self.seconds, self.patience = seconds, patience
        self.now = 0.0
        self.pieces = []

    def train(self, **arguments):
        self.now += self.seconds * arguments["iterations"]
        self.pieces.append(arguments["iterations"])
        if self.seconds * arguments["iterations"] > self.patience:
            raise TimedOut(f"no answer within {self.patience:g} s")
        return Reference().train(**arguments)

    def clock(self):
        return self.now


def trained(subject, arguments):
    return train_in_pieces(subject, arguments, subject.clock)


def training(name, iterations):
    return EXPERIMENTS[name].training(iterations)


def test_a_fast_program_gets_the_rest_in_one_piece():
    fast = Slow(0.001)

    trained(fast, training("moons-tanh", 2_000))

    assert fast.pieces == [FIRST, 1_900]


def test_a_slow_program_gets_pieces_of_a_quarter_of_the_time_for_a_call():
    slow = Slow(0.05)

    trained(slow, training("moons-tanh", 2_000))

    assert slow.pieces == [FIRST, *[300] * 6, 100]


def test_a_program_without_a_limit_is_asked_once():
    unlimited = Slow(0.05, patience=np.inf)

    trained(unlimited, training("moons-tanh", 2_000))

    assert unlimited.pieces == [2_000]


@pytest.mark.parametrize("name", ["circles-momentum", "moons-annealing-step", "spiral-linear"])
def test_a_run_that_hands_over_more_than_a_network_stays_whole_as_does_a_short_one(name):
    slow = Slow(0.01)

    trained(slow, EXPERIMENTS[name].training())

    assert slow.pieces == [EXPERIMENTS[name].iterations]


@pytest.mark.parametrize("name", ["moons-tanh", "moons-minibatch", "moons-relu"])
def test_the_losses_and_the_network_do_not_depend_on_the_cut(name):
    arguments = training(name, 1_500)
    whole = Reference().train(**arguments)

    losses, network = trained(Slow(0.05), arguments)

    np.testing.assert_array_equal(losses, whole["losses"])
    for part in ("weights", "biases"):
        for got, expected in zip(network[part], whole["network"][part], strict=True):
            np.testing.assert_array_equal(got, expected)


def test_a_slow_process_is_asked_again_from_where_it_was():
    experiment, asked = EXPERIMENTS["moons-logistic-regression"], []
    transport = OverProcess(
        miniature("slow:SlowerThanNumPy"), 10.0, 0, watch=lambda operation, _: asked.append(operation)
    )

    run = train(Subject(transport), experiment)

    transport.close()
    assert asked[0] == "describe"
    assert set(asked[1:]) == {"train"}
    assert len(asked[1:]) > 1
    np.testing.assert_array_equal(run.losses, Reference().train(**experiment.training())["losses"])


def test_a_piece_that_times_out_is_asked_again_as_a_shorter_one():
    very_slow = Slow(0.7)

    trained(very_slow, training("moons-tanh", 1_001))

    assert very_slow.pieces[:4] == [FIRST, FIRST // 4, 21, 21]
    assert sum(very_slow.pieces) == FIRST + 1_001


def test_a_piece_that_times_out_again_ends_the_run():
    result = train(Slow(3.0), SPIRAL_RELU)

    assert isinstance(result, TimedOut)


def test_a_run_that_cannot_be_cut_is_asked_once():
    slow = Slow(1.0)

    assert isinstance(train(slow, EXPERIMENTS["moons-annealing-step"]), TimedOut)
    assert slow.pieces == [2_000]
