"""Crashes when it is asked, and does not start where the file that it is given exists."""

import sys
from pathlib import Path

from talk import hear, introduce

if Path(sys.argv[1]).exists():
    sys.exit("the device is busy")
Path(sys.argv[1]).touch()
introduce()
hear()
