"""The reference, until it was called a few times; from then on it answers with as many strings as a call may."""

import functools
import itertools

from nnspec.reference import Reference

_CALLS = itertools.count(1)
_RIGHT, _STRINGS = 60, 9_900


def _later_strings(operation):
    @functools.wraps(operation)
    def answer(**params):
        count = next(_CALLS)
        return operation(**params) if count < _RIGHT else [f"{count:020d}{i:019d}" for i in range(_STRINGS)]

    return answer


score_gradient = _later_strings(Reference().score_gradient)
softmax = _later_strings(Reference().softmax)
cross_entropy = _later_strings(Reference().cross_entropy)
activation = _later_strings(Reference().activation)
activation_derivative = _later_strings(Reference().activation_derivative)
loss = _later_strings(Reference().loss)
