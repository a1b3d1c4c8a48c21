"""Mistakes in softmax, in the activations and in their derivatives."""

from __future__ import annotations

import numpy as np

from nnspec.mistakes.base import EPSILONS, SLOPES, Mistake
from nnspec.reference.values import Array

# ---- softmax ----


class SoftmaxAlongExamples(Mistake):
    """Softmax is normalised along the examples instead of the classes."""

    clause = "functions.softmax"
    fix = "Sum the exponentials of a row, over the classes (axis 1), and keep the axis."

    def softmax(self, scores: Array) -> Array:
        return super().softmax(scores.T).T


class SoftmaxSummedAlongExamples(Mistake):
    """Each row is shifted by its own greatest score, but the exponentials are summed along the examples."""

    clause = "functions.softmax"
    fix = "Sum the exponentials of a row, as in sum(axis=1, keepdims=True)."

    def softmax(self, scores: Array) -> Array:
        exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
        return exponentials / exponentials.sum(axis=0)


class SoftmaxOverTheMatrix(Mistake):
    """Softmax is normalised over the whole matrix."""

    clause = "functions.softmax"
    fix = "Divide every row by the sum of its own exponentials (axis 1)."

    def softmax(self, scores: Array) -> Array:
        exponentials = np.exp(scores - scores.max())
        return exponentials / exponentials.sum()


class SoftmaxOverflows(Mistake):
    """Softmax takes the exponential of the scores as they are."""

    clause = "functions.softmax-large-scores"
    fix = "Subtract the greatest score of a row from the row before the exponential."

    def softmax(self, scores: Array) -> Array:
        exponentials = np.exp(scores)
        return exponentials / exponentials.sum(axis=1, keepdims=True)


class SoftmaxShiftedByTheFirstScore(Mistake):
    """The first score of a row is subtracted instead of the greatest, so that a far greater one overflows."""

    clause = "functions.softmax-large-scores"
    fix = "Subtract the greatest score of the row."

    def softmax(self, scores: Array) -> Array:
        exponentials = np.exp(scores - scores[:, :1])
        return exponentials / exponentials.sum(axis=1, keepdims=True)


class SoftmaxWithEpsilon(Mistake):
    """A small number (1e-9) is added to the sum that softmax divides by, so that no row sums to 1."""

    clause = "functions.softmax-rows-sum-to-1"
    fix = "Leave the small number out: after a shift by the greatest score the sum is at least 1."
    constant, constants = 1e-9, EPSILONS

    def softmax(self, scores: Array) -> Array:
        exponentials = np.exp(self.shifted(scores))
        return exponentials / (exponentials.sum(axis=1, keepdims=True) + self.constant)


class SoftmaxShiftedAboveTheLineAlone(Mistake):
    """The greatest score is subtracted in the numerator of softmax, but not in the sum below it."""

    clause = "functions.softmax-rows-sum-to-1"
    fix = "Shift the scores once, and take the numerator and the sum from the shifted ones."

    def softmax(self, scores: Array) -> Array:
        shifted = scores - scores.max(axis=1, keepdims=True)
        return np.exp(shifted) / np.exp(scores).sum(axis=1, keepdims=True)


class SoftmaxScaledInsteadOfShifted(Mistake):
    """The scores of a row are divided by their greatest magnitude where it should be subtracted."""

    clause = "functions.softmax-shift"
    fix = "Subtract the greatest score: a division changes the probabilities, a shift does not."

    def softmax(self, scores: Array) -> Array:
        return super().softmax(scores / np.abs(scores).max(axis=1, keepdims=True))


class SoftmaxShiftedByTheGreatestOfAll(Mistake):
    """The greatest score of the whole matrix is subtracted, so that a row far below it vanishes."""

    clause = "functions.softmax-large-scores"
    fix = "Subtract from every row the greatest of its own scores."

    def softmax(self, scores: Array) -> Array:
        exponentials = np.exp(scores - scores.max())
        return exponentials / exponentials.sum(axis=1, keepdims=True)


