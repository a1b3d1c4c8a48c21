"""Forty mistakes that people make in such programs, and ten pairs of them."""
from first_contact_edits import Mistake, Pair

MISTAKES = [
    # Softmax and loss
    Mistake(
        "softmax_over_examples",
        "The softmax divides by the sum over the examples (axis 0) instead of the sum over the classes (axis 1).",
        [("z = np.sum(exp_scores, axis=1, keepdims=True)", "z = np.sum(exp_scores, axis=0, keepdims=True)")],
    ),
    Mistake(
        "softmax_twice",
        "The loss gets the probabilities and applies the softmax to them a second time, as when a softmax layer is put"
        " before a loss that contains one.",
        [("    probs, log_probs = softmax_forward(x)\n",
          "    probs, _ = softmax_forward(x)\n    probs, log_probs = softmax_forward(probs)\n")],
    ),
    Mistake(
        "loss_mean_over_entries",
        "The mean loss is taken over all N * K entries of the one-hot matrix (np.mean) instead of over the N examples;"
        " the gradient is right.",
        [("        loss = loss / N\n", "        loss = loss / x.size\n")],
    ),
    Mistake(
        "binary_cross_entropy",
        "The loss adds the (1 - y) log(1 - p) terms of the binary cross-entropy to the cross-entropy of a softmax.",
        [("    losses = -log_probs[rows, y]\n",
          "    Y = np.eye(x.shape[1])[y]\n"
          "    losses = -np.sum(Y * log_probs + (1.0 - Y) * np.log(1.0 - probs), axis=1)\n")],
    ),
    Mistake(
        "score_gradient_not_divided",
        "With the mean, the loss is divided by the number of examples but the gradient on the scores is not.",
        [("        dx = dx / N\n", "")],
    ),
    Mistake(
        "score_gradient_times_p_one_minus_p",
        "The gradient on the scores is multiplied by p (1 - p), as if the error still had to pass through the"
        " derivative of a sigmoid output.",
        [("    dx[rows, y] -= 1.0\n", "    dx[rows, y] -= 1.0\n    dx = dx * probs * (1.0 - probs)\n")],
    ),
    Mistake(
        "labels_counted_from_one",
        "The labels are taken to start from 1 and are reduced by 1, so class 0 becomes index -1, which is silently the"
        " last class.",
        [("    return np.asarray(labels).astype(int)\n", "    return np.asarray(labels).astype(int) - 1\n")],
    ),
    # Activations
    Mistake(
        "relu_masks_by_upstream_gradient",
        "The backward pass of the ReLU keeps the entries whose upstream gradient is positive, instead of those whose"
        " input was positive.",
        [("dx = np.where(x > 0, dout, 0.0)", "dx = np.where(dout > 0, dout, 0.0)")],
    ),
    Mistake(
        "sigmoid_derivative_of_output",
        "The derivative of the logistic function applies the function again to the cached value, which is its output"
        " already.",
        [("    s = cache\n", "    s, _ = sigmoid_forward(cache)\n")],
    ),
    Mistake(
        "tanh_from_sigmoid_without_doubling",
        "The hyperbolic tangent is computed as 2 sigmoid(x) - 1, which is tanh(x / 2): the input should be doubled.",
        [("    out = np.tanh(x)\n", "    out = 2.0 * sigmoid_forward(x)[0] - 1.0\n")],
    ),
    # Forward and backward pass
    Mistake(
        "activation_on_scores",
        "The activation is applied to the last layer too, so the scores are activated (and its derivative is taken in"
        " the backward pass).",
        [("            if i < self.num_layers:\n"
          "                out, act_cache = self.act_forward(out)\n"
          "                hidden.append(out)\n",
          "            out, act_cache = self.act_forward(out)\n"
          "            if i < self.num_layers:\n"
          "                hidden.append(out)\n")],
    ),
    Mistake(
        "bias_gradient_mean",
        "The gradient of the biases is the mean over the examples instead of the sum, although the upstream gradient is"
        " divided already.",
        [("    db = np.sum(dout, axis=0)\n", "    db = np.mean(dout, axis=0)\n")],
    ),
    Mistake(
        "weight_gradient_from_preactivation",
        "The cache of an upper layer holds the previous layer's values before the activation, so the gradient of its"
        " weights is computed from those instead of from the activated ones.",
        [("        hidden, caches = [], []\n", "        hidden, caches = [], []\n        z = out\n"),
         ("            out, fc_cache = affine_forward(out, W, b)\n",
          "            out, _ = affine_forward(out, W, b)\n"
          "            fc_cache = (z, W, b)\n"
          "            z = out\n")],
    ),
    Mistake(
        "hidden_derivative_only_at_top",
        "The backward pass multiplies by the derivative of the activation only at the topmost hidden layer, a rest of"
        " a program for two layers; below that the gradient passes unchanged.",
        [("            if act_cache is not None:\n", "            if act_cache is not None and i == self.num_layers - 1:\n")],
    ),
    # Penalty
    Mistake(
        "penalty_without_half",
        "The loss has the penalty reg * sum(W^2) without the factor 0.5, while the gradient is reg * W.",
        [("loss = loss + 0.5 * self.reg * np", "loss = loss + self.reg * np")],
    ),
    Mistake(
        "biases_penalized",
        "The biases are penalized like the weights, in the loss and in the gradient.",
        [("self.reg * np.sum(W * W)", "self.reg * (np.sum(W * W) + np.sum(b * b))"),
         ('            grads["W%d" % i] = grads["W%d" % i] + self.reg * W\n',
          '            grads["W%d" % i] = grads["W%d" % i] + self.reg * W\n'
          '            grads["b%d" % i] = grads["b%d" % i] + self.reg * b\n')],
    ),
    Mistake(
        "penalty_divided_by_examples",
        "The penalty is divided by the number of examples, in the loss and in the gradient (lambda / 2m).",
        [("        scores, _, caches = self.forward(X)\n",
          "        scores, _, caches = self.forward(X)\n        m = X.shape[0]\n"),
         ("np.sum(W * W)", "np.sum(W * W) / m"),
         ("+ self.reg * W\n", "+ self.reg * W / m\n")],
    ),
    Mistake(
        "penalty_skips_last_layer",
        "The loop of the penalty ends one layer early, so the last layer's weights are never penalized.",
        [("        for i in range(1, self.num_layers + 1):\n"
          '            W, b = self.params["W%d" % i], self.params["b%d" % i]\n'
          "            loss = ",
          "        for i in range(1, self.num_layers):\n"
          '            W, b = self.params["W%d" % i], self.params["b%d" % i]\n'
          "            loss = ")],
    ),
    # Update rules
    Mistake(
        "momentum_as_moving_average",
        "The velocity is an exponential moving average: the gradient is weighted by 1 - momentum, as in Adam.",
        [("    v = mu * v - lr * dw\n", "    v = mu * v - (1.0 - mu) * lr * dw\n")],
    ),
    Mistake(
        "nesterov_step",
        "The step is Nesterov's (momentum times the new velocity, minus the gradient step) where plain momentum was"
        " asked for.",
        [("    next_w = w + v\n", "    next_w = w + mu * v - lr * dw\n")],
    ),
    Mistake(
        "velocity_forgotten",
        "The Solver does not store the new configurations after a step, so every iteration starts with a velocity of"
        " zero.",
        [("        self.optim_configs = new_configs\n", "")],
    ),
    Mistake(
        "bias_rate_doubled",
        "The biases are updated with twice the learning rate of the weights, as Caffe's examples do (lr_mult: 2).",
        [("        dw = grads[p]\n", '        dw = grads[p] * (2.0 if p.startswith("b") else 1.0)\n')],
    ),
    # Schedules
    Mistake(
        "step_decay_without_floor",
        "The step schedule divides t by the period without rounding down, so the rate decays smoothly.",
        [('// schedule["every"]', '/ schedule["every"]')],
    ),
    Mistake(
        "schedule_counts_from_one",
        "The schedule counts the iterations from 1, so that the first update has a decayed rate already.",
        [("    t = iteration\n", "    t = iteration + 1\n")],
    ),
    Mistake(
        "decay_compounds",
        "During training the schedule is applied to the rate that was decayed in the iteration before, instead of to"
        " the initial rate, so the decay compounds.",
        [('config["learning_rate"] = scheduled_rate(self.base_rate, self',
          'config["learning_rate"] = scheduled_rate(config["learning_rate"], self')],
    ),
    Mistake(
        "exponential_decay_as_power",
        "The exponential schedule is decay^t, as in PyTorch's ExponentialLR, instead of exp(-decay t).",
        [("base_rate * np.exp(-decay * t)", "base_rate * decay ** t")],
    ),
    # Training loop and minibatches
    Mistake(
        "loss_recorded_after_update",
        "The loss history has the loss after each update instead of the one before it.",
        [("        self.loss_history.append(float(loss))\n", ""),
         ("        self.model.params = new_params\n",
          "        self.model.params = new_params\n"
          "        self.loss_history.append(float(self.model.loss(X_batch, y_batch)[0]))\n")],
    ),
    Mistake(
        "labels_not_batched",
        "The minibatch takes the inputs of its own examples but the labels of the first ones in the training set.",
        [("        y_batch = self.y[index]\n", "        y_batch = np.resize(self.y, len(index))\n")],
    ),
    Mistake(
        "repeated_examples_dropped",
        "The indices of a minibatch are made unique, so an example that is drawn twice counts once.",
        [("index = np.asarray(self.batches[t], dtype=int)", "index = np.unique(np.asarray(self.batches[t], dtype=int))")],
    ),
    Mistake(
        "best_params_kept",
        "After the training, the Solver swaps in the parameters of the step with the lowest loss seen, instead of"
        " keeping the last ones.",
        [("        for t in range(self.num_iterations):\n            self._step(t)\n",
          "        best_params = self.model.params\n"
          "        for t in range(self.num_iterations):\n"
          "            self._step(t)\n"
          "            if self.loss_history[-1] <= min(self.loss_history):\n"
          "                best_params = self.model.params\n"
          "        self.model.params = best_params\n")],
    ),
    Mistake(
        "mean_over_training_set",
        "The mean of a minibatch is divided by the size of the whole training set instead of the size of the batch.",
        [("def softmax_loss(x, y, reduction):\n", "def softmax_loss(x, y, reduction, num_train=None):\n"),
         ("    N = x.shape[0]\n", "    N = x.shape[0] if num_train is None else num_train\n"),
         ("        self.reduction = reduction\n", "        self.reduction = reduction\n        self.num_train = None\n"),
         ("softmax_loss(scores, y, self.reduction)", "softmax_loss(scores, y, self.reduction, self.num_train)"),
         ("        self.model = model\n", "        self.model = model\n        model.num_train = len(X)\n")],
    ),
    # Initialization
    Mistake(
        "fan_in_without_root",
        "The weights are divided by the fan-in instead of by its square root.",
        [("weight_scale / np.sqrt(sizes[i - 1])", "weight_scale / sizes[i - 1]")],
    ),
    Mistake(
        "bias_divided_by_fan_in_root",
        "Random biases are scaled like the weights, with the division by the root of the fan-in.",
        [('params["b%d" % i] = weight_scale * np', 'params["b%d" % i] = std * np')],
    ),
    # Prediction and data handling
    Mistake(
        "prediction_counted_from_one",
        "The predicted classes are numbered from 1 to K, a rest of a port from MATLAB.",
        [("        return np.argmax(scores, axis=1)\n", "        return np.argmax(scores, axis=1) + 1\n")],
    ),
    Mistake(
        "standardized_in_fit_only",
        "fit standardizes the inputs before it trains, but predict gets the raw inputs.",
        [("    X, y = np.asarray(inputs, dtype=float), _labels(labels)\n",
          "    X, y = np.asarray(inputs, dtype=float), _labels(labels)\n"
          "    X = (X - np.mean(X, axis=0)) / (np.std(X, axis=0) + 1e-8)\n")],
    ),
    # Fit
    Mistake(
        "iterations_as_epochs",
        "fit takes the number of iterations for a number of epochs and makes one update for each minibatch of each of"
        " them.",
        [('    sizes, num_iterations = experiment["sizes"], experiment["iterations"]\n',
          '    sizes, num_iterations = experiment["sizes"], experiment["iterations"]\n'
          '    if experiment["batch_size"] is not None:\n'
          '        num_iterations *= int(np.ceil(X.shape[0] / experiment["batch_size"]))\n')],
    ),
    Mistake(
        "validation_set_held_out",
        "fit trains on the first four fifths of the examples only; the rest is held out for a validation that is not"
        " made.",
        [("    batches = sample_batches(rng, X.shape[0], ",
          "    num_train = X.shape[0] - X.shape[0] // 5\n"
          "    X, y = X[:num_train], y[:num_train]\n"
          "    batches = sample_batches(rng, X.shape[0], ")],
    ),
    # Data generators
    Mistake(
        "spiral_axes_swapped",
        "The spiral has the cosine in the first coordinate and the sine in the second, instead of the other way"
        " round.",
        [("np.c_[r * np.sin(theta), r * np.cos(theta)]", "np.c_[r * np.cos(theta), r * np.sin(theta)]")],
    ),
    Mistake(
        "moons_labels_not_shuffled",
        "The inputs of the moons are put in the given order, but the labels stay in the original one.",
        [("    y = y[order]\n", "")],
    ),
    Mistake(
        "circles_closed",
        "The angles of the circles go up to 2 pi inclusive, so the first and the last point of each circle coincide"
        " and the spacing is wrong.",
        [("outer_angle = np.linspace(0.0, 2.0 * np.pi, n_outer, endpoint=False)",
          "outer_angle = np.linspace(0.0, 2.0 * np.pi, n_outer)"),
         ("inner_angle = np.linspace(0.0, 2.0 * np.pi, n_inner, endpoint=False)",
          "inner_angle = np.linspace(0.0, 2.0 * np.pi, n_inner)")],
    ),
]

PAIRS = [
    Pair("labels_counted_from_one", "prediction_counted_from_one"),
    Pair("penalty_without_half", "penalty_divided_by_examples"),
    Pair("score_gradient_not_divided", "bias_gradient_mean"),
    Pair("momentum_as_moving_average", "nesterov_step"),
    Pair("step_decay_without_floor", "schedule_counts_from_one"),
    Pair("biases_penalized", "penalty_skips_last_layer"),
    Pair("loss_recorded_after_update", "best_params_kept"),
    Pair("fan_in_without_root", "bias_divided_by_fan_in_root"),
    Pair("relu_masks_by_upstream_gradient", "activation_on_scores"),
    Pair("standardized_in_fit_only", "iterations_as_epochs"),
]
