"""Never returns from a call, and writes the id of its process to the file that NOTES names."""

import os
import time
from pathlib import Path

Path(os.environ["NOTES"]).write_text(str(os.getpid()))


def softmax(scores):
    time.sleep(600)
