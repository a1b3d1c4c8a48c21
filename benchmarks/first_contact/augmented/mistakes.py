"""Forty mistakes in program.py, and ten pairs of them."""

from first_contact_edits import Mistake, Pair

SOFTMAX_AND_LOSS = [
    Mistake(
        "softmax_without_shift",
        "softmax exponentiates the scores as they are, without subtracting the greatest of the row, so that scores of "
        "some hundreds overflow to nan (the logarithm in the loss still shifts).",
        [("powers = np.exp(scores - np.max(scores, axis=1, keepdims=True))", "powers = np.exp(scores)")],
    ),
    Mistake(
        "shift_by_the_batch_maximum",
        "The log-softmax of the loss subtracts the greatest score of the whole batch from every row, instead of the row's "
        "own, so that a row far below another one underflows to log 0.",
        [("shifted = scores - scores.max(axis=1, keepdims=True)", "shifted = scores - scores.max()")],
    ),
    Mistake(
        "probabilities_clipped_before_the_log",
        "The probabilities are clipped to [1e-7, 1 - 1e-7] before the logarithm, as Keras does, so that no example's loss "
        "exceeds 16.1 or falls below 1e-7.",
        [
            (
                'return shifted - np.log(einsum("nk->n", np.exp(shifted)))[:, None]',
                'powers = np.exp(shifted)\n'
                '    chances = powers / einsum("nk->n", powers)[:, None]\n'
                "    return np.log(np.clip(chances, 1e-7, 1.0 - 1e-7))",
            )
        ],
    ),
    Mistake(
        "binary_cross_entropy_per_class",
        "The loss is the binary cross-entropy summed over the classes: it also adds -(1 - t) log(1 - p) of the classes "
        "that are not the label.",
        [
            (
                'surprise = -einsum("nk,nk->n", targets, log_softmax(scores))',
                "chances = softmax(scores)\n"
                '    surprise = -einsum("nk->n", targets * np.log(chances) + (1 - targets) * np.log(1 - chances))',
            )
        ],
    ),
    Mistake(
        "mean_over_examples_and_classes",
        "The mean reduction of the loss divides by the number of entries of the score matrix (N K) instead of the number "
        "of examples; its gradient divides by N.",
        [
            (
                "return float(example_weight(reduction, len(scores)) * surprise.sum())",
                "return float(example_weight(reduction, scores.size) * surprise.sum())",
            )
        ],
    ),
    Mistake(
        "one_hot_by_subtraction_in_the_labels_type",
        "The one-hot matrix is max(0, 1 - |label - class|) computed in the labels' own dtype, which wraps around for "
        "unsigned labels such as uint8; signed labels are right.",
        [
            (
                "return (labels[:, None] == np.arange(classes)[None, :]).astype(float)",
                "distance = np.abs(labels[:, None] - np.arange(classes).astype(labels.dtype)[None, :])\n"
                "    return np.maximum(0, 1 - distance).astype(float)",
            )
        ],
    ),
]

