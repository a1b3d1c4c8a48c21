"""The numbers and figures of the documents, compared with an implementation's.

In: experiments, and an implementation.
Out: a table for each, and the documents' figures as PNG.
May use: runs and every room below it; matplotlib for figures.
"""
