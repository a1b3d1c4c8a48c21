"""Wald's sequential test of how often a trial misses, with bounds on both of its errors.

It tests two hypotheses about the probability m of a miss: m ≤ m₀, which is allowed, against m ≥ m₁, which is
wrong. After each trial the likelihood ratio

    L = (m₁/m₀)^misses · ((1 − m₁)/(1 − m₀))^hits

is compared with 1/α and β. From 1/α up the test refuses, from β down it accepts, and in between it continues.

- A program with m ≤ m₀ is refused with a probability of at most α, however long the test runs. On average, one
  trial multiplies L by m·m₁/m₀ + (1 − m)(1 − m₁)/(1 − m₀), which grows with m and is 1 at m₀. So L is a
  supermartingale that starts at 1, and by Ville's inequality it ever reaches 1/α with a probability of at most α.
  (The overshoot at 1/α leaves room for programs that are refused because they are undecided after ``MAX_TRIALS``.)
- A program with m ≥ m₁ is accepted with a probability of at most β: the same argument applied to 1/L, whose mean
  factor is at most 1 there.

Sources: A. Wald, *Sequential Tests of Statistical Hypotheses* (1945); J. Ville, *Étude critique de la notion
de collectif* (1939). ``tests/runs/test_fits.py`` computes both probabilities exactly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

#: A program that is undecided after this many trials is refused. It can happen if m is such that L hardly changes; with
#: m ≤ m₀ it almost never does (tests/runs/test_fits.py includes it in the probabilities).
MAX_TRIALS = 500


@dataclass(frozen=True)
class SequentialTest:
    """The parameters m₀, m₁, α and β."""

    m0: float
    m1: float
    alpha: float
    beta: float

    def evidence(self, hits: int, misses: int) -> float:
        """log L: how much better m₁ explains the trials than m₀ does."""
        each_miss = math.log(self.m1 / self.m0)
        each_hit = math.log((1 - self.m1) / (1 - self.m0))
        return misses * each_miss + hits * each_hit

    def verdict(self, hits: int, misses: int) -> bool | None:
        """True to accept, False to refuse, None to continue."""
        evidence = self.evidence(hits, misses)
        if evidence <= math.log(self.beta):
            return True
        if evidence >= -math.log(self.alpha) or hits + misses >= MAX_TRIALS:
            return False
        return None
