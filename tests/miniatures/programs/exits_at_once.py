"""Ends before any call."""

import sys

sys.exit("no licence found")
