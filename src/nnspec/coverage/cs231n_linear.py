"""The CS231n case study on its first program, the linear classifier, statement by statement."""

from __future__ import annotations

from nnspec.coverage.statements import Section, aside, consequence, statement

#: The sections from that on the classifier to the one that trains it.
SECTIONS = (
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
            statement(
                "The full loss is the mean of the examples' losses plus the penalty.",
                "losses.objective",
                "losses.cross-entropy",
            ),
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
                "The gradient of a mean does not change if all examples are repeated, and the gradient of the sum "
                "is N times as large.",
                "gradients.duplicated-examples",
                "gradients.sum-and-mean",
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
)
