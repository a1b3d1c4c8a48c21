"""Typing slips in programs that share no code with the reference, and the mistakes of the catalogue that they make.

Each slip changes one place of a program in ``implementations``. The slips in einsum were written first; 13 mistakes of
the catalogue were added because those slips were unexplained. The slips in plain_loops were written after that.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Slip:
    """``wrong`` instead of ``right``; mistakes: those of the catalogue that it makes, if any."""

    mistakes: tuple[str, ...]
    right: str
    wrong: str


def slip(mistakes: str, right: str, wrong: str) -> Slip:
    """``mistakes``: as in "SoftmaxOverflows LossOverflows"."""
    return Slip(tuple(mistakes.split()), right, wrong)


_EINSUM_LOSS = """        scores = centred(scores.astype(self.number))
        log_total = np.log(summed("nk->n", np.exp(scores)))
        total = (log_total - summed("nk,nk->n", self.targets(labels, scores.shape[1]), scores)).sum()"""
_EINSUM_PROBABILITIES = 'summed("nk,nk->n", self.targets(labels, scores.shape[1]), self.softmax(scores))'
_TANH_SLOPE = """    small = np.exp(-2 * np.abs(z))
    return 4 * small / (1 + small) ** 2"""
_STEP = "return paired(np.subtract, layers, velocity), velocity"
_DELTA = 'delta = summed("no,io,ni->ni", delta, weights, SLOPES[activation](sums[place - 1]))'
_BIAS_GRADIENT = 'summed("no->o", delta))'
_SCORES = 'return {"hidden": into[1:], "scores": sums[-1]}'

EINSUM = [
    slip(
        "ScoreGradientNotDivided",
        'self.number(1 / len(labels) if reduction == "mean" else 1)',
        "self.number(1)",
    ),
    slip("PenaltyGradientMissing", ' + objective["l2"] * weights, ', ", "),
    slip("PenaltyGradientTwiceTooLarge", '+ objective["l2"] * weights,', '+ 2 * objective["l2"] * weights,'),
    slip("BiasGradientAveraged", _BIAS_GRADIENT, "delta.mean(axis=0))"),
    slip("BiasesPenalised", _BIAS_GRADIENT, f'{_BIAS_GRADIENT[:-1]} + objective["l2"] * layers[place][1])'),
    slip(
        "SoftmaxSummedAlongExamples",
        'powers / summed("nk->n", powers)[:, None]',
        "powers / powers.sum(axis=0)",
    ),
    slip("TanhDerivativeOfZ", _TANH_SLOPE, "    return 1 - z**2"),
    slip("TanhDerivativeWithoutTheSquare", _TANH_SLOPE, "    return 1 - np.tanh(z)"),
    slip("", "logistic(z) * logistic(-z)", "1 - logistic(z) ** 2"),
    slip("DerivativeOfTheOutput", "SLOPES[activation](sums[place - 1])", "SLOPES[activation](into[place])"),
    slip("ActivationDerivativeMissing", _DELTA, 'delta = summed("no,io->ni", delta, weights)'),
    slip("ReLUDerivativeLeaks", "z.dtype.type(1), z.dtype.type(0)", "z.dtype.type(1), z.dtype.type(0.01)"),
    slip("ReLULeaks", "z * (z > 0)", "np.where(z > 0, z, 0.1 * z)"),
    slip(
        "BiasesLeftOut",
        'summed("ni,io->no", into[-1], weights) + biases',
        'summed("ni,io->no", into[-1], weights)',
    ),
    slip(
        "ScoresActivated", _SCORES, _SCORES.replace("sums[-1]", 'FUNCTIONS[network["activation"]](sums[-1])')
    ),
    slip("PredictsTheLeastScore", "np.argmax(", "np.argmin("),
    slip("PenaltyWithoutTheHalf", 'objective["l2"] * sum(squares) / 2', 'objective["l2"] * sum(squares)'),
    slip(
        "PenaltyOfTheFirstLayerAlone",
        "for weights, _ in layers]\n        return self",
        "for weights, _ in layers[:1]]\n        return self",
    ),
    slip(
        "LossesWithoutThePenalty",
        "losses.append(self.objective(layers, sums[-1], y, objective))",
        'losses.append(self.cross_entropy(sums[-1], y, objective["reduction"]))',
    ),
    slip("MeanOverTheClassesToo", "total / self.number(len(labels) if", "total / self.number(scores.size if"),
    slip("LossWithEpsilon", _EINSUM_LOSS, f"        total = -np.log({_EINSUM_PROBABILITIES} + 1e-8).sum()"),
    slip(
        "LossOfClippedProbabilities",
        _EINSUM_LOSS,
        f"        total = -np.log(np.clip({_EINSUM_PROBABILITIES}, 1e-12, None)).sum()",
    ),
    slip("", "log_total = np.log(", "log_total = np.log10("),
    slip(
        "SoftmaxOverflows LossOverflows", "return scores - scores.max(axis=1, keepdims=True)", "return scores"
    ),
    slip("SoftmaxShiftedByTheGreatestOfAll", "scores.max(axis=1, keepdims=True)", "scores.max()"),
    slip(
        "LabelsTakenFromOne",
        "np.asarray(labels)[:, None]",
        "((np.asarray(labels).astype(int) - 1) % classes)[:, None]",
    ),
    slip("", "np.asarray(labels)[:, None]", "((np.asarray(labels).astype(int) + 1) % classes)[:, None]"),
    slip("", "def tanh(z):\n", "def tanh(z):\n    z = z.astype(np.float32)\n"),
    slip("StepUphill", "keep * v + rate * g", "keep * v - rate * g"),
    slip("LearningRateTwice", _STEP, "return paired(lambda a, v: a - rate * v, layers, velocity), velocity"),
    slip(
        "MomentumOfNesterov",
        _STEP,
        "return paired(lambda a, v, g: a - (keep * v + rate * g), layers, velocity, slopes), velocity",
    ),
    slip("MomentumAsAnAverage", "keep * v + rate * g", "keep * v + (1 - keep) * rate * g"),
    slip("MomentumIgnored", "keep * v + rate * g", "rate * g"),
    slip("", _STEP, "return [*layers[:-1], *paired(np.subtract, layers, velocity)[-1:]], velocity"),
    slip("", _STEP, "return paired(lambda a, v: a - v - 0.001 * rate * a, layers, velocity), velocity"),
    slip(
        "StepDecayAnIterationEarly",
        '(iteration // falling["every"])',
        '((iteration + 1) // falling["every"])',
    ),
    slip("ExponentialDecayOfTheFactor", "np.exp(-decay * iteration)", "decay**iteration"),
    slip("MinibatchesIgnored", "if batches is None", "if True"),
    slip("", "return found[::-1]", "return found"),
    slip(
        "",
        "            found.append(\n",
        "            delta = np.clip(delta, -0.1, 0.1)\n            found.append(\n",
    ),
    slip(
        "",
        _SCORES,
        _SCORES.replace("sums[-1]", "sums[-1] * np.random.default_rng().uniform(0.9, 1.1, sums[-1].shape)"),
    ),
]

_TOTAL = "total += log_total(scores) - scores[label]"
_PENALTY = "share * total + l2 / 2 * sum(dot(c, c) for columns, _ in layers for c in columns)"
_MOVED = "layers = moved(layers, velocity, -1.0)"
_BIASES = "bias,\n        )\n        for (steps, bias), (columns, _) in"
_BIASES_PENALISED = """[g + l2 * b for g, b in zip(bias, biases, strict=True)],
        )
        for (steps, bias), (columns, biases) in"""
_ITERATION = """losses.append(loss)
        velocity = moved(scaled(velocity, keep), gradients, learning_rate(optimizer, t))
        layers = moved(layers, velocity, -1.0)"""
_LOSS_AFTER = "losses.append(sweep(layers, activation, x, y, objective)[0])"
_EXAMPLES = "for x, label in zip(inputs, labels, strict=True):\n        passed"

PLAIN_LOOPS = [
    slip("ReLUDerivativeOne", "1.0 if h > 0 else 0.0", "1.0 if h >= 0 else 0.0"),
    slip("TanhDerivativeWithoutTheSquare", "(1.0 - h) * (1.0 + h)", "1.0 - h"),
    slip("", "lambda h: h - h * h", "lambda h: h"),
    slip("", "bias_gradients[unit] += d", "bias_gradients[unit] = d"),
    slip("BiasesPenalised", _BIASES, _BIASES_PENALISED),
    slip("PenaltyWithoutTheHalf", "l2 / 2 * sum(", "l2 * sum("),
    slip("PenaltyDividedByN", _PENALTY, _PENALTY.replace("total + ", "(total + ") + ")"),
    slip("ActivationDerivativeMissing", "slope(h) * dot(delta, weights)", "dot(delta, weights)"),
    slip("LossInBits", _TOTAL, "total += (log_total(scores) - scores[label]) / math.log(2)"),
    slip(
        "",
        "(k == label)) for k, p in enumerate(probabilities(scores))]",
        "(k == label + 1)) for k, p in enumerate(probabilities(scores))]",
    ),
    slip(
        "LastExampleLeftOut LastExampleWithoutGradient",
        _EXAMPLES,
        _EXAMPLES.replace("inputs, labels", "inputs[:-1], labels[:-1]"),
    ),
    slip("PredictsTheLeastScore", "row.index(max(row))", "row.index(min(row))"),
    slip(
        "ScoresActivated",
        "z if place == len(layers) else [f(number) for number in z]",
        "[f(number) for number in z]",
    ),
    slip("StepUphill", _MOVED, "layers = moved(layers, velocity, 1.0)"),
    slip(
        "GradientsNeverZeroed MomentumIgnored",
        "moved(scaled(velocity, keep), gradients",
        "moved(velocity, gradients",
    ),
    slip(
        "MomentumOfNesterov",
        _MOVED,
        "layers = moved(moved(layers, scaled(velocity, keep), -1.0), gradients, learning_rate(optimizer, t))",
    ),
    slip("DecayCountedFromOne", "learning_rate(optimizer, t)", "learning_rate(optimizer, t + 1)"),
    slip("StepDecayWithoutTheFloor", 'iteration // schedule["every"]', 'iteration / schedule["every"]'),
    slip("", "1 + decay * iteration", "1 + iteration"),
    slip("MinibatchesIgnored", "slice(None) if batches is None else batches[t]", "slice(None)"),
    slip(
        "LossAfterTheUpdate",
        _ITERATION,
        _ITERATION.replace("losses.append(loss)\n        ", "") + f"\n        {_LOSS_AFTER}",
    ),
    slip(
        "SoftmaxOfNegatedScores",
        "powers = [math.exp(score - greatest)",
        "powers = [math.exp(min(row) - score)",
    ),
]

#: By the folder of the implementation.
SLIPS = {"einsum": EINSUM, "plain_loops": PLAIN_LOOPS}
