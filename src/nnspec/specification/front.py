"""The front of the specification: how to read it, its notation, and where the documents differ."""

from __future__ import annotations

from nnspec.documents.places import DOCUMENTS
from nnspec.specification.blocks import Formula, Items, Paragraph, Part, Table

TITLE = "What a program that trains a small neural network has to do"

LEAD = (
    "Three texts have taught half the field to write a network by hand: the CS231n case study, WildML's network "
    "from scratch, and Roelants' vectorised backpropagation with momentum. This is what they say, as clauses: "
    "each one rule that a program keeps or breaks, with its formula, the place that it is taken from, the tests "
    "that hold it, and the mistakes that break it."
)

HOW_TO_READ = Part(
    "How to read it",
    (
        Items(
            (
                "A clause is named by its chapter and its name, as `gradients.penalty`. The name never changes. "
                "Under it stands the rule in a sentence, then the same as a formula, then what else there is to say.",
                "MUST: a document states it. SHOULD: no document does, but a program without it is of little use, "
                "such as a softmax that overflows. A program that breaks either does not conform; checked against "
                "one document alone, it is held to what that document states.",
                "Under “needs” stand the operations of the contract (`docs/contract.md`) that the clause calls. What a "
                "program does not offer is reported as not supported, never as passed.",
                "The tests are what is tried. The typical mistakes are programs that the clause is known to refuse: "
                "each is the reference with one thing wrong, and can be checked like any other, as "
                "`nnspec check nnspec.mistakes:BiasesPenalised`.",
                "The chapters rest on each other. Where several fail, begin with the first.",
                "`nnspec explain gradients.penalty` shows one clause in the terminal; "
                "`nnspec check TARGET --select gradients.penalty` checks a program against it alone.",
            )
        ),
    ),
)

THE_DOCUMENTS = Part(
    "The documents",
    (
        Table(
            ("name", "document", "author"),
            tuple((document.name, document.title, document.author) for document in DOCUMENTS.values()),
        ),
        Paragraph(
            "`docs/coverage.md` goes through them statement by statement and names the clauses that hold each; the "
            "documents' own mistakes stand there too, with what holds instead."
        ),
    ),
)

NOTATION = Part(
    "Notation",
    (
        Table(
            ("sign", "shape", "stands for"),
            (
                ("N, D, H, K", "", "the numbers of examples, inputs, units of a hidden layer, and classes"),
                ("X", "(N, D)", "the inputs, an example x a row"),
                ("y", "(N,)", "the labels, whole numbers from 0 to K − 1"),
                ("W, b", "(fan_in, fan_out), (fan_out,)", "the weights and the biases of a layer"),
                (
                    "z",
                    "(N, fan_out)",
                    "what a layer makes of its inputs before the activation, X W + b in the first",
                ),
                ("φ(z), φ′(z)", "like z", "the activation of the hidden layers, and its derivative"),
                ("σ", "", "the logistic function, which is one of the activations"),
                ("h", "(N, H)", "the outputs of a hidden layer, φ(z)"),
                (
                    "f",
                    "(N, K)",
                    "the scores, z of the last layer, which has no activation; f_k that of class k",
                ),
                ("p", "(N, K)", "the probabilities, softmax of the scores row by row; p_y that of the label"),
                ("1(y = k)", "(N, K)", "1 where the label is k, and 0 elsewhere"),
                ("L", "a number", "the objective: the cross-entropies of the examples, and the penalty"),
                (
                    "δ",
                    "(N, fan_out)",
                    "the gradient of the objective on z of a layer, in the last on the scores",
                ),
                ("θ, ∇L", "", "the parameters, all weights and biases, and the gradient of L on them"),
                ("μ, t", "", "the learning rate, and the iteration, counted from 0"),
                ("V", "like θ", "the velocity of momentum"),
                ("λ", "", "in an objective the strength of the penalty (`l2`), in an optimiser the momentum"),
                ("∘, ᵀ", "", "the product element by element, the transpose"),
                ("‖W‖²", "", "the sum of the squares of all weights of a layer"),
            ),
        ),
        Paragraph(
            "The documents use λ for two things, and none uses both at once. Numbers are floating-point numbers: "
            "“is” in a clause means up to what rounding may do to a correct program, which `docs/judging.md` derives."
        ),
    ),
)

