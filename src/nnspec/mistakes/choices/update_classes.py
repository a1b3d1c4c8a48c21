"""Programs with another use of momentum, another optimiser or another schedule of the learning rate."""

from __future__ import annotations

from functools import cache
from typing import Any

from nnspec.mistakes.choices.base import Choice, instead, named
from nnspec.mistakes.choices.decays import Run
from nnspec.mistakes.choices.momentum import CLASSICAL, Momentum
from nnspec.mistakes.choices.momentum_steps import Moment
from nnspec.mistakes.choices.optimizers import OptimizerChoice
from nnspec.mistakes.choices.schedules import KINDS, ScheduleChoice
from nnspec.reference.values import Array, Network, Optimizer, Parameters


@cache
def with_momentum(choice: Momentum) -> type[Choice]:
    """The program that uses momentum so wherever an optimiser has momentum."""
    if choice.name == CLASSICAL.name:
        raise ValueError(
            "V ← λV − μ∇; θ ← θ + V is what the documents have: a choice is another use of momentum."
        )

    class WithMomentum(Choice):
        def step(self, **arguments: Any) -> dict[str, Any]:
            optimizer, network = arguments["optimizer"], arguments["network"]
            if optimizer["method"] != "momentum":
                return super().step(**arguments)
            others = len(choice.kinds) < 2
            after: Any = super().step(**arguments) if others else {"network": {}, "velocity": {}}
            rate = self.learning_rate(optimizer, arguments["iteration"])

            def step(v: Array, g: Array, theta: Array) -> tuple[Array, Array]:
                return choice.step(Moment(v, g, theta, rate, optimizer["momentum"], arguments["iteration"]))

            for kind in choice.kinds:
                arrays = (arguments["velocity"][kind], arguments["gradients"][kind], network[kind])
                pairs = [step(*of_array) for of_array in zip(*arrays, strict=True)]
                after["velocity"][kind] = [v for v, _ in pairs]
                after["network"][kind] = self.moved(network[kind], [moved for _, moved in pairs])
            return {**after, "network": {**after["network"], "activation": network["activation"]}}

    program = type("", (_Ahead, WithMomentum), {}) if choice.ahead else WithMomentum
    fix = "Use V ← λV − μ∇, then θ ← θ + V, for weights and biases, with V = 0 at the start."
    return named(
        program, f"momentum {choice.name}", f"{choice.phrase}.", fix, choice.clause, choice, "momentum"
    )


@cache
def with_momentum_in_gradient_descent() -> type[Choice]:
    """The program that uses the optimizer's momentum whatever its method is."""

    class MomentumInGradientDescent(Choice):
        def step(self, **arguments: Any) -> dict[str, Any]:
            return super().step(
                **{**arguments, "optimizer": {**arguments["optimizer"], "method": "momentum"}}
            )

    return named(
        MomentumInGradientDescent,
        "momentum in gradient descent",
        "Gradient descent uses the optimizer's momentum, which it should ignore.",
        "Use the momentum only if the method is momentum.",
        "updates.gradient-descent",
        None,
        "momentum",
    )


class _Ahead(Choice):
    """Takes the gradients of a training at θ + λV."""

    _ahead: tuple[float, Parameters] | None = None

    def train(self, **arguments: Any) -> dict[str, Any]:
        optimizer = arguments["optimizer"]
        if optimizer["method"] == "momentum":
            self._ahead = optimizer["momentum"], self.zero_velocity(arguments["network"])
        try:
            return super().train(**arguments)
        finally:
            self._ahead = None

    def backward(
        self, network: Network, inputs: Array, hidden: list[Array], scores: Array, *rest: Any
    ) -> Parameters:
        if self._ahead is None:
            return super().backward(network, inputs, hidden, scores, *rest)
        factor, velocity = self._ahead
        there: Network = {
            "weights": [w + factor * v for w, v in zip(network["weights"], velocity["weights"], strict=True)],
            "biases": [b + factor * v for b, v in zip(network["biases"], velocity["biases"], strict=True)],
            "activation": network["activation"],
        }
        forward = self.forward(there, inputs)
        return super().backward(there, inputs, forward["hidden"], forward["scores"], *rest)

    def update(self, **arguments: Any) -> dict[str, Any]:
        after = super().update(**arguments)
        if self._ahead is not None:
            self._ahead = self._ahead[0], after["velocity"]
        return after


