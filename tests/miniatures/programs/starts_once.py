"""Ends at the first call, and does not start if the file of its argument exists."""

import sys
from pathlib import Path

from talk import introduce, receive

if Path(sys.argv[1]).exists():
    sys.exit("the device is busy")
Path(sys.argv[1]).touch()
introduce()
receive()
