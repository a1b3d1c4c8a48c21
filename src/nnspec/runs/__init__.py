"""Training runs of an implementation, and the judging of them.

In: an experiment, and an implementation (``judging.subject``).
Out: the losses and networks of its run; an AssertionError for the first number outside its envelope.
May use: judging and every room below it; golden/ for the stored traces.
"""
