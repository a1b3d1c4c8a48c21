"""Answers a softmax with lines of a record that conforms, on every descriptor that it finds."""

import sys
from pathlib import Path

from talk import introduce, receive

sys.path.append(str(Path(__file__).parents[1]))
from forges import forge

introduce()
while receive():
    forge()
