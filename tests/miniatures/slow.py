"""The reference in slow languages: an operation takes some hundred times as long, and its answer is the same."""

import time

from nnspec.reference import Reference


class Slow:
    """300 times as slow as NumPy, as interpreters without arrays are."""

    slowness = 300

    def __getattr__(self, operation):
        function = getattr(Reference(), operation)

        def slowly(**params):
            began = time.perf_counter()
            answer = function(**params)
            time.sleep((self.slowness - 1) * (time.perf_counter() - began))
            return answer

        return slowly


class SlowerThanNumPy(Slow):
    slowness = 30
