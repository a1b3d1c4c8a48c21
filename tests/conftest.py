"""How many examples Hypothesis tries (thousands with ``--hypothesis-profile=long``), and transports to programs."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from nnspec.reach.transports import OverProcess

pytest.register_assert_rewrite("command_line")

#: Another project, whose tests run in a pytest of its own.
collect_ignore = ["unrelated_project"]

# How long an example takes depends on what else the machine does.
settings.register_profile("usual", deadline=None)
settings.load_profile("usual")
settings.register_profile(
    "long", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@pytest.fixture
def reach():
    """Opens a transport to a command, and closes it at the end."""
    opened = []

    def to(command, timeout=10.0, gibibytes=0.0, python=False):
        opened.append(OverProcess(command, timeout, int(gibibytes * 2**30), python=python))
        return opened[-1]

    yield to
    for transport in opened:
        transport.close()
