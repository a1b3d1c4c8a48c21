"""Mistakes in softmax, in the activations and in their derivatives."""

from __future__ import annotations

import numpy as np

from nnspec.mistakes.base import EPSILONS, SLOPES, Mistake
from nnspec.reference.values import Array

# ---- softmax ----


class SoftmaxAlongExamples(Mistake):
    """Softmax normalises over the examples instead of the classes."""

    clause = "functions.softmax"
    fix = "Sum the exponentials over the classes, as in sum(axis=1, keepdims=True)."

    def softmax(self, scores: Array) -> Array:
        return super().softmax(scores.T).T


class SoftmaxSummedAlongExamples(Mistake):
    """Each row is shifted by its own greatest score, but the exponentials are summed over the examples."""

    clause = "functions.softmax"
    fix = "Sum the exponentials of each row, as in sum(axis=1, keepdims=True)."

    def softmax(self, scores: Array) -> Array:
        exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
        return exponentials / exponentials.sum(axis=0)


class SoftmaxOverTheMatrix(Mistake):
    """Softmax normalises over the whole matrix."""

    clause = "functions.softmax"
    fix = "Divide each row by the sum of its own exponentials (axis 1)."

    def softmax(self, scores: Array) -> Array:
        exponentials = np.exp(scores - scores.max())
        return exponentials / exponentials.sum()


class SoftmaxOverflows(Mistake):
    """Softmax takes the exponential of the scores without subtracting the greatest first."""

    clause = "functions.softmax-large-scores"
    fix = "Subtract each row's greatest score before taking the exponential."

    def softmax(self, scores: Array) -> Array:
        exponentials = np.exp(scores)
        return exponentials / exponentials.sum(axis=1, keepdims=True)


class SoftmaxShiftedByTheFirstScore(Mistake):
    """Softmax subtracts the first score of a row instead of the greatest, so a much greater score overflows."""

    clause = "functions.softmax-large-scores"
    fix = "Subtract each row's greatest score."

    def softmax(self, scores: Array) -> Array:
        exponentials = np.exp(scores - scores[:, :1])
        return exponentials / exponentials.sum(axis=1, keepdims=True)


class SoftmaxWithEpsilon(Mistake):
    """Softmax adds a small number (1e-9) to its denominator, so no row sums to 1."""

    clause = "functions.softmax-rows-sum-to-1"
    fix = "Leave the small number out: after subtracting the greatest score, the denominator is at least 1."
    constant, constants = 1e-9, EPSILONS

    def softmax(self, scores: Array) -> Array:
        exponentials = np.exp(self.shifted(scores))
        return exponentials / (exponentials.sum(axis=1, keepdims=True) + self.constant)


class SoftmaxShiftedAboveTheLineAlone(Mistake):
    """Softmax subtracts the greatest score in the numerator but not in the denominator."""

    clause = "functions.softmax-rows-sum-to-1"
    fix = "Shift the scores once, and compute the numerator and the denominator from the shifted scores."

    def softmax(self, scores: Array) -> Array:
        shifted = scores - scores.max(axis=1, keepdims=True)
        return np.exp(shifted) / np.exp(scores).sum(axis=1, keepdims=True)


class SoftmaxScaledInsteadOfShifted(Mistake):
    """Softmax divides a row by its greatest magnitude instead of subtracting its greatest score."""

    clause = "functions.softmax-shift"
    fix = "Subtract the greatest score: dividing changes the probabilities, subtracting does not."

    def softmax(self, scores: Array) -> Array:
        return super().softmax(scores / np.abs(scores).max(axis=1, keepdims=True))


class SoftmaxShiftedByTheGreatestOfAll(Mistake):
    """Softmax subtracts the greatest score of the whole matrix, so a row of much lower scores underflows."""

    clause = "gradients.scores-far-apart"
    fix = "Subtract each row's own greatest score."

    def softmax(self, scores: Array) -> Array:
        exponentials = np.exp(scores - scores.max())
        return exponentials / exponentials.sum(axis=1, keepdims=True)


class SoftmaxOfNegatedScores(Mistake):
    """Softmax takes exp(−f), so the class with the lowest score is the most likely."""

    clause = "functions.softmax-order"
    fix = "Take the exponential of the score itself."

    def softmax(self, scores: Array) -> Array:
        return super().softmax(-scores)


class SoftmaxOfMagnitudes(Mistake):
    """Softmax takes exp |f|, which is right only if no score is negative."""

    clause = "functions.softmax-order"
    fix = "Keep the sign of the score: its exponential is positive anyway."

    def softmax(self, scores: Array) -> Array:
        return super().softmax(np.abs(scores))


class SoftmaxOfAReferenceClass(Mistake):
    """Softmax replaces the score of the last class by 0, as for a reference class."""

    clause = "functions.softmax-permutation"
    fix = "Treat all K scores alike."

    def softmax(self, scores: Array) -> Array:
        scores = scores.copy()
        scores[:, -1] = 0
        return super().softmax(scores)


class SoftmaxOfTheLastExampleEven(Mistake):
    """The loop over the examples stops one too early, leaving the last one's probabilities at 1/K each."""

    clause = "functions.softmax-permutation"
    fix = "Run the loop to the last example."

    def softmax(self, scores: Array) -> Array:
        probabilities = super().softmax(scores)
        probabilities[-1:] = 1 / scores.shape[1]
        return probabilities


