"""The pytest plugin under its public name, ``-p nnspec.pytest_plugin``: the same module, so pytest loads it once."""

import sys

from nnspec.suite import pytest_plugin

sys.modules[__name__] = pytest_plugin
