"""Asks a program formula by formula what it computes, and says how that differs from the documents."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from nnspec.contract.support import METHODS, REDUCTIONS, Support
from nnspec.diagnosis import tables
from nnspec.diagnosis.asking import Ask, Asker, QuestionsSpent
from nnspec.diagnosis.controls import controls
from nnspec.diagnosis.data_formulas import DATA_SETS
from nnspec.diagnosis.formula_lists import formulas_of
from nnspec.diagnosis.formulas import Formula
from nnspec.diagnosis.found import Examination, Found, are_alike, constant_of
from nnspec.diagnosis.gradient_formulas import gradient_formulas
from nnspec.diagnosis.loss_formulas import loss_formulas
from nnspec.diagnosis.measurements import Measured, Measurement, measure
from nnspec.diagnosis.suspects import Mistakes
from nnspec.diagnosis.training_formulas import RUN, first_step, training_formulas
from nnspec.diagnosis.trials import Trials, pairs_of_causes, pairs_of_choices
from nnspec.diagnosis.update_formulas import Moves, step_formulas
from nnspec.diagnosis.views import Gradients, Losses
from nnspec.judging.rounding import Precision
from nnspec.mistakes.base import Mistake, with_other_constants

#: How many answers of programs that are tried go with a call of the subject, and how much of it one formula may take.
WORK_A_CALL, SHARE = 8, 0.3
#: How much of it is left for pairs of mistakes in one formula, and for pairs of choices.
PAIRS, PAIRS_OF_CHOICES = 0.1, 0.2
#: Pairs that explain a formula, of which the one that explains the rest of a run best is taken.
MOST_PAIRS = 6


class Examiner:
    """Goes through the formulas of the operations that are to be explained.

    result: what came of it; asker, support, precision, offered, catalogue: what it asks, and what it knows of it.
    """

    def __init__(
        self,
        ask: Ask,
        precision: str,
        support: Support,
        catalogue: Sequence[type[Mistake]],
        limit: int,
        offered: Iterable[str],
    ) -> None:
        """limit: of the calls of the subject; offered: the operations that it has."""
        self.asker = Asker(ask, limit)
        self.precision = Precision(precision)
        reductions, methods = support.reductions or REDUCTIONS, support.methods or METHODS
        self.support = replace(
            support, reductions=reductions, methods=methods
        )  # what it refuses has no answer
        self.offered = set(offered)
        self.catalogue = [*catalogue, *(other for m in catalogue for other in with_other_constants(m))]
        self.result = Examination()
        self._results: dict[Formula, list[Measured]] = {}
        self._withdrawn: set[type[Mistake]] = set()
        self._trials = Trials(WORK_A_CALL * limit)

    def examine(self, operations: Iterable[str]) -> Examination:
        """Ask about these operations."""
        wanted = set(operations)
        try:
            for operation in ORDER:
                if operation in wanted and operation in self.offered:
                    self._operation(operation)
        except QuestionsSpent:
            self.result.is_complete = False
        self._unify()
        self.result.is_complete = self.result.is_complete and self._trials.is_complete
        self.result.asked = self.asker.asked
        return self.result

    def alternative(self, found: Found) -> Mistakes:
        """A choice that explains a formula as well as what was found; () if there is none."""
        operation = found.formula.operation
        known = self.result.programs[operation]
        rest = tuple(mistake for mistake in known if mistake not in found.mistakes)
        choices = ((choice,) for choice in found.formula.choices() if choice not in found.mistakes)
        settled = self._settled(operation, known)
        return next(self._trials.explaining(choices, found.measured, rest, settled, SHARE), ())

    def _unify(self) -> None:
        """Take one mistake for all that it explains, where several explain a part of that."""
        found = [each for each in self.result.found if each.mistakes]
        primary = list(dict.fromkeys(mistake for each in found for mistake in each.mistakes))
        for each in found:
            before = each.mistakes
            others = [one for one in primary if one in each.others or are_alike(one, before)]
            for other in (one for one in others if one not in before):
                self._replace(each.mistakes, (other,))
            if each.mistakes != before:  # and not back
                primary = [one for one in primary if one not in before]

    def _replace(self, mistakes: Mistakes, by: Mistakes) -> None:
        """Put mistakes in the place of others, in each operation of which they explain as much."""
        for operation, known in self.result.programs.items():
            new = tuple(dict.fromkeys((*by, *(one for one in known if one not in mistakes))))
            found = [each for each in self.result.found if each.formula.operation == operation]
            explained = [measured for each in found if each.is_known for measured in each.measured]
            if set(mistakes) <= set(known) and self._trials.explains(new, explained):
                self.result.programs[operation] = new
                for each in found:
                    if each.mistakes == mistakes:
                        each.mistakes, each.others = by, tuple(o for o in each.others if o not in by)

    def _operation(self, operation: str) -> None:
        self.result.programs.setdefault(operation, ())
        if operation == "train":
            self._train()
            return
        if operation == "predict" and not self._takes_scores():
            return
        self._all(list(formulas_of(operation, self.support)))
        self._tidy(operation)
        self._hold(operation)

    def _takes_scores(self) -> bool:
        """Let predictions come from the scores that were found; False if nobody knows what these are."""
        for operation in ("forward", "loss"):  # the loss shows them where they are not given
            if operation in self.result.programs:
                self.result.programs["predict"] = self.result.programs[operation]
                known = all(
                    each.is_known for each in self.result.found if each.formula.operation == operation
                )
                return known and operation not in self.result.varying
        return True

    def _all(self, formulas: Sequence[Formula]) -> None:
        for place, formula in enumerate(formulas):
            self._formula(formula, formulas[place + 1 :])

    def _tidy(self, operation: str) -> None:
        """Leave out what the rest explains too, and what an unknown formula contradicts; explain that anew."""
        self._drop_redundant(operation)
        if self._withdraw_contradicted(operation):
            self._explain_unknown(operation)
            self._withdraw_contradicted(operation)

    def _explain_unknown(self, operation: str) -> None:
        """Explain the unknown formulas by something else than what was withdrawn."""
        found = [each for each in self.result.found if each.formula.operation == operation]
        for place, each in enumerate(found):
            if not each.is_known and not self._rests_on_unknown(each.formula):
                self._explain(each, [later.formula for later in found[place + 1 :]])

    def _drop_redundant(self, operation: str) -> None:
        """Leave out mistakes without which everything is explained as well."""
        found = [each for each in self.result.found if each.formula.operation == operation]
        explained = [measured for each in found if each.is_known for measured in each.measured]
        for each in found:
            known = self.result.programs[operation]
            without = tuple(mistake for mistake in known if mistake not in each.mistakes)
            if each.mistakes and without and self._trials.explains(without, explained):
                self.result.programs[operation] = without
                each.mistakes, each.others = (), ()

    def _withdraw_contradicted(self, operation: str) -> bool:
        """Take back what says something of an unknown formula that is not so; whether there was any."""
        found = [each for each in self.result.found if each.formula.operation == operation]
        unknown = [measured for each in found if not each.is_known for measured in each.measured]
        withdrawn = False
        for each in found:
            known = self.result.programs[operation]
            without = tuple(mistake for mistake in known if mistake not in each.mistakes)
            programs = [self._trials.program(known), self._trials.program(without)]
            of_one = any(other.formula.name == each.formula.whole for other in found if not other.is_known)
            if each.mistakes and (of_one or any(measured.differs(*programs) for measured in unknown)):
                self.result.programs[operation] = without
                self._withdrawn.update(each.mistakes)
                each.mistakes, each.others, each.is_known = (), (), False
                withdrawn = True
        return withdrawn

    def _hold(self, operation: str) -> None:
        """Explain anew, or take back, what calls that had no part in finding it contradict."""
        of_operation = [each for each in self.result.found if each.formula.operation == operation]
        causes = [each for each in of_operation if each.mistakes]
        if not causes or operation in self.result.varying:
            return
        held = [self._measured_once(control) for control in controls(operation, self.support)]
        known = self.result.programs[operation]
        against = [each for each in held if each and not self._trials.reproduces(known, each)]
        for found in causes:
            own = [each for each in against if self._is_only_cause(found, causes, each)]
            if own:
                known = self.result.programs[operation]
                self.result.programs[operation] = tuple(one for one in known if one not in found.mistakes)
                found.mistakes, found.others, found.is_known = (), (), False
                later = of_operation[of_operation.index(found) + 1 :]
                self._explain(found, [each.formula for each in later], own)

    def _is_only_cause(self, found: Found, causes: Sequence[Found], control: Measured) -> bool:
        """Whether of all causes that were found for an operation this one alone matters to a control."""
        known = self.result.programs[found.formula.operation]
        without = [tuple(one for one in known if one not in cause.mistakes) for cause in causes]
        matters = [
            self._trials.clearly(c.mistakes, w, [control]) for c, w in zip(causes, without, strict=True)
        ]
        return matters[causes.index(found)] and sum(matters) == 1

    def _train(self) -> None:
        """The steps and the losses of a run; where they are not the program's own, the formulas of its own run."""
        support, reduction = self.support, self.support.reductions[0]
        own_gradients, own_losses = "gradients" in self.offered, "loss" in self.offered
        step, *steps = step_formulas(Moves("train", reduction, own_gradients), support)
        losses, *rest = training_formulas(
            reduction, support, own_losses=own_losses, own_gradients=own_gradients
        )
        self.result.programs["train"] = self._program_of_run(step)
        later = (losses, *steps, *rest)
        steps_known, unknown = self._formula(step, later), self._unknown_operations()
        if not steps_known and "gradient_descent" in support.methods and own_gradients:
            self._own_run("gradients", unless=unknown & {"update", "gradients"})
        if not self._formula(losses, later[1:]) and own_losses:
            self._own_run("loss", unless=unknown & {"loss"})
        self._all((*steps, *rest))
        self._tidy("train")
        self._hold("train")

    def _program_of_run(self, step: Formula) -> Mistakes:
        """The mistakes of other operations that a run makes too."""
        measured = self._measured(first_step(self.support))
        candidates = [
            tuple(dict.fromkeys(m for name in names for m in self.result.programs.get(name, ())))
            for names in (
                ("update", "gradients", "loss"),
                ("gradients", "loss"),
                ("gradients",),
                ("loss",),
                (),
            )
        ]
        for evidence in (measured, self._measured(step)):
            for mistakes in candidates:
                if evidence and all(self._trials.reproduces(mistakes, each) for each in evidence):
                    return mistakes
        return candidates[1]

    def _unknown_operations(self) -> set[str]:
        return {each.formula.operation for each in self.result.found if not each.is_known}

    def _own_run(self, operation: str, unless: set[str]) -> None:
        """The losses or gradients of a run, which are not those of the operation, unless these are unknown too."""
        if unless:
            return
        support, reduction = self.support, self.support.reductions[0]
        method = support.methods[0]
        formulas = (
            loss_formulas(Losses("train", reduction, method), support)
            if operation == "loss"
            else gradient_formulas(Gradients("train", reduction, method), support)
        )
        self._all(list(formulas))

    def _formula(self, formula: Formula, rest: Sequence[Formula] = ()) -> bool:
        """Find out what a formula is; False if it is unknown. rest: the other formulas of the operation."""
        operation = formula.operation
        if operation in self.result.varying or self._rests_on_unknown(formula):
            return True
        measured = self._measured(formula)
        known = self.result.programs[operation]
        found = Found(formula, measured)
        if measured:
            self.result.found.append(found)
        if all(self._trials.reproduces(known, each) for each in measured):
            return True
        if operation == "predict" and not any(each.is_wrong for each in measured):
            self.result.programs[operation] = ()  # it has a forward pass of its own, which is right
            return True
        if self.asker.varies(operation):
            self.result.varying.add(operation)
            found.is_known = False
            return False
        return self._explain(found, rest)

    def _explain(self, found: Found, rest: Sequence[Formula], held: Sequence[Measured] = ()) -> bool:
        """Find mistakes that explain a wrong formula, and give what is held; False if there are none."""
        operation = found.formula.operation
        known = self.result.programs[operation]
        if all(self._trials.reproduces(known, each) for each in (*found.measured, *held)):
            found.is_known = True
            return True
        explanations = self._explanations(found.formula, found.measured, known, rest, held)
        found.is_known = bool(explanations)
        if not explanations:
            return False
        found.mistakes, *others = self._likeliest(explanations, known, rest)
        found.others = tuple(other[0] for other in others if len(other) == 1 and other[0] in self.catalogue)
        self.result.programs[operation] = (*found.mistakes, *known)
        return True

    def _likeliest(
        self, explanations: list[Mistakes], known: Mistakes, rest: Sequence[Formula]
    ) -> list[Mistakes]:
        """Of several explanations of a formula, those that give most of the others too."""
        if len(explanations) < 2:
            return explanations
        further = [each for formula in rest for each in self._measured(formula) if each.is_wrong]
        counts = [sum(self._trials.reproduces((*m, *known), each) for each in further) for m in explanations]
        return [m for m, count in zip(explanations, counts, strict=True) if count == max(counts)]

    def _rests_on_unknown(self, formula: Formula) -> bool:
        """Whether it needs a formula that is unknown; a whole run needs all of them."""
        unknown = [each.formula for each in self.result.found if not each.is_known]
        if formula.name == RUN:
            return bool(unknown)
        return any(each.operation == formula.operation and each.name in formula.needs for each in unknown)

    def _measured(self, formula: Formula) -> list[Measured]:
        if formula not in self._results:
            self._results[formula] = self._measure(formula)
        return self._results[formula]

    def _measure(self, formula: Formula) -> list[Measured]:
        measured = (self._measured_once(measurement) for measurement in formula.measurements)
        return [each for each in measured if each is not None]

    def _measured_once(self, measurement: Measurement) -> Measured | None:
        before = self.asker.work
        measured = measure(measurement, self.asker, self.precision)
        self._trials.costs[measurement] = self.asker.work - before
        return measured

    def _explanations(
        self,
        formula: Formula,
        measured: Sequence[Measured],
        known: Mistakes,
        rest: Sequence[Formula],
        held: Sequence[Measured],
    ) -> list[Mistakes]:
        """Mistakes that explain all that was measured: of the catalogue, then choices, then with constants."""
        evidence = [*self._sieve(formula), *measured]
        fits = [mistake for fit in formula.fits for mistake in fit(measured)]
        relevant = [mistake for mistake in self.catalogue if formula.concerns(mistake)]
        settled = [*self._settled(formula.operation, known), *self._right(rest, known), *held]
        constant = constant_of(measured)
        says_little = constant is not None and not abs(constant) > 0  # 0 or nan, which much gives
        choices = formula.choices() if constant is None or says_little else ()
        earlier = list(dict.fromkeys(m for mistakes in self.result.programs.values() for m in mistakes))
        sides = (mistake for mistake in tables.other_sides(earlier) if formula.concerns(mistake))
        found: list[Mistakes] = []
        for candidates in (earlier, sides, relevant, choices, fits):
            possible = ((mistake,) for mistake in candidates if mistake not in self._withdrawn)
            if says_little and candidates is relevant:  # from here on all that is wrong counts
                settled += [each for one in rest for each in self._measured(one) if each.is_wrong]
            explanations = self._trials.explaining(possible, evidence, known, settled, SHARE)
            if candidates is choices:  # of those that fit, the first is the one that people type
                explanations = self._up_to_the_best(explanations, known, rest)
            found += explanations
            if any(self._explains_the_run(mistakes, known, rest) for mistakes in found):
                return found
        if says_little and not found:  # what was found of other operations may give the rest of it
            possible = ((mistake,) for mistake in relevant if mistake not in (*earlier, *self._withdrawn))
            together = (*known, *earlier)
            found = [
                *itertools.islice(self._trials.explaining(possible, evidence, together, settled, PAIRS), 1)
            ]
        if found or constant is not None:
            return found
        live = self._trials.live(relevant, evidence, known)
        choices = self._trials.live(formula.pairs(), evidence, known)
        for pairs, share in (
            (pairs_of_causes(live, earlier, formula.choices()), PAIRS),
            (pairs_of_choices(choices, live, of_loops=formula.sieve is not None), PAIRS_OF_CHOICES),
        ):
            explanations = self._trials.explaining(pairs, evidence, known, settled, share)
            best = self._up_to_the_best(explanations, known, rest)
            if found := list(itertools.islice(best, MOST_PAIRS)):
                return found
        return []

    def _sieve(self, formula: Formula) -> list[Measured]:
        """What the sieve of a formula shows, if what it rests on is known, and something is wrong there."""
        if formula.sieve is None:
            return []
        measured = self._measured_once(formula.sieve)
        is_wrong = measured is not None and measured.is_wrong
        rests_on_unknown = self._unknown_operations() & {"loss", "gradients"}
        return [measured] if measured and is_wrong and not rests_on_unknown else []

    def _up_to_the_best(
        self, explanations: Iterator[Mistakes], known: Mistakes, rest: Sequence[Formula]
    ) -> Iterator[Mistakes]:
        """The first; of a run, in which much follows from one mistake, up to one that explains the rest as well."""
        for mistakes in explanations:
            yield mistakes
            if self._explains_the_run(mistakes, known, rest):
                return

    def _explains_the_run(self, mistakes: Mistakes, known: Mistakes, rest: Sequence[Formula]) -> bool:
        """Whether they explain what else is wrong of a run."""
        of_run = [formula for formula in rest if formula.operation == "train"]
        further = [each for formula in of_run for each in self._measured(formula) if each.is_wrong]
        return self._trials.explains((*mistakes, *known), further)

    def _right(self, formulas: Sequence[Formula], known: Mistakes) -> list[Measured]:
        """What is right of these formulas, and would be with what is known."""
        measured = (each for formula in formulas for each in self._measured(formula))
        return [each for each in measured if not each.is_wrong and self._trials.reproduces(known, each)]

    def _settled(self, operation: str, known: Mistakes) -> list[Measured]:
        """What was measured of the operation before, and is right or explained."""
        before = [each for f in self.result.found if f.formula.operation == operation for each in f.measured]
        return [each for each in before if self._trials.reproduces(known, each)]


#: The operations in the order in which they rest on each other.
ORDER = (
    *(*DATA_SETS, "initialize"),
    *("softmax", "activation", "activation_derivative", "forward", "cross_entropy", "loss", "predict"),
    *("score_gradient", "gradients", "update", "train"),
)
