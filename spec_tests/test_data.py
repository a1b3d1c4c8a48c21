"""Data: the three data sets, generated from given random numbers."""

from __future__ import annotations

import numpy as np
import pytest

from nnspec.documents.clauses import clause
from nnspec.documents.experiments import DATA
from nnspec.judging.agreement import assert_agrees
from nnspec.spec_tests.sources import (
    CIRCLES,
    MOONS,
    SPIRAL,
)


@clause("data.spiral", operations=["spiral"], sources=[SPIRAL])
class TestSpiral:
    """Class j is an arm of points (r sin t, r cos t): r goes from 0 to 1, t from 4j to 4(j + 1), plus 0.2 · normals."""

    def test_the_documents_own(self, assert_right):
        assert_right("spiral", **DATA["spiral"]())

    def test_other_sizes(self, assert_right, random):
        assert_right("spiral", normals=random.standard_normal(28), examples_per_class=7, classes=4)


@clause("data.moons", operations=["moons"], sources=[MOONS])
class TestMoons:
    """The moons are two half circles, one per class, put in the given order; then noise · normals is added."""

    def test_the_documents_own(self, assert_right):
        assert_right("moons", **DATA["moons"]())

    @pytest.mark.parametrize("examples", [10, 11])
    def test_other_sizes(self, assert_right, random, examples):
        normals, order = random.standard_normal((examples, 2)), random.permutation(examples)
        assert_right("moons", normals=normals, order=order, examples=examples, noise=0.3)


@clause("data.circles", operations=["circles"], sources=[CIRCLES])
class TestCircles:
    """The circle of class 0 surrounds a smaller circle of class 1; noise · normals is added to both."""

    def test_the_documents_own(self, assert_right):
        assert_right("circles", **DATA["circles"]())

    @pytest.mark.parametrize("examples", [10, 11])
    def test_other_sizes(self, assert_right, random, examples):
        normals = random.standard_normal((examples, 2))
        assert_right("circles", normals=normals, examples=examples, factor=0.6, noise=0.2)

    def test_the_outer_circle_is_class_0(self, subject):
        data = subject.circles(normals=np.zeros((8, 2)), examples=8, factor=0.5, noise=0.1)
        radii = np.hypot(*data["inputs"].T)
        assert_agrees(data["labels"], (radii < 0.75).astype(int), "circles.labels")
