"""Programs with wrong predictions and data sets, written by hand, and what is said of each; no tests."""

from __future__ import annotations

import numpy as np

HIDDEN = {"relu": lambda z: z * (z > 0), "tanh": np.tanh, "logistic": lambda z: 1 / (1 + np.exp(-z))}


def ring(count, whole, end=False):
    t = whole * np.pi * np.arange(count) / (count - end)
    return np.array([np.cos(t), np.sin(t)]).T


class Own:
    """Right, and written by hand."""

    def forward(self, network, inputs):
        layers = [inputs]
        for w, b in zip(network["weights"][:-1], network["biases"][:-1], strict=True):
            layers.append(self.unit(network["activation"], layers[-1] @ w + b))
        return {"hidden": layers[1:], "scores": layers[-1] @ network["weights"][-1] + network["biases"][-1]}

    def unit(self, name, z):
        return HIDDEN[name](z)

    def label(self, scores):
        return np.argmax(scores, axis=1)

    def predict(self, network, inputs):
        return self.label(self.forward(network, inputs)["scores"])

    def radius(self, n):
        return np.arange(n) / (n - 1)

    def turn(self, j, n):
        return 4 * j + 4 * np.arange(n) / (n - 1)

    def point(self, r, t, noise):
        return [r * np.sin(t + 0.2 * noise), r * np.cos(t + 0.2 * noise)]

    def spiral(self, normals, examples_per_class, classes):
        n, inputs, labels = examples_per_class, [], []
        for j in range(classes):
            noise = normals[j * n : (j + 1) * n]
            inputs += list(zip(*self.point(self.radius(n), self.turn(j, n), noise), strict=True))
            labels += [j] * n
        return {"inputs": np.array(inputs), "labels": np.array(labels)}

    def lower(self, upper):
        return [1, 0.5] - upper

    def moons(self, normals, order, examples, noise):
        half = examples // 2
        points = np.vstack([ring(half, 1, True), self.lower(ring(examples - half, 1, True))])
        labels = np.array([0] * half + [1] * (examples - half))
        return {"inputs": points[order] + noise * normals, "labels": labels[order]}

    def circles(self, normals, examples, factor, noise):
        half = examples // 2
        points = np.vstack([ring(half, 2), ring(examples - half, 2) * factor])
        return {"inputs": points + noise * normals, "labels": (np.arange(examples) >= half) * 1}


def own(**methods):
    """The right program with these methods in place of its own."""
    return type("Other", (Own,), {name: staticmethod(method) for name, method in methods.items()})()


def softmax(scores, axis=1):
    raised = np.exp(scores)
    return raised / raised.sum(axis=axis, keepdims=True)


def inverse(normals, order, examples, noise):
    plain = Own().moons(0 * normals, np.arange(examples), examples, noise)
    inputs, labels = np.empty((examples, 2)), np.empty(examples, dtype=int)
    inputs[order], labels[order] = plain["inputs"], plain["labels"]
    return {"inputs": inputs + noise * normals, "labels": labels}


def two(normals, examples, factor, noise):
    data = Own().circles(normals, examples, factor, noise / 2)
    return {**data, "labels": data["labels"] + 1}


def spiral_in_turn(normals, examples_per_class, classes):
    data = Own().spiral(normals.reshape(examples_per_class, classes).T.ravel(), examples_per_class, classes)
    order = np.arange(examples_per_class * classes).reshape(classes, -1).T.ravel()
    return {name: part[order] for name, part in data.items()}


def circles_by(outer, inner, noise_of=lambda noise: noise, axis=1):
    """Circles of these rings; axis: -1 swaps the coordinates."""

    def circles(normals, examples, factor, noise):
        half = examples // 2
        points = np.vstack([outer(half), inner(examples - half, factor)])[:, ::axis]
        return {
            "inputs": points + noise_of(noise) * normals,
            "labels": (np.arange(examples) >= half) * 1,
        }

    return own(circles=circles)


def moons_by(upper, lower):
    """Moons of these points, with the noise for a variance."""

    def moons(normals, order, examples, noise):
        half = examples // 2
        points = np.vstack([upper(half), lower(examples - half)])
        labels = np.repeat([0, 1], [half, examples - half])
        return {"inputs": points[order] + noise**0.5 * normals, "labels": labels[order]}

    return own(moons=moons)


