"""The CS231n case study, statement by statement."""

from __future__ import annotations

from nnspec.coverage.statements import Section, aside, consequence, statement

#: Which text of the document was read.
READ = (
    "Three copies were read, one of them without headings; the places where they differ are listed as errata."
)

SECTIONS = (
    Section(
        "Opening",
        remark="The text before the first heading.",
        statements=(
            aside(
                "A network for points in the plane is written out in full: first a linear classifier, then the "
                "same with a hidden layer, which needs few changes.",
                "an overview",
            ),
        ),
    ),
    Section(
        "Generating some data",
        statements=(
            statement(
                "There are 3 classes of 100 points each with 2 inputs: X is (300, 2), and there are 300 labels.",
                "data.spiral",
            ),
            statement(
                "The points of class j are the rows 100 j to 100 j + 99, and their label is j.", "data.spiral"
            ),
            statement(
                "Within a class, the radius goes from 0 to 1 in equal steps, both ends included.",
                "data.spiral",
            ),
            statement(
                "The angle goes from 4j to 4(j + 1) in equal steps, both ends included; each point adds its own "
                "standard normal, times 0.2.",
                "data.spiral",
            ),
            statement("A point is (r sin t, r cos t): the sine comes first.", "data.spiral"),
            statement(
                "Labels are stored as unsigned bytes, so a program may well receive them in this type.",
                "losses.label-types",
                "gradients.label-types",
            ),
            statement("All inputs lie between −1 and 1, because the radius does.", "data.spiral"),
            aside(
                "Inputs would usually be centred and scaled first; here they are not.",
                "advice; every printed loss shows that it was not followed",
            ),
            aside(
                "No straight lines separate the classes.",
                "its effect is covered where a linear classifier is trained on them",
            ),
            aside("The points are drawn in three colours.", "plotting"),
            consequence("Training takes the labels in their own type.", "training.label-types"),
        ),
    ),
    Section("Training a Softmax Linear Classifier", remark="A heading with no text of its own."),
    Section(
        "Initialize the parameters",
        depth=1,
        statements=(
            aside(
                "The scores are linear in the inputs, and the loss is the cross-entropy.", "repeated below"
            ),
            statement(
                "W is (2, 3): one row per input, one column per class.", "training.small-initialization"
            ),
            statement("The weights start as standard normals times 0.01.", "training.small-initialization"),
            statement("There is a bias for each class, and it starts at 0.", "training.small-initialization"),
        ),
    ),
    Section(
        "Compute the class scores",
        depth=1,
        statements=(
            statement("The scores of all examples are X W + b, with b added to every row.", "losses.scores"),
            statement("They are (300, 3): one row per example, one column per class.", "losses.scores"),
            consequence(
                "The loss of an example has only its own scores in it, however far apart the scores are.",
                "losses.scores-far-apart",
            ),
            consequence(
                "The gradient of an example has only its own scores in it, however far apart the scores are.",
                "gradients.scores-far-apart",
            ),
        ),
    ),
    Section(
        "Compute the loss",
        depth=1,
        statements=(
            aside("The loss must be differentiable; there are several to choose from.", "motivation"),
            statement(
                "The loss of an example is low if its class has a higher score than the others, and high if not.",
                "losses.cross-entropy-range",
            ),
            statement(
                "It is the negative logarithm of exp(f_y) over the sum of exp(f_j), where f are the example's "
                "scores and y its label.",
                "losses.cross-entropy",
            ),
            statement(
                "Scores are logarithms of unnormalised probabilities: their exponentials, divided by the sum of "
                "these, are the probabilities.",
                "functions.softmax",
            ),
            consequence(
                "Adding a constant to all scores of an example changes nothing.",
                "functions.softmax-shift",
            ),
            consequence(
                "All classes are treated alike, and a higher score has a higher probability.",
                "functions.softmax-permutation",
                "functions.softmax-order",
            ),
            statement("The probability of the label lies between 0 and 1.", "losses.cross-entropy-range"),
            statement("As it goes to 0, the loss goes to infinity.", "losses.cross-entropy-range"),
            statement("As it goes to 1, the loss goes to 0.", "losses.cross-entropy-range"),
            statement("The loss of the data is the mean of the examples' losses.", "losses.cross-entropy"),
            statement("The full loss is that mean plus the penalty.", "losses.objective"),
            consequence(
                "All examples count equally, regardless of their order and of how often all of them are repeated.",
                "losses.example-order",
                "losses.duplicated-examples",
            ),
            statement(
                "The penalty is λ/2 times the sum of all squared weights; it includes no bias.",
                "losses.penalty",
            ),
            consequence(
                "It grows in proportion to λ and with the square of the weights.",
                "losses.penalty-scaling",
            ),
            statement(
                "In code: exponentials of the scores, over their sum along each row.",
                "functions.softmax",
            ),
            statement(
                "The probabilities are (300, 3), and every row sums to 1.", "functions.softmax-rows-sum-to-1"
            ),
            statement(
                "From each row, the probability of that example's label is taken, and then its negative logarithm.",
                "losses.cross-entropy",
            ),
            statement("These are added up and divided by the number of examples.", "losses.cross-entropy"),
            statement(
                "In code: half of λ times the sum of W squared, added to the data loss.", "losses.penalty"
            ),
            statement(
                "With small random weights the loss starts near 1.1, as every class has a probability near 1/3.",
                "losses.initial",
            ),
            statement("The loss cannot be less than 0.", "losses.cross-entropy-range"),
            statement(
                "The lower the loss, the higher the probabilities of the right classes.",
                "losses.cross-entropy-range",
            ),
            consequence(
                "The loss of an example has only its own scores in it, however far apart the scores are.",
                "losses.scores-far-apart",
            ),
            consequence(
                "The less likely the labels are, the greater the loss of a network is, without a bound.",
                "losses.unlikely-labels",
            ),
            consequence(
                "An example that occurs several times counts as often.", "gradients.repeated-examples"
            ),
            consequence(
                "With a penalty, a linear classifier has one best network, which a long run ends at.",
                "outcomes.best-linear-classifier",
            ),
        ),
    ),
    Section(
        "Computing the Analytic Gradient with Backpropagation",
        depth=1,
        statements=(
            aside("Training minimises the loss by gradient descent from random parameters.", "an overview"),
            statement(
                "The gradient says how the loss responds to a small change of something that it depends on.",
                "gradients.taylor-remainder",
            ),
            aside(
                "The probabilities and the loss of an example are repeated.", "covered under Compute the loss"
            ),
            statement(
                "The gradient of an example's loss on its scores is p_k − 1(y = k).", "gradients.scores"
            ),
            statement(
                "With p = (0.2, 0.3, 0.5) and the middle class right, it is (0.2, −0.7, 0.5).",
                "gradients.scores",
            ),
            consequence(
                "What the wrong classes gain, the right class loses: the gradient on the scores of an example sums "
                "to 0.",
                "gradients.scores-rows-sum-to-0",
            ),
            statement(
                "A higher score of a wrong class raises the loss and a higher score of the right class lowers it, "
                "at the rate that the gradient gives.",
                "gradients.taylor-remainder",
            ),
            statement(
                "In code: the probabilities, minus 1 at each example's label, all divided by N for the mean.",
                "gradients.scores-of-the-mean",
            ),
            statement(
                "The gradient on the weights is Xᵀ times the gradient on the scores.",
                "gradients.linear-classifier",
            ),
            statement(
                "The gradient on a bias is the sum over the examples of the gradients on its score.",
                "gradients.linear-classifier",
            ),
            statement(
                "The penalty adds λ W to the gradient on the weights and nothing to the gradient on the biases.",
                "gradients.penalty",
            ),
            statement(
                "That is the derivative of λ/2 · w², in which the 2 cancels the ½: it is proportional to λ and to "
                "W.",
                "gradients.penalty",
                "gradients.penalty-scaling",
            ),
            consequence(
                "The gradient of a mean does not change if all examples are repeated.",
                "gradients.duplicated-examples",
            ),
            consequence("The gradient of the sum is N times as large.", "gradients.sum-and-mean"),
            consequence(
                "An example that occurs several times counts as often.", "gradients.repeated-examples"
            ),
            consequence(
                "With a penalty, a linear classifier has one best network, which a long run ends at.",
                "outcomes.best-linear-classifier",
            ),
        ),
    ),
    Section(
        "Performing a parameter update",
        depth=1,
        statements=(
            statement(
                "Every parameter moves against its gradient, by the step size times the gradient; biases too.",
                "updates.gradient-descent",
            ),
            consequence(
                "After a number of iterations, a run is as far as its learning rate says.",
                "outcomes.linear-classifier-on-the-way",
            ),
        ),
    ),
    Section(
        "Putting it all together: Training a Softmax Classifier",
        depth=1,
        statements=(
            aside("The parameters are drawn as before.", "covered under Initialize the parameters"),
            statement(
                "The step size is 1, λ is 0.001, and 200 iterations use all examples each time.",
                "training.spiral-linear",
            ),
            statement(
                "An iteration computes scores, probabilities, loss, gradients and one update of all parameters, in "
                "this order.",
                "training.one-step",
                "training.steps",
            ),
            statement(
                "The loss of an iteration belongs to the parameters before its update.", "training.losses"
            ),
            consequence(
                "From earlier iterations, an iteration needs only the parameters.", "training.two-halves"
            ),
            consequence(
                "Every iteration does the same, from the first to the last.",
                "gradients.stored-states",
                "updates.stored-states",
                "training.stored-states",
                "training.revealing-runs",
            ),
            statement(
                "Twenty losses are printed, one every 10 iterations from 0 on: 1.096956, 0.917265, 0.851503, "
                "0.822336, 0.807586, 0.799448, 0.794681, 0.791764, 0.789920, 0.788726, 0.787938, 0.787409, 0.787049, "
                "0.786803, 0.786633, 0.786514, 0.786431, 0.786373, 0.786331, 0.786302.",
                "training.spiral-linear",
            ),
            statement("By iteration 190, the loss hardly changes any more.", "training.spiral-linear"),
            statement("The predicted class is the one with the highest score.", "losses.predictions"),
            statement(
                "The accuracy is the share of examples whose prediction equals their label: 49 %.",
                "outcomes.spiral-linear",
            ),
            statement("A linear classifier cannot learn the spiral.", "outcomes.spiral-linear"),
            aside("The regions of the three classes are drawn.", "a picture"),
            consequence(
                "A parameter that starts at 0, or a constant that is 0, is used like any other.",
                "training.zeros",
            ),
            consequence(
                "With a penalty, a linear classifier has one best network, which a long run ends at.",
                "outcomes.best-linear-classifier",
            ),
            consequence(
                "After a number of iterations, a run is as far as its learning rate says.",
                "outcomes.linear-classifier-on-the-way",
            ),
        ),
    ),
    Section(
        "Training a Neural Network",
        statements=(
            statement(
                "There are two sets of parameters, W (2, 100), b (100,), W2 (100, 3) and b2 (3,): the weights are "
                "standard normals times 0.01, the biases 0.",
                "training.small-initialization",
            ),
            statement(
                "The outputs of the hidden layer are max(0, X W + b).",
                "losses.hidden-outputs",
                "functions.relu",
            ),
            statement("The scores are these outputs times W2 plus b2, with no activation.", "losses.scores"),
            aside(
                "Loss and gradient on the scores are computed as before.",
                "covered under the linear classifier",
            ),
            statement(
                "The gradients on W2 and b2 are those of a linear classifier whose inputs are the hidden outputs.",
                "gradients.hidden-layers",
            ),
            statement(
                "The gradient on the hidden outputs is the gradient on the scores times the transpose of W2.",
                "gradients.hidden-layers",
            ),
            statement(
                "The derivative of max(0, x) is 1 where x > 0 and 0 elsewhere.", "functions.relu-derivative"
            ),
            statement(
                "In the backward pass, a unit passes the gradient on unchanged where its input was above 0 and "
                "stops it where its input was below 0.",
                "gradients.hidden-layers",
            ),
            statement(
                "The code stops it where the hidden output is 0 or less, so also where the input is exactly 0; the "
                "output is enough to decide this.",
                "gradients.relu-at-0",
                "functions.relu-derivative",
            ),
            statement(
                "The gradients on W and b are Xᵀ times the remaining gradient, and its sum over the examples.",
                "gradients.hidden-layers",
            ),
            statement("The penalty sums the squares of both W and W2.", "losses.penalty"),
            statement("λ W2 and λ W are added to the gradients on both.", "gradients.penalty"),
            statement(
                "All four gradients are computed before any parameter moves.",
                "training.one-step",
                "training.steps",
            ),
            statement("All four parameters move against their gradients.", "updates.gradient-descent"),
            statement(
                "The step size is 1, λ is 0.001, there are 100 hidden units and 10 000 iterations on all examples.",
                "training.spiral-relu",
            ),
            statement("Here too, the loss of an iteration is taken before its update.", "training.losses"),
            statement(
                "Ten losses are printed, one every 1000 iterations from 0 on: 1.098744, 0.294946, 0.259301, 0.248310, "
                "0.246170, 0.245649, 0.245491, 0.245400, 0.245335, 0.245292.",
                "training.spiral-relu",
            ),
            consequence(
                "Every iteration does the same, from the first to the last.",
                "gradients.stored-states",
                "updates.stored-states",
                "training.stored-states",
                "training.revealing-runs",
            ),
            statement(
                "The prediction is the class with the highest score of the whole network.",
                "losses.predictions",
            ),
            statement(
                "The training accuracy is 98 %: one hidden layer is enough here.", "outcomes.spiral-relu"
            ),
            aside("The regions of the three classes are drawn.", "a picture"),
            consequence(
                "A unit has the value of its activation however far its input is from 0.",
                "losses.far-activations",
            ),
            consequence(
                "A parameter that starts at 0, or a constant that is 0, is used like any other.",
                "training.zeros",
            ),
        ),
    ),
    Section(
        "Summary",
        statements=(
            aside(
                "From the linear classifier to the network, only the scores and the backward pass change.",
                "covered above",
            ),
            aside("The code is available as a notebook.", "links"),
        ),
    ),
)
