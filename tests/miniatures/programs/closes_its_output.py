"""Closes its stdout at the first call, and goes on running."""

import os
import time

from talk import introduce, receive

introduce()
receive()
os.close(1)
while True:
    time.sleep(1)
