"""scikit-learn's MLPClassifier, with its own initial parameters: a right program."""

import itertools
import warnings

from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

_models, _numbers = {}, itertools.count()


def describe():
    return {"name": "scikit-learn", "language": "Python", "initialization": "own", "schedules": []}


def fit(inputs, labels, experiment, seed):
    objective, optimizer, examples = experiment["objective"], experiment["optimizer"], len(labels)
    size = experiment["batch_size"] or examples
    # It takes the mean of the losses, and divides its penalty by the number of examples too.
    times = 1 if objective["reduction"] == "mean" else size
    model = MLPClassifier(
        hidden_layer_sizes=experiment["sizes"][1:-1],
        activation=experiment["activation"],
        solver="sgd",
        alpha=objective["l2"] * size / times,
        learning_rate_init=optimizer["learning_rate"] * times,
        momentum=optimizer["momentum"] if optimizer["method"] == "momentum" else 0.0,
        nesterovs_momentum=False,
        batch_size=size,
        shuffle=size < examples,
        max_iter=-(-experiment["iterations"] * size // examples),  # passes
        tol=0.0,
        n_iter_no_change=experiment["iterations"],
        random_state=seed,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the experiment says how long to train
        model.fit(inputs, labels)
    number = next(_numbers)
    _models[number] = model
    return number


def predict(network, inputs):
    if not isinstance(network, int):
        raise NotImplementedError("it predicts with what it has fitted")
    return _models[network].predict(inputs)
