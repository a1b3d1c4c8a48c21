"""Forty mistakes in program.py, and ten pairs of them."""

from first_contact_edits import Mistake, Pair

MISTAKES = [
    # --- softmax and loss ---
    Mistake(
        "softmax_shifts_by_the_maximum_of_the_whole_batch",
        "Before the exponential, the greatest score of the whole array is subtracted instead of each row's own, so rows far below it underflow to 0/0.",
        [("scores - scores.max(axis=1, keepdims=True)", "scores - scores.max()")],
    ),
    Mistake(
        "probabilities_clipped_before_the_logarithm",
        "The loss takes the logarithm of probabilities clipped at 1e-7, so no example costs more than about 16.1.",
        [("    log_p = log_normalise(scores)\n", "    log_p = np.log(np.clip(normalise(scores), 1e-7, 1.0))\n")],
    ),
    Mistake(
        "mean_over_all_entries_of_the_score_matrix",
        "With reduction mean, the loss and the gradient on the scores are divided by N·K, the number of scores, instead of N.",
        [('scale = 1.0 / len(labels) if', 'scale = 1.0 / scores.size if')],
    ),
    Mistake(
        "one_hot_in_the_labels_dtype_is_negated",
        "The one-hot targets take the labels' dtype and are negated in it, so with uint8 labels −1 wraps around to 255 and the loss is wrong (with signed labels it is right).",
        [
            (
                "    value = -scale * log_p[rows, labels].sum()\n",
                "    targets = np.zeros(scores.shape, dtype=labels.dtype)\n"
                "    targets[rows, labels] = 1\n"
                "    value = scale * (-targets * log_p).sum()\n",
            )
        ],
    ),
    Mistake(
        "softmax_applied_twice_in_the_loss",
        "The loss takes the log-softmax of probabilities rather than of scores, i.e. softmax twice, while the gradient is still p − y.",
        [("    log_p = log_normalise(scores)\n", "    log_p = log_normalise(normalise(scores))\n")],
    ),
    Mistake(
        "binary_cross_entropy_summed_over_the_classes",
        "The loss also adds −log(1 − p) for every class that is not the label, as in the binary cross-entropy; the gradient does not.",
        [
            (
                "    value = -scale * log_p[rows, labels].sum()\n",
                "    wrong = np.ones(scores.shape)\n"
                "    wrong[rows, labels] = 0.0\n"
                "    log_not_p = np.log1p(-np.minimum(np.exp(log_p), 1.0 - 1e-15))\n"
                "    value = -scale * (log_p[rows, labels].sum() + (wrong * log_not_p).sum())\n",
            )
        ],
    ),
    # --- backward pass ---
    Mistake(
        "activation_overwrites_its_preactivation",
        "To save memory the activation's output is written into the array z itself, so the backward pass takes the derivative at φ(z) instead of z.",
        [("    a = phi.function(z)\n", "    z[...] = phi.function(z)\n    a = z\n")],
    ),
    Mistake(
        "bias_gradient_averaged_over_the_examples",
        "The bias gradients are the mean of the deltas over the examples instead of their sum.",
        [("db = delta.sum(axis=0)", "db = delta.mean(axis=0)")],
    ),
    Mistake(
        "score_gradient_times_derivative_of_a_sigmoid_output",
        "The gradient on the scores has an additional factor p(1 − p), as for a squared error behind sigmoid outputs.",
        [
            ("        delta = normalise(scores)\n", "        p = normalise(scores)\n        delta = p.copy()\n"),
            ("cotangent * scale * delta\n", "cotangent * scale * delta * p * (1.0 - p)\n"),
        ],
    ),
    Mistake(
        "score_gradient_never_divided_by_the_examples",
        "With reduction mean the loss is a mean, but its gradient on the scores is that of the sum: the division by N is forgotten.",
        [("cotangent * scale * delta\n", "cotangent * delta\n")],
    ),
    Mistake(
        "weight_gradient_divided_by_the_examples_again",
        "Every layer divides its weight gradient by the number of examples (dW = Xᵀδ/m), although the gradient on the scores already has the reduction in it.",
        [("dW = x.T @ delta\n", "dW = x.T @ delta / len(x)\n")],
    ),
    Mistake(
        "one_subtracted_in_whole_columns",
        "The score gradient subtracts 1 with p[:, labels], in every row for each class that occurs among the labels, instead of only at each row's own label.",
        [("delta[rows, labels] -= 1.0", "delta[:, labels] -= 1.0")],
    ),
    Mistake(
        "hidden_bias_gradient_before_the_derivative",
        "The bias gradients of hidden layers sum the delta that arrives at the hidden outputs, before it is multiplied by the activation's derivative.",
        [
            (
                "            gradient, delta = pull_linear(pull_phi(delta))\n            gradients.append(gradient)\n",
                "            db = delta.sum(axis=0)\n"
                "            gradient, delta = pull_linear(pull_phi(delta))\n"
                "            gradients.append(Layer(gradient.W, db))\n",
            )
        ],
    ),
    Mistake(
        "derivative_only_in_the_last_hidden_layer",
        "The delta is multiplied by the activation's derivative in the last hidden layer only; with two or more hidden layers the earlier ones lack it.",
        [
            (
                "        for pull_phi, pull_linear in reversed(stack):\n            gradient, delta = pull_linear(pull_phi(delta))\n",
                "        for layers_back, (pull_phi, pull_linear) in enumerate(reversed(stack)):\n"
                "            delta = pull_phi(delta) if layers_back == 0 else delta\n"
                "            gradient, delta = pull_linear(delta)\n",
            )
        ],
    ),
    Mistake(
        "gradients_clipped_to_one",
        "Gradient clipping was left in: each entry of the gradients is clipped to [−1, 1].",
        [
            (
                "        return tree_map(np.add, from_data, pull_penalty(cotangent))\n",
                "        total = tree_map(np.add, from_data, pull_penalty(cotangent))\n"
                "        return tree_map(lambda g: np.clip(g, -1.0, 1.0), total)\n",
            )
        ],
    ),
    Mistake(
        "no_gradient_from_correctly_classified_examples",
        "As in the perceptron rule, examples whose label has the greatest score get a gradient of 0 on their scores.",
        [
            (
                "        delta[rows, labels] -= 1.0\n",
                "        delta[rows, labels] -= 1.0\n"
                "        delta[scores.argmax(axis=1) == labels] = 0.0\n",
            )
        ],
    ),
    # --- activations ---
    Mistake(
        "relu_derivative_one_at_zero",
        "ReLU's derivative is 1 at exactly 0 (z ≥ 0 instead of z > 0).",
        [("np.where(z > 0.0, 1.0, 0.0)", "np.where(z >= 0.0, 1.0, 0.0)")],
    ),
    Mistake(
        "relu_capped_at_six",
        "The activation is ReLU6, min(max(z, 0), 6), and its derivative is 0 above 6 to match.",
        [
            ("np.maximum(z, 0.0)", "np.clip(z, 0.0, 6.0)"),
            ("np.where(z > 0.0, 1.0, 0.0)", "np.where((z > 0.0) & (z < 6.0), 1.0, 0.0)"),
        ],
    ),
    Mistake(
        "logistic_derivative_treats_z_as_the_output",
        "The logistic derivative uses the formula h(1 − h) with the pre-activation z in the place of the output h: z(1 − z).",
        [("    h = logistic(z)\n    return h * (1.0 - h)\n", "    return z * (1.0 - z)\n")],
    ),
    Mistake(
        "logistic_negative_branch_copied_from_the_positive",
        "The stable logistic uses 1/(1 + e^−|z|) in both branches, so it is symmetric: for negative z it returns the value for −z.",
        [("small / (1.0 + small))", "1.0 / (1.0 + small))")],
    ),
    Mistake(
        "tanh_scaled_as_lecun_recommends",
        "The activation tanh is LeCun's 1.7159·tanh(2z/3), with the derivative that belongs to it.",
        [
            ("    return np.tanh(z)\n", "    return 1.7159 * np.tanh(2.0 * z / 3.0)\n"),
            ("    return 1.0 - np.tanh(z) ** 2\n", "    return 1.7159 * 2.0 / 3.0 * (1.0 - np.tanh(2.0 * z / 3.0) ** 2)\n"),
        ],
    ),
    # --- penalty ---
    Mistake(
        "biases_penalised_too",
        "The biases are penalised like the weights, in the loss and in the gradients.",
        [
            ("sum(np.sum(layer.W**2) for layer in network)", "sum(np.sum(layer.W**2) + np.sum(layer.b**2) for layer in network)"),
            ("np.zeros_like(layer.b)) for layer", "cotangent * l2 * layer.b) for layer"),
        ],
    ),
    Mistake(
        "reported_penalty_divided_by_the_examples",
        "The loss adds the penalty divided by the number of examples; the gradients have the whole penalty.",
        [("    return data + penalty, pullback\n", "    return data + penalty / len(labels), pullback\n")],
    ),
    Mistake(
        "penalty_gradient_keeps_the_half",
        "The gradient of the penalty is λ/2·W instead of λ·W: the factor 1/2 of the loss is kept.",
        [("Layer(cotangent * l2 * layer.W,", "Layer(cotangent * 0.5 * l2 * layer.W,")],
    ),
    Mistake(
        "output_layer_not_penalised",
        "The penalty runs over the hidden layers only and leaves the last layer's weights out of the loss and of its gradient.",
        [
            ("sum(np.sum(layer.W**2) for layer in network)", "sum(np.sum(layer.W**2) for layer in network[:-1])"),
            (
                "        return tuple(Layer(cotangent * l2 * layer.W, np.zeros_like(layer.b)) for layer in network)\n",
                "        last = tree_map(np.zeros_like, network[-1:])\n"
                "        return (\n"
                "            *(Layer(cotangent * l2 * layer.W, np.zeros_like(layer.b)) for layer in network[:-1]),\n"
                "            *last,\n"
                "        )\n",
            ),
        ],
    ),
    Mistake(
        "weight_decay_decoupled_as_in_adamw",
        "train leaves the penalty out of the gradients and shrinks the weights after each update by the initial learning rate times λ, as AdamW does: the decay goes neither through the velocity nor through the schedule.",
        [
            (
                "        return Progress(network, state, loss)\n",
                "        shrink = 1.0 - schedule(0) * float(objective[\"l2\"])\n"
                "        network = tuple(Layer(shrink * layer.W, layer.b) for layer in network)\n"
                "        return Progress(network, state, loss)\n",
            ),
            (
                "        loss, pullback = vjp_objective(\n"
                "            progress.network, phi, inputs[batch], labels[batch], objective\n"
                "        )\n",
                "        here = progress.network, phi, inputs[batch], labels[batch]\n"
                "        loss, _ = vjp_objective(*here, objective)\n"
                "        _, pullback = vjp_objective(*here, {**objective, \"l2\": 0.0})\n",
            ),
        ],
    ),
    # --- update, momentum, schedule ---
    Mistake(
        "nesterov_instead_of_classical_momentum",
        "The parameters move by λ·V_new − μ∇, Nesterov's look-ahead, instead of by the new velocity.",
        [
            (
                "        return tree_map(np.add, network, moved), moved\n",
                "        ahead = tree_map(lambda v, g: coefficient * v - rate * g, moved, gradients)\n"
                "        return tree_map(np.add, network, ahead), moved\n",
            )
        ],
    ),
    Mistake(
        "velocity_as_an_exponential_average",
        "The gradient enters the velocity with a factor 1 − λ, as in an exponential moving average.",
        [("coefficient * v - rate * g, velocity, gradients)", "coefficient * v - (1.0 - coefficient) * rate * g, velocity, gradients)")],
    ),
    Mistake(
        "train_counts_iterations_from_one",
        "train counts iterations from 1, so that the schedule is one iteration ahead (update by itself is right).",
        [("accumulate(enumerate(indices), step", "accumulate(enumerate(indices, start=1), step")],
    ),
    Mistake(
        "step_schedule_without_the_floor",
        "The step schedule divides t by n without rounding down, so the rate decays smoothly instead of in steps.",
        [("(step // every)", "(step / every)")],
    ),
    Mistake(
        "inverse_time_divides_the_decayed_rate_again",
        "The inverse-time schedule divides the previous iteration's rate by 1 + d·t instead of the initial rate, so the divisors accumulate.",
        [
            (
                "    return lambda step: rate / (1.0 + decay * step)\n",
                "    return lambda step: reduce(lambda r, t: r / (1.0 + decay * t), range(1, step + 1), rate)\n",
            )
        ],
    ),
    Mistake(
        "parameters_move_by_the_old_velocity",
        "The momentum step adds the velocity from before this gradient, and only the next step uses the new one.",
        [("tree_map(np.add, network, moved), moved", "tree_map(np.add, network, velocity), moved")],
    ),
    Mistake(
        "biases_learn_at_twice_the_rate",
        "Biases are updated with twice the learning rate, Caffe's lr_mult of 2, in both methods.",
        [
            (
                "    rate = schedule(iteration)\n",
                "    rate = schedule(iteration)\n"
                "    gradients = tuple(Layer(layer.W, 2.0 * layer.b) for layer in gradients)\n",
            )
        ],
    ),
    # --- training loop and batches ---
    Mistake(
        "losses_recorded_after_the_update",
        "train records the objective on the batch after the update, not before it.",
        [
            (
                "        return Progress(network, state, loss)\n",
                "        loss, _ = vjp_objective(network, phi, inputs[batch], labels[batch], objective)\n"
                "        return Progress(network, state, loss)\n",
            )
        ],
    ),
    Mistake(
        "repeated_examples_of_a_batch_dropped",
        "The indices of a batch go through np.unique, so an example that the batch names twice counts once.",
        [("(np.asarray(batch, dtype=np.intp) for", "(np.unique(np.asarray(batch, dtype=np.intp)) for")],
    ),
    Mistake(
        "velocity_forgotten_between_iterations",
        "train passes the initial, zero velocity to every iteration, so momentum is just gradient descent.",
        [("        return Progress(network, state, loss)\n", "        return Progress(network, progress.state, loss)\n")],
    ),
    Mistake(
        "network_with_the_lowest_loss_returned",
        "train returns the parameters at which the lowest loss was measured, before their update, instead of the last ones.",
        [
            (
                "    losses, latest = [], start\n",
                "    losses, latest, best, previous = [], start, start, start\n",
            ),
            (
                "        losses.append(float(latest.loss))\n    return losses, latest.network\n",
                "        losses.append(float(latest.loss))\n"
                "        if losses[-1] <= min(losses):\n"
                "            best = previous\n"
                "        previous = latest\n"
                "    return losses, best.network\n",
            ),
        ],
    ),
    # --- initialisation, data sets, fit ---
    Mistake(
        "he_initialisation_for_relu",
        "With fan_in, weights of a ReLU network are divided by √(fan_in/2), He's initialisation, instead of √fan_in.",
        [
            (
                "        random_bias = initialization",
                "        if initialization[\"fan_in\"] and activation == \"relu\":\n"
                "            spread = scale * np.sqrt(2.0 / fan_in)\n"
                "        random_bias = initialization",
            )
        ],
    ),
    Mistake(
        "circles_close_on_their_first_point",
        "The angles of the circles run to 2π inclusive, so the last point of each circle has the same angle as the first.",
        [("2.0 * np.pi, endpoint=False)", "2.0 * np.pi)")],
    ),
    Mistake(
        "fit_shuffles_inputs_but_not_labels",
        "fit shuffles the inputs and leaves the labels in their order, so examples and labels no longer belong together.",
        [("labels=np.asarray(labels)[order]", "labels=np.asarray(labels)")],
    ),
]

PAIRS = [
    # both in one function
    Pair("bias_gradient_averaged_over_the_examples", "weight_gradient_divided_by_the_examples_again"),
    Pair("mean_over_all_entries_of_the_score_matrix", "one_subtracted_in_whole_columns"),
    Pair("velocity_as_an_exponential_average", "parameters_move_by_the_old_velocity"),
    # in different functions
    Pair("softmax_shifts_by_the_maximum_of_the_whole_batch", "penalty_gradient_keeps_the_half"),
    Pair("activation_overwrites_its_preactivation", "velocity_forgotten_between_iterations"),
    Pair("relu_capped_at_six", "losses_recorded_after_the_update"),
    Pair("biases_penalised_too", "train_counts_iterations_from_one"),
    Pair("one_hot_in_the_labels_dtype_is_negated", "repeated_examples_of_a_batch_dropped"),
    Pair("he_initialisation_for_relu", "nesterov_instead_of_classical_momentum"),
    Pair("logistic_derivative_treats_z_as_the_output", "biases_learn_at_twice_the_rate"),
]
