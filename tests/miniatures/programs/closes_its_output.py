"""Closes its stdout when it is asked, and goes on running."""

import os
import time

from talk import hear, introduce

introduce()
hear()
os.close(1)
while True:
    time.sleep(1)
