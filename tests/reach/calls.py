"""One call that the tests of the transports make: softmax, as the suite makes it."""

from __future__ import annotations

import numpy as np

from nnspec.contract import operations

SCORES = np.array([[0.5, -1.25, 3.0]])
RIGHT = np.exp(SCORES) / np.exp(SCORES).sum()
MORE_THAN_A_PIPE_HOLDS = np.zeros((1, 500_000))

#: Long enough for Python to start on a busy machine, with NumPy and without it; short enough for a test.
SOON, SOONER = 4.0, 3.0


def softmax(transport, scores=SCORES):
    """The answer, with its kind checked as the suite does."""
    return operations.answer("softmax", transport.call("softmax", {"scores": scores}))


def assert_answers_right(transport, scores=SCORES, right=RIGHT):
    np.testing.assert_allclose(softmax(transport, scores), right, rtol=1e-15)
