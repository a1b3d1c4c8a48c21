"""The CS231n case study, statement by statement; its linear classifier is in cs231n_linear.py."""

from __future__ import annotations

from nnspec.coverage import cs231n_linear
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
    *cs231n_linear.SECTIONS,
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
