"""Programs as their readers write them after a document, described by nothing, and the same with a mistake."""

import numpy as np
from programs import without


class AfterCS231n:
    """Two layers, ReLU, the mean; nothing else was ever thought of."""

    def mask(self, hidden, error):
        return hidden > 0

    def both(self, network, x, y, objective):
        (w1, w2), (b1, b2) = network["weights"], network["biases"]
        hidden = np.maximum(0, x @ w1 + b1)
        scores = hidden @ w2 + b2
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        loss = -np.log(p[range(len(y)), y]).mean() + objective["l2"] / 2 * ((w1**2).sum() + (w2**2).sum())
        p[range(len(y)), y] -= 1
        p /= len(y)
        error = p @ w2.T
        error = error * self.mask(hidden, error)
        weights = [x.T @ error + objective["l2"] * w1, hidden.T @ p + objective["l2"] * w2]
        return loss, {"weights": weights, "biases": [error.sum(axis=0), p.sum(axis=0)]}

    def loss(self, network, inputs, labels, objective):
        return self.both(network, inputs, labels, objective)[0]

    def gradients(self, network, inputs, labels, objective):
        return self.both(network, inputs, labels, objective)[1]

    def train(self, network, inputs, labels, objective, optimizer, iterations, batches):
        losses, now = [], {part: list(network[part]) for part in ("weights", "biases")}
        for _ in range(iterations):
            loss, slopes = self.both(now, inputs, labels, objective)
            losses.append(loss)
            for part in now:
                pairs = zip(now[part], slopes[part], strict=True)
                now[part] = [p - optimizer["learning_rate"] * g for p, g in pairs]
        return {"losses": losses, "network": now}


class AfterCS231nWithAnotherMask(AfterCS231n):
    def mask(self, hidden, error):
        return error > 0


class AfterRoelants:
    """One hidden layer of logistic units, the sum, momentum; nothing else was ever thought of."""

    def slope(self, hidden):
        return hidden * (1 - hidden)

    def both(self, network, x, y):
        (w1, w2), (b1, b2) = network["weights"], network["biases"]
        hidden = 1 / (1 + np.exp(-(x @ w1 + b1)))
        scores = np.exp(hidden @ w2 + b2)
        p = scores / scores.sum(axis=1, keepdims=True)
        t = np.eye(p.shape[1])[y]
        error = p - t
        below = error @ w2.T * self.slope(hidden)
        slopes = {
            "weights": [x.T @ below, hidden.T @ error],
            "biases": [below.sum(axis=0), error.sum(axis=0)],
        }
        return -(t * np.log(p)).sum(), slopes

    def loss(self, network, inputs, labels, objective):
        return self.both(network, inputs, labels)[0]

    def gradients(self, network, inputs, labels, objective):
        return self.both(network, inputs, labels)[1]

    def train(self, network, inputs, labels, objective, optimizer, iterations, batches):
        now = {part: [np.array(p) for p in network[part]] for part in ("weights", "biases")}
        losses, velocity = [], without(now)
        for _ in range(iterations):
            loss, slopes = self.both(now, inputs, labels)
            losses.append(loss)
            for part in now:
                for p, v, g in zip(now[part], velocity[part], slopes[part], strict=True):
                    v *= optimizer["momentum"]
                    v -= optimizer["learning_rate"] * g
                    p += v
        return {"losses": losses, "network": now}


class AfterRoelantsWithoutTheSlope(AfterRoelants):
    def slope(self, hidden):
        return 1.0
