"""How many examples Hypothesis tries (with ``--hypothesis-profile=long`` thousands), and a way to reach programs."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from nnspec.reach.transports import OverProcess

pytest.register_assert_rewrite("command_line")

settings.register_profile(
    "long", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@pytest.fixture
def reach():
    """Reaches a command, and lets go of it in the end."""
    reached = []

    def to(command, timeout=10.0, gibibytes=0.0):
        reached.append(OverProcess(command, timeout, int(gibibytes * 2**30)))
        return reached[-1]

    yield to
    for transport in reached:
        transport.close()
