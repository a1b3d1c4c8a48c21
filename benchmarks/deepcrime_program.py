"""A program in the style of a framework's user, with a switch for each mutation of DeepCrime.

It shares no code with the reference. Without a switch it conforms, with all of its operations and with three of them:

    nnspec check benchmarks/deepcrime_program.py:whole
    nnspec check benchmarks/deepcrime_program.py:core

A mutation stands where DeepCrime puts it: those of the training data and of the optimiser in ``train``, since DeepCrime
changes what is handed to Keras's fit; those of the network in every operation. deepcrime_mutants.py lists them.
"""

from itertools import pairwise

import numpy as np
from deepcrime_framework import INITIALIZERS, OPTIMISERS, SGD, Activation, Dense, Dropout, Head


class Switches:
    """What may be mutated; as it is here, nothing is."""

    # The training data: percentages, as DeepCrime has them.
    change_labels = delete_data = unbalance = add_noise = overlap = 0.0
    drawn_anew = False  # random numbers go on from run to run, and do not begin again with every run
    # Training: what is not None stands in the place of what the caller asks for.
    batch_size = epochs = learning_rate = patience = optimiser = optimiser_rate = None
    no_batching = False
    clip_value = clip_norm = None
    dropout = None
    # The network.
    first_activation = last_activation = None  # of the hidden layers
    score_activation = None  # between the scores and softmax
    output_activation = "softmax"
    loss = "categorical_crossentropy"
    no_bias = ()  # places of layers: 0 for the first, -1 for the last
    no_penalty = ()
    every_penalty = False  # whether the penalty of ``penalty`` is every layer's, or the first one's
    penalty = None  # in place of λ/2 · Σ‖W‖²: pairs of a kind and a strength; "λ" for the caller's
    more_penalty = ()  # on top of it, on the first layer
    initializer = None  # of the first layer

    def __init__(self, **changes):
        for name, value in changes.items():
            if not hasattr(Switches, name):
                raise TypeError(f"There is no switch named {name!r}.")
            setattr(self, name, value)


