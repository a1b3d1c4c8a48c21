"""What is wrong with a program, from its numbers alone.

``findings`` goes through the wrong answers, the first quantity first, and asks ``suspects``, the mistakes of the
catalogue, whether one of them, or two together, give the subject's answers to the same ``questions``, up to rounding.
Where the tests' own numbers leave too much open, ``probes`` asks the subject again with others. Where no mistake
explains the answers, ``relations`` says how they relate to the right ones. What neither explains is reported as
unexplained.

In: what the tests asked and what the subject answered (``judging.transcript``), and the subject itself.
Out: findings for the record (``report.record``): the mistake or the relation, and the tests that it explains.
May use: specification, judging and every room below them; ``ensemble`` for runs that differ in rounding alone.
"""
