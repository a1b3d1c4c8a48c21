"""WildML's network from scratch, statement by statement."""

from __future__ import annotations

from nnspec.coverage.statements import Section, aside, consequence, statement

#: Which text of the document was read.
READ = "The text has the document's code but not its output, which comes from the author's notebook."

SECTIONS = (
    Section(
        "Implementing a Neural Network from Scratch in Python – An Introduction",
        statements=(
            aside("What the reader should know, and why to write a network at all.", "motivation"),
            aside("The code is written to be understood, not to be fast.", "an opinion"),
        ),
    ),
    Section(
        "Generating a dataset",
        statements=(
            statement(
                "The data are 200 points of two moons with noise 0.20, made by scikit-learn's `make_moons` from "
                "NumPy's stream of seed 0.",
                "data.moons",
            ),
            statement("There are two classes, 0 and 1, and two inputs.", "data.moons"),
            statement(
                "No straight line separates the classes, so linear classifiers cannot fit the data.",
                "outcomes.moons-straight-line",
            ),
            aside(
                "With other inputs (polynomials of these), a linear classifier could.",
                "not done in the document",
            ),
            aside("A hidden layer finds such features by itself.", "motivation"),
            aside("The points are drawn and presented as patients of two sexes.", "plotting, and a story"),
        ),
    ),
    Section(
        "Logistic Regression",
        statements=(
            statement(
                "Logistic regression with a penalty chosen by cross-validation is trained on the points.",
                "outcomes.moons-straight-line",
            ),
            statement(
                "It separates the classes as well as a straight line can, but misses the shape of the moons.",
                "outcomes.moons-straight-line",
            ),
            aside("The implementation is scikit-learn's.", "a library call"),
            aside("The boundary is drawn.", "plotting"),
        ),
    ),
    Section(
        "Training a Neural Network",
        statements=(
            statement(
                "The network gives two probabilities, one for each class.",
                "functions.softmax",
            ),
            statement(
                "With two classes, a single output would be enough: softmax is then a logistic function.",
                "functions.softmax-of-two-classes",
            ),
            aside(
                "Two outputs make it easier to extend the network to more classes.", "done in the exercises"
            ),
            aside(
                "More hidden units can fit more complex functions, cost more and overfit more; their number "
                "depends on the problem.",
                "advice",
            ),
            aside("A hidden layer is only useful with an activation that is not linear.", "motivation"),
            statement("The hidden activation is tanh.", "functions.tanh"),
            statement(
                "Its derivative can be computed from its value: it is 1 − tanh² x.",
                "functions.tanh-derivative",
            ),
            aside("Logistic and ReLU are other choices.", "done in the exercises"),
            statement("Softmax turns scores into probabilities.", "functions.softmax"),
            statement(
                "Softmax generalises the logistic function to more than two classes.",
                "functions.softmax-of-two-classes",
            ),
        ),
    ),
    Section(
        "How our network makes predictions",
        depth=1,
        statements=(
            statement("z₁ = x W₁ + b₁ and a₁ = tanh z₁.", "losses.hidden-outputs", "functions.tanh"),
            statement("z₂ = a₁ W₂ + b₂.", "losses.scores"),
            statement("The prediction, a row of probabilities, is the softmax of z₂.", "functions.softmax"),
            statement(
                "With 500 hidden units, W₁ is (2, 500), b₁ (500,), W₂ (500, 2) and b₂ (2,).",
                "losses.hidden-outputs",
                "losses.scores",
            ),
            aside("More hidden units mean more parameters.", "follows from the shapes"),
            consequence(
                "A unit has the value of its activation however far its input is from 0.",
                "losses.far-activations",
            ),
        ),
    ),
    Section(
        "Learning the Parameters",
        depth=1,
        statements=(
            aside("Learning means finding the parameters with the least error.", "motivation"),
            statement(
                "The loss is minus the mean over the examples of the sum over the classes of y log ŷ, where y is 1 "
                "for the label and 0 elsewhere.",
                "losses.cross-entropy",
            ),
            consequence(
                "The loss in the formula, which has 1/N, is the sum divided by N.",
                "losses.sum-and-mean",
            ),
            consequence(
                "It is a sum over examples and over classes, and neither has an order.",
                "losses.example-order",
                "losses.class-order",
            ),
            statement(
                "The further the probabilities are from the labels, the greater the loss.",
                "losses.cross-entropy-range",
            ),
            statement(
                "Minimising the loss maximises the likelihood: the sum of the losses is −log of the product of the "
                "labels' probabilities.",
                "losses.cross-entropy",
            ),
            statement(
                "Batch gradient descent with a fixed rate is the basic method; minibatches are a variation of it.",
                "training.full-minibatch",
            ),
            aside(
                "Minibatches and a decaying rate work better in practice.",
                "advice; both are done in the exercises",
            ),
            aside(
                "Backpropagation computes the gradients on all parameters, starting from the output.",
                "an overview",
            ),
            statement("δ₃ = ŷ − y.", "gradients.scores"),
            statement(
                "δ₂ = (1 − tanh² z₁) ∘ δ₃ W₂ᵀ.",
                "gradients.hidden-layers",
                "functions.tanh-derivative",
            ),
            statement(
                "The gradient on W₂ is a₁ᵀ δ₃, and the gradient on W₁ is xᵀ δ₂.", "gradients.hidden-layers"
            ),
            consequence(
                "These gradients, which have no 1/N, are the gradients of the sum, N times those of the mean.",
                "gradients.sum-and-mean",
            ),
            consequence(
                "Permuting the classes permutes the gradients in the same way.", "gradients.class-order"
            ),
            consequence(
                "The loss of an example has only its own scores in it, however far apart the scores are.",
                "losses.scores-far-apart",
            ),
            consequence(
                "The gradient of an example has only its own scores in it, however far apart the scores are.",
                "gradients.scores-far-apart",
            ),
            consequence(
                "The less likely the labels are, the greater the loss of a network is, without a bound.",
                "losses.unlikely-labels",
            ),
            consequence(
                "A unit passes on the derivative of its activation however far its input is from 0.",
                "gradients.far-activations",
            ),
            consequence(
                "From parameters of 0, the examples alone decide where gradient descent leads.",
                "outcomes.weights-near-zero",
            ),
        ),
    ),
    Section(
        "Implementation",
        depth=1,
        statements=(
            statement("There are 2 inputs and 2 outputs.", "training.moons-tanh"),
            statement("The learning rate is 0.01, and so is λ.", "training.moons-tanh"),
            statement(
                "The loss in the code is the sum of −log of the labels' probabilities, plus λ/2 times the sum of "
                "all squared weights, all divided by N: the penalty is divided too.",
                "losses.objective",
                "losses.penalty",
                "training.moons-tanh",
            ),
            consequence(
                "The sum is taken first and then divided by N, so examples may be repeated.",
                "losses.sum-and-mean",
                "losses.duplicated-examples",
            ),
            statement(
                "The predicted class is the one with the highest probability, which is also the one with the "
                "highest score.",
                "losses.predictions",
                "functions.softmax-order",
            ),
            statement(
                "Weights start as standard normals divided by the square root of the number of units below, √2 and "
                "√H; biases start at 0.",
                "training.fan-in-initialization",
            ),
            statement("They come from a separate stream of seed 0.", "training.moons-tanh"),
            statement(
                "In the code, δ₃ is not divided by N, and the gradients on both biases are sums over the examples.",
                "gradients.hidden-layers",
                "gradients.duplicated-examples",
            ),
            statement("The derivative is taken from the output: 1 − a₁².", "gradients.hidden-layers"),
            statement(
                "λ W₂ and λ W₁ are added to the gradients on the weights, and nothing to the gradients on the "
                "biases.",
                "gradients.penalty",
                "gradients.penalty-scaling",
                "losses.penalty-scaling",
            ),
            statement(
                "All gradients are computed, then all four parameters move by −ε times their gradients.",
                "updates.gradient-descent",
                "training.steps",
            ),
            statement(
                "The loss is printed every 1000 passes from 0 on, after the update of that pass.",
                "training.moons-tanh",
            ),
            statement("There are 20 000 passes over all examples.", "training.moons-tanh"),
            consequence(
                "A unit passes on the derivative of its activation however far its input is from 0.",
                "gradients.far-activations",
            ),
            consequence(
                "An example that occurs several times counts as often.", "gradients.repeated-examples"
            ),
            consequence(
                "A parameter that starts at 0, or a constant that is 0, is used like any other.",
                "training.zeros",
            ),
        ),
    ),
    Section(
        "A network with a hidden layer of size 3",
        statements=(
            statement(
                "The network has 3 hidden units.",
                "training.moons-tanh",
            ),
            statement(
                "The printed losses are not in the text but in the author's notebook, every 1000 passes: 0.432387, "
                "0.068947, 0.068936, 0.071218, 0.071253, 0.071278, 0.071293, 0.071303, 0.071308, 0.071312, "
                "0.071314, 0.071315, 0.071315, 0.071316, 0.071316, 0.071316, 0.071316, 0.071316, 0.071316, "
                "0.071316.",
                "training.moons-tanh",
            ),
            consequence(
                "Every pass does the same, from the first to the last.",
                "gradients.stored-states",
                "updates.stored-states",
                "training.stored-states",
            ),
            statement("It separates the classes.", "outcomes.moons-tanh"),
            aside("The boundary is drawn.", "plotting"),
            consequence(
                "A unit passes on the derivative of its activation however far its input is from 0.",
                "gradients.far-activations",
            ),
        ),
    ),
    Section(
        "Varying the hidden layer size",
        statements=(
            statement(
                "The training is repeated with 1, 2, 3, 4, 5, 20 and 50 hidden units.",
                "outcomes.moons-hidden-sizes",
            ),
            statement("A few units are enough for the general shape.", "outcomes.moons-hidden-sizes"),
            aside(
                "Many units fit individual points rather than the shape.",
                "seen in a picture, without numbers",
            ),
            aside(
                "On new points of the same kind, the smaller networks would do better; a stronger penalty helps.",
                "advice; the document measures none of it",
            ),
        ),
    ),
    Section(
        "Exercises",
        statements=(
            statement("1: minibatches instead of all examples.", "training.minibatches"),
            consequence(
                "A minibatch of all examples, in any order, is the full batch.", "training.full-minibatch"
            ),
            consequence(
                "A minibatch may hold no example of some class.",
                "losses.missing-classes",
                "gradients.missing-classes",
            ),
            aside("Minibatches work better in practice.", "an opinion"),
            statement(
                "2: a schedule for the learning rate instead of a fixed rate. The text names none; the notes that "
                "it links to have three.",
                "updates.step-decay",
                "updates.exponential-decay",
                "updates.inverse-time-decay",
                "updates.no-decay",
                "training.annealing",
            ),
            statement(
                "3: the network is trained with other activations: the logistic function and ReLU.",
                "functions.logistic",
                "functions.relu",
                "training.other-activations",
            ),
            statement(
                "Another activation has another derivative in the backward pass.",
                "functions.logistic-derivative",
                "functions.relu-derivative",
                "training.other-activations",
            ),
            statement("4: three classes, on data with three classes.", "training.three-classes"),
            statement(
                "5: four layers, so a second hidden layer.",
                "gradients.deeper-networks",
                "training.four-layers",
            ),
            statement(
                "It takes part in the forward and in the backward pass.",
                "gradients.deeper-networks",
                "training.four-layers",
            ),
            consequence(
                "Each of these networks trains like the first one, from the start of its run to the end.",
                "gradients.stored-states",
                "updates.stored-states",
                "training.stored-states",
                "training.revealing-runs",
            ),
            consequence(
                "A minibatch is an iteration, for the learning rate too.",
                "training.schedules-and-minibatches",
            ),
            consequence("The learning rate may become as small as the schedule says.", "training.fast-decay"),
            consequence(
                "A parameter that starts at 0, or a constant that is 0, is used like any other.",
                "training.zeros",
            ),
            consequence(
                "After a number of iterations, a run is as far as its learning rate says.",
                "outcomes.linear-classifier-on-the-way",
            ),
            consequence("A fit on minibatches sees the examples of all of them.", "outcomes.every-minibatch"),
        ),
    ),
)