THE_WHOLE = Part(
    "The whole computation",
    (
        Paragraph(
            "Forward, from the inputs through the layers 1 to M, of which all but the last are hidden:"
        ),
        Formula(r"z^{(l)} = h^{(l-1)} W^{(l)} + b^{(l)}, \quad h^{(l)} = \varphi(z^{(l)})"),
        Formula(r"h^{(0)} = X, \quad f = z^{(M)}"),
        Paragraph("The probabilities of example i, and the objective with the mean of the cross-entropies:"),
        Formula(r"p_{ik} = \frac{e^{f_{ik}}}{\sum_j e^{f_{ij}}}"),
        Formula(r"L = -\frac{1}{N} \sum_i \log p_{i y_i} + \frac{\lambda}{2} \sum_l \lVert W^{(l)} \rVert^2"),
        Paragraph("Backward, all of it with the parameters from before the step:"),
        Formula(r"\delta^{(M)} = \frac{p - \mathbb{1}(y = k)}{N}"),
        Formula(r"\delta^{(l-1)} = \left(\delta^{(l)} {W^{(l)}}^T\right) \circ \varphi'(z^{(l-1)})"),
        Formula(r"\frac{\partial L}{\partial W^{(l)}} = {h^{(l-1)}}^T \delta^{(l)} + \lambda W^{(l)}"),
        Formula(r"\frac{\partial L}{\partial b^{(l)}} = \sum_i \delta^{(l)}_i"),
        Paragraph(
            "Where the cross-entropies are summed instead of averaged, both divisions by N are left out."
        ),
        Paragraph("The update, by momentum or, where its λ is 0, by gradient descent:"),
        Formula(
            r"V \leftarrow \lambda V - \mu \frac{\partial L}{\partial \theta}, "
            r"\quad \theta \leftarrow \theta + V"
        ),
    ),
)

WHERE_THEY_DIFFER = Part(
    "Two objectives, three ways to report",
    (
        Paragraph(
            "The documents compute the same network and differentiate different objectives. They also print "
            "different numbers at different moments. A program that mixes two columns of this table may train "
            "well, and is wrong all the same."
        ),
        Table(
            ("", "CS231n", "WildML", "Roelants"),
            (
                ("data term", "mean of the cross-entropies", "sum of them", "sum of them"),
                ("penalty", "λ/2 · Σ‖W‖², λ = 0.001", "λ/2 · Σ‖W‖², λ = 0.01", "none"),
                ("biases penalised", "no", "no", "–"),
                (
                    "gradient on the scores",
                    "(p − 1(y = k)) / N",
                    "p − 1(y = k)",
                    "p − T, T rows of 0 and 1",
                ),
                ("reported loss", "the objective", "the objective / N, its penalty too", "the objective"),
                (
                    "reported when",
                    "before the update of the iteration",
                    "after the update of the iteration",
                    "once at the start, then after each update",
                ),
                (
                    "hidden activation",
                    "ReLU, φ′ = 0 at exactly 0",
                    "tanh, φ′ = 1 − h²",
                    "logistic, φ′ = h (1 − h)",
                ),
                (
                    "update",
                    "gradient descent, μ = 1",
                    "gradient descent, μ = 0.01",
                    "momentum, λ = 0.9, μ = 0.02",
                ),
                ("iterations", "200 linear, 10 000 with hidden units", "20 000", "300"),
                ("hidden units", "none, then 100", "3, then 1, 2, 3, 4, 5, 20, 50", "3"),
                ("initial weights", "0.01 · N(0, 1)", "N(0, 1) / √fan_in", "0.1 · N(0, 1)"),
                ("initial biases", "0", "0", "0.1 · N(0, 1)"),
            ),
        ),
        Paragraph(
            "The sum is N times the mean, and so is its gradient: the sum with penalty λ and learning rate μ takes the "
            "steps of the mean with λ/N and N μ. WildML's 200 moons at λ = 0.01, μ = 0.01 are those of a mean at "
            "λ = 0.00005, μ = 2. In the contract a program is told which is meant (`reduction`), and the losses "
            "that it gives are always the objective before each update; what a document prints follows from them."
        ),
    ),
)

FRONT = (HOW_TO_READ, THE_DOCUMENTS, NOTATION, THE_WHOLE, WHERE_THEY_DIFFER)