BACKWARD = [
    Mistake(
        "gradient_not_averaged",
        "The gradient on the scores is p - t whatever the reduction is: under the mean it is not divided by the number of "
        "examples, although the loss is.",
        [("return example_weight(reduction, len(residual)) * residual", "return residual")],
    ),
    Mistake(
        "squared_error_factor_on_the_residual",
        "The gradient on the scores is multiplied by p (1 - p), the output unit's derivative of a squared-error network, "
        "which cross-entropy does not have.",
        [
            (
                "residual = softmax(scores) - targets",
                "chances = softmax(scores)\n    residual = (chances - targets) * chances * (1.0 - chances)",
            )
        ],
    ),
    Mistake(
        "residual_of_the_true_class_only",
        "Only the label's own score gets a gradient (p - 1); the scores of the other classes get 0 instead of p.",
        [("residual = softmax(scores) - targets", "residual = targets * (softmax(scores) - 1.0)")],
    ),
    Mistake(
        "bias_gradient_averaged_once_more",
        "The bias gradients are the mean of the deltas over the examples instead of their sum, though the deltas already "
        "carry the reduction's 1/N; the weight gradients are right.",
        [
            (
                "slopes = backpropagate(layers, signals, name, delta)",
                "slopes = backpropagate(layers, signals, name, delta)\n"
                "    for slope in slopes:\n"
                "        slope[-1] = slope[-1] / len(delta)",
            )
        ],
    ),
    Mistake(
        "derivative_in_the_topmost_hidden_layer_only",
        "The activation's derivative is applied in the topmost hidden layer only; with two or more hidden layers the delta "
        "of the lower ones is just what arrives through the weights.",
        [
            ("slope = find_activation(name).slope", "slope = find_activation(name).slope if name else np.ones_like"),
            ("return backpropagate(lower, earlier, name, below)", "return backpropagate(lower, earlier, None, below)"),
        ],
    ),
    Mistake(
        "bias_row_taken_to_be_the_first",
        "The delta is sent back through the augmented matrix without its first row, as if the bias row came first, though "
        "it is the last: every hidden unit gets the next unit's weights and the last one gets the biases.",
        [("delta, matrix[:-1])", "delta, matrix[1:])")],
    ),
    Mistake(
        "derivative_of_the_output_as_if_of_the_input",
        "The backward pass applies the activation to the hidden output once more before it takes the derivative, as if the "
        "stored signal were the sum z: it multiplies by the derivative at h instead of at z.",
        [
            (
                "below = arriving * slope(signal[:, :-1])",
                "below = arriving * slope(find_activation(name).value(signal[:, :-1]))",
            )
        ],
    ),
    Mistake(
        "gradients_clipped_to_one",
        "Every entry of the gradients is clipped to [-1, 1], which changes all gradients that are greater, as happens "
        "under the sum.",
        [
            (
                "return [slope + objective.l2 * without_bias(matrix) for slope, matrix in zip(slopes, layers)]",
                "return [\n"
                "        np.clip(slope + objective.l2 * without_bias(matrix), -1.0, 1.0)\n"
                "        for slope, matrix in zip(slopes, layers)\n"
                "    ]",
            )
        ],
    ),
    Mistake(
        "delta_sent_through_the_updated_output_layer",
        "In training, the last layer is updated before the delta is sent back through it, so that the gradients of the "
        "hidden layers use the output weights after the step instead of before.",
        [
            (
                "slopes = objective_gradients(state.layers, name, signals, scores, wanted, objective)",
                "slopes = objective_gradients(state.layers, name, signals, scores, wanted, objective)\n"
                "        ahead = [*state.layers[:-1], advance(state, slopes, optimizer).layers[-1]]\n"
                "        slopes[:-1] = objective_gradients(ahead, name, signals, scores, wanted, objective)[:-1]",
            )
        ],
    ),
    Mistake(
        "tanh_derivative_written_over_the_signal",
        "tanh's derivative is computed in place, in a view of the stored hidden signal, and the weight gradient of the "
        "layer above is taken from that signal afterwards: it gets 1 - h^2 in place of h.",
        [
            (
                "return 1.0 - h * h",
                "np.multiply(h, h, out=h)\n    return np.subtract(1.0, h, out=h)",
            )
        ],
    ),
]

ACTIVATION = [
    Mistake(
        "relu_derivative_not_strict",
        "ReLU's derivative tests the output with >= instead of >; the output is never negative, so the derivative is 1 "
        "everywhere.",
        [("return (h > 0.0).astype(float)", "return (h >= 0.0).astype(float)")],
    ),
    Mistake(
        "leaky_relu",
        "ReLU is a leaky one: negative sums are multiplied by 0.01 instead of becoming 0, with the derivative 0.01 to match.",
        [
            ("return np.maximum(z, 0.0)", "return np.maximum(z, 0.01 * z)"),
            ("return (h > 0.0).astype(float)", "return np.where(h > 0.0, 1.0, 0.01)"),
        ],
    ),
    Mistake(
        "stable_logistic_without_the_negative_branch",
        "The logistic function uses exp(-|z|) against overflow but forgets the other branch for negative z: it returns the "
        "logistic function of |z|.",
        [("return np.where(z >= 0.0, 1.0, small) / (1.0 + small)", "return 1.0 / (1.0 + small)")],
    ),
    Mistake(
        "lecun_tanh",
        "tanh is LeCun's scaled 1.7159 tanh(2z/3), with the derivative that belongs to it, instead of the plain one.",
        [
            (
                '"tanh": Activation(np.tanh, tanh_slope)',
                '"tanh": Activation(lambda z: 1.7159 * np.tanh(2.0 * z / 3.0), tanh_slope)',
            ),
            ("return 1.0 - h * h", "return 2.0 / 3.0 * (1.7159 - h * h / 1.7159)"),
        ],
    ),
    Mistake(
        "activation_on_the_column_of_ones",
        "The column of ones is appended to a hidden layer before the activation instead of after it, so that the next "
        "layer's bias is multiplied by tanh(1) or logistic(1); ReLU leaves the one alone.",
        [
            (
                "signals.append(augment(find_activation(name).value(summed)))",
                "signals.append(find_activation(name).value(augment(summed)))",
            )
        ],
    ),
]

