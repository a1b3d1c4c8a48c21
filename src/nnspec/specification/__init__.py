"""The specification for people to read: the chapters, read from the tests, and a renderer for each kind of page.

In: the clauses and tests of ``nnspec.spec_tests``, the documents, and the catalogue of mistakes.
Out: SPEC.md, docs/coverage.md, and the text of ``nnspec explain`` and ``nnspec list``.
May use: report and every room below it.
"""
