"""The one record of a run, and every report that is made from it.

In: the plan, the results and the findings of a run.
Out: the record as JSON Lines, and the verdict as text.
May use: documents, reach and every room below them.
"""
