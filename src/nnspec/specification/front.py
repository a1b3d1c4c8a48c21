"""The front of the specification: how to read it, the notation, and where the documents differ.

It is made of blocks, which each format renders in its own way.
"""

from __future__ import annotations

from dataclasses import dataclass

from nnspec.documents.places import DOCUMENTS


@dataclass(frozen=True)
class Paragraph:
    """Plain text; backticks mark `code`."""

    text: str
    kind = "paragraph"


@dataclass(frozen=True)
class Items:
    """A list of paragraphs."""

    texts: tuple[str, ...]
    kind = "items"


@dataclass(frozen=True)
class Formula:
    """A formula in LaTeX, on a line of its own."""

    latex: str
    kind = "formula"


@dataclass(frozen=True)
class Table:
    """Plain text: the head and the rows."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kind = "table"


Block = Paragraph | Items | Formula | Table


@dataclass(frozen=True)
class Part:
    """One part of the front: a title and the blocks under it."""

    title: str
    blocks: tuple[Block, ...]


TITLE = "What a program that trains a small neural network must do"

LEAD = (
    "Three texts have taught half the field to write a network by hand: the CS231n case study, WildML's network "
    "from scratch, and Roelants' vectorised backpropagation with momentum. This specification states their content "
    "as clauses. Each clause is one rule that a program keeps or breaks, with its formula, its source, the tests "
    "that check it, and the mistakes that break it."
)

HOW_TO_READ = Part(
    "How to read it",
    (
        Items(
            (
                "A clause is named by its chapter and its own name, for example `gradients.penalty`. The name never "
                "changes. A clause gives its rule as a sentence, then as a formula, then remarks.",
                "MUST: a document states the rule. SHOULD: no document does, but a program that breaks it is of little "
                "use, such as one whose softmax overflows. A program that breaks either does not conform; a program "
                "that is checked against one document alone must keep only what that document states.",
                "“Needs” lists the operations of the contract (`docs/contract.md`) that the clause calls. What a "
                "program does not offer is reported as unsupported, never as passed.",
                "“Tests” lists what is tried. “Typical mistakes” lists programs that the clause is known to refuse: "
                "each is the reference with one thing wrong, and can be checked like any other program, for example "
                "with `nnspec check nnspec.mistakes:BiasesPenalised`.",
                "Each chapter builds on those before it. If several fail, begin with the first.",
                "`nnspec explain gradients.penalty` shows one clause in the terminal; "
                "`nnspec check TARGET --select gradients.penalty` checks a program against that clause alone.",
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
            "`docs/coverage.md` goes through the documents statement by statement and names the clauses that cover "
            "each. It also lists the documents' own mistakes, with what holds instead."
        ),
    ),
)

NOTATION = Part(
    "Notation",
    (
        Table(
            ("symbol", "shape", "meaning"),
            (
                ("N, D, H, K", "", "the numbers of examples, inputs, units of a hidden layer, and classes"),
                ("X", "(N, D)", "the inputs, one example x per row"),
                ("y", "(N,)", "the labels, integers from 0 to K − 1"),
                ("W, b", "(fan_in, fan_out), (fan_out,)", "the weights and the biases of a layer"),
                ("z", "(N, fan_out)", "a layer's values before the activation: X W + b in the first layer"),
                ("φ(z), φ′(z)", "like z", "the activation of the hidden layers, and its derivative"),
                ("σ", "", "the logistic function, which is one of the activations"),
                ("h", "(N, H)", "the outputs of a hidden layer, φ(z)"),
                (
                    "f",
                    "(N, K)",
                    "the scores: z of the last layer, which has no activation; f_k is the score of class k",
                ),
                (
                    "p",
                    "(N, K)",
                    "the probabilities: softmax of the scores, row by row; p_y is the probability of the label",
                ),
                ("1(y = k)", "(N, K)", "1 where the label is k, and 0 elsewhere"),
                ("L", "a number", "the objective: the cross-entropies of the examples, and the penalty"),
                (
                    "δ",
                    "(N, fan_out)",
                    "the gradient of the objective on z of a layer; in the last layer, on the scores",
                ),
                ("θ, ∇L", "", "the parameters (all weights and biases), and the gradient of L on them"),
                ("μ, t", "", "the learning rate, and the iteration, counted from 0"),
                ("V", "like θ", "the velocity of momentum"),
                (
                    "λ",
                    "",
                    "in an objective, the strength of the penalty (`l2`); in an optimiser, the momentum",
                ),
                ("∘, ᵀ", "", "the elementwise product, the transpose"),
                ("‖W‖²", "", "the sum of the squares of all weights of a layer"),
            ),
        ),
        Paragraph(
            "The documents use λ for two things, but never for both at once. Numbers are floating-point numbers: “is” "
            "in a clause means up to the rounding errors of a correct program, which `docs/judging.md` derives."
        ),
    ),
)

THE_WHOLE = Part(
    "The whole computation",
    (
        Paragraph("Forward, from the inputs through layers 1 to M; all but the last are hidden:"),
        Formula(r"z^{(l)} = h^{(l-1)} W^{(l)} + b^{(l)}, \quad h^{(l)} = \varphi(z^{(l)})"),
        Formula(r"h^{(0)} = X, \quad f = z^{(M)}"),
        Paragraph("The probabilities of example i, and the objective with the mean of the cross-entropies:"),
        Formula(r"p_{ik} = \frac{e^{f_{ik}}}{\sum_j e^{f_{ij}}}"),
        Formula(r"L = -\frac{1}{N} \sum_i \log p_{i y_i} + \frac{\lambda}{2} \sum_l \lVert W^{(l)} \rVert^2"),
        Paragraph("Backward, always with the parameters from before the step:"),
        Formula(r"\delta^{(M)} = \frac{p - \mathbb{1}(y = k)}{N}"),
        Formula(r"\delta^{(l-1)} = \left(\delta^{(l)} {W^{(l)}}^T\right) \circ \varphi'(z^{(l-1)})"),
        Formula(r"\frac{\partial L}{\partial W^{(l)}} = {h^{(l-1)}}^T \delta^{(l)} + \lambda W^{(l)}"),
        Formula(r"\frac{\partial L}{\partial b^{(l)}} = \sum_i \delta^{(l)}_i"),
        Paragraph("If the cross-entropies are summed instead of averaged, omit both divisions by N."),
        Paragraph("The update, by momentum, which is gradient descent if its λ is 0:"),
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
            "The documents compute the same network but differentiate different objectives. They also print "
            "different numbers at different moments. A program that mixes two columns of this table may train "
            "well, but is still wrong."
        ),
        Table(
            ("", "CS231n", "WildML", "Roelants"),
            (
                (
                    "data term",
                    "mean of the cross-entropies",
                    "sum of the cross-entropies",
                    "sum of the cross-entropies",
                ),
                ("penalty", "λ/2 · Σ‖W‖², λ = 0.001", "λ/2 · Σ‖W‖², λ = 0.01", "none"),
                ("biases penalised", "no", "no", "–"),
                (
                    "gradient on the scores",
                    "(p − 1(y = k)) / N",
                    "p − 1(y = k)",
                    "p − T, where the rows of T are 0 and 1",
                ),
                (
                    "reported loss",
                    "the objective",
                    "the objective / N, including the penalty",
                    "the objective",
                ),
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
            "same steps as the mean with λ/N and N μ. WildML's steps on 200 moons at λ = 0.01, μ = 0.01 are those of "
            "the mean at λ = 0.00005, μ = 2. In the contract, `reduction` says which objective is meant, and the "
            "losses that a program reports are always the objective before each update; what a document prints "
            "follows from them."
        ),
    ),
)

FRONT = (HOW_TO_READ, THE_DOCUMENTS, NOTATION, THE_WHOLE, WHERE_THEY_DIFFER)
