"""Forty mistakes in program.py as people make them, and ten pairs of them."""

from first_contact_edits import Mistake, Pair

MISTAKES = [
    # --- common ---
    Mistake(
        "softmax_axis_zero",
        "The softmax divides by the sum over the examples (axis 0) instead of the sum over the classes.",
        [("exp_scores / np.sum(exp_scores, axis=1, keepdims=True)",
          "exp_scores / np.sum(exp_scores, axis=0, keepdims=True)")],
    ),
    Mistake(
        "loss_mean_over_all_entries",
        "The mean cross-entropy is np.mean over the whole N x K one-hot product, so that it is divided by K too.",
        [("        return np.mean(losses)", "        return -np.mean(targets * log_softmax(scores))")],
    ),
    Mistake(
        "one_hot_subtracted_from_columns",
        "The score gradient subtracts 1 from whole columns (dscores[:, labels]) instead of one entry in each row.",
        [("dscores[np.arange(n), labels] -= 1", "dscores[:, labels] -= 1")],
    ),
    Mistake(
        "mean_gradient_not_divided",
        "The gradient of the mean cross-entropy is not divided by the number of examples.",
        [('    if reduction == "mean":\n        dscores /= n\n', "")],
    ),
    Mistake(
        "tanh_derivative_of_output",
        "The derivative of tanh is 1 - z**2, the formula in terms of the output, applied to the input.",
        [("return 1 - np.tanh(z) ** 2", "return 1 - z ** 2")],
    ),
    Mistake(
        "backward_without_derivative",
        "Backpropagation forgets to multiply by the derivative of the activation.",
        [("            delta *= activation_derivative(name, zs[i - 1])\n", "")],
    ),
    Mistake(
        "derivative_at_hidden_output",
        "Backpropagation evaluates the derivative at the hidden outputs instead of at their inputs z.",
        [("activation_derivative(name, zs[i - 1])", "activation_derivative(name, hidden[i - 1])")],
    ),
    Mistake(
        "bias_gradient_mean",
        "The bias gradient is the mean of the deltas over the examples instead of their sum.",
        [("db = np.sum(delta, axis=0)", "db = np.mean(delta, axis=0)")],
    ),
    Mistake(
        "penalty_without_half",
        "The loss has l2 times the squared weights, without the half, while the gradient has l2 * W.",
        [("return 0.5 * l2 * total", "return l2 * total")],
    ),
    Mistake(
        "penalty_gradient_forgotten",
        "The gradients do not contain the gradient of the penalty.",
        [("        dW += l2 * W\n", "")],
    ),
    Mistake(
        "biases_penalized",
        "The biases are regularized like the weights, in the loss and in the gradients.",
        [("total += np.sum(W ** 2)", "total += np.sum(W ** 2) + np.sum(b ** 2)"),
         ("        dW += l2 * W\n", "        dW += l2 * W\n        db += l2 * b\n")],
    ),
    Mistake(
        "momentum_as_moving_average",
        "The velocity is a moving average: the gradient is multiplied by 1 - momentum.",
        [("new_vW = m * vW - rate * dW", "new_vW = m * vW - (1 - m) * rate * dW"),
         ("new_vb = m * vb - rate * db", "new_vb = m * vb - (1 - m) * rate * db")],
    ),
    Mistake(
        "bias_update_sign",
        "The biases go up their gradient: a minus became a plus in the line for the biases.",
        [("new_vb = m * vb - rate * db", "new_vb = m * vb + rate * db")],
    ),
    Mistake(
        "biases_never_updated",
        "The update leaves the biases as they are.",
        [("new_layers.append((W + new_vW, b + new_vb))", "new_layers.append((W + new_vW, b))")],
    ),
    Mistake(
        "exponential_decay_as_power",
        "The exponential schedule is rate * decay**t instead of rate * exp(-decay * t).",
        [("return rate * np.exp(-d * t)", "return rate * d ** t")],
    ),
    Mistake(
        "inverse_time_parentheses",
        "The inverse-time schedule lacks its parentheses: rate / 1 + d * t.",
        [("return rate / (1 + d * t)", "return rate / 1 + d * t")],
    ),
    Mistake(
        "velocity_reset_every_iteration",
        "Training sets the velocity to zero in every iteration, so that momentum has no effect.",
        [("    velocity = zeros_like(layers)\n    losses = []\n", "    losses = []\n"),
         ("        X, y = inputs, labels\n", "        X, y = inputs, labels\n        velocity = zeros_like(layers)\n")],
    ),
    Mistake(
        "loss_after_update",
        "Training records the loss after the update instead of before it.",
        [("        losses.append(loss(network, X, y, objective))\n", ""),
         ("        layers, velocity = update_layers(layers, grads, velocity, optimizer, t)\n",
          "        layers, velocity = update_layers(layers, grads, velocity, optimizer, t)\n"
          "        losses.append(loss(to_network(layers, name), X, y, objective))\n")],
    ),
    Mistake(
        "labels_not_shuffled_with_inputs",
        "A minibatch takes the shuffled inputs but the first labels of the unshuffled list.",
        [("X, y = inputs[rows], labels[rows]", "X, y = inputs[rows], labels[:len(rows)]")],
    ),
    Mistake(
        "circles_with_endpoint",
        "The circles include the end point 2 pi, so that their first and last points coincide.",
        [("np.linspace(0, 2 * np.pi, outer, endpoint=False)", "np.linspace(0, 2 * np.pi, outer)"),
         ("np.linspace(0, 2 * np.pi, examples - outer, endpoint=False)",
          "np.linspace(0, 2 * np.pi, examples - outer)")],
    ),
    # --- uncommon ---
    Mistake(
        "binary_cross_entropy_on_softmax",
        "The loss is the binary cross-entropy summed over the classes: it adds (1 - y) * log(1 - p).",
        [("    losses = -np.sum(targets * log_softmax(scores), axis=1)\n",
          "    probs = np.clip(softmax(scores), 1e-12, 1 - 1e-12)\n"
          "    losses = -np.sum(targets * np.log(probs) + (1 - targets) * np.log(1 - probs), axis=1)\n")],
    ),
    Mistake(
        "softmax_derivative_multiplied_again",
        "The score gradient multiplies p - y by p * (1 - p), as for a squared error on logistic outputs.",
        [("    dscores[np.arange(n), labels] -= 1\n",
          "    probs = dscores.copy()\n    dscores[np.arange(n), labels] -= 1\n"
          "    dscores *= probs * (1 - probs)\n")],
    ),
    Mistake(
        "softmax_twice_in_loss",
        "The loss gives probabilities to a cross-entropy that expects scores, so that softmax is applied twice.",
        [('cross_entropy(scores, labels, objective["reduction"]) + penalty',
          'cross_entropy(softmax(scores), labels, objective["reduction"]) + penalty')],
    ),
    Mistake(
        "leaky_relu_forward",
        "The relu is a leaky one with slope 0.01 below zero, while its derivative is that of the plain relu.",
        [("return np.maximum(0, z)", "return np.maximum(0.01 * z, z)")],
    ),
    Mistake(
        "activation_on_last_layer",
        "The forward pass applies the activation to the last layer too, and the backward pass knows nothing of it.",
        [("    scores = a @ W + b\n", "    scores = activation(name, a @ W + b) if hidden else a @ W + b\n")],
    ),
    Mistake(
        "penalty_return_inside_loop",
        "The return of the penalty is indented into the loop, so that only the first layer is counted in the loss.",
        [("    return 0.5 * l2 * total", "        return 0.5 * l2 * total")],
    ),
    Mistake(
        "nesterov_momentum",
        "The update is Nesterov's: the parameters move by momentum * new velocity - rate * gradient.",
        [("new_layers.append((W + new_vW, b + new_vb))",
          "new_layers.append((W + m * new_vW - rate * dW, b + m * new_vb - rate * db))")],
    ),
    Mistake(
        "gradient_descent_with_momentum",
        "Plain gradient descent uses the momentum coefficient too: the method is not looked at.",
        [('m = optimizer["momentum"] if optimizer["method"] == "momentum" else 0.0',
          'm = optimizer.get("momentum") or 0.0')],
    ),
    Mistake(
        "schedule_counts_from_one",
        "The schedule counts the updates from 1 instead of from 0.",
        [("rate = learning_rate(optimizer, t)", "rate = learning_rate(optimizer, t + 1)")],
    ),
    Mistake(
        "decayed_rate_decayed_again",
        "Training stores the decayed rate as the new base rate in every iteration, so that the decay compounds.",
        [("        layers, velocity = update_layers(layers, grads, velocity, optimizer, t)\n",
          '        optimizer = {**optimizer, "learning_rate": learning_rate(optimizer, t)}\n'
          '        constant = {**optimizer, "schedule": None}\n'
          "        layers, velocity = update_layers(layers, grads, velocity, constant, t)\n")],
    ),
    Mistake(
        "gradients_accumulate",
        "Training never zeroes the gradients: each update uses the sum of all gradients so far.",
        [("    velocity = zeros_like(layers)\n    losses = []\n",
          "    velocity = zeros_like(layers)\n    grads = zeros_like(layers)\n    losses = []\n"),
         ("        grads = to_layers(gradients(network, X, y, objective))\n",
          "        new = to_layers(gradients(network, X, y, objective))\n"
          "        grads = [(dW + gW, db + gb) for (dW, db), (gW, gb) in zip(grads, new)]\n")],
    ),
    Mistake(
        "fan_out_for_fan_in",
        "The initial weights are divided by the square root of the fan-out instead of the fan-in.",
        [("W = W / np.sqrt(W.shape[0])", "W = W / np.sqrt(W.shape[1])")],
    ),
    # --- odd but plausible ---
    Mistake(
        "lecun_tanh",
        "The tanh is LeCun's scaled one, 1.7159 * tanh(2/3 * z), while its derivative is that of the plain tanh.",
        [("return np.tanh(z)\n", "return 1.7159 * np.tanh(2 / 3 * z)\n")],
    ),
    Mistake(
        "penalty_shared_by_minibatches",
        "On a minibatch the penalty is scaled by the minibatch's share of the examples.",
        [("            X, y = inputs[rows], labels[rows]\n        network = to_network(layers, name)\n",
          "            X, y = inputs[rows], labels[rows]\n        network = to_network(layers, name)\n"
          '        share = {**objective, "l2": objective["l2"] * len(y) / len(labels)}\n'),
         ("losses.append(loss(network, X, y, objective))", "losses.append(loss(network, X, y, share))"),
         ("gradients(network, X, y, objective))", "gradients(network, X, y, share))")],
    ),
    Mistake(
        "parameters_moved_by_old_velocity",
        "The parameters are moved by the previous velocity, before the velocity gets the new gradient.",
        [("new_layers.append((W + new_vW, b + new_vb))", "new_layers.append((W + vW, b + vb))")],
    ),
    Mistake(
        "best_network_returned",
        "Training returns the network with the lowest recorded loss instead of the last one.",
        [("        grads = to_layers(gradients(network, X, y, objective))\n",
          "        if losses[-1] == min(losses):\n            best = layers\n"
          "        grads = to_layers(gradients(network, X, y, objective))\n"),
         ('return {"losses": losses, "network": to_network(layers, name)}',
          'return {"losses": losses, "network": to_network(best if losses else layers, name)}')],
    ),
    Mistake(
        "moons_noise_before_order",
        "The moons get their noise before they are put in order, so that the noise is reordered too.",
        [("    X, y = X[order], y[order]\n    X = X + noise * normals\n",
          "    X = X + noise * normals\n    X, y = X[order], y[order]\n")],
    ),
    Mistake(
        "spiral_end_angle_parentheses",
        "The end angle of a spiral's arm lacks its parentheses: j + 1 * 4 instead of (j + 1) * 4.",
        [("np.linspace(j * 4, (j + 1) * 4, n)", "np.linspace(j * 4, j + 1 * 4, n)")],
    ),
    Mistake(
        "fit_standardizes_predict_does_not",
        "fit standardizes the inputs before it trains, and predict does not.",
        [('    rng = np.random.default_rng(seed)\n',
          '    rng = np.random.default_rng(seed)\n'
          '    inputs = (inputs - inputs.mean(axis=0)) / inputs.std(axis=0)\n')],
    ),
    Mistake(
        "predicted_labels_from_one",
        "predict returns labels from 1 to K, as in a port from MATLAB, instead of from 0.",
        [('return np.argmax(forward(network, inputs)["scores"], axis=1)',
          'return np.argmax(forward(network, inputs)["scores"], axis=1) + 1')],
    ),
]

PAIRS = [
    Pair("softmax_axis_zero", "velocity_reset_every_iteration"),
    Pair("tanh_derivative_of_output", "penalty_without_half"),
    Pair("mean_gradient_not_divided", "one_hot_subtracted_from_columns"),
    Pair("momentum_as_moving_average", "biases_never_updated"),
    Pair("loss_mean_over_all_entries", "fan_out_for_fan_in"),
    Pair("leaky_relu_forward", "exponential_decay_as_power"),
    Pair("penalty_return_inside_loop", "biases_penalized"),
    Pair("bias_gradient_mean", "labels_not_shuffled_with_inputs"),
    Pair("circles_with_endpoint", "gradient_descent_with_momentum"),
    Pair("nesterov_momentum", "loss_after_update"),
]
