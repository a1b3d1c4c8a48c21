"""Fits that begin with weights of their own."""

import itertools

import numpy as np
from programs import Right


class Estimator:
    """scikit-learn's classifier: it trains from weights of its own."""

    def describe(self):
        return {"name": "MLPClassifier", "initialization": "own"}

    def fit(self, inputs, labels, experiment, seed):
        import warnings

        from sklearn.exceptions import ConvergenceWarning
        from sklearn.neural_network import MLPClassifier

        objective, optimizer = experiment["objective"], experiment["optimizer"]
        if optimizer["schedule"] or len(experiment["sizes"]) < 3:
            raise NotImplementedError("hidden layers and a constant rate")
        count = len(labels) if objective["reduction"] == "sum" else 1  # it always takes the mean
        batch = experiment["batch_size"] or len(labels)
        program = MLPClassifier(
            hidden_layer_sizes=tuple(experiment["sizes"][1:-1]),
            activation=experiment["activation"],
            solver="sgd",
            alpha=objective["l2"] * len(labels) / count,
            batch_size=batch,
            learning_rate_init=optimizer["learning_rate"] * count,
            momentum=optimizer["momentum"] if optimizer["method"] == "momentum" else 0.0,
            nesterovs_momentum=False,
            max_iter=-(-experiment["iterations"] * batch // len(labels)),
            tol=0.0,
            n_iter_no_change=10**9,
            random_state=seed,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            program.fit(inputs, labels)
        weights, biases = [w.copy() for w in program.coefs_], [b.copy() for b in program.intercepts_]
        if weights[-1].shape[1] == 1:  # one output for two classes: the score of the second
            weights[-1] = np.hstack([np.zeros_like(weights[-1]), weights[-1]])
            biases[-1] = np.array([0.0, biases[-1][0]])
        return {"weights": weights, "biases": biases, "activation": experiment["activation"]}

    def predict(self, network, inputs):
        return Right().predict(network, inputs)


class OwnNormals(Right):
    """A fit that begins with normal numbers over the root of half the inputs, as is usual for ReLU."""

    def describe(self):
        return {"name": "normals of its own", "initialization": "own"}

    def fit(self, inputs, labels, experiment, seed):
        random, sizes = np.random.default_rng(seed), experiment["sizes"]
        shapes = list(itertools.pairwise(sizes))
        network = {
            "weights": [random.standard_normal(shape) * np.sqrt(2 / shape[0]) for shape in shapes],
            "biases": [np.zeros(size) for size in sizes[1:]],
            "activation": experiment["activation"],
        }
        size = experiment["batch_size"]
        steps = range(experiment["iterations"])
        batches = size and [random.choice(len(labels), size, replace=False) for _ in steps]
        objective, optimizer = experiment["objective"], experiment["optimizer"]
        return self.train(network, inputs, labels, objective, optimizer, len(steps), batches)["network"]


class WrongOwnNormals(OwnNormals):
    """It goes uphill."""

    def rate(self, optimizer, t):
        return -super().rate(optimizer, t)