class Pipeline:
    """The training data as the fit sees it; ``rows`` has those that came of each example of the caller."""

    def __init__(self, inputs, labels, classes, switches, dice):
        self.switches, self.dice = switches, dice
        self.x, self.labels = np.array(inputs, float), np.asarray(labels).astype(int)
        self.origin = np.arange(len(self.labels))
        self.examples = len(self.labels)
        self.classes = classes
        self.mutate()
        self.targets = np.eye(classes)[self.labels]
        self.rows = [np.flatnonzero(self.origin == i) for i in range(self.examples)]

    def some(self, places, percentage):
        """A share of these places, drawn at random, rounded down."""
        return self.dice.permutation(places)[: int(len(places) * percentage / 100)]

    def mutate(self):
        """Change labels, delete examples, add noise, add examples of one class with the label of another."""
        switches, present, counts = self.switches, *np.unique(self.labels, return_counts=True)
        most = present[counts.argmax()]
        if switches.change_labels:
            others = np.delete(np.arange(self.classes), most)
            for place in self.some(np.flatnonzero(self.labels == most), switches.change_labels):
                self.labels[place] = self.dice.choice(others)
        if switches.delete_data or switches.unbalance:
            rare = counts < counts.mean() if switches.unbalance else counts > 0
            share = switches.unbalance or switches.delete_data
            gone = [self.some(np.flatnonzero(self.labels == label), share) for label in present[rare]]
            self.keep(np.delete(np.arange(len(self.labels)), np.concatenate([*gone, []]).astype(int)))
        if switches.add_noise:
            for place in self.some(np.arange(len(self.x)), switches.add_noise):
                spread = self.x[place].std() * switches.add_noise / 100
                self.x[place] += self.dice.normal(0, spread, self.x[place].shape)
        if switches.overlap and len(present) > 1:
            second = present[np.argsort(-counts, kind="stable")[1]]
            copies = self.some(np.flatnonzero(self.labels == most), switches.overlap)
            self.keep(np.concatenate([np.arange(len(self.labels)), copies]))
            self.labels[len(self.labels) - len(copies) :] = second

    def keep(self, rows):
        self.x, self.labels, self.origin = self.x[rows], self.labels[rows], self.origin[rows]

    def batch(self, t, batches):
        """Inputs and targets of iteration t."""
        size = self.switches.batch_size
        if batches is not None and not self.switches.no_batching:
            rows = np.concatenate([self.rows[i] for i in np.asarray(batches[t])])
        elif size is not None and batches is None:
            first = t % -(-len(self.x) // size) * size
            rows = slice(first, first + size)
        else:
            rows = slice(None)
        return self.x[rows], self.targets[rows]

    def iterations(self, iterations, batches):
        """How many iterations are made: those that are asked for, unless there is a limit of epochs."""
        if self.switches.epochs is None:
            return iterations
        size = self.examples if batches is None or not len(batches) else max(len(batches[0]), 1)
        return min(iterations, self.switches.epochs * -(-self.examples // size))


class Model:
    """Layers, and the head that makes a loss of their scores."""

    def __init__(self, network, objective, switches, dice):
        self.mean = objective["reduction"] == "mean"
        self.network = network
        self.head = Head(switches.output_activation, switches.loss)
        count = len(network["weights"])
        self.dense = [self.layer(place, count, objective, switches) for place in range(count)]
        self.layers = []
        for place, dense in enumerate(self.dense[:-1]):
            self.layers += [dense, Activation(self.activation(place, count, switches))]
            if place == 0 and switches.dropout is not None:
                self.layers.append(Dropout(switches.dropout, dice))
        self.layers.append(self.dense[-1])
        if switches.score_activation:
            self.layers.append(Activation(switches.score_activation))

    def layer(self, place, count, objective, switches):
        def among(places):
            return place in [each % count for each in places]

        given = objective["l2"]
        penalties = [] if among(switches.no_penalty) else [("l2", given / 2)]
        if switches.penalty is not None and (place == 0 or switches.every_penalty):
            penalties = [
                (kind, given if strength == "λ" else strength) for kind, strength in switches.penalty
            ]
        if place == 0:
            penalties += switches.more_penalty
        weights, biases = self.network["weights"][place], self.network["biases"][place]
        return Dense(weights, biases, penalties, use_bias=not among(switches.no_bias))

    def activation(self, place, count, switches):
        """The activation of a hidden layer."""
        first = switches.first_activation if place == 0 else None
        last = switches.last_activation if place == count - 2 else None
        return first or last or self.network["activation"]

    def forward(self, x, training=False):
        """The outputs of the hidden layers, and the scores."""
        outputs, h = [], np.asarray(x, float)
        for layer in self.layers:
            h = layer.forward(h, training)
            outputs.append(h)
        hidden = [outputs[place] for place, layer in enumerate(self.layers) if isinstance(layer, Activation)]
        return hidden[: len(self.dense) - 1], h

    def share(self, y):
        return 1 / max(len(y), 1) if self.mean else 1.0

    def objective(self, scores, y):
        return self.head.values(scores, y).sum() * self.share(y) + sum(each.penalty() for each in self.dense)

    def backward(self, scores, y):
        """The gradients, a pair for each dense layer."""
        upstream = self.head.slope(scores, y) * self.share(y)
        for layer in reversed(self.layers):
            upstream = layer.backward(upstream)
        return [(dense.d_weights, dense.d_biases) for dense in self.dense]

    def parameters(self):
        weights, biases = [dense.weights for dense in self.dense], [dense.biases for dense in self.dense]
        return {"weights": weights, "biases": biases, "activation": self.network["activation"]}


class Trainer:
    """An optimiser with its rate, and gradients clipped before its step."""

    def __init__(self, optimizer, switches):
        self.settings, self.switches = optimizer, switches
        momentum = optimizer["momentum"] if optimizer["method"] == "momentum" else 0.0
        self.optimiser = OPTIMISERS[switches.optimiser]() if switches.optimiser else SGD(momentum)

    def rate(self, t):
        if self.switches.optimiser and self.switches.optimiser_rate != "given":
            return self.optimiser.rate
        own = self.switches.learning_rate
        rate = self.settings["learning_rate"] if own is None else own
        plan = self.settings["schedule"]
        if plan is None:
            return rate
        kind, decay = plan["kind"], plan["decay"]
        if kind == "step":
            return rate * decay ** (t // plan["every"])
        return rate * np.exp(-decay * t) if kind == "exponential" else rate / (1 + decay * t)

    def clipped(self, g):
        if self.switches.clip_value is not None:
            return np.clip(g, -self.switches.clip_value, self.switches.clip_value)
        if self.switches.clip_norm is not None:
            return g * min(1.0, self.switches.clip_norm / max(np.linalg.norm(g), 1e-300))
        return g

    def step(self, model, gradients, t):
        for place, (dense, (d_weights, d_biases)) in enumerate(zip(model.dense, gradients, strict=True)):
            for name, g in (("weights", d_weights), ("biases", d_biases)):
                if name == "weights" or dense.use_bias:
                    old = getattr(dense, name)
                    new = self.optimiser.step((place, name), old, self.clipped(g), self.rate(t), t + 1)
                    setattr(dense, name, new)


class Core:
    """The operations that most programs have: loss, gradients, train."""

    def __init__(self, **switches):
        self.switches = Switches(**switches)
        self.endless = np.random.default_rng(0)

    def describe(self):
        return {"name": "a framework's user", "language": "Python", "precision": "float64"}

    def dice(self):
        """The random numbers of a run; a script sets their seed at its beginning."""
        return self.endless if self.switches.drawn_anew else np.random.default_rng(0)

    def model(self, network, objective):
        return Model(network, objective, self.switches, self.dice())

    def targets(self, network, labels):
        return np.eye(len(network["biases"][-1]))[np.asarray(labels).astype(int)]

    def loss(self, network, inputs, labels, objective):
        model = self.model(network, objective)
        return model.objective(model.forward(inputs)[1], self.targets(network, labels))

    def gradients(self, network, inputs, labels, objective):
        model, y = self.model(network, objective), self.targets(network, labels)
        weights, biases = zip(*model.backward(model.forward(inputs)[1], y), strict=True)
        return {"weights": list(weights), "biases": list(biases)}

    def train(self, network, inputs, labels, objective, optimizer, iterations, batches):
        dice, trainer, losses, waited = self.dice(), Trainer(optimizer, self.switches), [], 0
        model = Model(network, objective, self.switches, dice)
        data = Pipeline(inputs, labels, len(network["biases"][-1]), self.switches, dice)
        for t in range(data.iterations(iterations, batches)):
            x, y = data.batch(t, batches)
            _, scores = model.forward(x, training=True)
            loss = model.objective(scores, y)
            waited = waited + 1 if losses and not loss < min(losses) else 0
            losses.append(loss)
            trainer.step(model, model.backward(scores, y), t)
            if waited and waited == self.switches.patience:
                break
        return {"losses": losses, "network": model.parameters()}


class Whole(Core):
    """Also the forward pass, predictions, initial parameters and whole fits."""

    def forward(self, network, inputs):
        hidden, scores = self.model(network, {"reduction": "sum", "l2": 0.0}).forward(inputs)
        return {"hidden": hidden, "scores": scores}

    def predict(self, network, inputs):
        model = self.model(network, {"reduction": "sum", "l2": 0.0})
        _, scores = model.forward(inputs)
        return np.argmax(scores if model.head.fused else model.head.output.forward(scores), axis=1)

    def initialize(self, normals, sizes, activation, initialization):
        """Weights of a normal distribution, or as the switch says those of the first layer."""
        scale, dice = initialization["scale"], self.dice()
        weights = [
            scale * w / np.sqrt(w.shape[0]) if initialization["fan_in"] else scale * np.asarray(w)
            for w in map(np.asarray, normals["weights"])
        ]
        if self.switches.initializer:
            first = np.array(normals["weights"][0], float)
            weights[0] = INITIALIZERS[self.switches.initializer](first, dice)
        drawn = initialization["biases"] == "normals"
        biases = [scale * np.asarray(b) for b in normals["biases"]] if drawn else map(np.zeros, sizes[1:])
        return {"weights": weights, "biases": list(biases), "activation": activation}

    def fit(self, inputs, labels, experiment, seed):
        dice, sizes, size = np.random.default_rng(seed), experiment["sizes"], experiment["batch_size"]
        pairs = list(pairwise(sizes))
        normals = {
            "weights": [dice.standard_normal(pair) for pair in pairs],
            "biases": [dice.standard_normal(o) for _, o in pairs],
        }
        start = self.initialize(normals, sizes, experiment["activation"], experiment["initialization"])
        batches = None if size is None else []
        while size is not None and len(batches) < experiment["iterations"]:
            order = dice.permutation(len(labels))
            batches += [order[first : first + size] for first in range(0, len(order), size)]
        settings = experiment["objective"], experiment["optimizer"], experiment["iterations"]
        return self.train(start, inputs, labels, *settings, batches)["network"]


whole, core = Whole(), Core()
