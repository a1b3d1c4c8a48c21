"""What is said of a line that is no reply to a call."""

from __future__ import annotations

import pytest

from nnspec.reach.replies import NO_JSON, fault


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (NO_JSON, "it is not JSON: write to stderr what is not an answer"),
        ([[0.25, 0.75]], 'it is not an object: answer {"jsonrpc": "2.0", "id": 2, "result": …}'),
        ({"result": 1.0}, "it has no id: answer with the id of the call, 2"),
        ({"id": 1, "result": 1.0}, "its id is 1, and that of the call is 2"),
        ({"id": None, "result": 1.0}, "its id is None, and that of the call is 2"),
        ({"id": "2", "result": 1.0}, "its id is a string: answer with the number, 2"),
        ({"id": 2}, "it has neither a result nor an error"),
        ({"id": 2, "error": "why"}, "its error is not an object: answer "),
    ],
    ids=lambda value: "a line" if value is NO_JSON else str(value),
)
def test_a_line_that_is_no_reply_is_explained(message, said):
    assert fault(message, 2).startswith(said)


def test_an_id_in_a_list_is_that_of_r():
    assert fault({"id": [2], "result": [[1.0]]}, 2) == (
        "its id is a list, [2]: answer with the id as it came, 2 (in R, jsonlite::toJSON(…, auto_unbox = TRUE))"
    )


def test_a_long_id_is_cut():
    assert len(fault({"id": "x" * 10_000}, 2)) < 200
