"""The documents' own mistakes and traps, with what holds instead."""

from __future__ import annotations

from nnspec.coverage.statements import Erratum

#: By number, which never changes.
ERRATA = (
    Erratum(
        number=1,
        document="cs231n",
        section="Compute the loss",
        says="Two copies call the loss of 1.1 at the start log(1/3), which is negative.",
        holds="It is −log(1/3) = ln 3 = 1.0986. The third copy has the sign.",
        clauses=("losses.initial",),
    ),
    Erratum(
        number=2,
        document="cs231n",
        section="Generating some data",
        says=(
            "One copy gives the points of class j the label `i`, which nothing has set, and writes `np.c [` for "
            "`np.c_[`; another takes `X.shape` for the number of examples, in later sections."
        ),
        holds="The label of class j is j; the number of examples is `X.shape[0]`, the rows of X.",
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
        says="The array of negative logarithms is said to hold just the probabilities.",
        holds="What is averaged is −log of the probabilities.",
        clauses=("losses.cross-entropy",),
    ),
    Erratum(
        number=4,
        document="cs231n",
        section="Computing the Analytic Gradient with Backpropagation",
        says=(
            "The array of probabilities is changed in place into the gradient on the scores and keeps both "
            "names."
        ),
        holds=(
            "Whoever reads the probabilities afterwards reads the gradient. An answer does not depend on what "
            "was computed before, nor does a call change what it was given."
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
        says="Labels are kept in 8 bits without a sign, and nothing is said of what that does to arithmetic.",
        holds=(
            "What a program computes does not depend on the integer type of the labels: one that negates or "
            "subtracts them in that type wraps around."
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
        says="The loss has 1/N, the gradients have not.",
        holds=(
            "The gradients are those of the sum of the losses, as is the code: its step is N times what the "
            "printed loss suggests. The sum of the losses is N times their mean, and so are the gradients."
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
            "The network is said to have three layers, since the inputs are counted as one; CS231n calls the "
            "same depth two layers, and the exercise asks for four."
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
        says="The lines that train and draw each size stand outside the loop, so only the last size is trained.",
        holds="Every size of the list is trained, from the same seed.",
        clauses=("outcomes.moons-hidden-sizes",),
    ),
    Erratum(
        number=10,
        document="roelants",
        section="Compute activations of output",
        says="The output bias is called 2×1 in the text, here and where its gradient is given.",
        holds="It is 1×2: a row, one number an output, added to every row of H W_o.",
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
            "The exponentials are taken of the scores as they are, here and in the two other documents: scores "
            "of a few hundred divide infinity by infinity."
        ),
        holds=(
            "Scores of any size have probabilities, a loss and a gradient: shifting the scores of a row by "
            "their greatest changes none of them."
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
        says="The function `output_activations` is said to compute the hidden layer's activations.",
        holds="It computes the output's.",
        clauses=("losses.scores",),
    ),
    Erratum(
        number=13,
        document="roelants",
        section="Gradient checking",
        says="f is said to be the network's function of inputs and parameters.",
        holds="What is differenced is the cost of the examples, a single number.",
        clauses=("gradients.finite-differences",),
    ),
)
