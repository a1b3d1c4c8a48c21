"""Reads nothing at all."""

import time

while True:
    time.sleep(1)
