"""Names what is wrong with a program, from its answers alone.

``examination`` asks the program, formula by formula, what it computes: ``formulas`` and the files that end so list
them, ``measurements`` works out numbers from a few answers, ``tables`` has the formulas that people use instead, and
the files ``fitted…`` and ``fixed…`` those with constants that were read off. ``found`` is what comes of it, and
``credits`` puts the failed tests to it.

``inquiry`` then goes through the wrong answers that are left, starting with the first wrong quantity. ``suspects``
tries the mistakes of the catalogue: a mistake, or two together, explains the wrong answers if it gives the subject's
answers to the same ``questions``, up to rounding. If the tests leave several explanations, ``probes`` calls the subject
again with other numbers. If no mistake explains the answers, ``initial_numbers`` reads off initial weights,
``run_length`` when runs end, and ``training_data`` what a run makes of its examples. ``fits`` reads off what a fit
alone does otherwise and what its first weights are. ``relations`` says how answers relate to the right
ones. Of anything else, the report says what was found right. ``work`` bounds all of it by counts.

In: the calls of the tests and the subject's answers (``judging.transcript``), and the subject itself.
Out: findings for the record (``report.record``): the mistake or the relation, and the tests that it explains.
May use: specification, judging and every room below them; ``ensemble`` for runs that differ only in rounding.
"""
