"""WildML's network from scratch, statement by statement."""

from __future__ import annotations

from nnspec.coverage.statements import Section, follows, held, unheld

#: How the document comes to us.
READ = "The text has the document's code, but not what it prints: that is taken from the author's notebook."

SECTIONS = (
    Section(
        "Implementing a Neural Network from Scratch in Python – An Introduction",
        statements=(
            unheld("What the reader should know, and why to write a network at all.", "motivation"),
            unheld("The code is written to be understood, not to be fast.", "an opinion"),
        ),
    ),
    Section(
        "Generating a dataset",
        statements=(
            held(
                "The data are 200 points of two moons with noise of 0.20, made by scikit-learn's `make_moons` from "
                "NumPy's stream of seed 0.",
                "data.moons",
            ),
            held("There are two classes, 0 and 1, and two inputs.", "data.moons"),
            held(
                "No straight line separates the classes, so linear classifiers cannot fit the data.",
                "outcomes.moons-straight-line",
            ),
            unheld(
                "With other inputs (polynomials of these) a linear classifier could.",
                "not done in the document",
            ),
            unheld("A hidden layer finds such features by itself.", "motivation"),
            unheld("The points are drawn, and taken for patients of two sexes.", "plotting, and a story"),
        ),
    ),
    Section(
        "Logistic Regression",
        statements=(
            held(
                "Logistic regression with a penalty chosen by cross-validation is trained on the points.",
                "outcomes.moons-straight-line",
            ),
            held(
                "It separates the classes as well as a straight line can, and misses the shape of the moons.",
                "outcomes.moons-straight-line",
            ),
            unheld("It is scikit-learn's.", "a library call"),
            unheld("The boundary is drawn.", "plotting"),
        ),
    ),
    Section(
        "Training a Neural Network",
        statements=(
            held(
                "The network gives two probabilities, one for each class.",
                "functions.softmax",
            ),
            held(
                "With two classes a single output would do: softmax is then a logistic function.",
                "functions.softmax-of-two-classes",
            ),
            unheld("Two outputs make it easier to go on to more classes.", "done in the exercises"),
            unheld(
                "More hidden units can fit more complex functions, cost more and overfit more; their number is a "
                "matter of the problem.",
                "advice",
            ),
            unheld("A hidden layer needs an activation that is not linear to be of use.", "motivation"),
            held("The hidden activation is tanh.", "functions.tanh"),
            held(
                "Its derivative can be had from its value: it is 1 − tanh² x.",
                "functions.tanh-derivative",
            ),
            unheld("Logistic and ReLU are other choices.", "done in the exercises"),
            held("Softmax turns scores into probabilities.", "functions.softmax"),
            held(
                "Softmax is the logistic function for more than two classes.",
                "functions.softmax-of-two-classes",
            ),
        ),
    ),
    Section(
        "How our network makes predictions",
        depth=1,
        statements=(
            held("z₁ = x W₁ + b₁ and a₁ = tanh z₁.", "losses.hidden-outputs", "functions.tanh"),
            held("z₂ = a₁ W₂ + b₂.", "losses.scores"),
            held("The prediction, a row of probabilities, is the softmax of z₂.", "functions.softmax"),
            held(
                "With 500 hidden units W₁ is (2, 500), b₁ (500,), W₂ (500, 2) and b₂ (2,).",
                "losses.hidden-outputs",
                "losses.scores",
            ),
            unheld("More hidden units mean more parameters.", "it follows from the shapes"),
        ),
    ),
    Section(
        "Learning the Parameters",
        depth=1,
        statements=(
            unheld("To learn is to find the parameters of the least error.", "motivation"),
            held(
                "The loss is minus the mean over the examples of the sum over the classes of y log ŷ, y being 1 "
                "for the label and 0 elsewhere.",
                "losses.cross-entropy",
            ),
            follows(
                "The loss of the formula, which has 1/N, is an N-th of the sum.",
                "losses.sum-and-mean",
            ),
            follows(
                "It is a sum over examples and over classes: neither has an order.",
                "losses.example-order",
                "losses.class-order",
            ),
            held(
                "The further the probabilities are from the labels, the greater it is.",
                "losses.cross-entropy-range",
            ),
            held(
                "The least loss is the greatest likelihood: the sum of the losses is −log of the product of the "
                "labels' probabilities.",
                "losses.cross-entropy",
            ),
            held(
                "Batch gradient descent with a fixed rate is the plain case, minibatches a variation of it.",
                "training.full-minibatch",
            ),
            unheld(
                "Minibatches and a falling rate do better in practice.",
                "advice; both are done in the exercises",
            ),
            unheld(
                "Backpropagation computes the gradients on all parameters from the output backwards.",
                "an overview",
            ),
            held("δ₃ = ŷ − y.", "gradients.scores"),
            held(
                "δ₂ = (1 − tanh² z₁) ∘ δ₃ W₂ᵀ.",
                "gradients.hidden-layers",
                "functions.tanh-derivative",
            ),
            held("The gradient on W₂ is a₁ᵀ δ₃, that on W₁ is xᵀ δ₂.", "gradients.hidden-layers"),
            follows(
                "These gradients, which have no 1/N, are those of the sum, N times those of the mean.",
                "gradients.sum-and-mean",
            ),
            follows(
                "With the classes in another order they are the same in that order.", "gradients.class-order"
            ),
        ),
    ),
    Section(
        "Implementation",
        depth=1,
        statements=(
            held("There are 2 inputs and 2 outputs.", "training.moons-tanh"),
            held("The learning rate is 0.01, and so is λ.", "training.moons-tanh"),
            held(
                "The loss of the code is the sum of −log of the labels' probabilities, plus λ/2 times the sum of "
                "all squared weights, over N: the penalty is divided too.",
                "losses.objective",
                "losses.penalty",
                "training.moons-tanh",
            ),
            follows(
                "The sum is taken first and then divided by N, so that examples may be repeated.",
                "losses.sum-and-mean",
                "losses.duplicated-examples",
            ),
            held(
                "The predicted class is the one of the greatest probability, which is that of the greatest score.",
                "losses.predictions",
                "functions.softmax-order",
            ),
            held(
                "Weights start as standard normals over the square root of the number of units below, √2 and √H; "
                "biases at 0.",
                "training.fan-in-initialization",
            ),
            held("They come from a stream of seed 0 of their own.", "training.moons-tanh"),
            held(
                "In code δ₃ is not divided by N, and both biases get sums over the examples.",
                "gradients.hidden-layers",
                "gradients.duplicated-examples",
            ),
            held("The derivative is taken from the output: 1 − a₁².", "gradients.hidden-layers"),
            held(
                "λ W₂ and λ W₁ are added to the gradients, nothing to those on the biases.",
                "gradients.penalty",
                "gradients.penalty-scaling",
                "losses.penalty-scaling",
            ),
            held(
                "All gradients are computed, then all four parameters move by −ε times theirs.",
                "updates.gradient-descent",
                "training.steps",
            ),
            held(
                "The loss is printed every 1000 passes from 0 on, after the update of that pass.",
                "training.moons-tanh",
            ),
            held("There are 20 000 passes over all examples.", "training.moons-tanh"),
        ),
    ),
    Section(
        "A network with a hidden layer of size 3",
        statements=(
            held(
                "The network has 3 hidden units.",
                "training.moons-tanh",
            ),
            held(
                "What it prints is not in the text. In the author's notebook it is, every 1000 passes: 0.432387, "
                "0.068947, 0.068936, 0.071218, 0.071253, 0.071278, 0.071293, 0.071303, 0.071308, 0.071312, 0.071314, "
                "0.071315, 0.071315, 0.071316, 0.071316, 0.071316, 0.071316, 0.071316, 0.071316, 0.071316.",
                "training.moons-tanh",
            ),
            follows(
                "Every one of the passes does the same, the last as the first.",
                "gradients.stored-states",
                "updates.stored-states",
                "training.stored-states",
            ),
            held("It separates the classes.", "outcomes.moons-tanh"),
            unheld("The boundary is drawn.", "plotting"),
        ),
    ),
    Section(
        "Varying the hidden layer size",
        statements=(
            held(
                "The same is done with 1, 2, 3, 4, 5, 20 and 50 hidden units.",
                "outcomes.moons-hidden-sizes",
            ),
            held("A few units are enough for the general shape.", "outcomes.moons-hidden-sizes"),
            unheld(
                "Many units fit the single points rather than the shape.",
                "seen in a picture, without figures",
            ),
            unheld(
                "On other points of the same kind the smaller networks would do better; a stronger penalty helps.",
                "advice; nothing of it is measured there",
            ),
        ),
    ),
    Section(
        "Exercises",
        statements=(
            held(
                "1: minibatches instead of all examples.",
                "training.minibatches",
                "training.full-minibatch",
            ),
            follows(
                "A minibatch may hold no example of some class.",
                "losses.missing-classes",
                "gradients.missing-classes",
            ),
            unheld("Minibatches do better in practice.", "an opinion"),
            held(
                "2: a schedule for the learning rate, in place of a fixed one. The text names none; the notes that "
                "it links to have three.",
                "updates.step-decay",
                "updates.exponential-decay",
                "updates.inverse-time-decay",
                "updates.no-decay",
                "training.annealing",
            ),
            held(
                "3: other activations, the logistic function and ReLU, with their own derivatives on the way back.",
                "functions.logistic",
                "functions.logistic-derivative",
                "functions.relu",
                "functions.relu-derivative",
                "training.other-activations",
            ),
            held("4: three classes, on data that have them.", "training.three-classes"),
            held(
                "5: a second hidden layer, gone through forward and backward.",
                "gradients.deeper-networks",
                "training.four-layers",
            ),
            follows(
                "Each of them trains as the first network does, late in its run as at the start.",
                "gradients.stored-states",
                "updates.stored-states",
                "training.stored-states",
                "training.revealing-runs",
            ),
        ),
    ),
)