PENALTY = [
    Mistake(
        "penalty_without_the_half",
        "The loss adds l2 times the sum of the squared weights, without the factor 1/2, while the gradient is that of the "
        "halved penalty.",
        [("return 0.5 * l2 * float(sum(squares))", "return l2 * float(sum(squares))")],
    ),
    Mistake(
        "biases_penalised",
        "The penalty takes the whole augmented matrices, in the loss and in the gradient, so that the biases are penalised too.",
        [
            ('einsum("ab,ab->", matrix[:-1], matrix[:-1])', 'einsum("ab,ab->", matrix, matrix)'),
            ("slope + objective.l2 * without_bias(matrix)", "slope + objective.l2 * matrix"),
        ],
    ),
    Mistake(
        "penalty_divided_by_the_examples",
        "The penalty is divided by the number of examples (l2 / 2N), in the loss and in the gradient, whatever the reduction is.",
        [
            (
                "return data + penalty(layers, objective.l2)",
                "return data + penalty(layers, objective.l2 / len(scores))",
            ),
            (
                "slope + objective.l2 * without_bias(matrix)",
                "slope + objective.l2 / len(scores) * without_bias(matrix)",
            ),
        ],
    ),
    Mistake(
        "penalty_gradient_keeps_the_half",
        "The penalty's gradient is l2/2 W instead of l2 W: the factor 1/2 of the penalty is kept when it is differentiated.",
        [("slope + objective.l2 * without_bias(matrix)", "slope + 0.5 * objective.l2 * without_bias(matrix)")],
    ),
    Mistake(
        "decoupled_weight_decay",
        "In training, the penalty does not enter the gradient: the weights are shrunk by the rate times l2 beside the "
        "update, as AdamW does, so that with momentum the penalty never enters the velocity.",
        [
            (
                "slopes = objective_gradients(state.layers, name, signals, scores, wanted, objective)",
                "data_only = objective._replace(l2=0.0)\n"
                "        slopes = objective_gradients(state.layers, name, signals, scores, wanted, data_only)",
            ),
            (
                "        state = advance(state, slopes, optimizer)\n",
                "        decay = rate_at(optimizer, state.iteration) * objective.l2\n"
                "        shrunk = [matrix - decay * without_bias(matrix) for matrix in state.layers]\n"
                "        state = advance(state._replace(layers=shrunk), slopes, optimizer)\n",
            ),
        ],
    ),
]

UPDATE = [
    Mistake(
        "momentum_as_a_moving_average",
        "The velocity is an exponential moving average: the gradient enters it with the factor 1 - momentum.",
        [
            (
                "optimizer.momentum * speed - rate * slope for",
                "optimizer.momentum * speed - (1.0 - optimizer.momentum) * rate * slope for",
            )
        ],
    ),
    Mistake(
        "nesterov_step",
        "The parameters move by momentum times the new velocity minus the rate times the gradient (Nesterov's look-ahead), "
        "instead of by the new velocity.",
        [
            (
                "moved = [matrix + speed for matrix, speed in zip(state.layers, velocity)]",
                "moved = [\n"
                "            matrix + optimizer.momentum * speed - rate * slope\n"
                "            for matrix, speed, slope in zip(state.layers, velocity, slopes)\n"
                "        ]",
            )
        ],
    ),
    Mistake(
        "moved_by_the_old_velocity",
        "The parameters move by the velocity from before this step, so that every gradient acts one iteration late and the "
        "first update does nothing.",
        [
            (
                "moved = [matrix + speed for matrix, speed in zip(state.layers, velocity)]",
                "moved = [matrix + speed for matrix, speed in zip(state.layers, state.velocity)]",
            )
        ],
    ),
    Mistake(
        "schedule_counts_from_one",
        "The rate of an update is the schedule's at t + 1: iterations are counted from 1 instead of 0.",
        [
            (
                "rate = rate_at(optimizer, state.iteration)\n    if",
                "rate = rate_at(optimizer, state.iteration + 1)\n    if",
            )
        ],
    ),
    Mistake(
        "step_schedule_without_the_floor",
        "The step schedule raises the decay to t / every instead of to the floor of it: the rate falls smoothly, not in steps.",
        [("plan.decay ** (t // plan.every)", "plan.decay ** (t / plan.every)")],
    ),
    Mistake(
        "exponential_schedule_as_a_power",
        "The exponential schedule multiplies the rate by decay ** t instead of exp(-decay t).",
        [("return rate * np.exp(-plan.decay * t)", "return rate * plan.decay**t")],
    ),
    Mistake(
        "inverse_time_compounded",
        "Inverse-time decay divides the previous iteration's rate by 1 + decay t, so that the divisors of all iterations up "
        "to t multiply up, instead of dividing the initial rate once.",
        [
            (
                "return rate / (1.0 + plan.decay * t)",
                "for past in range(t + 1):\n            rate /= 1.0 + plan.decay * past\n        return rate",
            )
        ],
    ),
]

