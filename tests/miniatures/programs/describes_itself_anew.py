"""Ends at each call after describe, and answers describe in another precision once the file of its argument exists."""

import sys
from pathlib import Path

from talk import receive, send

seen = Path(sys.argv[1])
send(
    {
        "id": receive()["id"],
        "result": {"name": "chameleon", "precision": "float32" if seen.exists() else "float64"},
    }
)
seen.touch()
receive()
