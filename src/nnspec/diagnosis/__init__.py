"""Names what is wrong with a program, from its answers alone.

``inquiry`` goes through the wrong answers, starting with the first wrong quantity. ``suspects`` holds the mistakes of
the catalogue: a mistake, or two together, explains the wrong answers if it gives the subject's answers to the same
``questions``, up to rounding. If the tests leave several explanations, ``probes`` calls the subject again with other
numbers. If no mistake explains the answers, ``relations`` says how they relate to the right ones. Anything else is
reported as unexplained.

In: the calls of the tests and the subject's answers (``judging.transcript``), and the subject itself.
Out: findings for the record (``report.record``): the mistake or the relation, and the tests that it explains.
May use: specification, judging and every room below them; ``ensemble`` for runs that differ only in rounding.
"""
