"""What people return in place of a right answer's form."""

import numpy as np
from networks import Right


class FlatGradients(Right):
    def gradients(self, **problem):
        right = super().gradients(**problem)
        return [array for pair in zip(right["weights"], right["biases"], strict=True) for array in pair]


class NamedGradients(Right):
    def gradients(self, **problem):
        right = super().gradients(**problem)
        return {f"dW{n}": array for n, array in enumerate(right["weights"], 1)}


class BiasesFirst(Right):
    def gradients(self, **problem):
        right = super().gradients(**problem)
        return right["biases"], right["weights"]


class NoBiases(Right):
    def gradients(self, **problem):
        return {"weights": super().gradients(**problem)["weights"]}


class LastLayerFirst(Right):
    def gradients(self, **problem):
        return {kind: arrays[::-1] for kind, arrays in super().gradients(**problem).items()}


class Transposed(Right):
    def gradients(self, **problem):
        right = super().gradients(**problem)
        return {**right, "weights": [array.T for array in right["weights"]]}


class BiasesOfEachExample(Right):
    def gradients(self, **problem):
        right, examples = super().gradients(**problem), len(problem["inputs"])
        return {**right, "biases": [np.tile(array, (examples, 1)) for array in right["biases"]]}


class BiasesAsColumns(Right):
    def gradients(self, **problem):
        right = super().gradients(**problem)
        return {**right, "biases": [array[:, None] for array in right["biases"]]}


class ForgetsToReturn(Right):
    def gradients(self, **problem):
        super().gradients(**problem)


class ReturnsWords(Right):
    def gradients(self, **problem):
        return {"weights": ["dW1", "dW2"], "biases": ["db1", "db2"]}


class LossOfEachExample(Right):
    def loss(self, **problem):
        return np.full(len(problem["labels"]), super().loss(**problem))


class PredictsProbabilities(Right):
    def predict(self, network, inputs):
        return self.probabilities(self.layers(network, inputs)[1][-1])


class PredictsOneProbability(Right):
    def predict(self, network, inputs):
        return self.probabilities(self.layers(network, inputs)[1][-1])[:, 1]


class PredictsAColumn(Right):
    def predict(self, network, inputs):
        return super().predict(network, inputs)[:, None]


class ScoresFirst(Right):
    def forward(self, network, inputs):
        right = super().forward(network, inputs)
        return right["scores"], right["hidden"]


class ScoresAlone(Right):
    def forward(self, network, inputs):
        return super().forward(network, inputs)["scores"]


class HiddenWithoutAList(Right):
    def forward(self, network, inputs):
        right = super().forward(network, inputs)
        return {**right, "hidden": right["hidden"][0] if right["hidden"] else []}


class HiddenWithTheInputs(Right):
    def forward(self, network, inputs):
        right = super().forward(network, inputs)
        return {**right, "hidden": [inputs, *right["hidden"]]}


class OneLossTooMany(Right):
    def train(self, **run):
        right = super().train(**run)
        return {**right, "losses": [*right["losses"], 0.5]}


class OneLossTooFew(Right):
    def train(self, **run):
        right = super().train(**run)
        return {**right, "losses": right["losses"][1:]}


class NetworkFirst(Right):
    def train(self, **run):
        right = super().train(**run)
        return right["network"], right["losses"]


class LossesAlone(Right):
    def train(self, **run):
        return super().train(**run)["losses"]


class NetworkWithoutBiases(Right):
    def train(self, **run):
        right = super().train(**run)
        return {**right, "network": {"weights": right["network"]["weights"]}}


class KeepsTheVelocity(Right):
    def update(self, **step):
        return super().update(**step)["network"]


class NoVelocity(Right):
    def update(self, **step):
        return {"network": super().update(**step)["network"]}


class WantsOneHotLabels(Right):
    def one_hot(self, labels, classes):
        return labels


class AlwaysFails(Right):
    def gradients(self, **problem):
        return self.backward(**problem)


class OtherParameters(Right):
    def gradients(self, net, x, y):
        return super().gradients(net, x, y, {"reduction": "mean", "l2": 0})


class FitsWithoutBiases(Right):
    def fit(self, inputs, labels, experiment, seed):
        return {"weights": [np.ones((3, 5)), np.ones((5, 4))]}
