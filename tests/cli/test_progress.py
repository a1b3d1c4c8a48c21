"""Progress of long work: lines on a pipe, so that a log is not silent, and none for short work."""

from __future__ import annotations

import threading

import pytest

from nnspec.cli import progress


def test_a_pipe_gets_lines_while_a_single_piece_of_work_goes_on(monkeypatch):
    monkeypatch.setattr(progress, "INTERVAL", 0.01)
    lines = []
    third = threading.Event()

    def echo(line, err):
        assert err
        lines.append(line)
        if len(lines) == 3:
            third.set()

    monkeypatch.setattr(progress.click, "echo", echo)
    with progress.progress() as update:
        update(3, 7, "gradients.penalty")
        assert third.wait(60)

    assert lines[-1] == "nnspec: 3 of 7 done, now gradients.penalty"


@pytest.mark.parametrize("words", ["\x1b[2J", "one\nCONFORMS"])
def test_a_line_has_no_word_that_does_anything(monkeypatch, words):
    monkeypatch.setattr(progress, "INTERVAL", 0.01)
    lines = []
    written = threading.Event()

    def echo(line, err):
        assert err
        lines.append(line)
        if "3 of 7" in line:
            written.set()

    monkeypatch.setattr(progress.click, "echo", echo)
    with progress.progress() as update:
        update(3, 7, words)
        assert written.wait(60)

    assert all(line.isprintable() for line in lines)


def test_short_work_prints_nothing(capsys):
    with progress.progress() as update:
        update(1, 7, "gradients.penalty")

    assert capsys.readouterr() == ("", "")
