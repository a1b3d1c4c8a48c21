"""Forty mistakes that people make in hand-written network code, as edits of program.py, and ten pairs of them."""

from first_contact_edits import Mistake, Pair

MISTAKES = [
    # loss
    Mistake(
        "loss_mean_over_all_entries",
        "The mean loss is taken over all entries of the classes-by-examples table, so it is also divided by the number "
        "of classes.",
        [("        return total / m\n", "        return total / (m * S.shape[0])\n")],
    ),
    Mistake(
        "loss_epsilon_in_log",
        "A small constant is added to the probability inside of the logarithm, which shifts every loss a little.",
        [
            (
                "    return log_total - S[y, np.arange(y.size)]\n",
                "    p = np.exp(S[y, np.arange(y.size)] - log_total)\n    return -np.log(p + 1e-8)\n",
            )
        ],
    ),
    Mistake(
        "softmax_twice",
        "The loss and its gradient get probabilities where they expect scores, so softmax is applied twice.",
        [
            (
                "    value = data_loss(S, y, objective[\"reduction\"], m)\n",
                "    value = data_loss(softmax_columns(S), y, objective[\"reduction\"], m)\n",
            ),
            (
                "    delta = delta_of_scores(A[layers], y, objective[\"reduction\"], m)\n",
                "    delta = delta_of_scores(softmax_columns(A[layers]), y, objective[\"reduction\"], m)\n",
            ),
        ],
    ),
    # softmax
    Mistake(
        "softmax_over_examples",
        "The exponentials are normalized over the examples instead of over the classes.",
        [
            (
                "    return E / np.sum(E, axis=0, keepdims=True)\n",
                "    return E / np.sum(E, axis=1, keepdims=True)\n",
            )
        ],
    ),
    Mistake(
        "softmax_without_shift",
        "The greatest score is not subtracted before the exponential, so large scores overflow.",
        [
            ("    E = np.exp(S - np.max(S, axis=0, keepdims=True))\n", "    E = np.exp(S)\n"),
            (
                "    log_total = top + np.log(np.sum(np.exp(S - top), axis=0))\n",
                "    log_total = np.log(np.sum(np.exp(S), axis=0))\n",
            ),
        ],
    ),
    # activations
    Mistake(
        "tanh_slope_not_squared",
        "The derivative of tanh is written as 1 - a instead of 1 - a squared.",
        [("        return 1.0 - a * a\n", "        return 1.0 - a\n")],
    ),
    Mistake(
        "slope_at_the_output",
        "In the backward pass the derivative is evaluated at the unit's output instead of at its input, so the "
        "activation is applied twice.",
        [
            (
                "            delta = back * slope(name, Z[l - 1])\n",
                "            delta = back * slope(name, A[l])\n",
            )
        ],
    ),
    Mistake(
        "tanh_from_logistic_without_2",
        "tanh is built from the logistic function as 2 sigma(z) - 1, where it should be 2 sigma(2 z) - 1.",
        [("        return np.tanh(z)\n", "        return 2.0 * sigma(z) - 1.0\n")],
    ),
    Mistake(
        "relu_gate_on_the_gradient",
        "The backward pass of ReLU zeroes where the incoming gradient is negative, instead of where the unit's input "
        "was.",
        [
            (
                "            delta = back * slope(name, Z[l - 1])\n",
                "            if name == \"relu\":\n"
                "                delta = np.where(back > 0, back, 0.0)\n"
                "            else:\n"
                "                delta = back * slope(name, Z[l - 1])\n",
            )
        ],
    ),
    Mistake(
        "activation_on_the_last_layer",
        "The activation is applied to every layer, including the last, so the scores go through it too.",
        [("        if l < layers - 1:\n", "        if l < layers:\n")],
    ),
    # backward pass
    Mistake(
        "no_slope",
        "The backward pass goes through the weights but forgets to multiply by the derivative of the activation.",
        [("            delta = back * slope(name, Z[l - 1])\n", "            delta = back\n")],
    ),
    Mistake(
        "gradient_not_averaged",
        "Under the mean the loss is divided by the number of examples but the gradient is not.",
        [("        delta = delta / m\n", "        pass\n")],
    ),
    Mistake(
        "bias_gradient_averaged",
        "The gradient of the biases is a mean over the examples instead of a sum, so it is divided once too often.",
        [
            (
                "        db = np.sum(delta, axis=1, keepdims=True)\n",
                "        db = np.mean(delta, axis=1, keepdims=True)\n",
            )
        ],
    ),
    Mistake(
        "score_gradient_times_p_1_minus_p",
        "p - y is multiplied by p (1 - p), as if the output layer were logistic with a squared error.",
        [
            (
                "    delta[y, np.arange(y.size)] -= 1.0\n",
                "    P = delta.copy()\n    delta[y, np.arange(y.size)] -= 1.0\n    delta = delta * P * (1.0 - P)\n",
            )
        ],
    ),
    Mistake(
        "one_subtracted_from_whole_rows",
        "Indexing with the labels alone subtracts 1 from whole rows of the probabilities instead of from one entry per "
        "example.",
        [("    delta[y, np.arange(y.size)] -= 1.0\n", "    delta[y] -= 1.0\n")],
    ),
    Mistake(
        "backward_through_updated_weights",
        "Training updates each layer during the backward pass, so the gradient goes to the layers below through weights "
        "that are already updated.",
        [
            (
                "        params, velocity = step(params, grads, velocity, optimizer, t)\n    return np.array",
                "        params = list(params)\n"
                "        after = list(velocity)\n"
                "        for l in range(len(params) // 2 - 1, -1, -1):\n"
                "            grads = backward_pass(params, Z, A, yt, objective, name, m)\n"
                "            moved, v = step(params, grads, velocity, optimizer, t)\n"
                "            params[2 * l:2 * l + 2] = moved[2 * l:2 * l + 2]\n"
                "            after[2 * l:2 * l + 2] = v[2 * l:2 * l + 2]\n"
                "        velocity = after\n"
                "    return np.array",
            )
        ],
    ),
    # penalty
    Mistake(
        "penalty_without_half",
        "The penalty in the loss lacks the factor 1/2 that its gradient assumes.",
        [("    return 0.5 * l2 * squares\n", "    return l2 * squares\n")],
    ),
    Mistake(
        "penalty_divided_by_examples",
        "The penalty in the loss is divided by the number of examples, as the data loss is.",
        [
            (
                "    value = value + penalty(params, objective[\"l2\"])\n",
                "    value = value + penalty(params, objective[\"l2\"]) / m\n",
            )
        ],
    ),
    Mistake(
        "penalty_on_biases",
        "The penalty covers the biases too, in the loss and in the gradient.",
        [
            (
                "        squares += np.sum(W * W)\n",
                "        squares += np.sum(W * W) + np.sum(params[2 * l + 1] ** 2)\n",
            ),
            (
                "        dW += objective[\"l2\"] * W\n",
                "        dW += objective[\"l2\"] * W\n        db += objective[\"l2\"] * params[2 * l + 1]\n",
            ),
        ],
    ),
    Mistake(
        "penalty_gradient_only_on_last_layer",
        "The gradient of the penalty is added for the last layer only; the layers below go without.",
        [
            (
                "        dW += objective[\"l2\"] * W\n",
                "        if l == layers - 1:\n            dW += objective[\"l2\"] * W\n",
            )
        ],
    ),
    Mistake(
        "weight_decay_outside_of_momentum",
        "In training the weights are shrunk directly after the update, so the gradient of the penalty never enters the "
        "velocity.",
        [
            (
                "        grads = backward_pass(params, Z, A, yt, objective, name, m)\n",
                "        grads = backward_pass(params, Z, A, yt, dict(objective, l2=0.0), name, m)\n"
                "        shrink = [rate_at(optimizer, t) * objective[\"l2\"] * W for W in params[0::2]]\n",
            ),
            (
                "        params, velocity = step(params, grads, velocity, optimizer, t)\n    return np.array",
                "        params, velocity = step(params, grads, velocity, optimizer, t)\n"
                "        for l in range(len(params) // 2):\n"
                "            params[2 * l] = params[2 * l] - shrink[l]\n"
                "    return np.array",
            ),
        ],
    ),
    # momentum
    Mistake(
        "momentum_as_moving_average",
        "The velocity is an exponential moving average: the new gradient gets the weight 1 - momentum.",
        [
            (
                "            v = optimizer[\"momentum\"] * velocity[i] - rate * grads[i]\n",
                "            v = optimizer[\"momentum\"] * velocity[i] - (1.0 - optimizer[\"momentum\"]) * rate * "
                "grads[i]\n",
            )
        ],
    ),
    Mistake(
        "nesterov_step",
        "The parameters take Nesterov's look-ahead step instead of adding the velocity.",
        [
            (
                "            p = params[i] + v\n",
                "            p = params[i] + optimizer[\"momentum\"] * v - rate * grads[i]\n",
            )
        ],
    ),
    Mistake(
        "velocity_restarted_every_iteration",
        "The velocity is set to zero inside of the training loop, so momentum never builds up.",
        [
            (
                "    losses = []\n    velocity = zeros_like_all(params)\n    for t in range(iterations):\n",
                "    losses = []\n    for t in range(iterations):\n        velocity = zeros_like_all(params)\n",
            )
        ],
    ),
    # schedules
    Mistake(
        "step_decay_without_floor",
        "The step schedule uses true division, so the rate falls at every update instead of in steps.",
        [
            (
                "        return rate * decay ** (t // schedule[\"every\"])\n",
                "        return rate * decay ** (t / schedule[\"every\"])\n",
            )
        ],
    ),
    Mistake(
        "exponential_decay_as_power",
        "The exponential schedule multiplies by decay to the power t instead of by exp(-decay t).",
        [("        return rate * np.exp(-decay * t)\n", "        return rate * decay ** t\n")],
    ),
    Mistake(
        "inverse_time_compounded",
        "The inverse time schedule divides the rate that has already decayed, so that the factors of all updates "
        "multiply.",
        [
            (
                "        return rate / (1.0 + decay * t)\n",
                "        for s in range(t + 1):\n            rate = rate / (1.0 + decay * s)\n        return rate\n",
            )
        ],
    ),
    Mistake(
        "updates_counted_from_1",
        "Training counts the updates from 1 in the schedule, so the first update already has a decayed rate.",
        [
            (
                "        params, velocity = step(params, grads, velocity, optimizer, t)\n    return np.array",
                "        params, velocity = step(params, grads, velocity, optimizer, t + 1)\n    return np.array",
            )
        ],
    ),
    # training loop and minibatches
    Mistake(
        "loss_after_the_update",
        "The recorded loss is computed after the update instead of before it.",
        [
            ("        losses.append(objective_value(params, A[-1], yt, objective, m))\n", ""),
            (
                "        params, velocity = step(params, grads, velocity, optimizer, t)\n    return np.array",
                "        params, velocity = step(params, grads, velocity, optimizer, t)\n"
                "        Z, A = forward_pass(params, Xt, name)\n"
                "        losses.append(objective_value(params, A[-1], yt, objective, m))\n"
                "    return np.array",
            ),
        ],
    ),
    Mistake(
        "batch_divided_by_all_examples",
        "The mean over a minibatch divides by the number of all examples instead of by the size of the minibatch.",
        [("        m = Xt.shape[1]\n", "        m = X.shape[1]\n")],
    ),
    Mistake(
        "batch_labels_by_position",
        "The inputs of a minibatch are picked by its indices, but the labels are just the first ones of the data.",
        [("            yt = y[chosen]\n", "            yt = y[:chosen.size]\n")],
    ),
    # initialization
    Mistake(
        "scaled_by_fan_out",
        "The initial weights are divided by the square root of the number of outputs instead of inputs.",
        [
            (
                "            W = W / np.sqrt(W.shape[1])\n",
                "            W = W / np.sqrt(W.shape[0])\n",
            )
        ],
    ),
    # prediction
    Mistake(
        "prediction_by_threshold",
        "The predicted label is whether the probability of class 1 is above one half, whatever the number of classes.",
        [
            (
                "    return np.argmax(A[-1], axis=0)\n",
                "    return (softmax_columns(A[-1])[1] > 0.5).astype(np.int64)\n",
            )
        ],
    ),
    # data handling
    Mistake(
        "weights_reshaped_not_transposed",
        "Weights that come in are reshaped to (fan_out, fan_in) instead of transposed, which scrambles them.",
        [
            (
                "        flat.append(weight.T.copy())\n",
                "        flat.append(weight.reshape(weight.shape[1], weight.shape[0]).copy())\n",
            )
        ],
    ),
    # fit
    Mistake(
        "fit_standardizes_only_the_training_inputs",
        "fit trains on standardized inputs, but predict is given the inputs as they are.",
        [
            (
                "    X = columns_of(inputs)\n    y = labels_of(labels)\n    sizes",
                "    X = columns_of(inputs)\n"
                "    X = (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)\n"
                "    y = labels_of(labels)\n"
                "    sizes",
            )
        ],
    ),
    Mistake(
        "fit_counts_epochs",
        "With minibatches, fit takes the number of iterations for a number of passes through the data.",
        [
            (
                "        batches = []\n        deck",
                "        batches = []\n        iterations = iterations * -(-y.size // size)\n        deck",
            )
        ],
    ),
    Mistake(
        "fit_draws_uniform_numbers",
        "fit draws the initial weights uniformly from 0 to 1 instead of from a normal distribution.",
        [("rng.standard_normal(count)", "rng.random(count)")],
    ),
    # data generators
    Mistake(
        "spiral_noise_on_the_radius",
        "The noise of the spiral is added to the radius instead of to the angle.",
        [
            (
                "        r = np.linspace(0.0, 1.0, n)\n",
                "        r = np.linspace(0.0, 1.0, n) + 0.2 * noise[place]\n",
            ),
            (
                "        theta = np.linspace(4.0 * j, 4.0 * (j + 1), n) + 0.2 * noise[place]\n",
                "        theta = np.linspace(4.0 * j, 4.0 * (j + 1), n)\n",
            ),
        ],
    ),
    Mistake(
        "moons_labels_not_shuffled",
        "The inputs of the moons are put in the given order but their labels are not.",
        [("    y = y[order]\n", "")],
    ),
    Mistake(
        "circles_with_end_point",
        "The angles of the circles include the end of the interval, so the first and the last point of each circle "
        "coincide and the others are shifted.",
        [
            (
                "    outer = np.linspace(0.0, 2.0 * np.pi, n // 2, endpoint=False)\n",
                "    outer = np.linspace(0.0, 2.0 * np.pi, n // 2)\n",
            ),
            (
                "    inner = np.linspace(0.0, 2.0 * np.pi, n - n // 2, endpoint=False)\n",
                "    inner = np.linspace(0.0, 2.0 * np.pi, n - n // 2)\n",
            ),
        ],
    ),
]

PAIRS = [
    Pair("penalty_without_half", "penalty_on_biases"),
    Pair("gradient_not_averaged", "penalty_divided_by_examples"),
    Pair("momentum_as_moving_average", "nesterov_step"),
    Pair("step_decay_without_floor", "updates_counted_from_1"),
    Pair("loss_mean_over_all_entries", "loss_epsilon_in_log"),
    Pair("gradient_not_averaged", "bias_gradient_averaged"),
    Pair("tanh_from_logistic_without_2", "tanh_slope_not_squared"),
    Pair("weights_reshaped_not_transposed", "scaled_by_fan_out"),
    Pair("loss_after_the_update", "batch_divided_by_all_examples"),
    Pair("fit_standardizes_only_the_training_inputs", "prediction_by_threshold"),
]
