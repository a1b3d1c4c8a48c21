"""A small correct program, and what people return instead: wrong forms, ignored arguments, one shape alone."""

import numpy as np


class Right:
    """Loss, gradients, predictions, updates and training, in a formula each."""

    def activation(self, name, z):
        return {"relu": np.maximum(z, 0), "tanh": np.tanh(z), "logistic": 0.5 + 0.5 * np.tanh(z / 2)}[name]

    def activation_derivative(self, name, z):
        h = self.activation(name, z)
        return {"relu": 1.0 * (z > 0), "tanh": 1 - h**2, "logistic": h - h**2}[name]

    def one_hot(self, labels, classes):
        return np.eye(classes)[labels]

    def layers(self, network, inputs):
        """What goes into each layer, and what comes out of it."""
        into, out = [inputs], []
        for weights, biases in zip(network["weights"], network["biases"], strict=True):
            out.append(into[-1] @ weights + biases)
            into.append(self.activation(network["activation"], out[-1]))
        return into[:-1], out

    def probabilities(self, scores):
        exps = np.exp(scores - scores.max(axis=1, keepdims=True))
        return exps / exps.sum(axis=1, keepdims=True)

    def count(self, labels, reduction):
        return len(labels) if reduction == "mean" else 1

    def forward(self, network, inputs):
        into, out = self.layers(network, inputs)
        return {"hidden": into[1:], "scores": out[-1]}

    def predict(self, network, inputs):
        return self.layers(network, inputs)[1][-1].argmax(axis=1)

    def loss(self, network, inputs, labels, objective):
        p = self.probabilities(self.layers(network, inputs)[1][-1])
        data = -(self.one_hot(labels, p.shape[1]) * np.log(p)).sum() / self.count(
            labels, objective["reduction"]
        )
        return data + objective["l2"] / 2 * sum((weights**2).sum() for weights in network["weights"])

    def gradients(self, network, inputs, labels, objective):
        into, out = self.layers(network, inputs)
        p = self.probabilities(out[-1])
        delta = (p - self.one_hot(labels, p.shape[1])) / self.count(labels, objective["reduction"])
        weights, biases = [], []
        for layer in reversed(range(len(out))):
            weights.insert(0, into[layer].T @ delta + objective["l2"] * network["weights"][layer])
            biases.insert(0, delta.sum(axis=0))
            if layer:
                slope = self.activation_derivative(network["activation"], out[layer - 1])
                delta = delta @ network["weights"][layer].T * slope
        return {"weights": weights, "biases": biases}

    def rate(self, optimizer, t):
        rate, schedule = (
            optimizer["learning_rate"],
            optimizer["schedule"] or {"kind": None, "decay": 0, "every": 1},
        )
        return {
            None: rate,
            "step": rate * schedule["decay"] ** (t // schedule["every"]),
            "exponential": rate * np.exp(-schedule["decay"] * t),
            "inverse_time": rate / (1 + schedule["decay"] * t),
        }[schedule["kind"]]

    def update(self, network, gradients, velocity, optimizer, iteration):
        factor = optimizer["momentum"] if optimizer["method"] == "momentum" else 0
        rate = self.rate(optimizer, iteration)
        moved = {
            kind: [factor * v - rate * g for v, g in zip(velocity[kind], gradients[kind], strict=True)]
            for kind in ("weights", "biases")
        }
        new = {kind: [p + v for p, v in zip(network[kind], moved[kind], strict=True)] for kind in moved}
        return {"network": {**new, "activation": network["activation"]}, "velocity": moved}

    def train(self, network, inputs, labels, objective, optimizer, iterations, batches):
        velocity = {kind: [0 * array for array in network[kind]] for kind in ("weights", "biases")}
        losses = []
        for t in range(iterations):
            rows = slice(None) if batches is None else batches[t]
            examples = {"inputs": inputs[rows], "labels": labels[rows], "objective": objective}
            losses.append(Right.loss(self, network, **examples))
            gradients = Right.gradients(self, network, **examples)
            after = Right.update(self, network, gradients, velocity, optimizer, t)
            network, velocity = after["network"], after["velocity"]
        return {"losses": losses, "network": network}


# ---- wrong forms ----


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


# ---- ignored arguments ----


class AlwaysTheMean(Right):
    def count(self, labels, reduction):
        return len(labels)


class LossIsAlwaysTheSum(Right):
    def loss(self, network, inputs, labels, objective):
        return super().loss(network, inputs, labels, {**objective, "reduction": "sum"})


class NoPenalty(Right):
    def loss(self, network, inputs, labels, objective):
        return super().loss(network, inputs, labels, {**objective, "l2": 0})

    def gradients(self, network, inputs, labels, objective):
        return super().gradients(network, inputs, labels, {**objective, "l2": 0})

    def train(self, **run):
        return super().train(**{**run, "objective": {**run["objective"], "l2": 0}})


class AlwaysTanh(Right):
    def activation(self, name, z):
        return super().activation("tanh", z)

    def activation_derivative(self, name, z):
        return super().activation_derivative("tanh", z)


class NoSchedule(Right):
    def rate(self, optimizer, t):
        return optimizer["learning_rate"]


class NoStepDecay(Right):
    def rate(self, optimizer, t):
        schedule = optimizer["schedule"]
        steps = schedule is not None and schedule["kind"] == "step"
        return optimizer["learning_rate"] if steps else super().rate(optimizer, t)


class StepEveryHundred(Right):
    def rate(self, optimizer, t):
        schedule = optimizer["schedule"]
        return super().rate({**optimizer, "schedule": schedule and {**schedule, "every": 100}}, t)


class NoSchedules(NoSchedule):
    def describe(self):
        return {"name": "constant rate", "schedules": []}


class RefusesSchedules(Right):
    def rate(self, optimizer, t):
        if optimizer["schedule"]:
            raise NotImplementedError("constant rate")
        return optimizer["learning_rate"]


class NoMomentum(Right):
    def update(self, **step):
        return super().update(**{**step, "optimizer": {**step["optimizer"], "method": "gradient_descent"}})

    def train(self, **run):
        return super().train(**{**run, "optimizer": {**run["optimizer"], "method": "gradient_descent"}})


class OwnMomentum(Right):
    def train(self, **run):
        return super().train(**{**run, "optimizer": {**run["optimizer"], "momentum": 0.9}})


class OwnRate(Right):
    def rate(self, optimizer, t):
        return super().rate({**optimizer, "learning_rate": 0.1}, t)


class AlwaysIterationFive(Right):
    def update(self, **step):
        return super().update(**{**step, "iteration": 5})


class NoBatches(Right):
    def train(self, **run):
        return super().train(**{**run, "batches": None})


class OwnBatches(Right):
    def train(self, **run):
        random, size = np.random.default_rng(1), 2 if run["batches"] is None else len(run["batches"][0])
        batches = [random.permutation(len(run["labels"]))[:size] for _ in range(run["iterations"])]
        return super().train(**{**run, "batches": batches})


class RandomBatches(Right):
    def train(self, **run):
        if run["batches"] is None:
            return super().train(**run)
        random, size = np.random.default_rng(), len(run["batches"][0])
        batches = [random.permutation(len(run["labels"]))[:size] for _ in range(run["iterations"])]
        return super().train(**{**run, "batches": batches})


class WithoutBiases(Right):
    def layers(self, network, inputs):
        return super().layers({**network, "biases": [0 * array for array in network["biases"]]}, inputs)


class Constant(Right):
    def loss(self, network, inputs, labels, objective):
        return 1.0


class RemembersItsLayers(Right):
    kept = None

    def layers(self, network, inputs):
        shapes = [np.shape(inputs), *map(np.shape, network["weights"])]
        if self.kept is None or self.kept[0] != shapes:
            self.kept = shapes, super().layers(network, inputs)
        return self.kept[1]


class NotANumber(Right):
    def loss(self, network, inputs, labels, objective):
        return float("nan")


# ---- one shape alone ----


class TwoLayers(Right):
    def layers(self, network, inputs):
        first, second = network["weights"]
        return super().layers({**network, "weights": [first, second]}, inputs)


class TwoClasses(Right):
    def one_hot(self, labels, classes):
        if classes != 2:
            raise ValueError("two classes")
        return super().one_hot(labels, classes)


class SaysTwoLayers(TwoLayers):
    def describe(self):
        return {"name": "two layers", "depths": [2]}


class SaysThreeLayersAndFails(TwoLayers):
    def describe(self):
        return {"name": "two layers", "depths": [2, 3]}


class WrongAtThreeLayers(Right):
    def loss(self, network, inputs, labels, objective):
        return super().loss(network, inputs, labels, objective) * (2 if len(network["weights"]) == 3 else 1)


# ---- a predict that takes what fit returned alone ----


class Estimator:
    def fit(self, inputs, labels, experiment, seed):
        return np.bincount(labels).argmax(), experiment

    def predict(self, network, inputs):
        label, _ = network
        return np.full(len(inputs), label + 0)


# ---- what the documents do not know ----


class Adam(Right):
    def describe(self):
        return {"name": "adam", "methods": ["adam", "sgd"], "activations": ["ReLU", "sigmoid", "swish"]}


class Single(Right):
    def describe(self):
        return {"name": "single", "precision": "float32"}
