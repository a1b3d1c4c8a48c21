"""Forty mistakes in program.py, as edits of its text, and ten pairs of them."""

from first_contact_edits import Mistake, Pair

SUBTRACT_ONE = "    dscores[np.arange(len(labels)), labels] -= 1.0\n"
LOSS_LINE = "            losses[t] = self.loss(cache, y_batch)\n"

MISTAKES = [
    # ---- softmax and loss -------------------------------------------------------------------------------------------
    Mistake(
        "softmax_over_the_examples",
        "The softmax divides by the sums over the examples (axis 0) instead of those over the classes (axis 1).",
        [("probs /= probs.sum(axis=1, keepdims=True)", "probs /= probs.sum(axis=0, keepdims=True)")],
    ),
    Mistake(
        "softmax_shifted_by_global_maximum",
        "The softmax subtracts the maximum of the whole array instead of each row's own, so that a row far below the "
        "greatest score underflows to 0/0.",
        [("probs -= probs.max(axis=1, keepdims=True)", "probs -= probs.max()")],
    ),
    Mistake(
        "cross_entropy_without_copy",
        "cross_entropy takes the scores by asarray, without a copy, and shifts and exponentiates them in place; in "
        "training the backward pass then finds exponentials in the cache where the scores should be.",
        [("shifted = np.array(scores, dtype=np.float64)  # a copy, since it is changed in place",
          "shifted = np.asarray(scores, dtype=np.float64)")],
    ),
    Mistake(
        "probability_clipped_in_loss",
        "The loss clips the probability of the correct class from below at 1e-7 (as Keras does), so that the loss of "
        "an example never exceeds 16.1.",
        [("losses = np.log(shifted.sum(axis=1)) - picked",
          "losses = -np.log(np.clip(np.exp(picked) / shifted.sum(axis=1), 1e-7, 1.0))")],
    ),
    Mistake(
        "mean_over_examples_and_classes",
        "The mean cross-entropy is divided by the number of scores, N times K, instead of by N, as np.mean of a one-hot "
        "product would; the gradient is divided by N.",
        [("total /= len(labels)", "total /= shifted.size")],
    ),
    Mistake(
        "labels_in_eight_signed_bits",
        "Labels are converted to int8, so that classes from 128 on become negative and index from the end.",
        [("return np.asarray(labels).astype(np.int64)", "return np.asarray(labels).astype(np.int8)")],
    ),
    # ---- backward pass ----------------------------------------------------------------------------------------------
    Mistake(
        "one_subtracted_from_whole_columns",
        "The gradient on the scores subtracts 1 with dscores[:, labels], which takes it from every row in each column "
        "that is a label of any example.",
        [(SUBTRACT_ONE, "    dscores[:, labels] -= 1.0\n")],
    ),
    Mistake(
        "output_delta_times_p_one_minus_p",
        "The gradient on the scores is multiplied by p(1 - p), the slope that belongs to squared error on logistic "
        "outputs and has cancelled out for cross-entropy.",
        [(SUBTRACT_ONE,
          "    slope = dscores * (1.0 - dscores)\n" + SUBTRACT_ONE + "    dscores *= slope\n")],
    ),
    Mistake(
        "bias_gradient_averaged",
        "The bias gradients are the mean of delta over the examples instead of its sum, although delta has been "
        "divided already (or, for the sum, must not be).",
        [("db += delta.sum(axis=0)", "db += delta.mean(axis=0)")],
    ),
    Mistake(
        "slope_given_the_preactivation",
        "The backward pass gives the pre-activation Z to a slope function that expects the activation's output, so "
        "that tanh has 1 - z^2 and the logistic function z(1 - z).",
        [("delta *= slope(A_prev)", 'delta *= slope(cache["Z%d" % (i - 1)])')],
    ),
    Mistake(
        "weights_scaled_in_place_by_penalty",
        "The backward pass forms the penalty's gradient by W *= l2, which multiplies the parameters themselves by l2, "
        "before the delta is sent back through them.",
        [("            dW += self.l2 * W\n", "            W *= self.l2\n            dW += W\n")],
    ),
    Mistake(
        "weight_gradient_from_preactivation",
        "The weight gradient of a layer above the first multiplies delta by the previous layer's pre-activation Z "
        "instead of its output A.",
        [("dW += A_prev.T @ delta",
          'dW += (cache["Z%d" % (i - 1)] if i > 1 else A_prev).T @ delta')],
    ),
    Mistake(
        "slope_only_below_the_output",
        "Only the last hidden layer's delta is multiplied by the activation's slope; in the hidden layers below it, "
        "the slope is forgotten.",
        [("                delta *= slope(A_prev)\n",
          "                if i == self.depth:\n                    delta *= slope(A_prev)\n")],
    ),
    Mistake(
        "ascent_on_the_negative",
        "The output's delta is y - p and the penalty is subtracted, so that all gradients are those of minus the "
        "objective, and the step adds them: training is right, but gradients and update have the wrong sign.",
        [(SUBTRACT_ONE, SUBTRACT_ONE + "    np.negative(dscores, out=dscores)\n"),
         ("dW += self.l2 * W", "dW -= self.l2 * W"),
         ("v -= rate * grads[key]", "v += rate * grads[key]"),
         ("p -= rate * grads[key]", "p += rate * grads[key]")],
    ),
    Mistake(
        "gradients_not_zeroed",
        "The gradient buffers are not set to zero before a backward pass, so that in training the gradients of all "
        "earlier iterations add up.",
        [("        self.zero_grads()\n", "")],
    ),
    Mistake(
        "backward_stops_before_first_layer",
        "The loop of the backward pass ends one layer early, at range(depth, 1, -1): the first layer's gradients "
        "stay zero.",
        [("for i in range(self.depth, 0, -1):", "for i in range(self.depth, 1, -1):")],
    ),
    # ---- activations ------------------------------------------------------------------------------------------------
    Mistake(
        "relu_slope_of_output_at_least_zero",
        "ReLU's slope tests a >= 0 on the output, which is never negative, so that the slope is 1 everywhere.",
        [("return (a > 0.0).astype(np.float64)", "return (a >= 0.0).astype(np.float64)")],
    ),
    Mistake(
        "logistic_slope_applies_logistic_again",
        "The logistic slope takes its argument, which is the output already, through the logistic function once more.",
        [("    slope = 1.0 - a\n    slope *= a\n", "    a = logistic(a)\n    slope = 1.0 - a\n    slope *= a\n")],
    ),
    Mistake(
        "tanh_slope_without_square",
        "The slope of tanh is 1 - a instead of 1 - a^2.",
        [("slope = -a * a", "slope = -a")],
    ),
    Mistake(
        "leaky_relu",
        "ReLU lets 0.01 z through for negative z (a leaky ReLU), while its slope is 0 there.",
        [("return np.maximum(z, 0.0)", "return np.maximum(z, 0.01 * z)")],
    ),
    Mistake(
        "activation_on_the_output_layer",
        "The forward pass applies the hidden activation to the last layer too (<= where < belongs), so that the "
        "scores are activated; the backward pass knows nothing of it.",
        [("if i < self.depth:", "if i <= self.depth:")],
    ),
    # ---- penalty ----------------------------------------------------------------------------------------------------
    Mistake(
        "penalty_without_half_in_loss",
        "The loss has the penalty l2 * sum of squares without the factor 1/2, while the gradient is l2 * W.",
        [("return data_loss + 0.5 * self.l2 * squares", "return data_loss + self.l2 * squares")],
    ),
    Mistake(
        "penalty_divided_by_examples",
        "The penalty is divided by the number of examples, in the loss and in the gradient (l2 / 2N).",
        [("return data_loss + 0.5 * self.l2 * squares", "return data_loss + 0.5 * self.l2 * squares / len(y)"),
         ("dW += self.l2 * W", "dW += self.l2 * W / len(y)")],
    ),
    Mistake(
        "biases_penalised",
        "The biases are penalised like the weights, in the loss and in the gradient.",
        [("            squares += np.sum(W * W)\n",
          '            b = self.params["b%d" % i]\n            squares += np.sum(W * W) + np.sum(b * b)\n'),
         ("            dW += self.l2 * W\n",
          '            dW += self.l2 * W\n            db += self.l2 * self.params["b%d" % i]\n')],
    ),
    Mistake(
        "last_layer_missing_in_penalty",
        "The loop over the layers in the loss is range(1, depth), which leaves the last layer's weights out of the "
        "penalty; the gradient penalises them.",
        [('        for i in range(1, self.depth + 1):\n            W = self.params["W%d" % i]\n            squares',
          '        for i in range(1, self.depth):\n            W = self.params["W%d" % i]\n            squares')],
    ),
    Mistake(
        "penalty_as_decoupled_weight_decay",
        "The gradients lack the penalty; instead the step shrinks the weights by rate * l2 (decoupled weight decay, as "
        "in AdamW), which under momentum bypasses the velocity.",
        [("            dW += self.l2 * W\n", ""),
         ("        rate = learning_rate(self.optimizer, t)\n",
          "        rate = learning_rate(self.optimizer, t)\n"
          "        for i in range(1, self.depth + 1):\n"
          '            self.params["W%d" % i] *= 1.0 - rate * self.l2\n')],
    ),
    # ---- update, momentum and schedule ------------------------------------------------------------------------------
    Mistake(
        "momentum_as_moving_average",
        "The gradient enters the velocity with the factor 1 - momentum, as in an exponential moving average.",
        [("v -= rate * grads[key]", "v -= (1.0 - momentum) * rate * grads[key]")],
    ),
    Mistake(
        "nesterov_step",
        "The parameters take Nesterov's step, momentum * v - rate * gradient with the new velocity v, instead of v.",
        [("self.params[key] += v", "self.params[key] += momentum * v - rate * grads[key]")],
    ),
    Mistake(
        "momentum_multiplied_after_gradient",
        "The velocity is multiplied by the momentum after the gradient has been subtracted, so that the newest "
        "gradient is shrunk too.",
        [("                v *= momentum\n", ""),
         ("                v -= rate * grads[key]\n",
          "                v -= rate * grads[key]\n                v *= momentum\n")],
    ),
    Mistake(
        "gradient_descent_with_momentum",
        "The step looks at whether the optimizer has a momentum, not at its method, so that gradient descent uses a "
        "momentum that it should ignore.",
        [('        if self.optimizer["method"] == "momentum":\n', '        if self.optimizer.get("momentum"):\n')],
    ),
    Mistake(
        "step_schedule_without_floor",
        "The step schedule's exponent is t / every, not rounded down, so that the rate falls continuously.",
        [('t // schedule["every"]', 't / schedule["every"]')],
    ),
    Mistake(
        "decay_compounds",
        "The decayed rate is written back as the optimizer's learning rate, so that in training each iteration's decay "
        "is applied on top of all earlier ones.",
        [("        rate = learning_rate(self.optimizer, t)\n",
          '        rate = self.optimizer["learning_rate"] = learning_rate(self.optimizer, t)\n')],
    ),
    Mistake(
        "exponential_schedule_as_power",
        "The exponential schedule is rate * decay^t instead of rate * exp(-decay * t).",
        [("return rate * np.exp(-decay * t)", "return rate * decay ** t")],
    ),
    # ---- the training loop ------------------------------------------------------------------------------------------
    Mistake(
        "velocity_zeroed_every_iteration",
        "The velocity is set to zero inside of the training loop instead of before it, so that momentum has no effect "
        "in train.",
        [("        self.zero_velocity()\n        for t in range(iterations):\n",
          "        for t in range(iterations):\n            self.zero_velocity()\n")],
    ),
    Mistake(
        "loss_after_the_update",
        "train reports each loss after the update of its iteration instead of before it.",
        [(LOSS_LINE, ""),
         ("            self.step(self.grads, t)\n",
          "            self.step(self.grads, t)\n"
          "            losses[t] = self.loss(self.forward(X_batch), y_batch)\n")],
    ),
    Mistake(
        "schedule_counts_from_one",
        "train passes t + 1 to the step, so that the schedule counts its updates from 1.",
        [("self.step(self.grads, t)", "self.step(self.grads, t + 1)")],
    ),
    Mistake(
        "repeated_examples_dropped",
        "A minibatch's indices go through np.unique, so that an example that it names twice counts once.",
        [("rows = np.asarray(batches[t], dtype=np.int64)", "rows = np.unique(np.asarray(batches[t], dtype=np.int64))")],
    ),
    # ---- initialisation, data sets, fit -----------------------------------------------------------------------------
    Mistake(
        "normal_biases_divided_by_root_fan_in",
        "Biases that are drawn from the normals are divided by the root of fan_in like the weights.",
        [("            W /= np.sqrt(fan_in)\n", "            W /= np.sqrt(fan_in)\n            b /= np.sqrt(fan_in)\n")],
    ),
    Mistake(
        "moons_noise_before_the_order",
        "The moons' noise is added before the points are put in order, so that it is shuffled along with them.",
        [("    points, labels = points[order], labels[order]\n"
          "    points += noise * np.asarray(normals, dtype=np.float64)\n",
          "    points += noise * np.asarray(normals, dtype=np.float64)\n"
          "    points, labels = points[order], labels[order]\n")],
    ),
    Mistake(
        "fit_draws_uniform_numbers",
        "fit draws the initial weights uniformly from [0, 1) instead of from the normal distribution.",
        [("rng.standard_normal((fan_in, fan_out))", "rng.random((fan_in, fan_out))")],
    ),
]

PAIRS = [
    # both in backward
    Pair("slope_given_the_preactivation", "bias_gradient_averaged"),
    # both in step
    Pair("momentum_as_moving_average", "decay_compounds"),
    # both in loss
    Pair("penalty_without_half_in_loss", "last_layer_missing_in_penalty"),
    # in different functions
    Pair("probability_clipped_in_loss", "slope_only_below_the_output"),
    Pair("gradients_not_zeroed", "loss_after_the_update"),
    Pair("softmax_shifted_by_global_maximum", "relu_slope_of_output_at_least_zero"),
    Pair("output_delta_times_p_one_minus_p", "penalty_as_decoupled_weight_decay"),
    Pair("schedule_counts_from_one", "step_schedule_without_floor"),
    Pair("repeated_examples_dropped", "mean_over_examples_and_classes"),
    Pair("cross_entropy_without_copy", "velocity_zeroed_every_iteration"),
]