class SoftmaxOfTwoClassesAsLogistics(Mistake):
    """With two classes, softmax applies the logistic function to each score separately."""

    clause = "functions.softmax-of-two-classes"
    fix = "Use softmax for two classes too: it is the logistic function of the difference of the scores."

    def softmax(self, scores: Array) -> Array:
        return self.logistic(scores) if scores.shape[1] == 2 else super().softmax(scores)


class SoftmaxOfLogistics(Mistake):
    """Softmax normalises the logistic functions of the scores instead of their exponentials."""

    clause = "functions.softmax-of-two-classes"
    fix = "Normalise the exponentials of the scores."

    def softmax(self, scores: Array) -> Array:
        outputs = self.logistic(scores)
        return outputs / outputs.sum(axis=1, keepdims=True)


# ---- activations ----


class ReLULeaks(Mistake):
    """ReLU is leaky: it returns 0.01 z for a negative input z."""

    clause = "functions.relu"
    fix = "Return 0 for every negative input."
    constant, constants = 0.01, SLOPES

    def relu(self, z: Array) -> Array:
        return np.where(z > 0, z, self.constant * z)


class ReLUSmoothed(Mistake):
    """ReLU is replaced by softplus, log(1 + exp z)."""

    clause = "functions.relu"
    fix = "Use max(0, z)."

    def relu(self, z: Array) -> Array:
        return np.logaddexp(0, z)


class ReLUCapped(Mistake):
    """ReLU is capped at 6."""

    clause = "functions.relu"
    fix = "Return every positive input unchanged."

    def relu(self, z: Array) -> Array:
        return np.minimum(super().relu(z), 6)


class TanhInSinglePrecision(Mistake):
    """tanh is computed in float32."""

    clause = "functions.tanh"
    fix = "Keep the precision of the input, or report float32 in describe."

    def tanh(self, z: Array) -> Array:
        return np.tanh(z.astype(np.float32)).astype(float)


class TanhAsAFraction(Mistake):
    """tanh is approximated by z (27 + z²) / (27 + 9z²)."""

    clause = "functions.tanh"
    fix = "Use the tanh of the math library."

    def tanh(self, z: Array) -> Array:
        return z * (27 + z * z) / (27 + 9 * z * z)


class TanhScaled(Mistake):
    """tanh is scaled: 1.7159 tanh(2z/3)."""

    clause = "functions.tanh"
    fix = "Use plain tanh z, whose derivative is 1 − h²."

    def tanh(self, z: Array) -> Array:
        return 1.7159 * np.tanh(2 * z / 3)


class TanhByItsFormula(Mistake):
    """tanh is computed as (exp z − exp −z) / (exp z + exp −z), which overflows."""

    clause = "functions.tanh-large-inputs"
    fix = "Use the tanh of the math library, which does not overflow."

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
    """The logistic function is computed as (1 + tanh z) / 2, which is its value at 2z."""

    clause = "functions.logistic"
    fix = "Halve the input: (1 + tanh(z/2)) / 2."

    def logistic(self, z: Array) -> Array:
        return (1 + np.tanh(z)) / 2


class LogisticOverflows(Mistake):
    """The logistic function is computed as exp z / (1 + exp z), which overflows for large z."""

    clause = "functions.logistic-large-inputs"
    fix = "Compute 1 / (1 + exp(−z)) for z > 0, so that the exponential never overflows."

    def logistic(self, z: Array) -> Array:
        return np.exp(z) / (1 + np.exp(z))


class LogisticOfClippedInputs(Mistake):
    """The input of the logistic function is clipped to ±20 to avoid overflow."""

    clause = "losses.far-activations"
    fix = "Use exp z / (1 + exp z) for z < 0, which does not overflow, instead of clipping."

    def logistic(self, z: Array) -> Array:
        return super().logistic(np.clip(z, -20, 20))


# ---- derivatives ----


class ReLUDerivativeOne(Mistake):
    """The derivative of ReLU is 1 everywhere."""

    clause = "functions.relu-derivative"
    fix = "Return 0 where the unit is inactive."

    def relu_derivative(self, h: Array) -> Array:
        return np.ones_like(h)


class ReLUDerivativeTurned(Mistake):
    """The derivative of ReLU is 1 where the unit is inactive and 0 where it is active."""

    clause = "functions.relu-derivative"
    fix = "Reverse the comparison: 1 where z > 0."

    def relu_derivative(self, h: Array) -> Array:
        return h <= 0


class ReLUDerivativeLeaks(Mistake):
    """ReLU has the derivative of a leaky ReLU, 0.01 for negative inputs."""

    clause = "functions.relu-derivative"
    fix = "Return exactly 0 for negative inputs."
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
    """activation_derivative applies the formula for the output h to the input z, as in 1 − z²."""

    clause = "functions.tanh-derivative"
    fix = "Compute h = f(z) first and apply the formula to h."

    def activation_derivative(self, name: str, z: Array) -> Array:
        return self.derivative_from_output(name, z)


class LogisticDerivativeOfTheInput(Mistake):
    """The derivative of the logistic function is σ(h)(1 − σ(h)), with σ applied again to the output h."""

    clause = "functions.logistic-derivative"
    fix = "Use h (1 − h): h already is the value of the function."

    def logistic_derivative(self, h: Array) -> Array:
        again = self.logistic(h)
        return again * (1 - again)


class DerivativeOfTanhForAll(Mistake):
    """Every activation gets the derivative of tanh, 1 − h²."""

    clause = "functions.logistic-derivative"
    fix = "Choose the derivative by the activation's name, as the forward pass chooses the function."

    def derivative_from_output(self, name: str, h: Array) -> Array:
        return super().derivative_from_output("tanh", h)
