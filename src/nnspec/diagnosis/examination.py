"""Asks a program formula by formula what it computes, and says how that differs from the documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from nnspec.diagnosis.asking import QuestionsSpent
from nnspec.diagnosis.controls import controls
from nnspec.diagnosis.data_formulas import DATA_SETS
from nnspec.diagnosis.explaining import SHARE, Explaining
from nnspec.diagnosis.formula_lists import formulas_of
from nnspec.diagnosis.formulas import Formula
from nnspec.diagnosis.found import Examination, Found, are_alike
from nnspec.diagnosis.gradient_formulas import gradient_formulas
from nnspec.diagnosis.loss_formulas import loss_formulas
from nnspec.diagnosis.measurements import Measured
from nnspec.diagnosis.suspects import Mistakes
from nnspec.diagnosis.training_formulas import RUN, first_step, training_formulas
from nnspec.diagnosis.update_formulas import Moves, step_formulas
from nnspec.diagnosis.views import Gradients, Losses


class Examiner(Explaining):
    """Goes through the formulas of the operations that are to be explained."""

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
        self._look_at(operation)
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
            self._look_at(operation)
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
        self._look_at(operation)
        if operation == "train":
            self._train()
            return
        if operation == "predict" and not self._takes_scores():
            return
        self._all(list(formulas_of(operation, self.support)))
        self._tidy(operation)
        self._hold(operation)

    def _look_at(self, operation: str) -> None:
        """Compare a run with losses and gradients of the operations that have them, as far as these are known."""
        self._trials.others, unknown = (), self._unknown_operations()
        if operation == "train":
            names = [name for name in ("loss", "gradients") if name in self.offered - unknown]
            programs = [self._trials.program(self.result.programs.get(name, ())) for name in names]
            self._trials.others = tuple(zip(names, programs, strict=True))

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
        self._recognise(operation)
        self._drop_redundant(operation)
        if self._withdraw_contradicted(operation):
            self._explain_unknown(operation)
            self._withdraw_contradicted(operation)

    def _recognise(self, operation: str) -> None:
        """Take what is explained by now for known."""
        known = self.result.programs[operation]
        for each in self.result.found:
            if each.formula.operation == operation and not each.is_known:
                each.is_known = all(self._trials.reproduces(known, one) for one in each.measured)

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
        known = self.result.programs[operation]
        held = self._controls(operation, [each.formula for each in of_operation if not each.is_known])
        against = [each for each in held if not self._trials.reproduces(known, each)]
        for found in causes:
            own = [each for each in against if self._is_only_cause(found, causes, each)]
            if own:
                known = self.result.programs[operation]
                self.result.programs[operation] = tuple(one for one in known if one not in found.mistakes)
                found.mistakes, found.others, found.is_known = (), (), False
                later = of_operation[of_operation.index(found) + 1 :]
                self._explain(found, [each.formula for each in later], own)

    def _controls(self, operation: str, unknown: Sequence[Formula]) -> list[Measured]:
        """The controls of an operation, as far as its unknown formulas leave their numbers as they are."""
        if any(not formula.spares for formula in unknown):
            return []
        measured = (self._measured_once(control) for control in controls(operation, self.support))
        return [
            replace(each, parts={n: p for n, p in each.parts.items() if all(f.spares in n for f in unknown)})
            for each in measured
            if each is not None
        ]

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

    def _leave_out_of_run(self, right: Sequence[Measured]) -> bool:
        """Leave out a mistake of another operation that a run does not make, since this is right; if there is one."""
        known = self.result.programs["train"]
        evidence = [*right, *self._settled("train", known)]
        for mistake in known:
            rest = tuple(one for one in known if one is not mistake)
            if self._trials.explains(rest, evidence):
                self.result.programs["train"] = rest
                return True
        return False

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
        is_right = not any(each.is_wrong for each in measured)
        if operation == "predict" and is_right:
            self.result.programs[operation] = ()  # it has a forward pass of its own, which is right
            return True
        if operation == "train" and is_right and self._leave_out_of_run(measured):
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
        was_complete = self._trials.is_complete
        explanations = self._explanations(found.formula, found.measured, known, rest, held)
        found.is_known = bool(explanations)
        if not explanations:
            return False
        self._trials.is_complete = was_complete  # what was not tried is not missed
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


#: The operations in the order in which they rest on each other.
ORDER = (
    *(*DATA_SETS, "initialize"),
    *("softmax", "activation", "activation_derivative", "forward", "cross_entropy", "loss", "predict"),
    *("score_gradient", "gradients", "update", "train"),
)
