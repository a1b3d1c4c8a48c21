"""Loops of training that people choose: a row has a class of programs, which changes the loop and nothing else.

Each class calls the reference's own train, so that two of them, or one and a choice of another table, compose.
"""

from __future__ import annotations

from nnspec.mistakes.choices import batch_loops, loss_logs, own_memory, parameter_loops
from nnspec.mistakes.choices.loop import (
    ALL,
    BATCHES,
    BEFORE,
    FRESH,
    LOSSES,
    ONE_STEP,
    OWN,
    OWN_ARRAY,
    SPOILT,
    STATES,
    STEPS,
    Loop,
)


def _frozen(name: str, what: str, kinds: tuple[str, ...], first: int | None, last: int | None) -> Loop:
    program = parameter_loops.frozen(kinds, slice(first, last))
    return Loop(name, f"{what} never updated", ALL, "updates.gradient-descent", program)


#: Every loop, the most likely first.
LOOPS = (
    Loop(
        "loss after the update",
        "The loss of an iteration is computed after its update",
        BEFORE,
        LOSSES,
        loss_logs.AfterTheUpdate,
        documents=("wildml", "roelants"),
    ),
    *(
        Loop(
            f"{'last layer' if last else 'layers'} updated on the way",
            f"{'The last' if last else 'Every'} layer is updated before the error goes back through it",
            "Compute all gradients before updating any parameter.",
            ONE_STEP,
            parameter_loops.on_the_way(last),
        )
        for last in (False, True)
    ),
    Loop(
        "gradients never zeroed",
        "The gradients of all iterations are added up",
        FRESH,
        STEPS,
        parameter_loops.summed(mean=False),
    ),
    *(
        Loop(
            f"best network{' after its update' if after else ''}",
            f"The network {'after the update ' if after else ''}of the least loss is returned instead of the last one",
            "Return the network after the last update.",
            STEPS,
            parameter_loops.best_network(after),
        )
        for after in (False, True)
    ),
    Loop(
        "short batches dropped",
        "Batches that are shorter than the first are skipped",
        OWN,
        BATCHES,
        batch_loops.ShortDropped,
    ),
    Loop(
        "all examples",
        "Every iteration uses all examples instead of its batch",
        OWN,
        BATCHES,
        batch_loops.AllExamples,
    ),
    Loop("first batch", "Every iteration uses the first batch", OWN, BATCHES, batch_loops.FirstBatch),
    Loop(
        "labels of the first examples",
        "A batch takes its own inputs, but the labels of the first examples of the data",
        "Take inputs and labels of a batch by the same indices.",
        BATCHES,
        batch_loops.LabelsOfTheFirst,
    ),
    Loop(
        "inputs of the first examples",
        "A batch takes its own labels, but the inputs of the first examples of the data",
        "Take inputs and labels of a batch by the same indices.",
        BATCHES,
        batch_loops.InputsOfTheFirst,
    ),
    Loop(
        "mean over the data set",
        "The gradient of a batch's mean is divided by the number of all examples",
        "Divide by the number of examples in the batch.",
        "training.revealing-runs",
        batch_loops.OverTheDataSet,
    ),
    Loop(
        "mean over the data set in the loss too",
        "The mean of a batch is divided by the number of all examples, in the loss and in its gradient",
        "Divide by the number of examples in the batch.",
        "training.revealing-runs",
        batch_loops.LossAndGradientOverTheDataSet,
    ),
    *(
        Loop(
            f"objective by the share{'' if in_loss else ' in the gradients'}",
            f"The {'loss and the gradients' if in_loss else 'gradients'} of a batch are multiplied by its share of the "
            "examples",
            "Take the objective of each batch as it is.",
            BATCHES,
            batch_loops.objective_by_share(in_loss),
        )
        for in_loss in (True, False)
    ),
    Loop(
        "one example at a time",
        "An iteration makes an update after each of its examples",
        "Make one update for the whole batch.",
        STEPS,
        batch_loops.OneAtATime,
    ),
    *(
        Loop(
            f"own batches of {size}",
            f"Training takes batches of {size} in the order of the examples, whatever is given",
            OWN,
            STEPS,
            batch_loops.own(size, shuffled=False),
        )
        for size in (32, 10, 1, 16, 64, 100)
    ),
    *(
        Loop(
            f"own shuffled batches of {size}",
            f"Training draws its own batches of {size}, with seed 0",
            OWN,
            STEPS,
            batch_loops.own(size, shuffled=True),
        )
        for size in (32, 10, 1, 16, 64, 100)
    ),
    *(
        Loop(
            f"targets spoilt{of_gradient}",
            f"{SPOILT}{said}",
            OWN_ARRAY,
            STEPS,
            own_memory.targets_spoilt(in_loss),
        )
        for in_loss, of_gradient, said in (
            (True, "", ""),
            (False, " for the gradient", "; the loss takes the labels"),
        )
    ),
    Loop(
        "batches shuffled",
        "The batches come in another order, drawn with seed 0",
        OWN,
        BATCHES,
        batch_loops.Shuffled,
    ),
    Loop("batches reversed", "The batches come in the reverse order", OWN, BATCHES, batch_loops.Reversed),
    Loop(
        "each batch twice", "Every batch is used for two iterations in a row", OWN, BATCHES, batch_loops.Twice
    ),
    Loop(
        "batches in sequence",
        "The batches are made of the examples in their order, without the shuffle",
        OWN,
        BATCHES,
        batch_loops.InSequence,
    ),
    Loop(
        "last example dropped",
        "The last example of every batch is left out",
        OWN,
        "training.full-minibatch",
        batch_loops.LastExampleDropped,
    ),
    Loop(
        "short batch over the usual size",
        "The gradient of a short batch is divided by the usual size of a batch",
        "Divide by the number of examples in the batch.",
        BATCHES,
        batch_loops.OverTheUsualSize,
    ),
    Loop(
        "loss of a short batch over the usual size",
        "The loss of a short batch is divided by the usual size of a batch",
        "Divide by the number of examples in the batch.",
        BATCHES,
        loss_logs.OverTheUsualSize,
    ),
    Loop(
        "one update too few",
        "Training makes one update too few",
        "Make as many updates as iterations are asked for.",
        STEPS,
        parameter_loops.OneTooFew,
    ),
    Loop(
        "one update too many",
        "Training makes one update too many",
        "Make as many updates as iterations are asked for.",
        STEPS,
        batch_loops.OneTooMany,
    ),
    Loop(
        "one loss too many",
        "There is one loss too many, that of the final network",
        "Log one loss per iteration, before its update.",
        LOSSES,
        loss_logs.OneTooMany,
        documents=("roelants",),
    ),
    Loop(
        "losses averaged so far",
        "The losses are averages over the run so far",
        BEFORE,
        LOSSES,
        loss_logs.AveragedSoFar,
    ),
    Loop(
        "losses added up",
        "The losses are added up from iteration to iteration",
        BEFORE,
        LOSSES,
        loss_logs.AddedUp,
    ),
    Loop(
        "losses smoothed",
        "The losses are smoothed: 0.9 times the last one that was logged plus 0.1 times the new one",
        BEFORE,
        LOSSES,
        loss_logs.Smoothed,
    ),
    Loop(
        "losses without the penalty",
        "The losses have no penalty, although the gradients have it",
        "Log the whole objective.",
        ONE_STEP,
        loss_logs.WithoutThePenalty,
    ),
    Loop(
        "losses over the data set",
        "The losses are divided by the number of all examples",
        BEFORE,
        LOSSES,
        loss_logs.OverTheDataSet,
        documents=("wildml",),
    ),
    Loop(
        "losses of all examples",
        "The loss of a batch is that of all examples",
        BEFORE,
        BATCHES,
        loss_logs.OfAllExamples,
    ),
    _frozen("first layer frozen", "The first layer's weights and biases are", ("weights", "biases"), 0, 1),
    _frozen("last layer frozen", "The last layer's weights and biases are", ("weights", "biases"), -1, None),
    _frozen("hidden layers frozen", "All layers but the last are", ("weights", "biases"), 0, -1),
    _frozen("first weights frozen", "The first layer's weights are", ("weights",), 0, 1),
    _frozen("last weights frozen", "The last layer's weights are", ("weights",), -1, None),
    _frozen("biases frozen", "The biases are", ("biases",), None, None),
    _frozen("first biases frozen", "The first layer's biases are", ("biases",), 0, 1),
    _frozen("last biases frozen", "The last layer's biases are", ("biases",), -1, None),
    _frozen("weights frozen", "The weights are", ("weights",), None, None),
    Loop(
        "gradients averaged so far",
        "The gradient is the mean of those of all iterations so far",
        FRESH,
        STEPS,
        parameter_loops.summed(mean=True),
    ),
    Loop(
        "gradients of two iterations",
        "The update takes the sum of this iteration's gradients and the last one's",
        FRESH,
        STEPS,
        parameter_loops.TwoIterations,
    ),
    Loop(
        "stale parameters",
        "The gradients are those at the parameters of the iteration before",
        FRESH,
        STEPS,
        parameter_loops.stale(first=False),
    ),
    Loop(
        "initial parameters",
        "The gradients are those at the initial parameters in every iteration",
        FRESH,
        STEPS,
        parameter_loops.stale(first=True),
    ),
    *(
        Loop(
            f"updates every {count}",
            f"There is an update every {count} iterations, with the sum of their gradients",
            FRESH,
            STEPS,
            parameter_loops.every(count),
        )
        for count in (2, 4, 10)
    ),
    Loop(
        "updates twice",
        "Every iteration's step is made twice",
        "Make one update an iteration.",
        STEPS,
        parameter_loops.StepTwice,
    ),
    *(
        Loop(
            f"stops at {text}",
            f"Training stops once the loss changes by less than {text}",
            "Run all the iterations that are asked for.",
            STATES,
            parameter_loops.stops(limit),
        )
        for limit, text in ((1e-4, "1e-4"), (1e-3, "1e-3"), (1e-5, "1e-5"), (1e-2, "0.01"))
    ),
    Loop(
        "stops when the loss rises",
        "Training stops once the loss rises",
        "Run all the iterations that are asked for.",
        STATES,
        parameter_loops.stops(None),
    ),
    *(
        Loop(
            f"penalty by the share {where}",
            f"On a batch the penalty is multiplied by the batch's share of the examples, {where}",
            "Add the whole penalty to the loss of every batch.",
            "training.revealing-runs",
            batch_loops.penalty_by_share(*sides),
        )
        for where, sides in {
            "in the loss and in the gradients": (True, True),
            "in the gradients alone": (False, True),
            "in the loss alone": (True, False),
        }.items()
    ),
    *(
        Loop(
            f"decay beside momentum{' of the moved weights' * after}{' at the initial rate' * initial}",
            "The penalty shrinks the weights by μλW in each step, beside momentum, and its gradient never enters the "
            f"velocity{'; W is the weights after the step' if after else ''}"
            f"{'; μ is the initial rate, whatever the schedule is' if initial else ''}",
            "Add λW to the gradients that the velocity takes.",
            "training.revealing-runs",
            parameter_loops.decay_beside_momentum(after, initial=initial),
        )
        for initial in (False, True)
        for after in (False, True)
    ),
    *(
        Loop(
            f"decay besides the penalty{' of the moved weights' if after else ''}",
            "The weights are shrunk by μλW in each step, besides the penalty, whose gradient has λW already"
            f"{'; W is the weights after the step' if after else ''}",
            "Have the penalty once: in the gradients, or as decay.",
            "training.revealing-runs",
            parameter_loops.decay_beside_momentum(after, twice=True),
        )
        for after in (False, True)
    ),
    Loop(
        "losses and gradients of the initial parameters",
        "The losses and the gradients of every iteration are those at the initial parameters",
        FRESH,
        STEPS,
        parameter_loops.AtTheInitialParameters,
    ),
    Loop(
        "stale inputs",
        "The gradients on the weights of a layer take its input of an earlier batch of the same size",
        FRESH,
        STEPS,
        batch_loops.StaleInputs,
    ),
    Loop(
        "old velocity",
        "The parameters move by the velocity of the iteration before: each step is an iteration late",
        "Compute the new velocity first, then move the parameters by it.",
        ONE_STEP,
        parameter_loops.OldVelocity,
    ),
)
