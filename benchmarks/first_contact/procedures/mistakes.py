"""Forty mistakes in program.py, as people make them, and ten pairs of them."""

from first_contact_edits import Mistake, Pair

MISTAKES = [
    # Softmax and loss
    Mistake(
        "softmax_over_examples",
        "The softmax is normalized over the examples of a batch (axis 0) rather than over the classes.",
        [
            (
                """    top = scores.max(axis=1, keepdims=True)
    return top + np.log(np.exp(scores - top).sum(axis=1, keepdims=True))""",
                """    top = scores.max(axis=0, keepdims=True)
    return top + np.log(np.exp(scores - top).sum(axis=0, keepdims=True))""",
            )
        ],
    ),
    Mistake(
        "shift_by_greatest_of_all",
        "For stability, logsumexp subtracts the greatest score of the whole batch rather than of each row, so rows "
        "with much lower scores underflow to log(0).",
        [("    top = scores.max(axis=1, keepdims=True)\n", "    top = scores.max()\n")],
    ),
    Mistake(
        "epsilon_in_the_logarithm",
        "The loss takes log(p + 1e-7) of the probabilities, while the gradient belongs to log(p).",
        [
            (
                "    losses = -np.sum(targets * log_softmax(scores), axis=1)\n",
                "    losses = -np.sum(targets * np.log(probabilities(scores) + 1e-7), axis=1)\n",
            )
        ],
    ),
    Mistake(
        "column_minus_vector",
        "The loss subtracts a vector (N,) of the right classes' scores from the column (N, 1) of logsumexps, which "
        "broadcasts to N times N losses whose sum is N times too large.",
        [
            (
                "    losses = -np.sum(targets * log_softmax(scores), axis=1)\n",
                "    losses = logsumexp(scores) - np.sum(targets * scores, axis=1)\n",
            )
        ],
    ),
    Mistake(
        "softmax_before_softmax_loss",
        "The forward pass already ends with a softmax, and the loss applies softmax to these probabilities again; the "
        "backward pass ignores the first softmax.",
        [
            (
                "    sums.append(scores)\n    return Tape(outputs, sums)\n",
                "    sums.append(probabilities(scores))\n    return Tape(outputs, sums)\n",
            )
        ],
    ),
    Mistake(
        "binary_cross_entropy_per_class",
        "The loss is the binary cross-entropy of every class's probability, summed over the classes, rather than the "
        "categorical one.",
        [
            (
                "    losses = -np.sum(targets * log_softmax(scores), axis=1)\n",
                "    p = probabilities(scores)\n"
                "    losses = -np.sum(targets * log_softmax(scores) + (1.0 - targets) * np.log(1.0 - p + 1e-12), axis=1)\n",
            )
        ],
    ),
    Mistake(
        "flat_index_in_label_dtype",
        "The one-hot rows are set through flat indices that are computed in the labels' own dtype, which overflow "
        "beyond 255 when the labels are uint8.",
        [
            ("    labels = np.asarray(labels, dtype=np.intp)\n", "    labels = np.asarray(labels)\n"),
            (
                "    targets[np.arange(labels.size), labels] = 1.0\n",
                "    starts = classes * np.arange(labels.size)\n"
                "    targets.reshape(-1)[starts.astype(labels.dtype) + labels] = 1.0\n",
            ),
        ],
    ),
    # Gradient on the scores
    Mistake(
        "targets_changed_in_place",
        "The gradient on the scores is computed in the one-hot rows' own memory (targets -= p), so without minibatches "
        "every iteration after the first trains on spoilt targets.",
        [
            (
                "    delta = probabilities(scores) - targets\n    return delta / divisor",
                "    targets -= probabilities(scores)\n    return -targets / divisor",
            )
        ],
    ),
    Mistake(
        "gradient_always_mean",
        "The gradient on the scores is divided by the number of examples also when the objective is a sum.",
        [("    return delta / divisor(reduction, len(targets))", "    return delta / len(targets)")],
    ),
    Mistake(
        "output_delta_times_p_times_one_minus_p",
        "The difference of probabilities and targets is multiplied by p(1 - p) once more, as if the loss were the "
        "squared error of logistic outputs.",
        [
            (
                "    delta = probabilities(scores) - targets\n",
                "    p = probabilities(scores)\n    delta = (p - targets) * p * (1.0 - p)\n",
            )
        ],
    ),
    # Backward pass
    Mistake(
        "slope_left_out",
        "The backward pass goes through the weights but does not multiply by the activation's derivative.",
        [("            delta = arriving * slope\n", "            delta = arriving\n")],
    ),
    Mistake(
        "logistic_slope_of_sum",
        "The logistic function's derivative is computed as z(1 - z) from its input rather than as a(1 - a) from its "
        "output.",
        [("lambda z, a: a * (1.0 - a)", "lambda z, a: z * (1.0 - z)")],
    ),
    Mistake(
        "slope_at_the_output",
        "The backward pass evaluates the activation's derivative at the hidden outputs rather than at the sums that "
        "went into the activation.",
        [
            (
                "            slope = phi.slope(tape.sums[layer - 1], tape.outputs[layer])\n",
                "            h = tape.outputs[layer]\n            slope = phi.slope(h, phi.function(h))\n",
            )
        ],
    ),
    Mistake(
        "hidden_bias_gradient_without_slope",
        "The gradient on the hidden biases is summed from what arrives at the hidden outputs, before it is multiplied "
        "by the activation's derivative.",
        [
            (
                "    for layer in reversed(range(len(params.weights))):\n"
                "        yield tape.outputs[layer].T @ delta, delta.sum(axis=0, keepdims=True)\n",
                "    arriving = delta\n"
                "    for layer in reversed(range(len(params.weights))):\n"
                "        yield tape.outputs[layer].T @ delta, arriving.sum(axis=0, keepdims=True)\n",
            )
        ],
    ),
    Mistake(
        "bias_gradient_averaged",
        "The gradients on the biases are the mean of the examples' deltas rather than their sum, although the deltas "
        "are already divided for a mean.",
        [("delta.sum(axis=0, keepdims=True)\n", "delta.mean(axis=0, keepdims=True)\n")],
    ),
    Mistake(
        "reshape_for_transpose",
        "The delta goes back through the weights reshaped to (fan_out, fan_in) rather than transposed.",
        [
            (
                "            arriving = delta @ params.weights[layer].T\n",
                "            fan_in, fan_out = params.weights[layer].shape\n"
                "            arriving = delta @ params.weights[layer].reshape(fan_out, fan_in)\n",
            )
        ],
    ),
    Mistake(
        "relu_open_at_zero",
        "The derivative of ReLU is 1 rather than 0 where its input is exactly 0.",
        [("(z > 0.0).astype(z.dtype)", "(z >= 0.0).astype(z.dtype)")],
    ),
    Mistake(
        "update_during_backward_pass",
        "Training updates each layer as soon as its gradient is known, so the delta goes back to earlier layers "
        "through weights that are already updated.",
        [
            (
                """        gradient = backpropagate(params, phi, tape, t, objective)
        params, velocity = step(params, gradient, velocity, optimizer.momentum, rate)
""",
                """        delta = score_delta(tape.scores, t, objective.reduction)
        for i, (dw, db) in zip(reversed(range(len(params.weights))), backward(params, phi, tape, delta)):
            for values, moving, d in (
                (params.weights, velocity.weights, dw + objective.l2 * params.weights[i]),
                (params.biases, velocity.biases, db),
            ):
                values[i], moving[i] = advance(values[i], d, moving[i], optimizer.momentum, rate)
""",
            )
        ],
    ),
    # Forward pass and precision
    Mistake(
        "bias_after_activation",
        "The hidden biases are added after the activation rather than before it.",
        [
            (
                "        z = outputs[-1] @ w + b\n        sums.append(z)\n        outputs.append(phi.function(z))\n",
                "        z = outputs[-1] @ w\n        sums.append(z)\n        outputs.append(phi.function(z) + b)\n",
            )
        ],
    ),
    Mistake(
        "single_precision",
        "All arrays are converted to float32 while the program says that it computes in float64.",
        [("DTYPE = np.float64\n", "DTYPE = np.float32\n")],
    ),
    # Penalty
    Mistake(
        "biases_penalized",
        "The penalty and its gradient include the biases.",
        [
            (
                "float(sum(np.sum(w**2) for w in params.weights))",
                "float(sum(np.sum(w**2) for w in params.weights + params.biases))",
            ),
            ("        [db for _, db in layers],\n", "        [db + objective.l2 * b for (_, db), b in zip(layers, params.biases)],\n"),
        ],
    ),
    Mistake(
        "penalty_without_half",
        "The loss adds the penalty without the factor 1/2, while the gradient is that of the half.",
        [("    return 0.5 * objective.l2 * float(", "    return objective.l2 * float(")],
    ),
    Mistake(
        "penalty_per_example",
        "The penalty and its gradient are divided by the number of examples of the batch.",
        [
            (
                "objective.reduction) + penalty(params, objective)\n",
                "objective.reduction) + penalty(params, objective) / len(targets)\n",
            ),
            (
                "        [dw + objective.l2 * w for (dw, _)",
                "        [dw + objective.l2 / len(targets) * w for (dw, _)",
            ),
        ],
    ),
    Mistake(
        "decay_outside_of_momentum",
        "Training leaves the penalty's gradient out of the velocity and shrinks the weights by rate times l2 apart from "
        "it, which is another method as soon as there is momentum.",
        [
            (
                """        gradient = backpropagate(params, phi, tape, t, objective)
        params, velocity = step(params, gradient, velocity, optimizer.momentum, rate)
""",
                """        gradient = backpropagate(params, phi, tape, t, Objective(objective.reduction, 0.0))
        moved, velocity = step(params, gradient, velocity, optimizer.momentum, rate)
        decay = rate * objective.l2
        params = Parameters([w - decay * old for w, old in zip(moved.weights, params.weights)], moved.biases)
""",
            )
        ],
    ),
    # Optimizer
    Mistake(
        "momentum_as_moving_average",
        "With momentum m, the velocity takes up only (1 - m) of each new step, as a moving average does.",
        [
            (
                "    velocity = momentum * velocity - rate * gradient\n",
                "    velocity = momentum * velocity - (1.0 - momentum) * rate * gradient\n",
            )
        ],
    ),
    Mistake(
        "momentum_in_gradient_descent",
        "Plain gradient descent uses the optimizer's momentum too, because the method is never looked at.",
        [
            (
                """        momentum = float(values["momentum"]) if method == "momentum" else 0.0\n""",
                """        momentum = float(values.get("momentum") or 0.0)\n""",
            )
        ],
    ),
    Mistake(
        "no_momentum_for_biases",
        "The biases are updated without their velocity, which stays zero; only the weights have momentum.",
        [
            (
                "    biases = [advance(b, db, vb, momentum, rate) for b, db, vb in "
                "zip(params.biases, gradient.biases, velocity.biases)]\n",
                "    biases = [(b - rate * db, vb) for b, db, vb in "
                "zip(params.biases, gradient.biases, velocity.biases)]\n",
            )
        ],
    ),
    Mistake(
        "gradients_never_zeroed",
        "Training adds each iteration's gradient to those of all iterations before, since they are never set back to "
        "zero.",
        [
            (
                "    velocity = Parameters.zeros_like(params)\n    stream",
                "    velocity, total = Parameters.zeros_like(params), Parameters.zeros_like(params)\n    stream",
            ),
            (
                "        params, velocity = step(params, gradient, velocity, optimizer.momentum, rate)\n    return losses",
                """        for sums, new in ((total.weights, gradient.weights), (total.biases, gradient.biases)):
            sums[:] = [s + n for s, n in zip(sums, new)]
        params, velocity = step(params, total, velocity, optimizer.momentum, rate)
    return losses""",
            ),
        ],
    ),
    # Schedule
    Mistake(
        "step_schedule_without_floor",
        "The step schedule divides t by n without rounding down, so the rate falls at every iteration.",
        [("schedule.decay ** (t // schedule.every)", "schedule.decay ** (t / schedule.every)")],
    ),
    Mistake(
        "decay_of_decayed_rate",
        "Each iteration applies the schedule's factor for t to the rate that is already decayed rather than to the "
        "initial rate.",
        [
            (
                "    for t in itertools.count():\n"
                "        yield optimizer.learning_rate * decay_factor(optimizer.schedule, t)\n",
                "    rate = optimizer.learning_rate\n"
                "    for t in itertools.count():\n"
                "        rate *= decay_factor(optimizer.schedule, t)\n"
                "        yield rate\n",
            )
        ],
    ),
    Mistake(
        "schedule_from_one",
        "The schedule counts the iterations from 1 rather than from 0.",
        [("    for t in itertools.count():\n", "    for t in itertools.count(1):\n")],
    ),
    # Minibatches and training
    Mistake(
        "divided_by_all_examples",
        "In training, the mean gradient of a minibatch is divided by the number of all examples rather than by the "
        "minibatch's own.",
        [
            (
                "def score_delta(scores: Array, targets: Array, reduction: str) -> Array:",
                "def score_delta(scores: Array, targets: Array, reduction: str, examples: int | None = None) -> Array:",
            ),
            (
                "    return delta / divisor(reduction, len(targets))",
                "    return delta / divisor(reduction, examples or len(targets))",
            ),
            (
                "tape: Tape, targets: Array, objective: Objective\n) -> Parameters:",
                "tape: Tape, targets: Array, objective: Objective, examples: int | None = None\n) -> Parameters:",
            ),
            (
                "    delta = score_delta(tape.scores, targets, objective.reduction)\n",
                "    delta = score_delta(tape.scores, targets, objective.reduction, examples)\n",
            ),
            (
                "        gradient = backpropagate(params, phi, tape, t, objective)\n",
                "        gradient = backpropagate(params, phi, tape, t, objective, len(inputs))\n",
            ),
        ],
    ),
    Mistake(
        "first_minibatch_forever",
        "Training starts the generator of minibatches anew in each iteration and so always takes the first minibatch.",
        [
            (
                """    stream = zip(learning_rates(optimizer), minibatches(inputs, targets, batches))
    for rate, (x, t) in itertools.islice(stream, iterations):
""",
                """    for rate in itertools.islice(learning_rates(optimizer), iterations):
        x, t = next(minibatches(inputs, targets, batches))
""",
            )
        ],
    ),
    Mistake(
        "loss_after_update",
        "Training records the objective on each minibatch after the update rather than before it.",
        [
            (
                "        losses.append(objective_value(params, tape, t, objective))\n",
                "",
            ),
            (
                "gradient, velocity, optimizer.momentum, rate)\n    return losses",
                "gradient, velocity, optimizer.momentum, rate)\n"
                "        losses.append(objective_value(params, propagate(params, phi, x), t, objective))\n"
                "    return losses",
            ),
        ],
    ),
    # Initialization, data and prediction
    Mistake(
        "fan_out_for_fan_in",
        "The initial weights are divided by the square root of the number of a layer's outputs rather than its inputs.",
        [("scale * n / np.sqrt(n.shape[0])", "scale * n / np.sqrt(n.shape[1])")],
    ),
    Mistake(
        "spiral_ends_left_out",
        "The radius and the angle of example i are i/N of their range, as in a loop, rather than i/(N - 1), so the arms "
        "stop short of their ends.",
        [
            (
                "    radius = np.linspace(0.0, 1.0, examples_per_class)\n"
                "    angles = [np.linspace(4 * j, 4 * (j + 1), examples_per_class) + noise[j]",
                "    radius = np.arange(examples_per_class) / examples_per_class\n"
                "    angles = [4 * j + 4 * radius + noise[j]",
            )
        ],
    ),
    Mistake(
        "moons_noise_before_order",
        "The noise is added to the moons before they are put into the given order rather than after.",
        [("points[order] + noise * matrix(normals)", "(points + noise * matrix(normals))[order]")],
    ),
    Mistake(
        "circles_closed",
        "The angles of the circles include both 0 and 2 pi, so each circle's first and last examples coincide.",
        [("2.0 * np.pi, count, endpoint=False)", "2.0 * np.pi, count)")],
    ),
    Mistake(
        "labels_from_one",
        "Predictions count the classes from 1 rather than from 0.",
        [
            (
                """    return np.argmax(forward(network, inputs)["scores"], axis=1)\n""",
                """    return np.argmax(forward(network, inputs)["scores"], axis=1) + 1\n""",
            )
        ],
    ),
    Mistake(
        "inputs_shuffled_without_labels",
        "Before fitting, the inputs are shuffled but their labels are not.",
        [
            (
                """    params = Parameters.parse(network)
    size = experiment.get("batch_size")
""",
                """    params = Parameters.parse(network)
    inputs = rng.permutation(inputs)
    size = experiment.get("batch_size")
""",
            )
        ],
    ),
]

PAIRS = [
    # In the same function
    Pair("reshape_for_transpose", "bias_gradient_averaged"),
    Pair("softmax_before_softmax_loss", "bias_after_activation"),
    Pair("first_minibatch_forever", "loss_after_update"),
    # In different ones
    Pair("softmax_over_examples", "momentum_as_moving_average"),
    Pair("gradient_always_mean", "penalty_without_half"),
    Pair("logistic_slope_of_sum", "step_schedule_without_floor"),
    Pair("biases_penalized", "no_momentum_for_biases"),
    Pair("slope_at_the_output", "schedule_from_one"),
    Pair("column_minus_vector", "hidden_bias_gradient_without_slope"),
    Pair("divided_by_all_examples", "labels_from_one"),
]
