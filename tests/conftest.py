"""How many examples Hypothesis tries: with ``--hypothesis-profile=long``, hundreds of each property."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "long", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