NAMED = {
    "from one": (own(label=lambda s: 1 + s.argmax(1)), ["The labels that are predicted are counted from 1."]),
    "least": (own(label=lambda s: s.argmin(1)), ["The class with the lowest score is predicted."]),
    "softmax over the examples": (
        own(label=lambda s: softmax(s, 0).argmax(1)),
        ["Softmax is taken over the examples instead of the classes before the greatest is found."],
    ),
    "one half": (
        own(label=lambda s: (softmax(s)[:, 1] > 0.5) * 1),
        ["Class 1 is predicted if its probability is above 0.5, else class 0."],
    ),
    "standardised": (
        own(
            predict=lambda network, inputs: Own().predict(network, (inputs - inputs.mean(0)) / inputs.std(0))
        ),
        ["The inputs are standardised before the prediction, by their own mean and deviation."],
    ),
    "hidden": (
        own(predict=lambda network, inputs: Own().forward(network, inputs)["hidden"][0].argmax(1)),
        ["The greatest output of the first hidden layer is predicted instead of the greatest score."],
    ),
    "greatest magnitude": (
        own(label=lambda s: abs(s).argmax(1)),
        ["The class whose score is furthest from 0 is predicted."],
    ),
    "no parentheses": (
        own(turn=lambda j, n: np.linspace(j * 4, j + 1 * 4, n)),
        ["The angle of arm j ends at j + 4 instead of 4(j + 1): j + 1 * 4 has no parentheses."],
    ),
    "noise of the radius": (
        own(point=lambda r, t, e: [(r + 0.2 * e) * np.sin(t), (r + 0.2 * e) * np.cos(t)]),
        ["The spiral's noise is added to the radius instead of the angle."],
    ),
    "three of the spiral": (
        own(
            radius=lambda n: np.arange(n) / n,
            point=lambda r, t, e: [r * np.cos(t + e), r * np.sin(t + e)],
        ),
        [
            "The spiral's radius ends before 1: its end point is left out, as with arange(n) / n.",
            "A point of the spiral is (r cos t, r sin t) instead of (r sin t, r cos t).",
            "The normals themselves are added to the spiral's angle, instead of 0.2 times the normals.",
        ],
    ),
    "half left out": (
        own(lower=lambda upper: 1 - upper),
        ["The second moon is not shifted by 0.5: (1 − cos t, 1 − sin t)."],
    ),
    "inverse order": (
        own(moons=inverse),
        ["The moons are put into the inverse order: example i goes to place order[i]."],
    ),
    "one over the factor": (
        own(
            circles=lambda normals, examples, factor, noise: Own().circles(
                normals, examples, 1 / factor, noise
            )
        ),
        ["The radius of the inner circle is 1 / factor."],
    ),
    "two of the circles": (
        own(circles=two),
        ["The circles are numbered from 1.", "The noise of the circles is multiplied by 0.5."],
    ),
    "end of the outer circle": (
        circles_by(lambda n: ring(n, 2, True), lambda n, f: f * ring(n, 2)),
        ["The angles of the outer circle include 2π, so that it has its first point twice."],
    ),
    "end of the inner circle, and a variance": (
        circles_by(lambda n: ring(n, 2), lambda n, f: f * ring(n, 2, True), np.sqrt),
        [
            "The angles of the inner circle include 2π, so that it has its first point twice.",
            "The noise of the circles is treated as a variance instead of a standard deviation.",
        ],
    ),
    "two of the angles of circles": (
        circles_by(lambda n: ring(n, 2, True), lambda n, f: f * ring(n, 2, True), axis=-1),
        [
            "Sine and cosine are swapped in the circles.",
            "The angles of the circles include 2π, so that each circle has its first point twice.",
        ],
    ),
    "two of the radii of circles": (
        circles_by(lambda n: ring(n, 2) * [1, -1], lambda n, f: f * f * ring(n, 2) * [1, -1]),
        [
            "The radius of the inner circle is the factor's square.",
            "The second coordinate of the circles has the wrong sign.",
        ],
    ),
    "three of the moons": (
        moons_by(lambda n: ring(n, 1), lambda n: [1, 1] - ring(n, 1)),
        [
            "The second moon is not shifted by 0.5: (1 − cos t, 1 − sin t).",
            "The angles of the moons end before π: the end point is left out.",
            "The noise of the moons is taken for a variance instead of a standard deviation.",
        ],
    ),
    "two of the noise": (
        own(
            moons=lambda normals, order, examples, noise: Own().moons(
                normals.reshape(2, -1).T, order, examples, noise**0.5
            )
        ),
        [
            "The noise of the moons is taken for a variance instead of a standard deviation.",
            "The normals of the moons are reshaped to (2, N) before they are used.",
        ],
    ),
    "end of the second moon": (
        moons_by(lambda n: ring(n, 1, True), lambda n: [1, 0.5] - ring(n, 1)),
        [
            "The angles of the second moon end before π; those of the first do not.",
            "The noise of the moons is taken for a variance instead of a standard deviation.",
        ],
    ),
    "in turn": (
        own(spiral=spiral_in_turn),
        [
            "The examples of the arms take turns: first one of each arm, then the next of each.",
            "The normals are reshaped so that an arm has every K-th of them.",
        ],
    ),
    "two of the spiral's points": (
        own(
            turn=lambda j, n: np.linspace(j * 4, j + 1 * 4, n),
            point=lambda r, t, e: [-(r + 0.2 * e) * np.sin(t), (r + 0.2 * e) * np.cos(t)],
        ),
        [
            "The spiral turns the other way: the first coordinate has the wrong sign.",
            "The angle of arm j ends at j + 4 instead of 4(j + 1): j + 1 * 4 has no parentheses.",
            "The spiral's noise is added to the radius instead of the angle.",
        ],
    ),
}


