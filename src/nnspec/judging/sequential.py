"""Wald's sequential test of how often something misses, with both of its errors stated.

It weighs two claims about the probability m of a miss: m ≤ m₀, which is allowed, against m ≥ m₁, which is
wrong. After every trial the likelihood ratio

    L = (m₁/m₀)^misses · ((1 − m₁)/(1 − m₀))^hits

is compared with 1/α and with β: at 1/α it refuses, at β it accepts, in between it asks for another trial.

- Whoever has m ≤ m₀ is refused with a probability of at most α, however long the test goes on. One trial
  multiplies L by m·m₁/m₀ + (1 − m)(1 − m₁)/(1 − m₀) in the mean; that grows with m and is 1 at m₀. So L is a
  supermartingale that starts at 1, and by Ville's inequality the probability that it ever reaches 1/α is at
  most α. (The overshoot at 1/α leaves room for those who are refused because they stay undecided, ``MOST``.)
- Whoever has m ≥ m₁ is accepted with a probability of at most β: the same of 1/L, whose mean factor is at
  most 1 there.

Sources: A. Wald, *Sequential Tests of Statistical Hypotheses* (1945); J. Ville, *Étude critique de la notion
de collectif* (1939). ``tests/test_fits.py`` computes both probabilities exactly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

#: Who is neither accepted nor refused after so many trials is refused. Somebody who misses so often that L
#: stays where it is may get there; one with m ≤ m₀ hardly ever does (tests/test_fits.py counts it in).
MOST = 500


@dataclass(frozen=True)
class SequentialTest:
    """``allowed`` is m₀, ``wrong`` m₁; ``refusal`` is α, ``passing`` β."""

    allowed: float
    wrong: float
    refusal: float
    passing: float

    def evidence(self, hits: int, misses: int) -> float:
        """log L: how much better m₁ explains what was seen than m₀."""
        each_miss = math.log(self.wrong / self.allowed)
        each_hit = math.log((1 - self.wrong) / (1 - self.allowed))
        return misses * each_miss + hits * each_hit

    def verdict(self, hits: int, misses: int) -> bool | None:
        """True to accept, False to refuse, None to go on."""
        evidence = self.evidence(hits, misses)
        if evidence <= math.log(self.passing):
            return True
        if evidence >= -math.log(self.refusal) or hits + misses >= MOST:
            return False
        return None