class SoftmaxOfNegatedScores(Mistake):
    """Softmax takes exp(−f), so that the class with the least score is the likeliest."""

    clause = "functions.softmax-order"
    fix = "Take the exponential of the score itself."

    def softmax(self, scores: Array) -> Array:
        return super().softmax(-scores)


class SoftmaxOfMagnitudes(Mistake):
    """Softmax takes exp |f|, which is the same as long as no score is negative."""

    clause = "functions.softmax-order"
    fix = "Take the exponential of the score with its sign: exp makes it positive by itself."

    def softmax(self, scores: Array) -> Array:
        return super().softmax(np.abs(scores))


class SoftmaxOfAReferenceClass(Mistake):
    """The last class is taken as the reference, with a score of 0 whatever its score is."""

    clause = "functions.softmax-permutation"
    fix = "Treat all K scores alike."

    def softmax(self, scores: Array) -> Array:
        scores = scores.copy()
        scores[:, -1] = 0
        return super().softmax(scores)


class SoftmaxOfTheLastExampleEven(Mistake):
    """The loop over the examples ends one too early, and the probabilities of the last stay at 1/K each."""

    clause = "functions.softmax-permutation"
    fix = "Let the loop run to the last example."

    def softmax(self, scores: Array) -> Array:
        probabilities = super().softmax(scores)
        probabilities[-1:] = 1 / scores.shape[1]
        return probabilities


class SoftmaxOfTwoClassesAsLogistics(Mistake):
    """With two classes, each score goes through a logistic function of its own."""

    clause = "functions.softmax-of-two-classes"
    fix = "Use softmax for two classes too: the logistic function of the difference of the scores."

    def softmax(self, scores: Array) -> Array:
        return self.logistic(scores) if scores.shape[1] == 2 else super().softmax(scores)


class SoftmaxOfLogistics(Mistake):
    """The logistic functions of the scores are normalised, instead of their exponentials."""

    clause = "functions.softmax-of-two-classes"
    fix = "Normalise the exponentials of the scores."

    def softmax(self, scores: Array) -> Array:
        outputs = self.logistic(scores)
        return outputs / outputs.sum(axis=1, keepdims=True)


# ---- activations ----


class ReLULeaks(Mistake):
    """ReLU lets 0.01 of a negative input through."""

    clause = "functions.relu"
    fix = "Give 0 for every negative input."
    constant, constants = 0.01, SLOPES

    def relu(self, z: Array) -> Array:
        return np.where(z > 0, z, self.constant * z)


class ReLUSmoothed(Mistake):
    """ReLU is replaced by its smooth cousin log(1 + exp z)."""

    clause = "functions.relu"
    fix = "Use max(0, z)."

    def relu(self, z: Array) -> Array:
        return np.logaddexp(0, z)


class ReLUCapped(Mistake):
    """ReLU gives 6 at the most."""

    clause = "functions.relu"
    fix = "Let every positive input through as it is."

    def relu(self, z: Array) -> Array:
        return np.minimum(super().relu(z), 6)


class TanhInSinglePrecision(Mistake):
    """tanh is computed in float32."""

    clause = "functions.tanh"
    fix = "Keep the precision of the input, or say float32 in describe."

    def tanh(self, z: Array) -> Array:
        return np.tanh(z.astype(np.float32)).astype(float)


class TanhAsAFraction(Mistake):
    """tanh is approximated by z (27 + z²) / (27 + 9z²)."""

    clause = "functions.tanh"
    fix = "Use the tanh of the mathematical library."

    def tanh(self, z: Array) -> Array:
        return z * (27 + z * z) / (27 + 9 * z * z)


class TanhScaled(Mistake):
    """tanh is the scaled one, 1.7159 tanh(2z/3)."""

    clause = "functions.tanh"
    fix = "Use tanh z as it is: the derivative 1 − h² is that of tanh z."

    def tanh(self, z: Array) -> Array:
        return 1.7159 * np.tanh(2 * z / 3)


