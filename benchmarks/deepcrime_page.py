"""The page docs/deepcrime.md, from the results of deepcrime.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from deepcrime_mutants import OPERATORS, Operator
from deepcrime_results import (
    MISSED,
    NAMED,
    PARTLY,
    RIGHTLY,
    SAME,
    SHORT,
    UNEXPLAINED,
    WRONG,
    Results,
    begins_elsewhere_alone,
    checks,
    logs,
    observed_alone,
    of_check,
    of_log,
    share,
    truths,
    wrong_sentences,
)

PAPER = "[DeepCrime](https://doi.org/10.1145/3460319.3464825)"
STUDY = "[Humbatova and others 2025](https://doi.org/10.1007/s10664-025-10657-7)"
#: What other tools publish: the tool, what it is given, what it was tried on, and what is published.
PUBLISHED = [
    (
        "[NeuraLint](https://arxiv.org/abs/2105.08095) (TOSEM 2021)",
        "the source of a program for TensorFlow or Keras, by 23 rules",
        "34 programs from Stack Overflow and GitHub",
        "64 faults and inefficient designs; recall 70.5 %, precision 100 %",
    ),
    (
        "[UMLAUT](https://doi.org/10.1145/3411764.3445538) (CHI 2021)",
        "the structure of a Keras program and its behaviour in training, by heuristics of experts",
        "15 people, with it and without",
        "with it people found and fixed significantly more bugs; no share of bugs that it names",
    ),
    (
        "[DeepDiagnosis](https://arxiv.org/abs/2112.04036) (ICSE 2022)",
        "what a model's layers compute while it trains, by eight error conditions",
        "444 models: 53 from GitHub and Stack Overflow, 391 from AUTOTRAINER",
        "more accurate than UMLAUT and DeepLocalize, localizes faster than AUTOTRAINER",
    ),
    (
        "[DeepFD](https://arxiv.org/abs/2205.01938) (ICSE 2022)",
        "what happens while a model trains, by a classifier of kinds of faults",
        "faulty programs",
        "52 % diagnosed (the best before it: 27 %), 42 % localized (23 %)",
    ),
    (
        "[TrainCheck](https://arxiv.org/abs/2506.14813) (OSDI 2025)",
        "the calls and tensors of a run of PyTorch, by invariants inferred from right runs",
        "20 silent errors of real trainings",
        "18 detected, each within an iteration; "
        "[false positives](https://github.com/OrderLab/TrainCheck/blob/main/docs/ae-eval-s5.4-fp-rate.md) with the "
        "invariants of six programs: 10.7 %, after fixes 1.2 %",
    ),
    (
        f"{STUDY} on four such tools, DeepFD and NeuraLint among them",
        "as these do",
        "real faults and faults made by DeepCrime",
        "against one known patch at most recall 0.33 and precision 0.21 on average; counting other patches that fix "
        "the model, DeepFD is best with recall 0.55 and precision 0.37",
    ),
]


def page(results: Results) -> str:
    """The page."""
    return "\n".join([*_head(results), *_check(results), *_trace(results), *_absent(), *_published(), ""])


def _head(results: Results) -> Iterator[str]:
    made = results.made
    among = sum(bool(operator.mutants) for operator in OPERATORS)
    yield "# A list that is not ours"
    yield ""
    yield (
        f"{PAPER} (Humbatova, Jahangirova, Tonella, ISSTA 2021) has 24 operators that mutate a program which trains a "
        f"network, extracted from studies of real faults. {among} of them apply to the documents' programs, and make "
        f"{len(results.mutants)} mutants with their usual values. They are switches of "
        "`benchmarks/deepcrime_program.py`, which is written as a framework's user writes, shares no code with the "
        "reference, and conforms without a switch. Each is checked by "
        f"{'the quick tests' if made['tests'] == 'quick' else 'all tests'}, and prints logs for `nnspec trace`."
    )
    yield ""
    yield (
        f"Made by `{made['command']} --render docs/deepcrime.md` with nnspec {made['nnspec']}, Python {made['Python']} "
        f"and NumPy {made['NumPy']}."
    )
    yield ""
    outcomes, runs, wrong = checks(results), logs(results), [*wrong_sentences(results)]
    yield "| | `nnspec check` | `nnspec trace` |"
    yield "|---|---|---|"
    yield f"| mutants, logs | {len(results.mutants)} | {sum(runs.values())} |"
    for outcome in (RIGHTLY, SAME, SHORT):
        yield f"| {outcome} | {outcomes[outcome]} | {runs[outcome]} |"
    yield f"| **a mistake or a true relation is named, and nothing else** | **{share(outcomes)}** | **{share(runs)}** |"
    yield f"| of these, by what is found of arguments and forms alone | {observed_alone(results)} | |"
    yield f"| of these, by no more than that the log begins elsewhere | | {begins_elsewhere_alone(results)} |"
    for outcome in (UNEXPLAINED, PARTLY, WRONG, MISSED):
        yield f"| {outcome} | {outcomes[outcome]} | {runs[outcome]} |"
    in_logs = sum(sentence.startswith("log ") for _, sentence in wrong)
    yield f"| sentences not known to be true | {len(wrong) - in_logs} | {in_logs} |"
    yield ""
    yield (
        "Which sentences are true of which mutant stands in `benchmarks/deepcrime_truth.toml`, written from what the "
        "mutation does. Every other sentence counts as wrong until somebody has looked, but for what is named beside "
        "another as giving the same numbers. A log has six digits, of every tenth iteration up to 100 (spiral-linear: "
        "190)."
    )
    if wrong:
        yield ""
        yield "Not known to be true:"
        yield ""
        yield from (f"- {name}: {sentence}" for name, sentence in wrong)


def _check(results: Results) -> Iterator[str]:
    """A table of the operators, and what is accepted."""
    yield from ("", "## By operator", "")
    yield "| operator | values | how | named by check | named by trace | not named by check |"
    yield "|---|---|---|---|---|---|"
    for operator in OPERATORS:
        if own := _of(results, operator):
            left = [name for name in own.mutants if of_check(name, own.mutants[name]) not in (NAMED, RIGHTLY)]
            cells = [
                f"{operator.code}: {operator.name}",
                ", ".join(operator.mutants),
                operator.note,
                share(checks(own)),
                share(logs(own)),
                ", ".join(name.removeprefix(f"{operator.code} ") for name in left),
            ]
            yield f"| {' | '.join(map(_escaped, cells))} |"
    accepted = [name for name, mutant in results.mutants.items() if of_check(name, mutant) == RIGHTLY]
    if accepted:
        yield from ("", "Rightly accepted by `nnspec check`:", "")
        yield from (f"- {name}: {truths()[name].accepted}." for name in accepted)


def _escaped(cell: str) -> str:
    """A cell whose bars are no borders."""
    return cell.replace("|", r"\|")


def _of(results: Results, operator: Operator) -> Results | None:
    """The results of an operator's mutants; None if there are none."""
    names = [f"{operator.code} {value}" for value in operator.mutants]
    mutants = {name: results.mutants[name] for name in names if name in results.mutants}
    return Results(results.made, mutants) if mutants else None


