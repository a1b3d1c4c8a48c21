"""Roelants' part 4, statement by statement.

The text that was read has lost its formulas and its code: they come from the text around them, and from what reproduces
the document's results.
"""

from __future__ import annotations

from nnspec.coverage.statements import Section, aside, consequence, statement

HEADING = "A heading with no text of its own."

#: Which text of the document was read.
READ = (
    "The text that was read has lost the document's formulas and code. The formulas follow from the "
    "text around them; the constants come from the document's notebook."
)

SECTIONS = (
    Section(
        "Opening",
        remark="The text before the first heading.",
        statements=(
            aside(
                "Two inputs go through three hidden units to a softmax with two outputs; all layers have biases.",
                "an overview",
            ),
            aside("The notebook's imports, and a figure of the network.", "library calls, a picture"),
        ),
    ),
    Section(
        "Define the dataset",
        statements=(
            statement(
                "There are two classes; the circle of class 0 surrounds that of class 1.", "data.circles"
            ),
            statement("The circles are made by scikit-learn's `make_circles`.", "data.circles"),
            statement(
                "In the code, there are 100 examples, the inner circle is 0.3 times as large as the outer one, and "
                "the noise is 0.1.",
                "data.circles",
            ),
            statement("X is (N, 2): one row per example, one column per input.", "data.circles"),
            statement(
                "The targets are a matrix (N, 2) with a 1 in the column of the example's class; every class has a "
                "column, even if no example belongs to it.",
                "losses.missing-classes",
                "gradients.missing-classes",
            ),
            statement("The outer circle has the targets (1, 0), the inner one (0, 1).", "data.circles"),
            statement(
                "No straight line separates them; with a hidden layer, the network learns to.",
                "outcomes.circles-momentum",
            ),
            aside("The examples are drawn.", "plotting"),
        ),
    ),
    Section("Vectorization of backpropagation", remark=HEADING),
    Section("Vectorization of the forward step", depth=1, remark=HEADING),
    Section(
        "Compute activations of hidden layer",
        depth=2,
        statements=(
            statement(
                "The hidden outputs are σ(X W_h + b_h), (N, 3).",
                "losses.hidden-outputs",
                "functions.logistic",
            ),
            statement(
                "The weight in row i and column j leads from input i to unit j.", "losses.hidden-outputs"
            ),
            statement(
                "The bias can be written as the weight of an additional input that is always 1.",
                "losses.bias-as-a-weight",
                "gradients.bias-as-a-weight",
            ),
            aside("A figure shows the products that a unit sums.", "a picture"),
            consequence(
                "A unit has the value of its activation however far its input is from 0.",
                "losses.far-activations",
            ),
        ),
    ),
    Section(
        "Compute activations of output",
        depth=2,
        statements=(
            statement(
                "The outputs are the softmax of H W_o + b_o, (N, 2).", "functions.softmax", "losses.scores"
            ),
            statement(
                "W_o is (3, 2); the weight in row i and column j leads from hidden unit i to output j.",
                "losses.scores",
            ),
            consequence(
                "An output sums over the hidden units, so these have no order.",
                "losses.hidden-unit-order",
            ),
        ),
    ),
    Section("Vectorization of the backward step", depth=1, remark=HEADING),
    Section("Vectorization of the output layer backward step", depth=2, remark=HEADING),
    Section(
        "Compute the error at the output",
        depth=3,
        statements=(
            statement(
                "The cost is minus the sum over examples and classes of t log y: a sum, without a penalty.",
                "losses.cross-entropy",
                "losses.objective",
            ),
            consequence(
                "It grows without bound as a target becomes less likely.",
                "losses.unlikely-labels",
            ),
            statement("Its gradient on the inputs of the softmax is Y − T, (N, 2).", "gradients.scores"),
            consequence(
                "The gradient of an example has only its own scores in it, however far apart the scores are.",
                "gradients.scores-far-apart",
            ),
        ),
    ),
    Section(
        "Update the output layer weights",
        depth=3,
        statements=(
            statement("The gradient on W_o is Hᵀ δ_o, (3, 2).", "gradients.linear-classifier"),
            statement("It is summed over all N examples.", "gradients.sum-over-examples"),
            consequence("The order of the examples does not matter.", "gradients.example-order"),
            consequence(
                "An example that occurs several times counts as often.", "gradients.repeated-examples"
            ),
        ),
    ),
    Section(
        "Update the output layer bias",
        depth=3,
        statements=(
            statement(
                "The gradient on b_o is the sum of δ_o over the examples, one number per output.",
                "gradients.linear-classifier",
                "gradients.sum-over-examples",
            ),
        ),
    ),
    Section("Vectorization of the hidden layer backward step", depth=2, remark=HEADING),
    Section(
        "Compute the error at the hidden layer",
        depth=3,
        statements=(
            statement(
                "δ_h is the gradient of the cost on the inputs of the hidden units, (N, 3): H ∘ (1 − H) ∘ (δ_o W_oᵀ).",
                "gradients.hidden-layers",
                "functions.logistic-derivative",
            ),
            statement(
                "The gradient that reaches a hidden unit is summed over its connections.",
                "gradients.hidden-layers",
            ),
            consequence(
                "Permuting the hidden units permutes their gradients in the same way.",
                "gradients.hidden-unit-order",
            ),
            consequence(
                "A unit passes on the derivative of its activation however far its input is from 0.",
                "gradients.far-activations",
            ),
        ),
    ),
    Section(
        "Update the hidden layer weights",
        depth=3,
        statements=(
            statement("The gradient on W_h is Xᵀ δ_h, (2, 3).", "gradients.hidden-layers"),
            statement("It is summed over all N examples.", "gradients.sum-over-examples"),
            consequence("The order of the examples does not matter.", "gradients.example-order"),
            consequence(
                "A unit passes on the derivative of its activation however far its input is from 0.",
                "gradients.far-activations",
            ),
        ),
    ),
    Section(
        "Update the hidden layer bias",
        depth=3,
        statements=(
            statement(
                "The gradient on b_h is the sum of δ_h over the examples, (1, 3).",
                "gradients.hidden-layers",
                "gradients.sum-over-examples",
            ),
        ),
    ),
    Section(
        "Gradient checking",
        statements=(
            aside("It is easy to get backpropagation wrong, so gradients should be checked.", "motivation"),
            statement(
                "The gradient on a parameter is close to (f(θ + ε) − f(θ − ε)) / 2ε.",
                "gradients.finite-differences",
            ),
            consequence(
                "The smaller the step, the smaller the difference between the two, with a known order.",
                "gradients.taylor-remainder",
            ),
            statement(
                "The two are compared for every single parameter, including biases; in the code with ε = 0.0001, "
                "at standard normal parameters.",
                "gradients.finite-differences",
            ),
        ),
    ),
    Section(
        "Backpropagation updates with momentum",
        statements=(
            aside(
                "Gradient descent is local, and the cost of such a network is hardly ever convex.",
                "motivation",
            ),
            statement(
                "The velocity becomes λ times the old velocity minus μ times the gradient, and the parameter moves "
                "by the new velocity.",
                "updates.momentum",
            ),
            statement("Every weight and every bias has its own velocity.", "updates.momentum"),
            statement("All velocities are updated first, then the parameters.", "updates.momentum"),
            statement(
                "λ sets how much of the velocity is kept, and μ how much the gradient adds to it.",
                "updates.momentum",
            ),
            consequence("If nothing is kept, this is gradient descent.", "updates.zero-momentum"),
            statement("In the code, λ is 0.9 and μ is 0.02.", "training.circles-momentum"),
            statement(
                "In the code, weights and biases start as standard normals times 0.1, and velocities start at 0.",
                "training.initialization-with-biases",
                "training.circles-momentum",
            ),
            statement(
                "There are 300 iterations on all examples, and the cost falls smoothly.",
                "training.circles-momentum",
            ),
            consequence("All of them are done, however little they change.", "training.fast-decay"),
            consequence(
                "From earlier iterations, an iteration needs the parameters and the velocities.",
                "training.steps",
            ),
            consequence(
                "Every iteration does the same, from the first to the last.",
                "gradients.stored-states",
                "updates.stored-states",
                "training.stored-states",
                "training.revealing-runs",
            ),
            aside(
                "Gradient descent would rarely converge so smoothly, and mostly to a worse minimum; momentum is "
                "less sensitive to the learning rate.",
                "an opinion, without numbers",
            ),
            aside("The learning rate was found by trial and error.", "how a constant was chosen"),
            consequence(
                "A parameter that starts at 0, or a constant that is 0, is used like any other.",
                "training.zeros",
            ),
            consequence(
                "After a number of iterations, a run is as far as its learning rate says.",
                "outcomes.linear-classifier-on-the-way",
            ),
            consequence(
                "From parameters of 0, the examples alone decide where momentum leads.",
                "outcomes.weights-near-zero",
            ),
        ),
    ),
    Section(
        "Visualization of the trained classifier",
        statements=(
            statement("All examples are classified correctly.", "outcomes.circles-momentum"),
            statement("The classifier surrounds the inner circle.", "outcomes.circles-surrounded"),
            consequence(
                "The decision for an input is the class with the highest score.", "losses.predictions"
            ),
            aside("The decisions on a grid are drawn.", "plotting"),
        ),
    ),
    Section(
        "Transformation of the input domain",
        statements=(
            statement(
                "In the three dimensions of the hidden layer, the classes can be separated linearly. The scores "
                "are linear in the hidden outputs, so this is true if all examples are classified correctly.",
                "outcomes.circles-momentum",
            ),
            aside("The hidden outputs of the examples are drawn.", "plotting"),
            aside("The text comes from a notebook and continues in the next part.", "links"),
        ),
    ),
)
