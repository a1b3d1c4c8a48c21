"""What is wrong with a program, from its numbers alone.

``transcript`` keeps what the tests asked and what was answered. ``findings`` goes through the wrong answers, the first
quantity first, and asks ``suspects``, the mistakes of the catalogue, whether one of them, or two together, give
the subject's answers to the same ``questions``, up to rounding; what little speaks for is put to the subject with
other numbers (``probes``). Where no mistake does, ``relations`` says how the answers relate to the right ones. What
neither explains is said to be unexplained.
"""
