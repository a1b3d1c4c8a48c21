"""The numbers and figures that the documents print, beside what comes out.

In: experiments, and an implementation.
Out: a table for each, and the documents' figures as PNG.
May use: runs and every room below it; matplotlib for figures.
"""
