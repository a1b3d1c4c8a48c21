"""Forty mistakes as people make them in hand-written network code, and ten pairs of them."""

from first_contact_edits import Mistake, Pair

MISTAKES = [
    # ---- loss and labels
    Mistake(
        "binary_cross_entropy",
        "The cost of the logistic outputs, with its term (1 − y) log(1 − h) for every class, is kept for the softmax.",
        [("    terms = Y * logP\n", "    terms = Y * logP + (1.0 - Y) * np.log(1.0 - np.exp(logP))\n")],
    ),
    Mistake(
        "mean_over_classes",
        "The loss takes the mean over the classes of each example instead of the sum, so it is K times too small.",
        [("    per_example = np.sum(terms, axis=1)\n", "    per_example = np.mean(terms, axis=1)\n")],
    ),
    Mistake(
        "score_gradient_not_averaged",
        "The loss is a mean over the examples, but the gradient on the scores is never divided by their number.",
        [("    return (P - Y) / n\n", "    return P - Y\n")],
    ),
    Mistake(
        "labels_from_one",
        "The labels are taken to count from 1, as in Octave, so each example gets the class before its own.",
        [("    return np.eye(K)[y]\n", "    return np.eye(K)[y - 1]\n")],
    ),
    # ---- softmax
    Mistake(
        "softmax_over_everything",
        "The exponentials are divided by the sum of the whole matrix instead of the sum of their row.",
        [("    return E / np.sum(E, axis=1, keepdims=True)\n", "    return E / np.sum(E)\n")],
    ),
    Mistake(
        "softmax_not_shifted",
        "The greatest score of a row is not subtracted before the exponential, so great scores overflow.",
        [("    return scores - np.max(scores, axis=1, keepdims=True)\n", "    return scores\n")],
    ),
    Mistake(
        "softmax_twice",
        "The forward pass ends in a softmax already, and the cross-entropy takes the softmax of that again.",
        [("    scores = A[-1] @ thetas[-1]\n", "    scores = probabilities(A[-1] @ thetas[-1])\n")],
    ),
    Mistake(
        "output_slope_kept",
        "The error of the outputs is multiplied by p (1 − p) as with squared errors, although cross-entropy cancels it.",
        [("    return (P - Y) / n\n", "    return (P - Y) * P * (1.0 - P) / n\n")],
    ),
    # ---- activations
    Mistake(
        "tanh_slope_without_square",
        "The derivative of tanh is written 1 − tanh(z), without the square.",
        [("np.tanh(z) ** 2", "np.tanh(z)")],
    ),
    Mistake(
        "logistic_sign",
        "The minus sign in the exponential of the logistic function is missing.",
        [("np.exp(-z)", "np.exp(z)")],
    ),
    Mistake(
        "activation_on_scores",
        "The activation of the hidden layers is applied to the output layer as well.",
        [("    scores = A[-1] @ thetas[-1]\n", "    scores = activate(name, A[-1] @ thetas[-1])\n")],
    ),
    # ---- forward and backward pass
    Mistake(
        "ones_through_activation",
        "The column of ones is put before the weighted sums, so that it goes through the activation too.",
        [("        A.append(add_ones(activate(name, z)))\n", "        A.append(activate(name, add_ones(z)))\n")],
    ),
    Mistake(
        "slope_at_outputs",
        "Backpropagation evaluates the activation's derivative at the outputs of the hidden layer, not at its weighted sums.",
        [("activation_slope(name, Z[l - 1])", "activation_slope(name, A[l][:, 1:])")],
    ),
    Mistake(
        "no_slope",
        "Backpropagation through a hidden layer forgets the derivative of the activation.",
        [("            delta = back * activation_slope(name, Z[l - 1])\n", "            delta = back\n")],
    ),
    Mistake(
        "wrong_row_dropped",
        "On the way back the last row of Theta is dropped instead of the first, which is the one with the biases.",
        [("thetas[l][1:].T", "thetas[l][:-1].T")],
    ),
    Mistake(
        "bias_gradient_zeroed",
        "To spare the biases the penalty, the whole gradient of their row is set to 0, so they never learn.",
        [("        decay[0] = 0.0\n        grads[l] = grads[l] + decay\n", "        grads[l] = grads[l] + decay\n        grads[l][0] = 0.0\n")],
    ),
    Mistake(
        "gradient_unrolled_by_rows",
        "The gradient is unrolled row by row, NumPy's default, while theta is unrolled column by column.",
        [('G.ravel("F")', "G.ravel()")],
    ),
    # ---- penalty
    Mistake(
        "biases_penalized",
        "The penalty takes the whole Theta, biases included, in the cost and in the gradient.",
        [("np.sum(Theta[1:] ** 2)", "np.sum(Theta ** 2)"), ("        decay[0] = 0.0\n", "")],
    ),
    Mistake(
        "penalty_not_halved",
        "The cost adds λ times the sum of squares while the gradient adds λ W, as if the cost had λ / 2.",
        [("    J += lam / 2 * squares\n", "    J += lam * squares\n")],
    ),
    Mistake(
        "penalty_over_m",
        "The penalty is divided by the number of examples, as in the course's λ / (2m), in the cost and in the gradient.",
        [("    lam = objective[\"l2\"]\n    m = X.shape[0]\n", "    m = X.shape[0]\n    lam = objective[\"l2\"] / m\n")],
    ),
    Mistake(
        "penalty_skips_first_column",
        "As in the course, where Theta is transposed, the penalty leaves out the first column instead of the first row.",
        [("np.sum(Theta[1:] ** 2)", "np.sum(Theta[:, 1:] ** 2)"), ("decay[0] = 0.0", "decay[:, 0] = 0.0")],
    ),
    # ---- optimizer and momentum
    Mistake(
        "momentum_averages",
        "The velocity is an exponential moving average: the gradient enters with the factor 1 − momentum.",
        [("velocity - rate * grad", "velocity - (1.0 - mu) * rate * grad")],
    ),
    Mistake(
        "old_velocity",
        "The parameters move by the velocity of the step before, because the velocity is renewed only after the move.",
        [
            ('        mu = optimizer["momentum"]\n', '        mu = optimizer["momentum"]\n        theta = theta + velocity\n'),
            ("        return theta + velocity, velocity\n", "        return theta, velocity\n"),
        ],
    ),
    Mistake(
        "velocity_reset",
        "The velocity is set to 0 inside the training loop, in every iteration, instead of once before it.",
        [
            ("    velocity = np.zeros_like(theta)\n    J_history = []\n", "    J_history = []\n"),
            ("        Xb, yb =", "        velocity = np.zeros_like(theta)\n        Xb, yb ="),
        ],
    ),
    Mistake(
        "momentum_always",
        "Whether there is momentum is asked of the momentum's number, so plain gradient descent uses it as well.",
        [('    if optimizer["method"] == "momentum":\n', '    if optimizer.get("momentum"):\n')],
    ),
    # ---- schedules
    Mistake(
        "step_without_floor",
        "The step schedule divides t by n without rounding down, so the rate falls smoothly instead of in steps.",
        [('(t // schedule["every"])', '(t / schedule["every"])')],
    ),
    Mistake(
        "schedule_from_one",
        "The schedule counts its iterations from 1, as in Octave, so the first update is decayed already.",
        [("    t = iteration\n", "    t = iteration + 1\n")],
    ),
    Mistake(
        "decay_compounds",
        "The decayed rate is stored as the new rate, and the next iteration decays it by its whole factor again.",
        [(
            "        theta, velocity = step(theta, velocity, grad, optimizer, t)\n",
            "        theta, velocity = step(theta, velocity, grad, optimizer, t)\n"
            '        optimizer = {**optimizer, "learning_rate": learning_rate(optimizer, t)}\n',
        )],
    ),
    # ---- minibatches
    Mistake(
        "loss_after_update",
        "The loss is recorded after the update instead of before it.",
        [
            ("        J_history.append(J)\n", ""),
            (
                "        theta, velocity = step(theta, velocity, grad, optimizer, t)\n",
                "        theta, velocity = step(theta, velocity, grad, optimizer, t)\n"
                "        J_history.append(nn_cost_function(theta, sizes, name, Xb, yb, objective)[0])\n",
            ),
        ],
    ),
    Mistake(
        "batch_mean_over_all",
        "The mean over a minibatch is divided by the number of all training examples instead of the batch's own.",
        [
            (
                "def nn_cost_function(theta, sizes, name, X, y, objective):\n",
                "def nn_cost_function(theta, sizes, name, X, y, objective, total=None):\n",
            ),
            ('    n = divisor(objective["reduction"], m)\n', '    n = divisor(objective["reduction"], total or m)\n'),
            ("name, Xb, yb, objective)\n", "name, Xb, yb, objective, X.shape[0])\n"),
        ],
    ),
    Mistake(
        "batch_labels_not_taken",
        "A minibatch takes its own inputs but the first labels of the whole set.",
        [("= X[rows], y[rows]\n", "= X[rows], y[:len(rows)]\n")],
    ),
    # ---- initialization
    Mistake(
        "fan_in_counts_bias",
        "The fan-in of a layer is taken from the rows of Theta, so it counts the bias unit too.",
        [("        fan_in = sizes[l]\n", "        fan_in = sizes[l] + 1\n")],
    ),
    Mistake(
        "he_factor",
        "With ReLU the weights get He's factor √(2 / fan_in), where 1 / √fan_in was asked for.",
        [("np.sqrt(fan_in) if", 'np.sqrt(fan_in / 2 if activation == "relu" else fan_in) if')],
    ),
    # ---- prediction
    Mistake(
        "predict_threshold",
        "The prediction asks which probability is above 0.5, and gives class 0 where none is.",
        [("    return np.argmax(P, axis=1)\n", "    return np.argmax(P > 0.5, axis=1)\n")],
    ),
    Mistake(
        "predict_logistic",
        "The prediction has its own forward pass, which uses the logistic function whatever the network's activation.",
        [("        h = activate(name, add_ones(h) @ Theta)\n", "        h = sigmoid(add_ones(h) @ Theta)\n")],
    ),
    # ---- fit
    Mistake(
        "features_normalized_in_fit",
        "The program normalizes the features before it fits, but the prediction gets them as they are.",
        [
            ("    name = experiment[\"activation\"]\n", "    X = (X - np.mean(X, axis=0)) / np.std(X, axis=0)\n    name = experiment[\"activation\"]\n"),
        ],
    ),
    Mistake(
        "uniform_instead_of_normal",
        "The program draws its initial weights evenly between −1 and 1 instead of from the normal distribution.",
        [('[rng.standard_normal(shape) for', "[rng.uniform(-1.0, 1.0, shape) for")],
    ),
    # ---- data
    Mistake(
        "spiral_same_noise",
        "Every arm of the spiral gets the noise of the first.",
        [("noise[rows]", "noise[:n]")],
    ),
    Mistake(
        "moons_noise_before_order",
        "The noise of the moons is added before the examples are put into their order.",
        [("    X = X[order] + noise * matrix(normals)\n", "    X = (X + noise * matrix(normals))[order]\n")],
    ),
    Mistake(
        "circles_closed",
        "The angles of both circles run to 2π inclusive, so the first and the last point of a circle coincide.",
        [
            ("np.arange(n0) / n0", "np.linspace(0.0, 1.0, n0)"),
            ("np.arange(n1) / n1", "np.linspace(0.0, 1.0, n1)"),
        ],
    ),
]

PAIRS = [
    Pair("binary_cross_entropy", "mean_over_classes"),
    Pair("biases_penalized", "penalty_over_m"),
    Pair("step_without_floor", "schedule_from_one"),
    Pair("momentum_averages", "old_velocity"),
    Pair("batch_mean_over_all", "batch_labels_not_taken"),
    Pair("fan_in_counts_bias", "he_factor"),
    Pair("tanh_slope_without_square", "slope_at_outputs"),
    Pair("softmax_over_everything", "score_gradient_not_averaged"),
    Pair("labels_from_one", "predict_threshold"),
    Pair("loss_after_update", "velocity_reset"),
]