def _trace(results: Results) -> Iterator[str]:
    """A table of the experiments."""
    yield from ("", "## By experiment", "")
    yield f"| experiment | named of the wrong logs | {UNEXPLAINED} | {PARTLY} | {WRONG} | {MISSED} | {SAME} | {SHORT} |"
    yield "|---|---|---|---|---|---|---|---|"
    runs: list[str] = list(dict.fromkeys(run for mutant in results.mutants.values() for run in mutant.logs))
    for run in runs:
        outcomes = logs(results, run)
        others = (UNEXPLAINED, PARTLY, WRONG, MISSED, SAME, SHORT)
        counts = [str(outcomes[outcome]) for outcome in others]
        yield f"| {run} | {share(outcomes)} | {' | '.join(counts)} |"
    same = _by_operator(results)
    if same:
        yield ""
        yield f"The right log is printed by mutants that this experiment does not show: {same}."


def _by_operator(results: Results) -> str:
    """The operators whose mutants print a right log, and how many such logs there are."""
    counts = Counter(
        name.partition(" ")[0]
        for name, mutant in results.mutants.items()
        for log in mutant.logs.values()
        if of_log(name, log) == SAME
    )
    return ", ".join(f"{code} ({count})" for code, count in counts.items())


def _absent() -> Iterator[str]:
    """The operators that cannot be applied."""
    yield from ("", "## Operators that do not apply", "")
    for operator in OPERATORS:
        if not operator.mutants:
            yield f"- {operator.code}, {operator.name}: {operator.note}"


def _published() -> Iterator[str]:
    """What other tools publish, and what differs."""
    yield from ("", "## What other tools publish", "")
    yield "| tool | looks at | tried on | published |"
    yield "|---|---|---|---|"
    for row in PUBLISHED:
        yield f"| {' | '.join(row)} |"
    yield ""
    yield (
        "These figures and those above are not of one kind. The others ask whether a model trains badly, and where in "
        "its source the cause may be, for any model and any data, with no right answer known; nnspec knows the right "
        "answer to every call, for networks of the documents' kind alone. They were tried on faults from the field, in "
        "convolutional and recurrent networks too; here are made faults, one at a time, in one small program. And a "
        "location (this layer, the learning rate) counts for them, where a sentence that is true of the formula counts "
        "here. nnspec says nothing of a choice that is merely bad, such as a learning rate that the caller asks for."
    )
