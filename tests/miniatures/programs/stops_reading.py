"""Reads no more once it has described itself."""

import time

from talk import introduce

introduce()
while True:
    time.sleep(1)
