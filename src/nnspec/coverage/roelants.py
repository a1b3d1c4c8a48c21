"""Roelants' part 4, statement by statement.

The text that is read here has lost its formulas and its code: they are taken from what is said around them, and from
what reproduces the document's results.
"""

from __future__ import annotations

from nnspec.coverage.statements import Section, follows, held, unheld

HEADING = "A heading with no text of its own."

#: How the document comes to us.
READ = (
    "The text has lost the document's formulas and code. The formulas follow from what is said around them;"
    " the constants are those of the document's notebook."
)

SECTIONS = (
    Section(
        "Opening",
        remark="The text before the first heading.",
        statements=(
            unheld(
                "Two inputs go through three hidden units to a softmax of two outputs, and all layers have biases.",
                "an overview",
            ),
            unheld("What the notebook imports, and a figure of the network.", "library calls, a picture"),
        ),
    ),
    Section(
        "Define the dataset",
        statements=(
            held("There are two classes; the circle of class 0 surrounds that of class 1.", "data.circles"),
            held("The circles are made by scikit-learn's `make_circles`.", "data.circles"),
            held(
                "In the code there are 100 examples, and the inner circle is 0.3 times as large; the noise is 0.1.",
                "data.circles",
            ),
            held("X is (N, 2): a row an example, a column an input.", "data.circles"),
            held(
                "The targets are a matrix (N, 2) with a 1 in the column of the example's class; there is a column "
                "for each class, whichever the examples belong to.",
                "losses.missing-classes",
                "gradients.missing-classes",
            ),
            held("The outer circle has the targets (1, 0), the inner one (0, 1).", "data.circles"),
            held(
                "No straight line separates them; with a hidden layer the network learns to.",
                "outcomes.circles-momentum",
            ),
            unheld("The examples are drawn.", "plotting"),
        ),
    ),
    Section("Vectorization of backpropagation", remark=HEADING),
    Section("Vectorization of the forward step", depth=1, remark=HEADING),
    Section(
        "Compute activations of hidden layer",
        depth=2,
        statements=(
            held(
                "The hidden outputs are σ(X W_h + b_h), (N, 3).",
                "losses.hidden-outputs",
                "functions.logistic",
            ),
            held("The weight in row i and column j leads from input i to unit j.", "losses.hidden-outputs"),
            held(
                "The bias can be made a weight: of one more input, which is always 1.",
                "losses.bias-as-a-weight",
                "gradients.bias-as-a-weight",
            ),
            unheld("A figure shows the products that are summed for a unit.", "a picture"),
        ),
    ),
    Section(
        "Compute activations of output",
        depth=2,
        statements=(
            held("The outputs are the softmax of H W_o + b_o, (N, 2).", "functions.softmax", "losses.scores"),
            held("W_o is (3, 2); its row i, column j leads from hidden unit i to output j.", "losses.scores"),
            follows(
                "The hidden units, over which an output sums, have no order.",
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
            held(
                "The cost is minus the sum over examples and classes of t log y: a sum, without a penalty.",
                "losses.cross-entropy",
                "losses.objective",
            ),
            held("Its gradient on the inputs of the softmax is Y − T, (N, 2).", "gradients.scores"),
        ),
    ),
    Section(
        "Update the output layer weights",
        depth=3,
        statements=(
            held("The gradient on W_o is Hᵀ δ_o, (3, 2).", "gradients.linear-classifier"),
            held("It is summed over all N examples.", "gradients.sum-over-examples"),
            follows("The order of the examples makes no difference.", "gradients.example-order"),
        ),
    ),
    Section(
        "Update the output layer bias",
        depth=3,
        statements=(
            held(
                "The gradient on b_o is the sum of δ_o over the examples, a number an output.",
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
            held(
                "δ_h is the gradient of the cost on the inputs of the hidden units, (N, 3): H ∘ (1 − H) ∘ (δ_o W_oᵀ).",
                "gradients.hidden-layers",
                "functions.logistic-derivative",
            ),
            held(
                "What comes back to a hidden unit is summed over its connections.",
                "gradients.hidden-layers",
            ),
            follows(
                "Hidden units in another order have the same gradients in that order.",
                "gradients.hidden-unit-order",
            ),
        ),
    ),
    Section(
        "Update the hidden layer weights",
        depth=3,
        statements=(
            held("The gradient on W_h is Xᵀ δ_h, (2, 3).", "gradients.hidden-layers"),
            held("It is summed over all N examples.", "gradients.sum-over-examples"),
            follows("The order of the examples makes no difference.", "gradients.example-order"),
        ),
    ),
    Section(
        "Update the hidden layer bias",
        depth=3,
        statements=(
            held(
                "The gradient on b_h is the sum of δ_h over the examples, (1, 3).",
                "gradients.hidden-layers",
                "gradients.sum-over-examples",
            ),
        ),
    ),
    Section(
        "Gradient checking",
        statements=(
            unheld("Backpropagation is easily got wrong, so gradients should be checked.", "motivation"),
            held(
                "The gradient on a parameter is near (f(θ + ε) − f(θ − ε)) / 2ε.",
                "gradients.finite-differences",
            ),
            follows(
                "The smaller the step, the less is left between the two, and in a known order.",
                "gradients.taylor-remainder",
            ),
            held(
                "This is compared for every single parameter, biases too; in the code with ε = 0.0001, at standard "
                "normal parameters.",
                "gradients.finite-differences",
            ),
        ),
    ),
    Section(
        "Backpropagation updates with momentum",
        statements=(
            unheld(
                "Gradient descent is local, and the cost of such a network is hardly ever convex.",
                "motivation",
            ),
            held(
                "The velocity becomes λ times the old one less μ times the gradient, and the parameter moves by "
                "the new velocity.",
                "updates.momentum",
            ),
            held("Every weight and every bias has a velocity of its own.", "updates.momentum"),
            held("All velocities are updated first, then the parameters.", "updates.momentum"),
            held(
                "λ is how much of the velocity is kept, μ how much the gradient adds to it.",
                "updates.momentum",
            ),
            follows("Where nothing is kept, this is gradient descent.", "updates.zero-momentum"),
            held("In the code λ is 0.9 and μ is 0.02.", "training.circles-momentum"),
            held(
                "In the code weights and biases start as standard normals times 0.1, and the velocities at 0.",
                "training.initialization-with-biases",
                "training.circles-momentum",
            ),
            held(
                "There are 300 iterations on all examples, and the cost falls smoothly.",
                "training.circles-momentum",
            ),
            follows(
                "An iteration needs of the earlier ones the parameters and the velocities.",
                "training.steps",
            ),
            follows(
                "Every one of the iterations does the same, the last as the first.",
                "gradients.stored-states",
                "updates.stored-states",
                "training.stored-states",
                "training.revealing-runs",
            ),
            unheld(
                "Gradient descent would hardly ever converge so smoothly, and mostly to a worse place; momentum is "
                "less sensitive to the learning rate.",
                "an opinion, without figures",
            ),
            unheld("The learning rate was found by trying.", "how a constant was chosen"),
        ),
    ),
    Section(
        "Visualization of the trained classifier",
        statements=(
            held("All examples are classified correctly.", "outcomes.circles-momentum"),
            held("The classifier surrounds the inner circle.", "outcomes.circles-surrounded"),
            unheld("The decisions on a grid are drawn.", "plotting"),
        ),
    ),
    Section(
        "Transformation of the input domain",
        statements=(
            held(
                "In the three dimensions of the hidden layer the classes can be separated linearly. The scores are "
                "linear in the hidden outputs, so this is so where all examples are classified correctly.",
                "outcomes.circles-momentum",
            ),
            unheld("The hidden outputs of the examples are drawn.", "plotting"),
            unheld("The text comes from a notebook and goes on in a next part.", "links"),
        ),
    ),
)
