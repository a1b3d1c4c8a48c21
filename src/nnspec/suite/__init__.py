"""The specification as a pytest run against one implementation.

In: the options of a run (``reach.options``), and the tests in ``nnspec.spec_tests``.
Out: the record of the run (``report.record``).
May use: diagnosis and every room below it.
"""
