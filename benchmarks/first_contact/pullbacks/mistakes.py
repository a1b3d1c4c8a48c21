"""40 mistakes, as people make them, in program.py; and ten pairs of them."""

from first_contact_edits import Mistake, Pair

MISTAKES = [
    # Softmax and cross-entropy
    Mistake(
        "global_max_shift",
        "The softmax subtracts the greatest score of the whole batch instead of each row's, so rows far below it "
        "underflow to log 0.",
        [("scores.max(axis=1, keepdims=True)", "scores.max()")],
    ),
    Mistake(
        "mean_over_one_hot_entries",
        "The mean reduction averages the one-hot product over all N·K entries instead of over the N examples, so the "
        "mean cross-entropy and its gradient are K times too small.",
        [
            (
                "total, pull_total = total_vjp(picked, reduction)",
                "one_hot = np.arange(scores.shape[1]) == labels[:, None]\n"
                "    total, pull_total = total_vjp((one_hot * picked[:, None]).ravel(), reduction)",
            ),
            ("pull_pick(pull_total(-g))", "pull_pick(pull_total(-g)[: len(picked)])"),
        ],
    ),
    Mistake(
        "pullback_always_of_mean",
        "The gradient of the summed cross-entropy is divided by the number of examples, as if it were the mean.",
        [("lambda g: np.full(len(values), weight * g)", "lambda g: np.full(len(values), g / len(values))")],
    ),
    Mistake(
        "clipped_probabilities",
        "The cross-entropy clips the probabilities from below at 1e-7 before the logarithm, while the gradient does "
        "not know of it.",
        [("pick_vjp(logp, labels)", "pick_vjp(np.maximum(logp, np.log(1e-7)), labels)")],
    ),
    Mistake(
        "double_softmax",
        "The objective applies softmax to the scores and then hands the probabilities to a cross-entropy that applies "
        "softmax again.",
        [
            (
                "    data, pull_data = cross_entropy_vjp(scores, labels, objective[\"reduction\"])",
                "    logp, pull_log = log_softmax_vjp(scores)\n"
                "    probabilities = np.exp(logp)\n"
                "    data, pull_data = cross_entropy_vjp(probabilities, labels, objective[\"reduction\"])",
            ),
            ("pull_model(pull_data(g))", "pull_model(pull_log(probabilities * pull_data(g)))"),
        ],
    ),
    Mistake(
        "one_based_flat_index",
        "The flat index of the label's entry is one too small, as with labels that start from 1, so each class reads "
        "the one before it, and class 0 the last class of the example before.",
        [("flat = k * np.arange(n) + labels", "flat = k * np.arange(n) + labels - 1")],
    ),
    Mistake(
        "flat_index_in_label_dtype",
        "The flat index of the label's entry is cast to the dtype of the labels, so with uint8 labels it wraps around "
        "at 256.",
        [("flat = k * np.arange(n) + labels", "flat = (k * np.arange(n) + labels).astype(labels.dtype)")],
    ),
    Mistake(
        "scatter_to_all_rows",
        "The pullback of picking the label's entry writes to out[:, labels] instead of one entry of each row, so every "
        "example gets a cotangent in every class that occurs in the batch.",
        [("out.flat[flat] = g", "out[:, labels] = g")],
    ),
    Mistake(
        "unnormalized_softmax_pullback",
        "The pullback of log-softmax uses the exponentials of the shifted scores without dividing them by their sum.",
        [("p = np.exp(logp)", "p = np.exp(shifted)")],
    ),
    # Penalty
    Mistake(
        "penalty_on_biases",
        "The penalty and its gradient include the biases.",
        [
            (
                'np.einsum("dh,dh->", layer["w"], layer["w"]) for layer in layers)',
                'np.einsum("dh,dh->", layer["w"], layer["w"]) + layer["b"] @ layer["b"] for layer in layers)',
            ),
            ('"b": np.zeros_like(layer["b"])}', '"b": g * l2 * layer["b"]}'),
        ],
    ),
    Mistake(
        "penalty_over_examples",
        "The penalty and its gradient are divided by the number of examples, λ/(2N) instead of λ/2.",
        [
            (
                'ridge_vjp(layers, objective.get("l2") or 0.0)',
                'ridge_vjp(layers, (objective.get("l2") or 0.0) / len(labels))',
            )
        ],
    ),
    Mistake(
        "penalty_by_batch_share",
        "In training, λ is multiplied by the minibatch's share of all examples, so that a whole pass adds the penalty "
        "only once.",
        [
            (
                "def value_and_grad(params: Array, inputs: Array, labels: Array) ->",
                "def value_and_grad(params: Array, inputs: Array, labels: Array, share: float = 1.0) ->",
            ),
            (
                "        value, pullback = objective_vjp(unravel(params), activation, inputs, labels, objective)",
                '        scaled = {**objective, "l2": share * (objective.get("l2") or 0.0)}\n'
                "        value, pullback = objective_vjp(unravel(params), activation, inputs, labels, scaled)",
            ),
            ("value_and_grad(get_params(state), x, y)", "value_and_grad(get_params(state), x, y, len(x) / len(inputs))"),
        ],
    ),
    Mistake(
        "penalty_einsum_index_slip",
        "A wrong index in the einsum of the penalty's value sums the products of all pairs of entries in a row of W "
        "instead of the squares, while the gradient is right.",
        [('np.einsum("dh,dh->", layer["w"]', 'np.einsum("dh,dk->", layer["w"]')],
    ),
    # Backward pass and activations
    Mistake(
        "relu_masks_cotangent",
        "The pullback of ReLU is ReLU of the incoming cotangent: it tests the sign of that instead of the input's.",
        [("lambda g: np.where(active, g, 0.0)", "lambda g: np.where(g > 0, g, 0.0)")],
    ),
    Mistake(
        "tanh_derivative_of_output",
        "The derivative of tanh applies tanh again to the output, 1 − tanh(tanh z)².",
        [("lambda g: g * (1.0 - y**2)", "lambda g: g * (1.0 - np.tanh(y) ** 2)")],
    ),
    Mistake(
        "logistic_derivative_of_input",
        "The derivative of the logistic function is computed as z(1 − z) from its input instead of from its output.",
        [("lambda g: g * s * (1.0 - s)", "lambda g: g * z * (1.0 - z)")],
    ),
    Mistake(
        "logistic_without_half",
        "The logistic function by way of tanh forgets to halve its argument, so it is the logistic of 2z, with s(1 − s) as its "
        "derivative still.",
        [("np.tanh(0.5 * z)", "np.tanh(z)")],
    ),
    Mistake(
        "bias_gradient_total",
        "The gradient of a bias sums the cotangent over the units as well as over the examples, so all biases of a "
        "layer get the same total.",
        [('db = np.einsum("nh->h", g)', "db = np.full_like(b, np.sum(g))")],
    ),
    Mistake(
        "activation_on_scores",
        "The hidden activation is applied to the last layer too, so the scores are activated.",
        [
            (
                "    scores, pull_scores = dense_vjp(layers[-1], x)\n",
                "    z, pull_last = dense_vjp(layers[-1], x)\n"
                "    scores, pull_squash = activation_vjp(activation, z)\n",
            ),
            ("last, g = pull_scores(g)", "last, g = pull_last(pull_squash(g))"),
        ],
    ),
    # Optimizer and schedule
    Mistake(
        "nesterov_instead_of_classical",
        "The momentum update is Nesterov's: the parameters move by λV − μ∇ with the new velocity V.",
        [
            (
                "OptState(state.params + velocity, velocity)",
                "OptState(state.params + memory * velocity - rate(t) * grad, velocity)",
            )
        ],
    ),
    Mistake(
        "momentum_in_gradient_descent",
        "Gradient descent uses the optimizer's momentum too, since the method is not looked at.",
        [('memory = optimizer["momentum"] if method == "momentum" else 0.0', 'memory = optimizer.get("momentum") or 0.0')],
    ),
    Mistake(
        "step_decay_one_early",
        "The step schedule counts iterations from 1, ⌊(1 + t)/n⌋, so that every drop comes one update early.",
        [('d ** (t // schedule["every"])', 'd ** ((1 + t) // schedule["every"])')],
    ),
    Mistake(
        "inverse_time_compounded",
        "The inverse-time schedule multiplies the already decayed rate by 1/(1 + d·t) at every update instead of the "
        "initial one.",
        [("rate / (1.0 + d * t)", "rate / np.prod(1.0 + d * np.arange(1, t + 1))")],
    ),
    # Training loop and flat parameters
    Mistake(
        "velocity_reset_each_update",
        "The training loop initializes the optimizer's state anew at every iteration, so the velocity is always zero "
        "and momentum has no effect.",
        [("state = update_fn(t, grad, state)\n", "state = update_fn(t, grad, init_fn(get_params(state)))\n")],
    ),
    Mistake(
        "gradient_at_initial_params",
        "The training loop evaluates the objective and its gradient at the initial parameters at every iteration, "
        "instead of at those in the optimizer's state.",
        [("value_and_grad(get_params(state), x, y)", "value_and_grad(params, x, y)")],
    ),
    Mistake(
        "objective_by_batch_share",
        "In training, each minibatch's objective and gradient are weighted by its share of all examples, as if it "
        "were to be accumulated over a pass before the update.",
        [
            (
                "        value, grad = value_and_grad(get_params(state), x, y)\n",
                "        value, grad = value_and_grad(get_params(state), x, y)\n"
                "        share = len(x) / len(inputs)\n"
                "        value, grad = share * value, share * grad\n",
            )
        ],
    ),
    Mistake(
        "last_update_dropped",
        "The training loop yields the parameters before each update, so the network that is returned lacks the last "
        "one.",
        [
            (
                "        state = update_fn(t, grad, state)\n        yield value, get_params(state)\n",
                "        yield value, get_params(state)\n        state = update_fn(t, grad, state)\n",
            )
        ],
    ),
    Mistake(
        "best_iterate_returned",
        "Training returns the parameters of the iteration with the lowest loss so far, as from a checkpoint, instead "
        "of the last ones.",
        [
            (
                "    for value, params in steps:\n        losses.append(float(value))\n",
                "    for value, reached in steps:\n"
                "        if value < min(losses, default=np.inf):\n"
                "            params = reached\n"
                "        losses.append(float(value))\n",
            )
        ],
    ),
    Mistake(
        "labels_not_permuted",
        "A minibatch takes the inputs by its indices, but the first labels of the data set instead of those with the "
        "same indices.",
        [("x, y = inputs[batch], labels[batch]", "x = inputs[batch]\n        y = labels[: len(x)]")],
    ),
    Mistake(
        "gradients_accumulated",
        "The training loop adds each gradient to those of the iterations before and never clears them.",
        [
            ("    state = init_fn(params)\n    for t,", "    state = init_fn(params)\n    total = np.zeros_like(params)\n    for t,"),
            ("update_fn(t, grad, state)\n        yield", "update_fn(t, total, state)\n        yield"),
            (
                "        value, grad = value_and_grad(get_params(state), x, y)\n",
                "        value, grad = value_and_grad(get_params(state), x, y)\n        total += grad\n",
            ),
        ],
    ),
    Mistake(
        "float32_parameters",
        "The flat vector of the parameters and gradients is float32 in a program that computes in float64 otherwise "
        "and says float64.",
        [
            (
                "return np.concatenate([leaf.ravel() for leaf in leaves]), unravel",
                "return np.concatenate([leaf.ravel() for leaf in leaves]).astype(np.float32), unravel",
            )
        ],
    ),
    Mistake(
        "fortran_ravel",
        "The flat vector is made in column order, but cut back into matrices in row order, so the entries of the "
        "weights are mixed up.",
        [("[leaf.ravel() for leaf in leaves]", '[leaf.ravel(order="F") for leaf in leaves]')],
    ),
    # Initialization, data and prediction
    Mistake(
        "divided_by_root_fan_out",
        "The initial weights are divided by the root of the fan-out instead of the fan-in.",
        [("scale / np.sqrt(fan_in)", "scale / np.sqrt(fan_out)")],
    ),
    Mistake(
        "biases_divided_too",
        "The initial biases are divided by the root of the fan-in like the weights.",
        [("b = scale * np.asarray(b, dtype=float)", "b = spread * np.asarray(b, dtype=float)")],
    ),
    Mistake(
        "spiral_noise_interleaved",
        "The spiral deals its normals to the classes in turn instead of in blocks of one class.",
        [("np.asarray(normals, dtype=float).reshape(classes, n)", "np.asarray(normals, dtype=float).reshape(n, classes).T")],
    ),
    Mistake(
        "moons_labels_not_shuffled",
        "The moons' points are put into the given order, but their labels are not.",
        [('"labels": labels[order]}', '"labels": labels}')],
    ),
    Mistake(
        "moons_noise_before_order",
        "The moons' noise is added before the points are put into the given order, so that each normal goes to "
        "another point.",
        [
            (
                "    points = np.concatenate([upper, lower])[order]\n",
                "    points = np.concatenate([upper, lower]) + noise * np.asarray(normals, dtype=float)\n",
            ),
            ('"inputs": points + noise * np.asarray(normals, dtype=float), ', '"inputs": points[order], '),
        ],
    ),
    Mistake(
        "circles_with_endpoint",
        "The larger circle includes the angle 2π, so that its first and last point are the same and the others are "
        "too far apart.",
        [("outer, endpoint=False))", "outer))")],
    ),
    Mistake(
        "predict_always_tanh",
        "Prediction has its own forward pass with tanh written into it, whatever the network's activation is.",
        [
            (
                '    scores = forward(network, inputs)["scores"]\n',
                '    scores = forward({**network, "activation": "tanh"}, inputs)["scores"]\n',
            )
        ],
    ),
    Mistake(
        "binary_threshold_on_score",
        "With two classes, prediction compares the raw score of class 1 with 0.5, as if it were its probability.",
        [
            (
                "    return np.argmax(scores, axis=1)\n",
                "    if scores.shape[1] == 2:\n"
                "        return (scores[:, 1] > 0.5).astype(int)\n"
                "    return np.argmax(scores, axis=1)\n",
            )
        ],
    ),
]

PAIRS = [
    # in the same function
    Pair("velocity_reset_each_update", "labels_not_permuted"),
    Pair("divided_by_root_fan_out", "biases_divided_too"),
    Pair("global_max_shift", "unnormalized_softmax_pullback"),
    # in different ones
    Pair("nesterov_instead_of_classical", "step_decay_one_early"),
    Pair("penalty_on_biases", "bias_gradient_total"),
    Pair("tanh_derivative_of_output", "penalty_over_examples"),
    Pair("double_softmax", "last_update_dropped"),
    Pair("moons_labels_not_shuffled", "binary_threshold_on_score"),
    Pair("objective_by_batch_share", "inverse_time_compounded"),
    Pair("float32_parameters", "clipped_probabilities"),
]
