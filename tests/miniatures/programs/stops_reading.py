"""Reads nothing after describe."""

import time

from talk import introduce

introduce()
while True:
    time.sleep(1)
