"""The documents' own mistakes and traps, with what holds instead."""

from __future__ import annotations

from nnspec.coverage.statements import Erratum

#: In the order of their numbers, which never change.
ERRATA = (
    Erratum(
        number=1,
        document="cs231n",
        section="Compute the loss",
        says="Two copies call the loss of 1.1 at the start log(1/3), which is negative.",
        holds="It is −log(1/3) = ln 3 = 1.0986. The third copy has the minus sign.",
        clauses=("losses.initial",),
    ),
    Erratum(
        number=2,
        document="cs231n",
        section="Generating some data",
        says=(
            "One copy gives the points of class j the label `i`, which is undefined, and writes `np.c [` "
            "instead of `np.c_[`; in later sections, another copy uses `X.shape` as the number of examples."
        ),
        holds="The label of class j is j; the number of examples is `X.shape[0]`, the number of rows of X.",
        clauses=(
            "data.spiral",
            "losses.cross-entropy",
            "gradients.scores-of-the-mean",
        ),
    ),
    Erratum(
        number=3,
        document="cs231n",
        section="Compute the loss",
        says="The text says that the array of negative logarithms holds the probabilities.",
        holds="What is averaged is −log of the probabilities.",
        clauses=("losses.cross-entropy",),
    ),
    Erratum(
        number=4,
        document="cs231n",
        section="Computing the Analytic Gradient with Backpropagation",
        says=(
            "The array of probabilities is turned into the gradient on the scores in place, and both names "
            "refer to it."
        ),
        holds=(
            "Code that reads the probabilities afterwards gets the gradient. An answer must not depend on "
            "earlier computations, and a call must not change its arguments."
        ),
        clauses=(
            "gradients.scores",
            "calls.same-answer",
            "calls.arguments-unchanged",
        ),
    ),
    Erratum(
        number=5,
        document="cs231n",
        section="Generating some data",
        says="Labels are stored as unsigned 8-bit integers, without a warning about what that does to "
        "arithmetic.",
        holds=(
            "A program's results do not depend on the integer type of the labels. A program that negates or "
            "subtracts labels in an unsigned type wraps around."
        ),
        clauses=(
            "losses.label-types",
            "gradients.label-types",
        ),
    ),
    Erratum(
        number=6,
        document="wildml",
        section="Learning the Parameters",
        says="The formulas give δ₃ and δ₂ themselves as the gradients on the biases.",
        holds="They are the sums of δ₃ and δ₂ over the examples, as in the document's code.",
        clauses=(
            "gradients.linear-classifier",
            "gradients.hidden-layers",
        ),
    ),
    Erratum(
        number=7,
        document="wildml",
        section="Learning the Parameters",
        says="The loss has 1/N, but the gradients do not.",
        holds=(
            "The formulas and the code both compute the gradients of the sum of the losses, so the steps are N "
            "times what the printed loss suggests. The sum of the losses is N times their mean, and the same "
            "holds for the gradients."
        ),
        clauses=(
            "losses.sum-and-mean",
            "gradients.sum-and-mean",
            "training.moons-tanh",
        ),
    ),
    Erratum(
        number=8,
        document="wildml",
        section="Training a Neural Network",
        says=(
            "The text says that the network has three layers, because it counts the inputs as one; CS231n "
            "calls the same depth two layers. The exercise asks for four."
        ),
        holds="A network has as many layers as it has weight matrices: two here, three in the exercise.",
        clauses=(
            "gradients.deeper-networks",
            "training.four-layers",
        ),
    ),
    Erratum(
        number=9,
        document="wildml",
        section="Varying the hidden layer size",
        says="The lines that train and draw each size are outside the loop, so only the last size is trained.",
        holds="Every size in the list is trained, from the same seed.",
        clauses=("outcomes.moons-hidden-sizes",),
    ),
    Erratum(
        number=10,
        document="roelants",
        section="Compute activations of output",
        says="The text calls the output bias 2×1, here and where it gives its gradient.",
        holds="It is 1×2: a row with one number per output, added to every row of H W_o.",
        clauses=(
            "losses.scores",
            "gradients.linear-classifier",
        ),
    ),
    Erratum(
        number=11,
        document="cs231n",
        section="Compute the loss",
        says=(
            "Here and in the two other documents, the exponentials are taken of the raw scores: scores of a "
            "few hundred lead to infinity divided by infinity."
        ),
        holds=(
            "Scores of any size have probabilities, a loss and a gradient: subtracting the greatest score of "
            "each row changes none of them."
        ),
        clauses=(
            "functions.softmax-large-scores",
            "losses.cross-entropy-large-scores",
            "gradients.large-scores",
        ),
    ),
    Erratum(
        number=12,
        document="roelants",
        section="Compute activations of output",
        says="The text says that the function `output_activations` computes the hidden layer's activations.",
        holds="It computes the output's activations.",
        clauses=("losses.scores",),
    ),
    Erratum(
        number=13,
        document="roelants",
        section="Gradient checking",
        says="The text says that f is the network's function of inputs and parameters.",
        holds="The differences are those of the cost of the examples, a single number.",
        clauses=("gradients.finite-differences",),
    ),
)
