"""The program after WildML, which says what it does, and takes 0 for the derivative of ReLU at 0 as CS231n does."""

import after_wildml
from after_wildml import *  # noqa: F403

after_wildml.AT_0 = 0.0


def describe():
    return {
        "name": "after WildML",
        "reductions": ["sum"],
        "methods": ["gradient_descent"],
        "depths": [2, 3],
        "initialization": "own",
    }
