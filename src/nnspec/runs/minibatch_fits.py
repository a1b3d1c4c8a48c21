"""Fits of linear classifiers on minibatches, judged where it does not matter which minibatches a fit chooses.

**Every minibatch.** There is an example of each of K classes, or of 20 of them if there are more, and x·x' + 1 is 0 for
two of them, 16 for an example with itself. So a step changes no score of an example that is not in its minibatch. If
one is, in which another class has a score that is not less than that of the label, then the label's score gains at
least μ · 16 on it, or 1/B of that for the mean of a minibatch of B; this is 4 here. It never loses what it gained, not
with momentum either. So an example is right after n occurrences if 4 n is more than what the initial weights gave to
another class.

**A correct program is refused with a probability of at most 10⁻¹⁷.** Its minibatches hold an example at least once if
every pass has each example, and without passes, if each minibatch is drawn independently, but for a probability of
K (1 − 1/K)^(30 K B) or less, which is at most 1.8 · 10⁻¹⁸ for any K. And a single occurrence is enough: 4 are 70
standard deviations of the difference of two initial scores of weights 0.01 · N(0, 1). With weights and biases N(0, 1)
of its own it needs more of them, and is refused with a probability of at most 10⁻¹⁴ for up to 16 classes.

**A short minibatch.** Of three examples, minibatches of two leave one over: two iterations see all three if they are a
pass, whose second minibatch is short, and may see all three if each minibatch is drawn for itself. An example that was
in neither minibatch is wrong, since its product with the others is positive where their class is another, and negative
where it is the same; if all three were, all are right. Both were found by trying all pairs of minibatches that there
are, of two examples or of one (tests/runs/test_minibatch_fits.py). So a program that never has all three right never
learns from one of them, whichever it is. Minibatches that are drawn with repetition see all three with a probability
of 4/9, without with 2/3; so none of 40 fits does with a probability of at most 6 · 10⁻¹¹.

**One pass.** All examples are 0 and of one class of two, and all biases start at 0. So the hidden outputs of tanh and
ReLU are 0, both scores are, and the initial weights decide nothing. A step moves the bias of each hidden unit towards
the class if it moves it at all: up if its weight to the score of that class is the greater one, otherwise down. It
moves those weights in the same way, and the last bias of that class above the other. So from the first iteration on the
class has the greater score, whatever the weights are.
"""

from __future__ import annotations

import numpy as np

from nnspec.contract.errors import Unsupported
from nnspec.documents.experiments import FAN_IN
from nnspec.judging import cases
from nnspec.judging.agreement import Disagreement, assert_agrees
from nnspec.judging.subject import Subject
from nnspec.reference.values import Array, Optimizer, Recipe
from nnspec.runs.linear_fits import NEARLY_ZERO

#: What the first occurrence of an example in a minibatch changes the difference of two of its scores by, at least.
GAIN = 4.0
#: How many fits are tried until one has all examples right, and how probable it is that a right one has not.
TRIES, MISSES = 40, 5 / 9
#: How many examples make one pass.
ONE_PASS = 4


def assert_learns_from_every_minibatch(
    subject: Subject,
    random: np.random.Generator,
    activation: str,
    reduction: str,
    method: str,
    classes: int,
) -> None:
    """A fit on minibatches of two has an example of each class right; of two classes, on minibatches of one.

    Of many classes, some have an example.
    """
    __tracebackhide__ = True
    examples = min(classes, cases.MANY)
    inputs, labels = cases.at_right_angles(random, examples)
    if examples < classes:
        labels = random.permutation(classes)[labels]
    size = min(2, classes - 1)
    rate = GAIN / (inputs[0] @ inputs[0] + 1) * (size if reduction == "mean" else 1)
    optimizer: Optimizer = {**cases.optimizer(method), "learning_rate": float(rate)}
    recipe = cases.recipe((examples, classes), activation, cases.objective(reduction), optimizer, size)
    recipe["iterations"] = 30 * examples
    fitted = subject.fit(inputs=inputs, labels=labels, experiment=recipe, seed=1)
    assert_agrees(subject.predict(network=fitted, inputs=inputs), labels, "predict")


def assert_learns_from_a_short_minibatch(
    subject: Subject, activation: str, reduction: str, method: str, classes: int
) -> None:
    """Of many fits of two iterations, on minibatches of two of three examples, one has all three right."""
    __tracebackhide__ = True
    inputs, labels = opposed_examples(classes)
    rate = GAIN / (inputs[0] @ inputs[0] + 1) * (2 if reduction == "mean" else 1)
    optimizer: Optimizer = {**cases.optimizer(method), "learning_rate": float(rate)}
    recipe: Recipe = {
        **cases.recipe((3, classes), activation, cases.objective(reduction), optimizer, 2),
        "initialization": NEARLY_ZERO,
        "iterations": 2,
    }
    fit = {"inputs": inputs, "labels": labels, "experiment": recipe}
    subject.check("fit", fit)
    if subject.description.initialization == "own":
        raise Unsupported(
            "with an initialization of its own, a fit may need more than one look at an example"
        )
    for seed in range(TRIES):
        predicted = subject.predict(network=subject.fit(**fit, seed=seed), inputs=inputs)
        if np.array_equal(predicted, labels):
            return
    raise Disagreement(
        "predict after fit, of the examples that were fitted",
        f"{', '.join(map(str, predicted))} in the last fit",
        ", ".join(map(str, labels)),
        f"no fit of a correct program has all of them right once in {MISSES**-TRIES:,.0f} times",
        f"{TRIES} of {TRIES} fits",
    )


def opposed_examples(classes: int) -> tuple[Array, Array]:
    """Three examples, of three classes or of two: inputs (3, 3), labels (3,).

    With the 1 that a bias sees, the product of an example with itself is 16, with one of another class 2, and with one
    of its own class −2.
    """
    labels = np.array([0, 1, 2] if classes > 2 else [0, 0, 1])
    products = np.where(labels[:, None] == labels, -2.0, 2.0)
    np.fill_diagonal(products, 16.0)
    inputs: Array = np.linalg.cholesky(products - 1)
    return inputs, labels


def assert_learns_in_one_pass(
    subject: Subject, activation: str, reduction: str, method: str, label: int, batch_size: int | None
) -> None:
    """A fit of one pass over four examples of one class predicts that class.

    activation: "tanh" or "relu"; batch_size: of the minibatches, None for all examples in one iteration.
    """
    __tracebackhide__ = True
    inputs, labels = np.zeros((ONE_PASS, 3)), np.full(ONE_PASS, label)
    objective, optimizer = cases.objective(reduction), cases.optimizer(method)
    recipe: Recipe = {
        **cases.recipe((3, 4, 2), activation, objective, optimizer, batch_size),
        "initialization": FAN_IN,
        "iterations": ONE_PASS // (batch_size or ONE_PASS),
    }
    fit = {"inputs": inputs, "labels": labels, "experiment": recipe, "seed": 1}
    subject.check("fit", fit)
    if subject.description.initialization == "own":
        raise Unsupported("with an initialization of its own, a fit may start from biases of any size")
    assert_agrees(subject.predict(network=subject.fit(**fit), inputs=inputs), labels, "predict after fit")