TRAINING = [
    Mistake(
        "losses_after_the_update",
        "train reports the loss of the batch after the update of its iteration instead of before.",
        [
            (
                "state = advance(state, slopes, optimizer)\n        yield cost, state",
                "state = advance(state, slopes, optimizer)\n"
                "        _, scores = propagate(state.layers, name, rows)\n"
                "        yield objective_value(state.layers, scores, wanted, objective), state",
            )
        ],
    ),
    Mistake(
        "state_yielded_before_the_update",
        "The training step yields the state before it advances it, so that train returns the network without the last "
        "iteration's update; the losses are right.",
        [
            (
                "state = advance(state, slopes, optimizer)\n        yield cost, state",
                "yield cost, state\n        state = advance(state, slopes, optimizer)",
            )
        ],
    ),
    Mistake(
        "repeated_examples_dropped",
        "The indices of a minibatch are made unique, so that an example that it names twice counts once.",
        [("(np.asarray(batch, dtype=np.intp) for batch in batches)", "(np.unique(np.asarray(batch, dtype=np.intp)) for batch in batches)")],
    ),
    Mistake(
        "penalty_shared_among_the_minibatches",
        "On a minibatch, only the batch's share of the penalty (batch size / number of examples) is added to the loss and "
        "the gradient, instead of the whole penalty.",
        [
            (
                "        rows, wanted = inputs[batch], targets[batch]\n",
                "        rows, wanted = inputs[batch], targets[batch]\n"
                "        share = objective._replace(l2=objective.l2 * len(rows) / len(inputs))\n",
            ),
            (
                "cost = objective_value(state.layers, scores, wanted, objective)",
                "cost = objective_value(state.layers, scores, wanted, share)",
            ),
            (
                "slopes = objective_gradients(state.layers, name, signals, scores, wanted, objective)",
                "slopes = objective_gradients(state.layers, name, signals, scores, wanted, share)",
            ),
        ],
    ),
]

AROUND = [
    Mistake(
        "biases_divided_by_the_fan_in",
        "With fan_in, initialize divides the whole augmented matrix by the root of fan_in, so that normal biases are divided too.",
        [("matrix[:-1] /= np.sqrt(fan_in)", "matrix /= np.sqrt(fan_in)")],
    ),
    Mistake(
        "circles_closed_twice",
        "The angles of the circles include the end point 2 pi, so that the first and the last point of each circle are the "
        "same and the spacing is too wide.",
        [
            ("outer = np.linspace(0.0, 2.0 * np.pi, first, endpoint=False)", "outer = np.linspace(0.0, 2.0 * np.pi, first)"),
            ("inner = np.linspace(0.0, 2.0 * np.pi, second, endpoint=False)", "inner = np.linspace(0.0, 2.0 * np.pi, second)"),
        ],
    ),
    Mistake(
        "fit_shuffles_the_inputs_only",
        "fit shuffles the inputs before training and leaves the labels in their old order, so that it learns from labels "
        "that belong to other examples.",
        [
            (
                "    batches = None\n    if size is not None:",
                "    inputs = np.asarray(inputs)[rng.permutation(len(inputs))]\n    batches = None\n    if size is not None:",
            )
        ],
    ),
]

MISTAKES = [*SOFTMAX_AND_LOSS, *BACKWARD, *ACTIVATION, *PENALTY, *UPDATE, *TRAINING, *AROUND]

PAIRS = [
    # in the same function
    Pair("momentum_as_a_moving_average", "schedule_counts_from_one"),
    Pair("step_schedule_without_the_floor", "exponential_schedule_as_a_power"),
    Pair("derivative_in_the_topmost_hidden_layer_only", "bias_row_taken_to_be_the_first"),
    # in different functions
    Pair("probabilities_clipped_before_the_log", "biases_penalised"),
    Pair("relu_derivative_not_strict", "penalty_without_the_half"),
    Pair("one_hot_by_subtraction_in_the_labels_type", "losses_after_the_update"),
    Pair("repeated_examples_dropped", "penalty_shared_among_the_minibatches"),
    Pair("activation_on_the_column_of_ones", "nesterov_step"),
    Pair("biases_divided_by_the_fan_in", "circles_closed_twice"),
    Pair("gradient_not_averaged", "decoupled_weight_decay"),
]
