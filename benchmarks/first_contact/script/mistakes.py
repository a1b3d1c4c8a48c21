"""Forty mistakes in program.py, and ten pairs of them."""

from first_contact_edits import Mistake, Pair

MISTAKES = [
    # ----------------------------------------------------------------------------------------- softmax and loss
    Mistake(
        "softmax_normalised_down_the_columns",
        "The softmax divides by the sum over the examples (axis 0) instead of the sum over the classes (axis 1).",
        [
            (
                "exp_scores / np.sum(exp_scores, axis=1, keepdims=True)",
                "exp_scores / np.sum(exp_scores, axis=0, keepdims=True)",
            )
        ],
    ),
    Mistake(
        "softmax_shift_by_the_largest_of_the_batch",
        "The softmax subtracts the one largest score of the whole batch from all rows, so that a row whose scores lie "
        "some 750 below it underflows to 0/0.",
        [("shifted = scores - np.max(scores, axis=1, keepdims=True)", "shifted = scores - np.max(scores)")],
    ),
    Mistake(
        "logsumexp_without_its_maximum",
        "logsumexp subtracts the maximum of the row before the exponential but does not add it again afterwards, so "
        "the loss is too small wherever the correct class has not the largest score.",
        [("return top + np.log(", "return np.log(")],
    ),
    Mistake(
        "loss_of_clipped_probabilities",
        "The loss is taken from probabilities that are clipped to 1e-7 ... 1 - 1e-7, as in Keras, so that it never "
        "exceeds 16.1 per example.",
        [
            (
                "return logsumexp(margins)",
                "probs = np.clip(probabilities(scores), 1e-7, 1 - 1e-7)\n"
                "    return -np.log(probs[np.arange(len(y)), y])",
            )
        ],
    ),
    Mistake(
        "mean_over_examples_and_classes",
        "The mean cross-entropy is divided by the number of scores N * K (a mean over the whole matrix) instead of the "
        "number of examples N; the gradient is not.",
        [("return np.sum(losses) / len(y)", "return np.sum(losses) / scores.size")],
    ),
    Mistake(
        "binary_cross_entropy_of_every_class",
        "The loss is the binary cross-entropy of every output, with -log(1 - p) of the wrong classes added to "
        "-log(p) of the correct one.",
        [
            (
                "return logsumexp(margins)",
                "probs = probabilities(scores)\n"
                "    T = one_hot(y, scores.shape[1])\n"
                "    return -np.sum(T * np.log(probs + 1e-12) + (1 - T) * np.log(1 - probs + 1e-12), axis=1)",
            )
        ],
    ),
    # ---------------------------------------------------------------------------------------- the backward pass
    Mistake(
        "score_gradient_not_averaged",
        "The gradient on the scores is not divided by the number of examples when the reduction is a mean, as if it "
        "were a sum.",
        [("        dscores /= num_examples\n", "        pass\n")],
    ),
    Mistake(
        "softmax_overwrites_the_scores",
        "The softmax works in place on the array of the scores, so the loss that is computed after the gradients in "
        "training reads probabilities where it expects scores.",
        [
            ("shifted = scores - np.max(scores, axis=1, keepdims=True)", "scores -= np.max(scores, axis=1, keepdims=True)"),
            ("exp_scores = np.exp(shifted)", "exp_scores = np.exp(scores, out=scores)"),
            (
                "return exp_scores / np.sum(exp_scores, axis=1, keepdims=True)",
                "exp_scores /= np.sum(exp_scores, axis=1, keepdims=True)\n    return exp_scores",
            ),
        ],
    ),
    Mistake(
        "output_error_times_p_one_minus_p",
        "The gradient on the scores is multiplied by p(1 - p), as for squared error behind logistic outputs.",
        [
            (
                "dscores = probs - one_hot(y, K)",
                "dscores = (probs - one_hot(y, K)) * probs * (1 - probs)",
            )
        ],
    ),
    Mistake(
        "targets_minus_probabilities",
        "The gradient on the scores has the wrong sign: targets minus probabilities.",
        [("dscores = probs - one_hot(y, K)", "dscores = one_hot(y, K) - probs")],
    ),
    Mistake(
        "bias_gradient_is_a_mean",
        "The gradients of the biases are the mean over the examples instead of their sum.",
        [("db = np.sum(dout, axis=0)", "db = np.mean(dout, axis=0)")],
    ),
    Mistake(
        "activation_derivative_only_in_the_last_hidden_layer",
        "The derivative of the activation is applied only below the output layer; the hidden layers further down get "
        "their gradient without it (written for one hidden layer, then generalised).",
        [
            (
                "            dhidden = dhidden * slope(hidden[i - 1])\n",
                "            if i == len(params) - 1:\n"
                "                dhidden = dhidden * slope(hidden[i - 1])\n",
            )
        ],
    ),
    Mistake(
        "derivative_taken_at_the_gradient",
        "The derivative of the activation is evaluated at the gradient that comes back instead of at the hidden "
        "outputs, so that ReLU masks by the sign of the gradient.",
        [("dhidden * slope(hidden[i - 1])", "dhidden * slope(dhidden)")],
    ),
    Mistake(
        "weight_gradients_divided_by_n_again",
        "The weight gradients are divided by the number of examples in backprop (1/m, as in other courses), although "
        "the reduction has been dealt with in the gradient on the scores.",
        [("dW = np.dot(layer_inputs[i].T, dout)", "dW = np.dot(layer_inputs[i].T, dout) / len(dout)")],
    ),
    Mistake(
        "one_hot_sets_whole_columns",
        "one_hot indexes T[:, y], which puts a one in the columns of all classes of the batch for every example.",
        [("T[np.arange(len(y)), y] = 1", "T[:, y] = 1")],
    ),
    Mistake(
        "one_hot_by_subtraction_in_the_labels_dtype",
        "one_hot is 1 - |y - k|, cut off at 0, in the dtype of the labels: with unsigned labels such as uint8 the "
        "subtractions wrap around.",
        [
            (
                "    T = np.zeros((len(y), K))\n    T[np.arange(len(y)), y] = 1\n    return T\n",
                "    distance = np.abs(y[:, np.newaxis] - np.arange(K).astype(y.dtype))\n"
                "    return np.maximum(0, 1 - distance)\n",
            )
        ],
    ),
    # ---------------------------------------------------------------------------------------------- activations
    Mistake(
        "relu_slope_with_at_least_zero",
        "The derivative of ReLU is 1 where the output is at least 0, which it always is, so every gradient passes.",
        [("return (a > 0).astype(float)", "return (a >= 0).astype(float)")],
    ),
    Mistake(
        "tanh_slope_takes_tanh_again",
        "The derivative of tanh is written for the input z (1 - tanh(z)^2) but gets the output, so tanh is applied "
        "twice.",
        [("return 1 - np.power(a, 2)", "return 1 - np.power(np.tanh(a), 2)")],
    ),
    Mistake(
        "logistic_by_tanh_without_the_half",
        "The logistic function is computed as (1 + tanh(z)) / 2 instead of (1 + tanh(z / 2)) / 2, which is the "
        "logistic function of 2z.",
        [("return np.where(z >= 0, 1, e) / (1 + e)", "return 0.5 * (1 + np.tanh(z))")],
    ),
    Mistake(
        "tanh_with_the_slope_of_logistic",
        "The table of activations pairs tanh with the derivative of the logistic function, a(1 - a), left from copying "
        "the line.",
        [('"tanh": (np.tanh, tanh_slope)', '"tanh": (np.tanh, logistic_slope)')],
    ),
    Mistake(
        "activation_on_the_output_layer_too",
        "The activation is applied to the scores of the last layer as well, and the backward pass does not know of it.",
        [("scores = np.dot(h, W) + b", "scores = activate(np.dot(h, W) + b)")],
    ),
    # ------------------------------------------------------------------------------------------------ penalties
    Mistake(
        "penalty_without_the_half",
        "The penalty in the loss lacks its factor 0.5, while the gradient is still reg * W.",
        [("return 0.5 * reg * sum(", "return reg * sum(")],
    ),
    Mistake(
        "biases_penalised",
        "The biases are penalised like the weights, in the loss and in the gradient.",
        [
            ("sum(np.sum(W * W) for W, b in params)", "sum(np.sum(W * W) + np.sum(b * b) for W, b in params)"),
            ("(dW + reg * W, db) for", "(dW + reg * W, db + reg * b) for"),
        ],
    ),
    Mistake(
        "penalty_divided_by_the_number_of_examples",
        "The penalty is divided by the number of examples (lambda / 2m), in the loss and in the gradient.",
        [
            ('+ penalty(params, objective["l2"])', '+ penalty(params, objective["l2"]) / len(y)'),
            ('regularize(grads, params, objective["l2"])', 'regularize(grads, params, objective["l2"] / len(y))'),
        ],
    ),
    Mistake(
        "only_two_layers_penalised",
        "Only the first two weight matrices are penalised, in the loss and in the gradient, as in the tutorial's "
        "network with W and W2; a third layer and further ones have no penalty.",
        [
            ("for W, b in params)", "for W, b in params[:2])"),
            (
                "for (dW, db), (W, b) in zip(grads, params)]",
                "for (dW, db), (W, b) in zip(grads[:2], params[:2])] + grads[2:]",
            ),
        ],
    ),
    Mistake(
        "penalty_of_the_norm_not_its_square",
        "The penalty in the loss adds the Frobenius norms of the weights instead of their squares.",
        [("sum(np.sum(W * W) for", "sum(np.linalg.norm(W) for")],
    ),
    # ----------------------------------------------------------------------------- update, momentum and schedule
    Mistake(
        "nesterov_instead_of_momentum",
        "The parameters move by Nesterov's step, momentum * V_new - rate * gradient, instead of by V_new.",
        [
            (
                "new_params.append((W + next_vW, b + next_vb))",
                "new_params.append((W + momentum * next_vW - rate * dW, b + momentum * next_vb - rate * db))",
            )
        ],
    ),
    Mistake(
        "velocity_as_a_moving_average",
        "The velocity is an exponential moving average: the gradient enters with the factor 1 - momentum.",
        [
            ("momentum * vW - rate * dW", "momentum * vW - (1 - momentum) * rate * dW"),
            ("momentum * vb - rate * db", "momentum * vb - (1 - momentum) * rate * db"),
        ],
    ),
    Mistake(
        "parameters_move_by_the_old_velocity",
        "The parameters are moved by the velocity from before this step, so every gradient acts one iteration late.",
        [("(W + next_vW, b + next_vb)", "(W + vW, b + vb)")],
    ),
    Mistake(
        "momentum_whatever_the_method",
        "Momentum is used whenever the optimizer has a momentum that is not 0, also when the method is gradient "
        "descent.",
        [('if optimizer["method"] == "momentum":', 'if optimizer.get("momentum"):')],
    ),
    Mistake(
        "step_schedule_without_the_floor",
        "The step schedule divides t by every without rounding down, so the rate decays smoothly in place of in steps.",
        [("decay ** (t // every)", "decay ** (t / every)")],
    ),
    Mistake(
        "exponential_schedule_as_a_power",
        "The exponential schedule is rate * decay^t (gamma per iteration) instead of rate * exp(-decay * t).",
        [("mu * np.exp(-decay * t)", "mu * decay ** t")],
    ),
    Mistake(
        "inverse_time_decay_compounds",
        "The inverse-time schedule divides the previous iteration's rate by 1 + decay * t, not the initial rate, so "
        "the decay is compounded.",
        [("mu / (1 + decay * t)", "mu / np.prod(1 + decay * np.arange(t + 1))")],
    ),
    # -------------------------------------------------------------------------------- training loop and batches
    Mistake(
        "losses_after_the_update",
        "train reports the objective after each update instead of before it.",
        [
            (
                "        losses.append(value)\n"
                "        params, velocity = take_step(params, grads, velocity, optimizer, learning_rate(t))\n",
                "        params, velocity = take_step(params, grads, velocity, optimizer, learning_rate(t))\n"
                "        value, grads = loss_and_gradients(params, activation_pair, X_batch, y_batch, objective)\n"
                "        losses.append(value)\n",
            )
        ],
    ),
    Mistake(
        "repeated_examples_counted_once",
        "The indices of a minibatch go through np.unique, so an example that is named twice counts once.",
        [("ix = np.asarray(batches[t], dtype=int)", "ix = np.unique(np.asarray(batches[t], dtype=int))")],
    ),
    Mistake(
        "labels_of_a_batch_not_indexed",
        "A minibatch takes its inputs by the indices, but its labels are simply the first ones of the data set.",
        [("yield X[ix], y[ix]", "yield X[ix], y[:len(ix)]")],
    ),
    Mistake(
        "penalty_by_the_share_of_the_batch",
        "In training, the penalty of a minibatch is multiplied by its share of the examples, so that the minibatches of "
        "a pass would add up to one penalty.",
        [
            (
                "        value, grads = loss_and_gradients(params, activation_pair, X_batch, y_batch, objective)\n",
                '        batch_objective = dict(objective, l2=objective["l2"] * len(y_batch) / len(y))\n'
                "        value, grads = loss_and_gradients("
                "params, activation_pair, X_batch, y_batch, batch_objective)\n",
            )
        ],
    ),
    # --------------------------------------------------------------------- initialisation, data sets, prediction
    Mistake(
        "weights_divided_by_root_of_fan_out",
        "With fan_in, the initial weights are divided by the square root of the layer's number of outputs instead of "
        "its inputs.",
        [("W = W / np.sqrt(sizes[i])", "W = W / np.sqrt(sizes[i + 1])")],
    ),
    Mistake(
        "circles_close_on_themselves",
        "The angles of the circles include 2 pi, so the last point of each circle is the first again and all others "
        "are shifted.",
        [("np.linspace(0, 2 * np.pi, n, endpoint=False)", "np.linspace(0, 2 * np.pi, n)")],
    ),
    Mistake(
        "prediction_for_two_classes_only",
        "predict tells whether the probability of class 1 exceeds one half, which never gives a class above 1.",
        [("return np.argmax(scores, axis=1)", "return (probabilities(scores)[:, 1] > 0.5).astype(int)")],
    ),
]

PAIRS = [
    # both in one function
    Pair("bias_gradient_is_a_mean", "activation_derivative_only_in_the_last_hidden_layer"),
    Pair("velocity_as_a_moving_average", "parameters_move_by_the_old_velocity"),
    Pair("step_schedule_without_the_floor", "exponential_schedule_as_a_power"),
    # in different ones
    Pair("score_gradient_not_averaged", "penalty_without_the_half"),
    Pair("tanh_with_the_slope_of_logistic", "biases_penalised"),
    Pair("logsumexp_without_its_maximum", "one_hot_by_subtraction_in_the_labels_dtype"),
    Pair("repeated_examples_counted_once", "circles_close_on_themselves"),
    Pair("weights_divided_by_root_of_fan_out", "prediction_for_two_classes_only"),
    Pair("relu_slope_with_at_least_zero", "momentum_whatever_the_method"),
    Pair("only_two_layers_penalised", "losses_after_the_update"),
]
