"""Forty mistakes in program.py, and ten pairs of them."""

from first_contact_edits import Mistake, Pair

MISTAKES = [
    # ---- softmax, labels, loss
    Mistake(
        "softmax_shifted_by_global_max",
        "inplace_softmax subtracts the greatest score of the whole array, not of each row, so a row far below it "
        "underflows to 0/0.",
        [("    X -= X.max(axis=1, keepdims=True)\n", "    X -= X.max()\n")],
    ),
    Mistake(
        "loss_clips_probabilities",
        "The loss takes the logarithm of probabilities clipped to [1e-10, 1 - 1e-10], as old scikit-learn does, so it "
        "never exceeds 23 for one example.",
        [
            (
                "    total = -np.sum(Y * log_proba)\n",
                "    proba = np.clip(np.exp(log_proba), 1e-10, 1.0 - 1e-10)\n    total = -np.sum(Y * np.log(proba))\n",
            )
        ],
    ),
    Mistake(
        "loss_mean_over_entries",
        "The mean of the cross-entropy is taken over all entries of the indicator matrix (examples times classes), "
        "not over the examples.",
        [("        return total / Y.shape[0]\n", "        return total / Y.size\n")],
    ),
    Mistake(
        "loss_binary_cross_entropy",
        "The loss is the binary cross-entropy summed over the classes: it adds (1 - y) log(1 - p) for the wrong "
        "classes, while the gradient is that of the categorical one.",
        [
            (
                "    total = -np.sum(Y * log_proba)\n",
                "    proba = np.clip(np.exp(log_proba), 1e-15, 1.0 - 1e-15)\n"
                "    total = -np.sum(Y * log_proba + (1.0 - Y) * np.log(1.0 - proba))\n",
            )
        ],
    ),
    Mistake(
        "indicator_in_label_dtype",
        "The indicator matrix has the dtype of the labels and is negated in the loss, so that with unsigned labels "
        "(uint8) -1 wraps around to 255.",
        [
            ("    labels = np.asarray(y).astype(np.intp).ravel()\n", "    labels = np.asarray(y).ravel()\n"),
            (
                "    Y = np.zeros((labels.shape[0], n_classes))\n",
                "    Y = np.zeros((labels.shape[0], n_classes), dtype=labels.dtype)\n",
            ),
            ("    total = -np.sum(Y * log_proba)\n", "    total = np.sum(-Y * log_proba)\n"),
        ],
    ),
    Mistake(
        "labels_renumbered",
        "binarize_labels renumbers the labels that occur (np.unique with return_inverse), so if a class is missing, "
        "the classes after it move down.",
        [
            (
                "    labels = np.asarray(y).astype(np.intp).ravel()\n",
                "    classes, labels = np.unique(np.asarray(y).ravel(), return_inverse=True)\n",
            )
        ],
    ),
    # ---- backward pass
    Mistake(
        "derivative_in_last_hidden_layer_only",
        "The activation's derivative is applied to the last hidden layer's delta only; the hidden layers below pass "
        "their delta as if they were linear.",
        [
            (
                "            DERIVATIVES[self.activation](activations[i], deltas[i - 1])\n",
                "            if i == last:\n"
                "                DERIVATIVES[self.activation](activations[i], deltas[i - 1])\n",
            )
        ],
    ),
    Mistake(
        "weights_reshaped_not_transposed",
        "The delta is passed down through the weights reshaped to (fan_out, fan_in) instead of transposed, which "
        "mixes up their entries.",
        [
            (
                "            deltas[i - 1] = np.dot(deltas[i], self.coefs_[i].T)\n",
                "            coef = self.coefs_[i]\n"
                "            deltas[i - 1] = np.dot(deltas[i], coef.reshape(coef.shape[1], coef.shape[0]))\n",
            )
        ],
    ),
    Mistake(
        "intercept_gradient_mean",
        "The gradient of the biases is the mean of the deltas over the examples, as in scikit-learn, although the "
        "deltas are already divided (mean) or must not be divided at all (sum).",
        [
            (
                "        intercept_grads[layer] = np.sum(deltas[layer], axis=0)\n",
                "        intercept_grads[layer] = np.mean(deltas[layer], axis=0)\n",
            )
        ],
    ),
    Mistake(
        "mean_missing_in_gradient",
        "The gradient on the scores is never divided by the number of examples, so for the mean it is that of the sum.",
        [('    if reduction == "mean":\n        delta /= Y.shape[0]\n', "")],
    ),
    Mistake(
        "delta_is_alias_of_scores",
        "cross_entropy_delta works on the scores themselves instead of a copy, so the loss that _backprop computes "
        "afterwards, which train reports, is that of the delta in place of the scores.",
        [("    delta = scores.copy()\n", "    delta = scores\n")],
    ),
    Mistake(
        "delta_of_squared_error",
        "The gradient on the scores is multiplied by p (1 - p), as for squared error after logistic outputs.",
        [
            (
                "    delta -= Y\n",
                "    slope = delta * (1.0 - delta)\n    delta -= Y\n    delta *= slope\n",
            )
        ],
    ),
    Mistake(
        "first_layer_gradient_skipped",
        "The loop over the layers' gradients starts at 1, so the first layer's gradients stay 0 and it is never trained.",
        [
            (
                "        for layer in range(self.n_layers_ - 1):\n",
                "        for layer in range(1, self.n_layers_ - 1):\n",
            )
        ],
    ),
    Mistake(
        "intercept_gradient_without_axis",
        "The bias gradient's sum lacks its axis: each bias of a layer gets the sum of all of the layer's deltas.",
        [
            (
                "        intercept_grads[layer] = np.sum(deltas[layer], axis=0)\n",
                "        intercept_grads[layer][...] = np.sum(deltas[layer])\n",
            )
        ],
    ),
    Mistake(
        "hidden_intercept_gradient_before_derivative",
        "The bias gradients of hidden layers are summed from the back-propagated error before it is multiplied by the "
        "activation's derivative.",
        [
            (
                "            DERIVATIVES[self.activation](activations[i], deltas[i - 1])\n",
                "            intercept_grads[i - 1] = np.sum(deltas[i - 1], axis=0)\n"
                "            DERIVATIVES[self.activation](activations[i], deltas[i - 1])\n",
            ),
            (
                "        intercept_grads[layer] = np.sum(deltas[layer], axis=0)\n",
                "        if layer == self.n_layers_ - 2:\n"
                "            intercept_grads[layer] = np.sum(deltas[layer], axis=0)\n",
            ),
        ],
    ),
    Mistake(
        "delta_in_float32",
        "The gradient on the scores is computed in float32, so that all gradients have single precision only.",
        [("    delta = scores.copy()\n", "    delta = scores.astype(np.float32)\n")],
    ),
    # ---- activations
    Mistake(
        "tanh_derivative_squares_outputs_in_place",
        "inplace_tanh_derivative squares the stored outputs in place, so the weight gradients of the next layer are "
        "made with squared hidden outputs.",
        [("    delta *= 1.0 - Z**2\n", "    Z **= 2\n    delta *= 1.0 - Z\n")],
    ),
    Mistake(
        "relu_guided_backprop",
        "The ReLU's backward step also sets negative deltas to 0, as in guided backpropagation.",
        [("    delta[Z == 0] = 0.0\n", "    delta[Z == 0] = 0.0\n    delta[delta < 0] = 0.0\n")],
    ),
    Mistake(
        "relu_derivative_tests_output_below_zero",
        "The ReLU's derivative asks whether the output is below 0, which it never is, so the derivative is 1 everywhere.",
        [("    delta[Z == 0] = 0.0\n", "    delta[Z < 0] = 0.0\n")],
    ),
    Mistake(
        "logistic_clips_input",
        "The logistic function clips its input to [-10, 10] against overflow.",
        [("    small = np.exp(-np.abs(X))\n", "    np.clip(X, -10.0, 10.0, out=X)\n    small = np.exp(-np.abs(X))\n")],
    ),
    Mistake(
        "logistic_derivative_is_that_of_tanh",
        "The logistic function's derivative is copied from tanh: 1 - s**2 instead of s (1 - s).",
        [("    delta *= Z\n    delta *= 1.0 - Z\n", "    delta *= 1.0 - Z * Z\n")],
    ),
    # ---- penalty
    Mistake(
        "penalty_gradient_doubled",
        "The penalty's gradient is 2 λ W, that of λ ΣW², while the loss has λ/2 ΣW².",
        [
            (
                "        coef_grads[layer] += self.alpha * self.coefs_[layer]\n",
                "        coef_grads[layer] += 2.0 * self.alpha * self.coefs_[layer]\n",
            )
        ],
    ),
    Mistake(
        "penalty_divided_by_samples",
        "The penalty is divided by the number of examples of the batch, as in scikit-learn, in the loss and in the "
        "gradient.",
        [
            (
                "        loss += self._compute_penalty()\n",
                "        loss += self._compute_penalty() / Y.shape[0]\n",
            ),
            (
                "        coef_grads[layer] += self.alpha * self.coefs_[layer]\n",
                "        coef_grads[layer] += self.alpha * self.coefs_[layer] / activations[layer].shape[0]\n",
            ),
        ],
    ),
    Mistake(
        "intercepts_penalised",
        "The biases are penalised like the weights, in the loss and in the gradient.",
        [
            ("        for coef in self.coefs_:\n", "        for coef in self.coefs_ + self.intercepts_:\n"),
            (
                "        intercept_grads[layer] = np.sum(deltas[layer], axis=0)\n",
                "        intercept_grads[layer] = np.sum(deltas[layer], axis=0)\n"
                "        intercept_grads[layer] += self.alpha * self.intercepts_[layer]\n",
            ),
        ],
    ),
    Mistake(
        "penalty_norm_not_squared",
        "The penalty in the loss adds the Frobenius norms of the weights, not their squares.",
        [("            values += np.sum(coef**2)\n", "            values += np.linalg.norm(coef)\n")],
    ),
    Mistake(
        "penalty_of_last_layer_only",
        "The penalty's sum is overwritten in its loop (= for +=), so the loss has the last layer's penalty only.",
        [("            values += np.sum(coef**2)\n", "            values = np.sum(coef**2)\n")],
    ),
    # ---- update, momentum, schedule
    Mistake(
        "nesterov_update",
        "The update looks one step ahead as Nesterov's momentum does (λ V - μ ∇ with the new V) instead of adding V.",
        [
            (
                "        return self.velocities\n",
                "        return [\n"
                "            self.momentum * velocity - rate * grad\n"
                "            for velocity, grad in zip(self.velocities, grads)\n"
                "        ]\n",
            )
        ],
    ),
    Mistake(
        "momentum_as_moving_average",
        "The velocity is an exponential moving average: the gradient is multiplied by 1 - λ.",
        [
            (
                "            self.momentum * velocity - rate * grad\n",
                "            self.momentum * velocity - (1.0 - self.momentum) * rate * grad\n",
            )
        ],
    ),
    Mistake(
        "step_schedule_true_division",
        "The step schedule divides t by n without rounding down, so the rate falls at every iteration.",
        [('(self.t_ // self.schedule["every"])', '(self.t_ / self.schedule["every"])')],
    ),
    Mistake(
        "iteration_counted_from_one",
        "The iteration is counted up before the rate is taken, so that the schedule starts at t = 1.",
        [
            (
                "        rate = self._current_rate()\n        self.t_ += 1\n",
                "        self.t_ += 1\n        rate = self._current_rate()\n",
            )
        ],
    ),
    Mistake(
        "inverse_time_as_invscaling",
        "The inverse-time schedule is scikit-learn's invscaling, μ / (t + 1)**d, instead of μ / (1 + d t).",
        [
            (
                "return self.learning_rate_init / (1.0 + decay * self.t_)",
                "return self.learning_rate_init / (self.t_ + 1) ** decay",
            )
        ],
    ),
    Mistake(
        "rate_decays_cumulatively",
        "The decayed rate is stored as the new initial rate, so in training the factors of all iterations multiply up.",
        [
            (
                "        rate = self._current_rate()\n",
                "        rate = self.learning_rate_init = self._current_rate()\n",
            )
        ],
    ),
    Mistake(
        "velocity_bias_corrected",
        "The velocity is divided by 1 - λ**(t + 1) before it is added, which is Adam's correction of its moving averages.",
        [
            (
                "        return self.velocities\n",
                "        correction = 1.0 - self.momentum**self.t_\n"
                "        return [velocity / correction for velocity in self.velocities]\n",
            )
        ],
    ),
    # ---- training loop
    Mistake(
        "repeated_examples_dropped",
        "The indices of a batch are made unique, so an example that a batch names twice counts once.",
        [
            (
                "                indices = np.asarray(batch, dtype=np.intp)\n",
                "                indices = np.unique(np.asarray(batch, dtype=np.intp))\n",
            )
        ],
    ),
    Mistake(
        "losses_after_update",
        "Each loss is computed after the update of its iteration, with the new parameters.",
        [
            (
                "            self.loss_curve_.append(float(loss))\n"
                "            optimizer.update_params(coef_grads + intercept_grads)\n",
                "            optimizer.update_params(coef_grads + intercept_grads)\n"
                "            loss = self._compute_loss(self._forward_pass(X_batch)[-1], Y_batch)\n"
                "            self.loss_curve_.append(float(loss))\n",
            )
        ],
    ),
    Mistake(
        "losses_of_all_examples",
        "With minibatches the reported loss is that of all examples instead of the batch's own.",
        [
            (
                "            self.loss_curve_.append(float(loss))\n",
                "            loss = self._compute_loss(self._forward_pass(X)[-1], Y)\n"
                "            self.loss_curve_.append(float(loss))\n",
            )
        ],
    ),
    Mistake(
        "optimizer_made_in_loop",
        "The optimizer is made anew in each iteration, so that the velocity is always 0 before it and the schedule stays "
        "at t = 0.",
        [
            ("        optimizer = self._make_optimizer()\n", ""),
            (
                "            optimizer.update_params(coef_grads + intercept_grads)\n",
                "            self._make_optimizer().update_params(coef_grads + intercept_grads)\n",
            ),
        ],
    ),
    # ---- initialisation, data sets, fit
    Mistake(
        "initial_intercepts_divided",
        "Initial biases from normals are divided by the root of fan_in too, if the weights are.",
        [
            (
                "            intercept_init = self.init_scale * intercept_normals\n",
                "            intercept_init = self.init_scale * intercept_normals\n"
                "            if self.init_fan_in:\n"
                "                intercept_init = intercept_init / np.sqrt(fan_in)\n",
            )
        ],
    ),
    Mistake(
        "moons_noise_before_order",
        "The noise is added to the moons before they are put in order, so each example gets another one's noise.",
        [
            (
                "    X = np.vstack([outer, inner])[order]\n",
                "    X = np.vstack([outer, inner]) + noise * np.asarray(normals, dtype=np.float64)\n",
            ),
            ("    X += noise * np.asarray(normals, dtype=np.float64)\n", "    X = X[order]\n"),
        ],
    ),
    Mistake(
        "fit_counts_passes",
        "fit takes the number of iterations for passes through the examples, so on minibatches it makes too many updates.",
        [
            ("        while len(batches) < self.max_iter:\n", "        for _ in range(self.max_iter):\n"),
            ("        return batches[: self.max_iter]\n", "        return batches\n"),
        ],
    ),
]

PAIRS = [
    # in the same function
    Pair("mean_missing_in_gradient", "delta_of_squared_error"),
    Pair("iteration_counted_from_one", "momentum_as_moving_average"),
    Pair("penalty_gradient_doubled", "intercept_gradient_mean"),
    # in different ones
    Pair("labels_renumbered", "optimizer_made_in_loop"),
    Pair("delta_is_alias_of_scores", "logistic_clips_input"),
    Pair("tanh_derivative_squares_outputs_in_place", "penalty_of_last_layer_only"),
    Pair("weights_reshaped_not_transposed", "step_schedule_true_division"),
    Pair("initial_intercepts_divided", "inverse_time_as_invscaling"),
    Pair("indicator_in_label_dtype", "penalty_divided_by_samples"),
    Pair("relu_guided_backprop", "nesterov_update"),
]