@cache
def with_optimizer(choice: OptimizerChoice) -> type[Choice]:
    """The program with this optimiser, whatever method is asked for; its state is a part of the velocity.

    One that only changes the gradients leaves the method as it is.
    """
    if choice.before:
        return _with_gradients(choice)

    class WithOptimizer(Choice):
        def step(self, **arguments: Any) -> dict[str, Any]:
            network, gradients = arguments["network"], arguments["gradients"]
            depth = len(network["weights"])
            steps, state = choice.step(
                arguments["velocity"].get("state", {}),
                [*network["weights"], *network["biases"]],
                [*gradients["weights"], *gradients["biases"]],
                self.learning_rate(arguments["optimizer"], arguments["iteration"]),
            )
            weights, biases = steps[:depth], steps[depth:]
            return {
                "network": {
                    "weights": self.moved(network["weights"], weights),
                    "biases": self.moved(network["biases"], biases),
                    "activation": network["activation"],
                },
                "velocity": {"weights": weights, "biases": biases, "state": state},
            }

    sentence = f"The optimiser is {instead(choice.phrase, 'gradient descent or momentum')}: {choice.formula}."
    fix = "Use θ ← θ − μ∇, or with momentum V ← λV − μ∇, then θ ← θ + V."
    return named(
        WithOptimizer,
        f"{choice.name} as the optimizer",
        sentence,
        fix,
        choice.clause,
        choice,
        "optimizers",
    )


@cache
def with_optimizer_at(choice: OptimizerChoice, rate: float) -> type[Choice]:
    """The program with this optimiser and a learning rate of its own, which a schedule lowers all the same."""
    program = with_optimizer(choice)

    class WithOptimizerAt(program):  # type: ignore[misc, valid-type]  # a class that depends on the choice
        def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
            return super().learning_rate({**optimizer, "learning_rate": rate}, iteration)

    whatever = f"with the learning rate {rate:.6g} whatever the caller asks for"
    return named(
        WithOptimizerAt,
        f"{choice.name} at {rate:.6g} as the optimizer",
        f"The optimiser is {choice.phrase}, {whatever}, instead of gradient descent or momentum.",
        program.fix,
        choice.clause,
        choice,
        "optimizers",
    )


def _with_gradients(choice: OptimizerChoice) -> type[Choice]:
    """The program that changes the gradients before every step."""

    class WithGradients(Choice):
        def step(self, **arguments: Any) -> dict[str, Any]:
            network, gradients = arguments["network"], arguments["gradients"]
            depth = len(network["weights"])
            parameters = [*network["weights"], *network["biases"]]
            changed, _ = choice.step({}, parameters, [*gradients["weights"], *gradients["biases"]], -1.0)
            return super().step(
                **{**arguments, "gradients": {"weights": changed[:depth], "biases": changed[depth:]}}
            )

    return named(
        WithGradients,
        f"{choice.name} before the step",
        f"Before the step, {choice.before}.",
        "Take the gradients as they are.",
        choice.clause,
        choice,
        "optimizers",
    )


@cache
def with_schedule(choice: ScheduleChoice) -> type[Choice]:
    """The program whose learning rate falls so, where the documents have the schedule ``choice.kind``."""

    class WithSchedule(Choice):
        _run = Run()

        def train(self, **arguments: Any) -> dict[str, Any]:
            batches = arguments["batches"]
            a_pass = 1 if not batches else -(-len(arguments["labels"]) // len(batches[0]))
            self._run = Run(arguments["iterations"], a_pass)
            try:
                return super().train(**arguments)
            finally:
                self._run = Run()

        def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
            schedule = optimizer["schedule"]
            if (schedule["kind"] if schedule else "constant") != choice.kind:
                return super().learning_rate(optimizer, iteration)
            decay, every = (schedule["decay"], schedule["every"]) if schedule else (0.0, 1)
            return choice.rate(optimizer["learning_rate"], decay, every, iteration, self._run)

    kind = KINDS[choice.kind]
    return named(
        WithSchedule,
        f"{choice.name} instead of {choice.kind} schedule",
        f"{kind.subject} {choice.phrase}.",
        kind.fix,
        choice.clause or kind.clause,
        choice,
        "schedules",
    )


@cache
def with_schedule_of(kind: str) -> type[Choice]:
    """The program whose schedule holds for its "weights" or its "biases" alone."""
    other = {"weights": "biases", "biases": "weights"}[kind]

    class WithScheduleOf(Choice):
        def update(self, **arguments: Any) -> dict[str, Any]:
            answer = super().update(**arguments)
            constant = super().update(
                **{**arguments, "optimizer": {**arguments["optimizer"], "schedule": None}}
            )
            return {part: {**answer[part], other: constant[part][other]} for part in ("network", "velocity")}

    return named(
        WithScheduleOf,
        f"schedule of {kind} alone",
        f"The schedule changes the rate of the {kind} alone: the {other} keep the initial rate.",
        "Use the rate of the iteration for all parameters.",
        "updates.step-decay",
        None,
        "schedules",
    )
