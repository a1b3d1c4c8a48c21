"""docs/peers.md: what gradient checks and the like refuse of the catalogue, and of correct programs."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from peer_checks import CRASHES, GRADIENT_PEERS, PARTS, PEERS
from peer_deepchecker import PEER as DEEPCHECKER_OTHERS
from peer_training import CHANCE, OVERFIT, TORCHTEST

from nnspec import mistakes
from nnspec.report.record import CHAPTERS

WHOLE, *FEW = PARTS
TRAIN = "`train`"
#: The peers as the columns of the table of chapters.
GROUPS: Mapping[str, Collection[str]] = {
    "gradient checks": GRADIENT_PEERS,
    "TheDeepChecker's others": (DEEPCHECKER_OTHERS,),
    "torchtest": (TORCHTEST,),
    "ln K": (CHANCE,),
    "overfitting": (OVERFIT,),
    "all together": PEERS,
}
#: Mistakes that all peers let pass, and why.
EXAMPLES = {
    "ReLUCapped": "No hidden output of a usual batch gets there, so the loss and its gradients are right.",
    "MomentumOfNesterov": "The gradients are right, every parameter moves, and the network overfits all the same.",
    "MinibatchesIgnored": "The step that is looked at uses all examples, and 20 of them are overfitted all the sooner.",
}

#: The rule of each peer, what it sees of a program, and the source.
RULES = (
    """**CS231n's gradient check.** Central differences with h = 1e-5 for every parameter; the relative error is
    |a − n| / max(|a|, |n|), and 0 where both are 0. The notes name three limits, and each has a row: above 1e-2
    the gradient is probably wrong; above 1e-4 one should feel uncomfortable, but 1e-4 is usually fine where
    there are kinks; up to 1e-7 one should be happy. So the third row has 1e-7, and 1e-4 for networks with ReLU.
    Source: [cs231n/cs231n.github.io](https://github.com/cs231n/cs231n.github.io), `neural-networks-3.md` at
    `3d84654b1460`, “Gradient Checks”.""",
    """**torch.autograd.gradcheck.** eps = 1e-6 and |a − n| ≤ 1e-5 + 1e-3 · |n| for every parameter; the
    backward pass, made again, gives the same bits (`nondet_tol` is 0). Source:
    [pytorch/pytorch](https://github.com/pytorch/pytorch), `torch/autograd/gradcheck.py` at `0189069d605b`; the
    documentation of torch 1.13 and of the newest torch have the same defaults.""",
    """**jax.test_util.check_grads.** eps = 1e-4 in one direction, which RandomState(0) draws; atol = rtol =
    1e-5 in float64 and 2e-3 in float32. `order` has no default: here it is 1, and of the modes only “rev” is
    asked, since a backward pass written by hand is a `custom_vjp`, which has no forward mode, and a program
    offers no second derivatives. Source: [jax-ml/jax](https://github.com/jax-ml/jax),
    `jax/_src/public_test_util.py` at `055a88344ffe`.""",
    """**TheDeepChecker's gradient check** (Ben Braiek and Khomh, “Testing Feedforward Neural Networks Training
    Programs”, TOSEM 2022). After 10 steps on 32 examples: delta = 1e-4, 3 examples, a tenth of the numbers of
    each array of weights and of no bias, ‖a − n‖ / (‖a‖ + ‖n‖) ≤ 0.01. It is off by default; here it is on.
    Source: [thedeepchecker/thedeepchecker](https://github.com/thedeepchecker/thedeepchecker),
    `deep_checker/checkers.py` and `deep_checker/config/settings.yaml` at `d0a2b3a5339b`.""",
    """**TheDeepChecker's other checks.** Data that are normalized and balanced; initial weights of the usual
    size (an F test) and initial biases of 0; an initial loss within 100 % of ln K, which does not double with
    the batch; after 1000 iterations on 16 examples, 95 % of the labels right, every loss finite and none 0;
    probabilities that do not depend on the other examples; in 100 iterations on 50 examples, parameters,
    updates, losses, gradients, hidden outputs and probabilities that are finite and neither dead, saturated,
    vanishing, exploding, stagnating nor of an unusual size; losses that change in 50 passes. Source: the same,
    and `hooks.py` and `metrics.py` beside it.""",
    """**torchtest.** After one training step no array of parameters is what it was; with small weights, scores
    lie between −1 and 1 (its default) and probabilities between 0 and 1; no output is NaN; not all outputs are
    infinite, which is what its `assert_never_inf` asks in fact. Source:
    [suriyadeepan/torchtest](https://github.com/suriyadeepan/torchtest), `torchtest/torchtest.py` at
    `66a2c8b669aa`.""",
    """**Initial loss ≈ ln K.** With weights of about 0.01 and no penalty the loss per example is ln K, and a
    penalty adds to the loss. Source: the notes of CS231n at the same commit, “Before learning: sanity checks”.
    They give no tolerance: here it is 1 %.""",
    """**Overfitting 20 examples.** 400 iterations of `train` on 20 examples with random labels, without a
    penalty, end at “zero cost” (here: less than 1 % of ln K per example) and with all labels right; so does
    `fit`. Source: the same.""",
)

CHOICES = (
    """A gradient check sees `loss` and `gradients`, as a function and its derivative; in a whole program also
    `cross_entropy` with `score_gradient`, and `activation` with `activation_derivative`. It sees no optimizer.
    From a program that has `train` alone, a user can still read the loss and the gradients off one step of
    gradient descent, (θ − θ′)/μ, so that is what it sees there.""",
    """A careful user tries more than one batch. So there are 30 cases: linear classifiers and networks with one
    and two hidden layers; ReLU, tanh and logistic; 2 and 3 classes; the mean and the sum; no penalty and a
    strong one; 1 to 20 examples; each with a seed of its own. The weights are N(0, 1/fan-in) and the biases
    N(0, 1/4), which stands for the burn-in that CS231n recommends: small initial weights hide mistakes.""",
    """Each check calls the program in its own process and hands it its own arrays, so that a program which
    changes its arguments or remembers a call can be found out. Each check gets a new instance of the program.""",
    """Trainings use gradient descent and momentum 0.9, all examples or minibatches, at rates at which the
    reference passes. No peer has a check for a schedule. torchtest also asks for NaN and infinite outputs at
    inputs of the size of pixels, 100 · N(0, 1).""",
    """Left out of torchtest: variables that must not change (none of these programs has frozen layers) and the
    use of a GPU. Left out of TheDeepChecker: augmentation, dropout, regression; it is not stopped at the first
    perfect score. Left out of gradcheck and check_grads: fast_mode, second derivatives, and gradients on the
    inputs, which no operation returns.""",
)

INTRODUCTION = (
    """Measured by `{command}` with NumPy {numpy} on Python {python}, {machine}.""",
    """Most programs that train a network are checked by a gradient check, if at all; some by a test suite for
    training, by their loss at chance, or by overfitting a few examples. Each of these was written anew by its
    own rules, with its default constants, and run on the {number} mistakes of nnspec's catalogue. It *refuses*
    a mistake if one of its checks fails, or the program crashes under it, and the reference passes the same
    check. A program with few operations meets only the checks that call no other.""",
    """The catalogue is nnspec's own: a mistake is in it if a clause refuses it, so the first row is full by
    construction; in programs with few operations it is all that can show. The others say where each peer looks
    and where it does not. Most of them were made for programs whose gradients a framework computes.""",
)


def page(stored: Mapping[str, Any]) -> str:
    """docs/peers.md, from what docs/peers.json holds."""
    known = {**stored["provenance"], "number": len(stored["refused"])}
    return "\n".join(
        [
            "# Beside its peers",
            *chain.from_iterable(["", *wrapped(text.format(**known))] for text in INTRODUCTION),
            "",
            *refused_table(stored),
            "",
            *wrapped(remark(stored)),
            *section("Chapter by chapter", chapter_table(stored)),
            *section("What all of them let pass", passed_by_all(stored)),
            *section("Correct programs", alarm_table(stored)),
            *section("The rules", bullets(RULES)),
            *section("What was chosen", bullets(CHOICES)),
            "",
        ]
    )


def wrapped(text: str, indent: str = "") -> list[str]:
    """The lines of a paragraph, or of a bullet with an indent."""
    return textwrap.wrap(
        " ".join(text.split()),
        120,
        initial_indent="- " if indent else "",
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def bullets(texts: Iterable[str]) -> Iterator[str]:
    """A bullet for each text."""
    for text in texts:
        yield from wrapped(text, "  ")


def section(title: str, lines: Iterable[str]) -> list[str]:
    """A heading and the lines under it."""
    return ["", f"## {title}", "", *lines]


def refused(stored: Mapping[str, Any], part: str, peers: Collection[str]) -> list[str]:
    """The mistakes that any of these peers refuses in programs that offer this part."""
    return [name for name, parts in stored["refused"].items() if {*parts[part]} & {*peers}]


def refused_table(stored: Mapping[str, Any]) -> Iterator[str]:
    """How many mistakes each peer refuses."""
    yield f"| | checks | {' | '.join(PARTS)} |"
    yield "|---|---|---|---|---|---|"
    ours = " | ".join(str(stored["nnspec"][part]) for part in PARTS)
    yield f"| nnspec: [whole programs](power-matrix.md), [others](partial-power.md) | | {ours} |"
    for peer in PEERS:
        counts = " | ".join(str(len(refused(stored, part, [peer]))) for part in PARTS)
        yield f"| {peer} | {stored['checks'][peer]} | {counts} |"
    for title, peers in (("all six gradient checks", GRADIENT_PEERS), ("all together", PEERS)):
        counts = " | ".join(str(len(refused(stored, part, peers))) for part in PARTS)
        yield f"| **{title}** | | {counts} |"


def remark(stored: Mapping[str, Any]) -> str:
    """What the table does not say."""
    crashes = [
        name
        for name, parts in stored["refused"].items()
        if any(CRASHES in found.values() for found in parts.values())
    ]
    step = {*refused(stored, TRAIN, GRADIENT_PEERS)} - {*refused(stored, WHOLE, GRADIENT_PEERS)}
    everything = {*refused(stored, TRAIN, PEERS)} | {*refused(stored, WHOLE, PEERS)}
    return (
        f"Found by a crash instead of a check that fails: {', '.join(crashes) or 'none'}. In a program that has "
        "`train` alone, one step of it stands for the gradients, so that a gradient check sees the update too: it "
        f"refuses {len(step)} mistakes more than in `loss` and `gradients`. Who reads a step so in whole programs as "
        "well refuses "
        f"{len(everything)} there, with all peers together."
    )


# ---- chapters ----


def chapter(name: str) -> str:
    """The chapter of the clause that a mistake names."""
    return str(getattr(mistakes, name).clause).partition(".")[0]


def chapter_table(stored: Mapping[str, Any]) -> Iterator[str]:
    """How many mistakes of each chapter the peers refuse in whole programs."""
    yield "Of whole programs, by the chapter of the clause that a mistake breaks:"
    yield ""
    yield f"| chapter | mistakes | {' | '.join(GROUPS)} |"
    yield f"|{'---|' * (len(GROUPS) + 2)}"
    found = {title: Counter(map(chapter, refused(stored, WHOLE, peers))) for title, peers in GROUPS.items()}
    numbers = Counter(map(chapter, stored["refused"]))
    for each in CHAPTERS:
        counts = " | ".join(str(found[title][each]) for title in GROUPS)
        yield f"| {each} | {numbers[each]} | {counts} |"


def passed(stored: Mapping[str, Any]) -> list[str]:
    """The mistakes that all peers let pass in whole programs."""
    found = {*refused(stored, WHOLE, PEERS)}
    return [name for name in stored["refused"] if name not in found]


def passed_by_all(stored: Mapping[str, Any]) -> Iterator[str]:
    """Three examples, and all of them by chapter."""
    names = passed(stored)
    yield f"{len(names)} mistakes pass every check of every peer, as whole programs. Three of them:"
    yield ""
    for name, why in EXAMPLES.items():
        yield f"- **{name}**: {getattr(mistakes, name).__doc__} {why}"
    yield ""
    yield "All of them:"
    yield ""
    for each in CHAPTERS:
        here = [name for name in names if chapter(name) == each]
        if here:
            yield f"- {each}: {', '.join(here)}"


# ---- correct programs ----


def alarm_table(stored: Mapping[str, Any]) -> Iterator[str]:
    """How many correct programs each peer refuses, and by how many checks."""
    by_precision = {
        precision: {
            name: one["peers"] for name, one in stored["correct"].items() if one["precision"] == precision
        }
        for precision in ("float64", "float32")
    }
    double, single = (", ".join(f"`{name}`" for name in by_precision[each]) for each in by_precision)
    yield from wrapped(
        f"In double precision: {double}. In single precision: {single}. nnspec accepts all of them: their whole runs "
        "are on [their page](soundness.md), and tests hold the rest. CS231n's notes and torch's documentation ask for "
        "double precision; the columns for single precision show why. A check that a program does not support is "
        "not counted."
    )
    yield ""
    yield "| refuses, of correct programs | in double precision | checks | in single precision | checks |"
    yield "|---|---|---|---|---|"
    for peer in PEERS:
        cells = [cell for programs in by_precision.values() for cell in alarm_cells(programs, peer)]
        yield f"| {peer} | {' | '.join(cells)} |"
    yield ""
    yield from alarms_named(by_precision["float64"])


def alarm_cells(programs: Mapping[str, Any], peer: str) -> list[str]:
    """``2 of 9`` programs and ``5 of 300`` checks."""
    failed = [len(peers[peer]["failed"]) for peers in programs.values()]
    made = sum(peers[peer]["made"] for peers in programs.values())
    judged = sum(peers[peer]["made"] > 0 for peers in programs.values())
    return [f"{sum(map(bool, failed))} of {judged}", f"{sum(failed)} of {made}"]


def alarms_named(programs: Mapping[str, Any]) -> Iterator[str]:
    """Which checks fail for correct programs in double precision, without what differs from case to case."""
    yield "What fails in double precision:"
    yield ""
    for peer in PEERS:
        failed = Counter(
            about.partition(":")[0] for peers in programs.values() for about in peers[peer]["failed"]
        )
        if failed:
            kinds = ", ".join(f"{kind} ({number})" for kind, number in failed.items())
            yield f"- {peer}: {kinds}"
