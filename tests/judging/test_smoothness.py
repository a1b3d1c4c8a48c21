"""Problems off the kinks stay off them while their parameters move within reach."""

from __future__ import annotations

import numpy as np
import pytest

from nnspec.contract.errors import Unsupported
from nnspec.contract.support import Support
from nnspec.judging import cases
from nnspec.judging.smoothness import problem_off_the_kinks
from nnspec.reference import Reference

REACH = 2.0**-4


@pytest.mark.parametrize("sizes", [(3, 5, 4), (4, 3, 6, 2), (3, 6, 4, 5, 2)], ids=cases.name_sizes)
@pytest.mark.parametrize("seed", range(5))
def test_no_unit_changes_sides(seed, sizes):
    random = np.random.default_rng(seed)
    problem = problem_off_the_kinks(random, sizes, "relu", cases.objective("sum"), REACH)
    network, inputs = problem["network"], problem["inputs"]
    before = [hidden > 0 for hidden in Reference().forward(network, inputs)["hidden"]]

    for _ in range(200):
        parameters = {
            kind: [array + REACH * random.choice([-1, 1], array.shape) for array in network[kind]]
            for kind in ("weights", "biases")
        }
        after = Reference().forward({**parameters, "activation": "relu"}, inputs)["hidden"]
        for sides, hidden in zip(before, after, strict=True):
            np.testing.assert_array_equal(hidden > 0, sides)


def test_a_network_with_too_many_layers_is_no_bug():
    sizes = cases.sizes_for(Support(depths=(8,)))

    with pytest.raises(Unsupported, match="no network of 8 layers was found in which no ReLU changes sides"):
        problem_off_the_kinks(np.random.default_rng(0), sizes, "relu", cases.objective("sum"), REACH)


def test_units_are_on_both_sides_of_the_kink():
    problem = problem_off_the_kinks(
        np.random.default_rng(0), (3, 5, 4), "relu", cases.objective("sum"), REACH
    )

    (hidden,) = Reference().forward(problem["network"], problem["inputs"])["hidden"]

    assert (hidden > 0).any()
    assert (hidden == 0).any()