class TanhByItsFormula(Mistake):
    """tanh is computed as (exp z − exp −z) / (exp z + exp −z), which overflows."""

    clause = "functions.tanh-large-inputs"
    fix = "Use the tanh of the mathematical library, which does not overflow."

    def tanh(self, z: Array) -> Array:
        up, down = np.exp(z), np.exp(-z)
        return (up - down) / (up + down)


class LogisticWithTheWrongSign(Mistake):
    """The logistic function is 1 / (1 + exp z)."""

    clause = "functions.logistic"
    fix = "Negate z in the exponential: 1 / (1 + exp(−z))."

    def logistic(self, z: Array) -> Array:
        return super().logistic(-z)


class LogisticFromTanh(Mistake):
    """The logistic function is computed as (1 + tanh z) / 2, which is that of 2z."""

    clause = "functions.logistic"
    fix = "Halve the input: (1 + tanh(z/2)) / 2."

    def logistic(self, z: Array) -> Array:
        return (1 + np.tanh(z)) / 2


class LogisticOverflows(Mistake):
    """The logistic function is computed as exp z / (1 + exp z), which overflows where z is large."""

    clause = "functions.logistic-large-inputs"
    fix = "Compute 1 / (1 + exp(−z)) where z > 0, so that the exponential never overflows."

    def logistic(self, z: Array) -> Array:
        return np.exp(z) / (1 + np.exp(z))


class LogisticOfClippedInputs(Mistake):
    """The input of the logistic function is clipped to ±20 lest it overflow."""

    clause = "functions.logistic-large-inputs"
    fix = "Choose the form that does not overflow, exp z / (1 + exp z) where z < 0, instead of clipping."

    def logistic(self, z: Array) -> Array:
        return super().logistic(np.clip(z, -20, 20))


# ---- derivatives ----


class ReLUDerivativeOne(Mistake):
    """The derivative of ReLU is 1 everywhere."""

    clause = "functions.relu-derivative"
    fix = "Give 0 where the unit is not active."

    def relu_derivative(self, h: Array) -> Array:
        return np.ones_like(h)


class ReLUDerivativeTurned(Mistake):
    """The derivative of ReLU is 1 where the unit is not active and 0 where it is."""

    clause = "functions.relu-derivative"
    fix = "Turn the comparison: 1 where z > 0."

    def relu_derivative(self, h: Array) -> Array:
        return h <= 0


class ReLUDerivativeLeaks(Mistake):
    """The derivative is that of a leaky ReLU, 0.01 for negative inputs, while the function itself is ReLU."""

    clause = "functions.relu-derivative"
    fix = "Give exactly 0 for negative inputs, as the function does."
    constant, constants = 0.01, SLOPES

    def relu_derivative(self, h: Array) -> Array:
        return np.where(h > 0, 1.0, self.constant)


class TanhDerivativeWithoutTheSquare(Mistake):
    """The derivative of tanh is computed as 1 − h."""

    clause = "functions.tanh-derivative"
    fix = "Square the output: 1 − h²."

    def tanh_derivative(self, h: Array) -> Array:
        return 1 - h


class DerivativeFedWithTheInput(Mistake):
    """activation_derivative puts z into the formula that is meant for the output h, as in 1 − z²."""

    clause = "functions.tanh-derivative"
    fix = "Compute h = f(z) first and put that into the formula."

    def activation_derivative(self, name: str, z: Array) -> Array:
        return self.derivative_from_output(name, z)


class LogisticDerivativeOfTheInput(Mistake):
    """The derivative of the logistic function is computed as σ(h)(1 − σ(h)) of the output h."""

    clause = "functions.logistic-derivative"
    fix = "Use h (1 − h): h is the value of the function already."

    def logistic_derivative(self, h: Array) -> Array:
        again = self.logistic(h)
        return again * (1 - again)


class DerivativeOfTanhForAll(Mistake):
    """The derivative is that of tanh, 1 − h², whatever the activation is."""

    clause = "functions.logistic-derivative"
    fix = "Choose the derivative by the activation's name, as the forward pass chooses the function."

    def derivative_from_output(self, name: str, h: Array) -> Array:
        return super().derivative_from_output("tanh", h)
