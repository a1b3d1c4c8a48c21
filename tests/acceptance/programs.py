"""Programs as strangers write them: right ones, and ones whose verdict was once an accident.

``nnspec check programs.py:NAME``; speaks.py puts the same programs behind JSON.
"""

import time
from types import SimpleNamespace

import numpy as np

CORE = ("loss", "gradients", "train")
#: Each activation, and its derivative as a function of its value.
ACTIVATIONS = {
    "relu": (lambda z: np.maximum(z, 0.0), lambda h: np.where(h > 0, 1.0, 0.0)),
    "tanh": (np.tanh, lambda h: 1 - h * h),
    "logistic": (lambda z: 0.5 + 0.5 * np.tanh(0.5 * z), lambda h: h * (1 - h)),
}
RATES = {
    "step": lambda s, t: s["decay"] ** (t // s["every"]),
    "exponential": lambda s, t: np.exp(-s["decay"] * t),
    "inverse_time": lambda s, t: 1 / (1 + s["decay"] * t),
}


def without(network, number=0.0):
    """Velocities, or anything else of the shapes of the network's parameters."""
    return {part: [np.full(np.shape(p), number) for p in network[part]] for part in ("weights", "biases")}


class Right:
    """A right program for networks of any depth."""

    def softmax(self, scores):
        raised = np.exp(scores - np.max(scores, axis=1, keepdims=True))
        return raised / np.sum(raised, axis=1, keepdims=True)

    def cross_entropy(self, scores, labels, reduction):
        margins = scores - scores[np.arange(len(labels)), labels][:, None]
        top = np.max(margins, axis=1)
        losses = top + np.log(np.sum(np.exp(margins - top[:, None]), axis=1))
        return np.mean(losses) if reduction == "mean" else np.sum(losses)

    def score_gradient(self, scores, labels, reduction):
        error = self.softmax(scores)
        error[np.arange(len(labels)), labels] -= 1
        return error / len(labels) if reduction == "mean" else error

    def forward(self, network, inputs):
        hidden, now = [], inputs
        *below, (w, b) = zip(network["weights"], network["biases"], strict=True)
        for weights, biases in below:
            now = ACTIVATIONS[network["activation"]][0](now @ weights + biases)
            hidden.append(now)
        return {"hidden": hidden, "scores": now @ w + b}

    def predict(self, network, inputs):
        return np.argmax(self.forward(network, inputs)["scores"], axis=1)

    def loss(self, network, inputs, labels, objective):
        data = self.cross_entropy(self.forward(network, inputs)["scores"], labels, objective["reduction"])
        return data + 0.5 * objective["l2"] * sum(np.sum(w * w) for w in network["weights"])

    def gradients(self, network, inputs, labels, objective):
        answer = self.forward(network, inputs)
        error = self.score_gradient(answer["scores"], labels, objective["reduction"])
        weights, biases = [], []
        for layer in range(len(network["weights"]) - 1, -1, -1):
            below = answer["hidden"][layer - 1] if layer else inputs
            weights.append(below.T @ error + objective["l2"] * network["weights"][layer])
            biases.append(np.sum(error, axis=0))
            if layer:
                error = error @ network["weights"][layer].T
                error = error * ACTIVATIONS[network["activation"]][1](below)
        return {"weights": weights[::-1], "biases": biases[::-1]}

    def rate(self, optimizer, t):
        schedule = optimizer["schedule"]
        return optimizer["learning_rate"] * (RATES[schedule["kind"]](schedule, t) if schedule else 1.0)

    def update(self, network, gradients, velocity, optimizer, iteration):
        kept = optimizer["momentum"] if optimizer["method"] == "momentum" else 0.0
        moved, speed = {"activation": network.get("activation")}, {}
        for part in ("weights", "biases"):
            triples = list(zip(network[part], gradients[part], velocity[part], strict=True))
            speed[part] = [kept * v - self.rate(optimizer, iteration) * g for _, g, v in triples]
            moved[part] = [p + v for (p, _, _), v in zip(triples, speed[part], strict=True)]
        return {"network": moved, "velocity": speed}

    def time_of(self, t, batches, examples):
        """The iteration that the schedule counts."""
        return t

    def train(self, network, inputs, labels, objective, optimizer, iterations, batches):
        losses, velocity = [], without(network)
        for t in range(iterations):
            rows = slice(None) if batches is None else np.asarray(batches[t])
            x, y = inputs[rows], labels[rows]
            losses.append(self.loss(network, x, y, objective))
            slopes = self.gradients(network, x, y, objective)
            now = self.time_of(t, batches, len(labels))
            answer = self.update(network, slopes, velocity, optimizer, now)
            network, velocity = answer["network"], answer["velocity"]
        return {"losses": losses, "network": network}


def core(program, *more, **described):
    """A program that offers the three operations of training, and no more unless named."""
    offered = {name: getattr(program, name) for name in (*CORE, *more)}
    return SimpleNamespace(describe=lambda: {"name": "a program", **described}, **offered)


right, right_core = Right, core(Right())


# ---- too little is judged ----

one_function = SimpleNamespace(softmax=Right().softmax)
inference_alone = SimpleNamespace(forward=Right().forward, predict=Right().predict)
loss_alone = SimpleNamespace(loss=Right().loss)


class DeclinesToTrain(Right):
    def gradients(self, *_arguments, **_named):
        raise NotImplementedError("not this one")

    train = gradients


class SleepsInGradients(Right):
    def gradients(self, *_arguments, **_named):
        time.sleep(3600)


class SleepsInTrain(Right):
    def train(self, *_arguments, **_named):
        time.sleep(3600)


# ---- arguments that are not looked at ----


class TwoLayers(Right):
    """Made for two layers, ReLU, the mean and gradient descent."""

    described = {  # noqa: RUF012 (nobody changes it)
        "activations": ["relu"],
        "reductions": ["mean"],
        "methods": ["gradient_descent"],
    }

    def forward(self, network, inputs):
        if len(network["weights"]) != 2:
            raise NotImplementedError("two layers only")
        return super().forward(network, inputs)


class ConstantRate(TwoLayers):
    def rate(self, optimizer, t):
        return optimizer["learning_rate"]


class ConstantRateUnderMomentum(TwoLayers):
    described = TwoLayers.described | {"methods": ["momentum", "gradient_descent"]}

    def rate(self, optimizer, t):
        with_schedule = optimizer["method"] == "gradient_descent"
        return super().rate(optimizer, t) if with_schedule else optimizer["learning_rate"]


constant_rate = core(ConstantRate(), **ConstantRate.described)
constant_rate_under_momentum = core(ConstantRateUnderMomentum(), **ConstantRateUnderMomentum.described)


class ScheduleByEpochs(Right):
    def time_of(self, t, batches, examples):
        return t if batches is None else t * len(batches[0]) // examples


class ScheduleStartsAnewEachEpoch(Right):
    def time_of(self, t, batches, examples):
        return t if batches is None else t % -(-examples // len(batches[0]))


class ConstantRateUnderMomentumOnMinibatches(Right):
    """Momentum forgets the schedule, but only on minibatches; no document has the three together."""

    def train(self, network, inputs, labels, objective, optimizer, iterations, batches):
        if batches is not None and optimizer["method"] == "momentum":
            optimizer = {**optimizer, "schedule": None}
        return super().train(network, inputs, labels, objective, optimizer, iterations, batches)


class EachExampleOnce(Right):
    """An example that a minibatch names twice counts once."""

    def train(self, network, inputs, labels, objective, optimizer, iterations, batches):
        batches = batches and [np.unique(rows) for rows in batches]
        return super().train(network, inputs, labels, objective, optimizer, iterations, batches)


each_example_once = core(EachExampleOnce())
constant_rate_under_momentum_on_minibatches = core(ConstantRateUnderMomentumOnMinibatches())
schedule_by_epochs = core(ScheduleByEpochs())
schedule_starts_anew_each_epoch = core(ScheduleStartsAnewEachEpoch())


# ---- right, by the documents' own formulas or by a convention that no document decides ----


class ExponentialsAsPrinted(Right):
    def softmax(self, scores):
        raised = np.exp(scores)
        return raised / raised.sum(axis=1, keepdims=True)

    def cross_entropy(self, scores, labels, reduction):
        with np.errstate(divide="ignore"):
            losses = -np.log(self.softmax(scores)[np.arange(len(labels)), labels])
        return losses.mean() if reduction == "mean" else losses.sum()


class LogarithmOfZero(Right):
    """The exponentials are shifted; the logarithm is that of a probability, which may be 0."""

    cross_entropy = ExponentialsAsPrinted.cross_entropy


class RateOutside(Right):
    """The rate is multiplied with the velocity, not kept in it; under a schedule that is another convention."""

    def update(self, network, gradients, velocity, optimizer, iteration):
        kept = optimizer["momentum"] if optimizer["method"] == "momentum" else 0.0
        moved, sums = {"activation": network.get("activation")}, {}
        for part in ("weights", "biases"):
            pairs = zip(gradients[part], velocity[part], strict=True)
            sums[part] = [g + kept * v for g, v in pairs]
            both = zip(network[part], sums[part], strict=True)
            moved[part] = [p - self.rate(optimizer, iteration) * v for p, v in both]
        return {"network": moved, "velocity": sums}


class NoVelocity(Right):
    """Gradient descent keeps nothing from step to step."""

    def describe(self):
        return {"name": "plain steps", "methods": ["gradient_descent"]}

    def update(self, network, gradients, velocity, optimizer, iteration):
        rate = self.rate(optimizer, iteration)
        moved = {"activation": network.get("activation")}
        for part in ("weights", "biases"):
            moved[part] = [p - rate * g for p, g in zip(network[part], gradients[part], strict=True)]
        return {"network": moved, "velocity": None}

    def train(self, network, inputs, labels, objective, optimizer, iterations, batches):
        losses = []
        for t in range(iterations):
            rows = slice(None) if batches is None else np.asarray(batches[t])
            losses.append(self.loss(network, inputs[rows], labels[rows], objective))
            slopes = self.gradients(network, inputs[rows], labels[rows], objective)
            network = self.update(network, slopes, None, optimizer, t)["network"]
        return {"losses": losses, "network": network}


# ---- answers of the wrong form ----


class TrainsOneLayer(Right):
    """Its train raises an error for hidden layers, which all its other operations know."""

    def train(self, network, inputs, labels, objective, optimizer, iterations, batches):
        ((_,), (_,)) = network["weights"], network["biases"]
        return super().train(network, inputs, labels, objective, optimizer, iterations, batches)


class LayerByLayer(Right):
    """Its gradients are [dW1, db1, dW2, db2]."""

    def gradients(self, *arguments, **named):
        answer = super().gradients(*arguments, **named)
        return [part for pair in zip(answer["weights"], answer["biases"], strict=True) for part in pair]

    def train(self, *arguments, **named):
        return Trainer().train(*arguments, **named)


class Trainer(Right):
    """What LayerByLayer trains with."""


class ALossAnExample(Right):
    """Its loss is a number for each example."""

    def loss(self, network, inputs, labels, objective):
        each = [
            super(ALossAnExample, self).loss(network, inputs[[i]], labels[[i]], objective)
            for i in range(len(labels))
        ]
        return np.array(each)

    def train(self, *arguments, **named):
        return Trainer().train(*arguments, **named)


class OneHotLabels(Right):
    """It predicts a row of zeros and a one for each example."""

    def predict(self, network, inputs):
        scores = self.forward(network, inputs)["scores"]
        return np.eye(scores.shape[1], dtype=int)[np.argmax(scores, axis=1)]


# ---- off by next to nothing ----


class ATrifleTooFar(Right):
    """Every step ends at θ / (1 − 5e-14), as with a small number in a division: as far off as 13 or 14 digits."""

    def update(self, *arguments, **named):
        answer = super().update(*arguments, **named)
        parts = {part: [p / (1 - 5e-14) for p in answer["network"][part]] for part in ("weights", "biases")}
        return {**answer, "network": {**answer["network"], **parts}}
