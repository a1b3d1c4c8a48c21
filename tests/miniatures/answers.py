"""Answers that are not probabilities, one per class."""

import math

from right import softmax as right


class Nan:
    def softmax(self, scores):
        return [[math.nan for _ in row] for row in scores]


class Flat:
    def softmax(self, scores):
        return [1.0 / scores.shape[1]] * scores.size


class Nothing:
    def softmax(self, scores):
        return None


class Word:
    def softmax(self, scores):
        return "probabilities"


class NumberWords:
    def softmax(self, scores):
        return [[repr(float(value)) for value in row] for row in right(scores)]


class Ragged:
    def softmax(self, scores):
        return [[1.0] * index for index in range(1, 4)]


class Complex:
    def softmax(self, scores):
        return scores.astype(complex)


class Endless:
    def softmax(self, scores):
        answer = []
        answer.append(answer)
        return answer


class ManyDigits:
    def softmax(self, scores):
        return 10**5000


class Huge:
    def softmax(self, scores):
        return 10**400