def of_two(label):
    """The program that has another label for two classes alone."""
    return own(label=lambda s: label(s) if s.shape[1] == 2 else s.argmax(1))


def predicting(scores, label=lambda s: s.argmax(1)):
    """The program that predicts from other scores than those of its forward pass."""
    return own(predict=lambda network, inputs: label(scores(network, inputs)))


def forward(network, inputs, bias=1, hidden=1, **changed):
    """Scores, with the biases of the hidden layers and their outputs multiplied."""
    first, *above = network["weights"]
    *biases, last = network["biases"]
    other = {"weights": [first, *(hidden * w for w in above)], "biases": [*(bias * b for b in biases), last]}
    return Own().forward({**network, **other, **changed}, inputs)["scores"]


ITS_SCORE = "class 1 is predicted if its score is above 0, or its logistic function above 0.5, else class 0."
PREDICTED = {
    "raw score": (
        of_two(lambda s: (s[:, 1] > 0.5) * 1),
        ["With two classes, class 1 is predicted if its score itself is above 0.5, else class 0."],
    ),
    "logistic function": (
        of_two(lambda s: np.round(1 / (1 + np.exp(-s[:, 1])))),
        [f"With two classes, {ITS_SCORE}"],
    ),
    "logistic function of any": (own(label=lambda s: (s[:, 1] > 0) * 1), [f"C{ITS_SCORE[1:]}"]),
    "swapped": (
        of_two(lambda s: s.argmin(1)),
        ["With two classes, class 1 is predicted if the first score is above the second, else class 0."],
    ),
    "signs": (
        of_two(lambda s: np.sign(s @ [-1, 1])),
        ["With two classes, the label is 1 if the score of class 1 is above that of class 0, else −1."],
    ),
    "search from 0": (
        own(label=lambda s: np.hstack([np.zeros((len(s), 1)), s]).argmax(1).clip(1) - 1),
        ["Class 0 is predicted if no score is above 0, as by a search that begins with 0 or after ReLU."],
    ),
    "maximum": (
        own(label=lambda s: s.max(1)),
        ["The greatest score is returned instead of its class: max in place of argmax."],
    ),
    "hidden outputs halved": (
        predicting(lambda network, x: forward(network, x, hidden=0.5)),
        ["The outputs of each hidden layer are multiplied by 0.5 in the prediction, as for dropout."],
    ),
    "no hidden biases": (
        predicting(lambda network, x: forward(network, x, bias=0)),
        ["The biases of the hidden layers are not added in the prediction."],
    ),
    "standardised, and the least": (
        predicting(lambda network, x: forward(network, (x - x.mean(0)) / x.std(0)), lambda s: s.argmin(1)),
        [
            "The inputs are standardised before the prediction, by their own mean and deviation.",
            "The class with the lowest score is predicted.",
        ],
    ),
    "no biases, and from one": (
        predicting(
            lambda network, x: forward(network, x, biases=[0 * b for b in network["biases"]]),
            lambda s: s.argmax(1) + 1,
        ),
        ["The biases of every layer are not added.", "The labels that are predicted are counted from 1."],
    ),
}
