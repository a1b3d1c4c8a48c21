"""The CS231n case study, statement by statement. It is read in three copies, of which one has no headings."""

from __future__ import annotations

from nnspec.coverage.statements import Section, follows, held, unheld

#: How the document comes to us.
READ = (
    "It is read in three copies, of which one has no headings; they differ in a few places, which are errata."
)

SECTIONS = (
    Section(
        "Opening",
        remark="The text before the first heading.",
        statements=(
            unheld(
                "A network for points in the plane is written out in full: a linear classifier first, then the "
                "same with a hidden layer, for which little has to change.",
                "an overview",
            ),
        ),
    ),
    Section(
        "Generating some data",
        statements=(
            held(
                "There are 3 classes of 100 points each with 2 inputs: X is (300, 2), and there are 300 labels.",
                "data.spiral",
            ),
            held(
                "The points of class j are the rows 100 j to 100 j + 99, and their label is j.", "data.spiral"
            ),
            held(
                "Along a class the radius goes from 0 to 1 in equal steps, both ends included.", "data.spiral"
            ),
            held(
                "The angle goes from 4j to 4(j + 1) in equal steps, both ends included, and a standard normal "
                "of its own, times 0.2, is added for every point.",
                "data.spiral",
            ),
            held("A point is (r sin t, r cos t): the sine comes first.", "data.spiral"),
            held(
                "Labels are stored in unsigned bytes, as a program may well receive them.",
                "losses.label-types",
                "gradients.label-types",
            ),
            held("All inputs lie between −1 and 1, which the radius sees to.", "data.spiral"),
            unheld(
                "Inputs would usually be centred and scaled first; here this is left out.",
                "advice; that it is left out shows in every printed loss",
            ),
            unheld(
                "No straight lines separate the classes.",
                "what comes of it is held where a linear classifier is trained on them",
            ),
            unheld("The points are drawn in three colours.", "plotting"),
        ),
    ),
    Section("Training a Softmax Linear Classifier", remark="A heading with no text of its own."),
    Section(
        "Initialize the parameters",
        depth=1,
        statements=(
            unheld(
                "The scores are linear in the inputs, and the loss is the cross-entropy.", "said again below"
            ),
            held("W is (2, 3): a row an input, a column a class.", "training.small-initialization"),
            held("The weights start as standard normals times 0.01.", "training.small-initialization"),
            held("There is a bias for each class, and it starts at 0.", "training.small-initialization"),
        ),
    ),
    Section(
        "Compute the class scores",
        depth=1,
        statements=(
            held("The scores of all examples are X W + b, with b added to every row.", "losses.scores"),
            held("They are (300, 3): a row an example, a column a class.", "losses.scores"),
        ),
    ),
    Section(
        "Compute the loss",
        depth=1,
        statements=(
            unheld("The loss has to be differentiable; there are several ways to choose one.", "motivation"),
            held(
                "The loss of an example is low when its class has a higher score than the others, and high when "
                "it has not.",
                "losses.cross-entropy-range",
            ),
            held(
                "It is the negative logarithm of exp(f_y) over the sum of exp(f_j), f the example's scores and y "
                "its label.",
                "losses.cross-entropy",
            ),
            held(
                "Scores are logarithms of probabilities before these are normalised: exponentials, divided by "
                "their sum, give the probabilities.",
                "functions.softmax",
            ),
            follows(
                "A constant added to all scores of an example makes no difference.",
                "functions.softmax-shift",
            ),
            follows(
                "All classes are treated alike, and the greater score has the greater probability.",
                "functions.softmax-permutation",
                "functions.softmax-order",
            ),
            held("The probability of the label lies between 0 and 1.", "losses.cross-entropy-range"),
            held("As it goes to 0, the loss goes to infinity.", "losses.cross-entropy-range"),
            held("As it goes to 1, the loss goes to 0.", "losses.cross-entropy-range"),
            held(
                "The whole loss is the mean of the examples' losses plus the penalty.",
                "losses.objective",
                "losses.cross-entropy",
            ),
            follows(
                "All examples count alike, wherever they stand and however often all of them are repeated.",
                "losses.example-order",
                "losses.duplicated-examples",
            ),
            held(
                "The penalty is λ/2 times the sum of all squared weights; no bias is in it.",
                "losses.penalty",
            ),
            follows(
                "It grows in proportion to λ and with the square of the weights.",
                "losses.penalty-scaling",
            ),
            held(
                "In code: exponentials of the scores, over their sum along each row.",
                "functions.softmax",
            ),
            held(
                "The probabilities are (300, 3), and every row sums to 1.", "functions.softmax-rows-sum-to-1"
            ),
            held(
                "From each row the probability of that example's own label is taken, and its negative logarithm.",
                "losses.cross-entropy",
            ),
            held("These are added up and divided by the number of examples.", "losses.cross-entropy"),
            held(
                "In code: half of λ times the sum of W squared, added to the data's loss.", "losses.penalty"
            ),
            held(
                "With small random weights the loss starts near 1.1, as every class has a probability near 1/3.",
                "losses.initial",
            ),
            held("The loss cannot be less than 0.", "losses.cross-entropy-range"),
            held(
                "The lower the loss, the higher the probabilities of the right classes.",
                "losses.cross-entropy-range",
            ),
        ),
    ),
    Section(
        "Computing the Analytic Gradient with Backpropagation",
        depth=1,
        statements=(
            unheld("Training minimises the loss by gradient descent from random parameters.", "an overview"),
            held(
                "The gradient tells how the loss changes as something that it depends on is changed a little.",
                "gradients.taylor-remainder",
            ),
            unheld(
                "Probabilities and loss of an example are written down again.", "said under Compute the loss"
            ),
            held("The gradient of an example's loss on its scores is p_k − 1(y = k).", "gradients.scores"),
            held(
                "With p = (0.2, 0.3, 0.5) and the middle class right, it is (0.2, −0.7, 0.5).",
                "gradients.scores",
            ),
            follows(
                "What the wrong classes have, the right one lacks: such a gradient sums to 0.",
                "gradients.scores-rows-sum-to-0",
            ),
            held(
                "A higher score of a wrong class raises the loss, one of the right class lowers it, each at the "
                "rate that the gradient has there.",
                "gradients.taylor-remainder",
            ),
            held(
                "In code: the probabilities, less 1 at each example's label, all divided by N for the mean.",
                "gradients.scores-of-the-mean",
            ),
            held(
                "The gradient on the weights is Xᵀ times that on the scores.", "gradients.linear-classifier"
            ),
            held(
                "The gradient on a bias is the sum of its score's gradients over the examples.",
                "gradients.linear-classifier",
            ),
            held(
                "The penalty adds λ W to the gradient on the weights and nothing to that on the biases.",
                "gradients.penalty",
            ),
            held(
                "That is the derivative of λ/2 · w², whose half the 2 takes away: it is in proportion to λ and to W.",
                "gradients.penalty",
                "gradients.penalty-scaling",
            ),
            follows(
                "As the gradient of a mean it stays when all examples are repeated, and that of the sum is N times "
                "as large.",
                "gradients.duplicated-examples",
                "gradients.sum-and-mean",
            ),
        ),
    ),
    Section(
        "Performing a parameter update",
        depth=1,
        statements=(
            held(
                "Every parameter moves against its gradient, by the step size times the gradient; biases too.",
                "updates.gradient-descent",
            ),
        ),
    ),
    Section(
        "Putting it all together: Training a Softmax Classifier",
        depth=1,
        statements=(
            unheld("Parameters are drawn as before.", "said under Initialize the parameters"),
            held(
                "The step size is 1, λ is 0.001, and 200 iterations use all examples each time.",
                "training.spiral-linear",
            ),
            held(
                "An iteration is scores, probabilities, loss, gradients and one update of all parameters, in "
                "this order.",
                "training.one-step",
                "training.steps",
            ),
            held("The loss of an iteration is that of the parameters before its update.", "training.losses"),
            follows(
                "An iteration needs nothing of the earlier ones but the parameters.", "training.two-halves"
            ),
            follows(
                "Every one of the iterations does the same, the last as the first.",
                "gradients.stored-states",
                "updates.stored-states",
                "training.stored-states",
                "training.revealing-runs",
            ),
            held(
                "Twenty losses are printed, one every 10 iterations from 0 on: 1.096956, 0.917265, 0.851503, "
                "0.822336, 0.807586, 0.799448, 0.794681, 0.791764, 0.789920, 0.788726, 0.787938, 0.787409, 0.787049, "
                "0.786803, 0.786633, 0.786514, 0.786431, 0.786373, 0.786331, 0.786302.",
                "training.spiral-linear",
            ),
            held("By iteration 190 the loss hardly moves any more.", "training.spiral-linear"),
            held("The predicted class is the one with the greatest score.", "losses.predictions"),
            held(
                "The accuracy is the share of examples whose prediction is their label; it comes out as 49 %.",
                "outcomes.spiral-linear",
            ),
            held("A linear classifier cannot learn the spiral.", "outcomes.spiral-linear"),
            unheld("The regions of the three classes are drawn.", "a picture"),
        ),
    ),
    Section(
        "Training a Neural Network",
        statements=(
            held(
                "There are two sets of parameters, W (2, 100), b (100,), W2 (100, 3) and b2 (3,): the weights "
                "standard normals times 0.01, the biases 0.",
                "training.small-initialization",
            ),
            held(
                "The outputs of the hidden layer are max(0, X W + b).",
                "losses.hidden-outputs",
                "functions.relu",
            ),
            held("The scores are these outputs times W2 plus b2, with no activation.", "losses.scores"),
            unheld(
                "Loss and gradient on the scores are computed as before.", "said under the linear classifier"
            ),
            held(
                "The gradients on W2 and b2 are those of a linear classifier whose inputs are the hidden outputs.",
                "gradients.hidden-layers",
            ),
            held(
                "The gradient on the hidden outputs is that on the scores times the transpose of W2.",
                "gradients.hidden-layers",
            ),
            held(
                "The derivative of max(0, x) is 1 where x > 0 and 0 elsewhere.", "functions.relu-derivative"
            ),
            held(
                "Going back, a unit hands the gradient on unchanged where its input was above 0 and stops it where "
                "it was below.",
                "gradients.hidden-layers",
            ),
            held(
                "The code stops it where the hidden output is 0 or less, so also where the input is exactly 0; the "
                "output tells as much as the input does.",
                "gradients.relu-at-0",
                "functions.relu-derivative",
            ),
            held(
                "The gradients on W and b are Xᵀ times what is left, and its sum over the examples.",
                "gradients.hidden-layers",
            ),
            held("The penalty adds up the squares of both W and W2.", "losses.penalty"),
            held("λ W2 and λ W are added to the gradients on both.", "gradients.penalty"),
            held(
                "All four gradients are computed before any parameter moves.",
                "training.one-step",
                "training.steps",
            ),
            held("All four parameters move against their gradients.", "updates.gradient-descent"),
            held(
                "The step size is 1, λ is 0.001, there are 100 hidden units and 10 000 iterations on all examples.",
                "training.spiral-relu",
            ),
            held("The loss of an iteration is taken before its update here too.", "training.losses"),
            held(
                "Ten losses are printed, one every 1000 iterations from 0 on: 1.098744, 0.294946, 0.259301, 0.248310, "
                "0.246170, 0.245649, 0.245491, 0.245400, 0.245335, 0.245292.",
                "training.spiral-relu",
            ),
            follows(
                "Every one of the iterations does the same, the last as the first.",
                "gradients.stored-states",
                "updates.stored-states",
                "training.stored-states",
                "training.revealing-runs",
            ),
            held("The prediction is the greatest score of the whole network.", "losses.predictions"),
            held("The training accuracy is 98 %: one hidden layer is enough here.", "outcomes.spiral-relu"),
            unheld("The regions of the three classes are drawn.", "a picture"),
        ),
    ),
    Section(
        "Summary",
        statements=(
            unheld(
                "From the linear classifier to the network, the scores and the way back change and nothing else.",
                "said above",
            ),
            unheld("The code can be had as a notebook.", "links"),
        ),
    ),
)
