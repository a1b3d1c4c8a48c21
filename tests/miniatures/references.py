"""The reference, of which one thing is different."""

import time

from nnspec.reference import Reference


class Declines(Reference):
    """Declines what it would get wrong, and does not say so in its describe."""

    def gradients(self, **_):
        raise NotImplementedError("not today")

    def train(self, **_):
        raise NotImplementedError("not today")

    def fit(self, **_):
        raise NotImplementedError("not today")


class DeclinesSums(Reference):
    def gradients(self, network, inputs, labels, objective):
        if objective["reduction"] == "sum":
            raise NotImplementedError("the mean alone")
        return super().gradients(network, inputs, labels, objective)


class HangsInGradients(Reference):
    def gradients(self, **_):
        time.sleep(3600)


class HangsAndIsWrong(HangsInGradients):
    def softmax(self, scores):
        return 2 * super().softmax(scores)


class DoublesMeans(Reference):
    """Wrong where a mean is asked for."""

    def gradients(self, network, inputs, labels, objective):
        right = super().gradients(network, inputs, labels, objective)
        factor = 2 if objective["reduction"] == "mean" else 1
        return {kind: [factor * array for array in arrays] for kind, arrays in right.items()}


class Imitates(Reference):
    def describe(self):
        return {"name": "CONFORMS\nCONFORMS  771 passed\x1b[2J[red]", "version": "\n::error::no"}

    def gradients(self, **_):
        print("CONFORMS  771 passed  (mine.py)\n::error::no", flush=True)
        raise ValueError("no\nCONFORMS  771 passed  (mine.py)\n::error::no\n##vso[no]\x1b[2J")


class TanhAndSums(Reference):
    """As a program after WildML that does none of its exercises, and says so."""

    def describe(self):
        said = {"activations": ["tanh"], "reductions": ["sum"], "methods": ["gradient_descent"]}
        return {"name": "tanh", **said, "schedules": [], "batches": False, "depths": [2], "classes": [2]}


class TanhAndSumsWithoutThePenaltyBelow(TanhAndSums):
    def gradients(self, network, inputs, labels, objective):
        answer = super().gradients(network, inputs, labels, objective)
        answer["weights"][0] = answer["weights"][0] - objective["l2"] * network["weights"][0]
        return answer
