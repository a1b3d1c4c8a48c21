"""Answers right, and appends its scores to the file that NOTES names."""

import os
from pathlib import Path

from right import softmax as right


def softmax(scores):
    with Path(os.environ["NOTES"]).open("a") as notes:
        notes.write(f"{scores.tolist()}\n")
    return right(scores)
