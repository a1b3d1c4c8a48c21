"""Forty mistakes in program.py, and ten pairs of them."""

from first_contact_edits import Mistake, Pair

MISTAKES = [
    # ------------------------------------------------------------------ softmax and loss
    Mistake(
        "shift_by_global_maximum",
        "The scores are shifted by the greatest score of the whole batch instead of each example's own, so that an "
        "example whose scores lie far below it underflows to 0/0.",
        [("return scores - scores.max(axis=1, keepdims=True)", "return scores - scores.max()")],
    ),
    Mistake(
        "softmax_over_examples",
        "Softmax divides by the sums over the examples (axis 0) instead of over the classes; the loss is right.",
        [("exponentials / exponentials.sum(axis=1, keepdims=True)", "exponentials / exponentials.sum(axis=0, keepdims=True)")],
    ),
    Mistake(
        "epsilon_in_log",
        "The loss is -log(p + 1e-8), so that it cannot grow beyond 18.4 for an example and is a little wrong everywhere.",
        [
            (
                "        losses = log_sums - shifted[np.arange(len(labels)), labels]\n",
                "        losses = -np.log(self.probabilities[np.arange(len(labels)), labels] + 1e-8)\n",
            )
        ],
    ),
    Mistake(
        "loss_mean_over_examples_and_classes",
        "The mean cross-entropy is divided by the number of all scores (examples times classes), as np.mean over a "
        "one-hot product does; its gradient is not.",
        [("return losses.sum() / len(losses)", "return losses.sum() / scores.size")],
    ),
    Mistake(
        "cross_entropy_of_probabilities",
        "The loss applies log-softmax to the probabilities instead of to the scores, so softmax is in it twice.",
        [("        shifted = self.shift(scores)\n", "        shifted = self.shift(self.probabilities)\n")],
    ),
    Mistake(
        "correct_score_not_shifted",
        "The log of the sum is taken of the shifted scores, but the score of the correct class is subtracted unshifted.",
        [("log_sums - shifted[np.arange(len(labels)), labels]", "log_sums - scores[np.arange(len(labels)), labels]")],
    ),
    Mistake(
        "labels_as_uint8",
        "Labels are converted to uint8 (as in CS231n's code), so that labels from 256 on wrap around to other classes.",
        [("np.asarray(labels).astype(np.intp)", "np.asarray(labels).astype(np.uint8)")],
    ),
    # ------------------------------------------------------------------ backward pass
    Mistake(
        "mean_gradient_not_divided",
        "The gradient on the scores is p - 1(y) for the mean too: the division by the number of examples is forgotten.",
        [
            (
                '        if self.reduction == "mean":\n            grad /= len(grad)\n        return grad\n',
                "        return grad\n",
            )
        ],
    ),
    Mistake(
        "one_subtracted_after_division",
        "For the mean, the probabilities are divided by the number of examples first and the full 1 is subtracted after that.",
        [
            (
                "        grad[np.arange(len(grad)), self.labels] -= 1.0\n"
                '        if self.reduction == "mean":\n'
                "            grad /= len(grad)\n",
                '        if self.reduction == "mean":\n'
                "            grad /= len(grad)\n"
                "        grad[np.arange(len(grad)), self.labels] -= 1.0\n",
            )
        ],
    ),
    Mistake(
        "output_delta_times_p_one_minus_p",
        "The gradient on the scores is multiplied by p(1 - p) as well, as if a squared error went through a logistic output.",
        [
            (
                "        grad[np.arange(len(grad)), self.labels] -= 1.0\n",
                "        grad[np.arange(len(grad)), self.labels] -= 1.0\n"
                "        grad *= self.probabilities * (1.0 - self.probabilities)\n",
            )
        ],
    ),
    Mistake(
        "bias_gradient_sums_everything",
        "The bias gradient is summed over units too (the axis is forgotten), so that every bias of a layer gets the same number.",
        [("self.bias.grad += grad.sum(axis=0)", "self.bias.grad += grad.sum()")],
    ),
    Mistake(
        "reshape_instead_of_transpose",
        "The weights are reshaped to the transposed shape instead of being transposed when the gradient goes back through a layer.",
        [("return grad @ self.weight.value.T", "return grad @ self.weight.value.reshape(grad.shape[1], -1)")],
    ),
    Mistake(
        "derivative_at_the_output",
        "The backward pass evaluates the derivative at the activation's output instead of at its input z.",
        [("return grad * self.function.derivative(self.z)", "return grad * self.function.derivative(self.output)")],
    ),
    Mistake(
        "derivative_at_the_gradient",
        "The backward pass evaluates the derivative at the gradient that comes in, not at z (for ReLU: it lets positive "
        "gradients pass instead of the gradients of active units).",
        [("return grad * self.function.derivative(self.z)", "return grad * self.function.derivative(grad)")],
    ),
    Mistake(
        "first_layer_left_out",
        "The backward loop stops one layer early, so the first layer's weights and biases get no gradient of the cross-entropy.",
        [("for layer in reversed(self.layers):", "for layer in reversed(self.layers[1:]):")],
    ),
    Mistake(
        "weight_gradient_divided_by_examples_again",
        "Each weight gradient is divided by the number of examples (dW = 1/m x.T dZ), though the reduction is in the score "
        "gradient already.",
        [("self.weight.grad += self.input.T @ grad", "self.weight.grad += self.input.T @ grad / len(grad)")],
    ),
    # ------------------------------------------------------------------ activations
    Mistake(
        "relu_derivative_one_at_zero",
        "ReLU's derivative is 1 at exactly 0.",
        [("return (z > 0).astype(np.float64)", "return (z >= 0).astype(np.float64)")],
    ),
    Mistake(
        "tanh_derivative_without_square",
        "The derivative of tanh is 1 - tanh(z), without the square.",
        [("return 1.0 - np.tanh(z) ** 2", "return 1.0 - np.tanh(z)")],
    ),
    Mistake(
        "logistic_derivative_of_raw_input",
        "The logistic derivative is z(1 - z), as if z were the function's output already.",
        [("        a = Logistic.value(z)\n        return a * (1.0 - a)\n", "        return z * (1.0 - z)\n")],
    ),
    Mistake(
        "leaky_relu",
        "ReLU is a leaky ReLU with slope 0.01 below 0, in the value and in the derivative alike.",
        [
            ("return np.maximum(z, 0.0)", "return np.where(z > 0, z, 0.01 * z)"),
            ("return (z > 0).astype(np.float64)", "return np.where(z > 0, 1.0, 0.01)"),
        ],
    ),
    Mistake(
        "activation_on_the_scores",
        "In a network with hidden layers, the activation is applied to the last layer's scores too.",
        [("            if number < last:\n", "            if last > 0:\n")],
    ),
    # ------------------------------------------------------------------ penalties
    Mistake(
        "penalty_without_half",
        "The loss has λ times the sum of the squares instead of λ/2; the gradient is still λW.",
        [("return 0.5 * self.strength * total", "return self.strength * total")],
    ),
    Mistake(
        "biases_penalised",
        "The biases are penalised like the weights, in the loss and in the gradient.",
        [("self.bias = Parameter(biases, penalised=False)", "self.bias = Parameter(biases, penalised=True)")],
    ),
    Mistake(
        "penalty_total_overwritten",
        "The sum over the layers is assigned instead of added to, so the loss has the penalty of the last layer only.",
        [("total += np.sum(parameter.value ** 2)", "total = np.sum(parameter.value ** 2)")],
    ),
    Mistake(
        "penalty_divided_by_examples",
        "The penalty is λ/(2m) times the squares, with m the number of examples, in the loss and in the gradient.",
        [
            (
                "self.criterion.forward(scores, labels) + self.regularizer.penalty()",
                "self.criterion.forward(scores, labels) + self.regularizer.penalty() / len(labels)",
            ),
            ("    def add_gradient(self):\n", "    def add_gradient(self, examples):\n"),
            (
                "parameter.grad += self.strength * parameter.value",
                "parameter.grad += self.strength / examples * parameter.value",
            ),
            ("self.regularizer.add_gradient()", "self.regularizer.add_gradient(len(self.criterion.labels))"),
        ],
    ),
    Mistake(
        "decoupled_weight_decay",
        "Training shrinks the weights by rate times λ directly, as in AdamW, instead of adding λW to the gradient that enters "
        "the velocity: with momentum that is not the same.",
        [
            ("    def backward(self):\n        \"\"\"The gradient", "    def backward(self, penalised=True):\n        \"\"\"The gradient"),
            (
                "        self.regularizer.add_gradient()\n",
                "        if penalised:\n            self.regularizer.add_gradient()\n",
            ),
            (
                "            self.backward()\n            optimizer.step(t)\n",
                "            self.backward(penalised=False)\n            optimizer.step(t, self.regularizer.strength)\n",
            ),
            ("    def step(self, iteration):\n", "    def step(self, iteration, weight_decay=0.0):\n"),
            (
                "        for p in self.parameters:\n",
                "        for p in self.parameters:\n"
                "            if p.penalised:\n"
                "                p.value *= 1.0 - rate * weight_decay\n",
            ),
        ],
    ),
    # ------------------------------------------------------------------ update, momentum, schedule
    Mistake(
        "momentum_as_moving_average",
        "The velocity is a moving average: the gradient enters it with the factor 1 - momentum besides the rate.",
        [
            (
                "                p.velocity -= rate * p.grad\n",
                "                p.velocity -= (1.0 - self.momentum) * rate * p.grad\n",
            )
        ],
    ),
    Mistake(
        "nesterov_step",
        "The step is Nesterov's: momentum times the new velocity, minus rate times gradient, instead of the new velocity.",
        [("p.value += p.velocity\n", "p.value += self.momentum * p.velocity - rate * p.grad\n")],
    ),
    Mistake(
        "step_with_the_old_velocity",
        "The parameters move by the previous iteration's velocity, and the velocity is updated after that.",
        [
            (
                "                p.velocity *= self.momentum\n"
                "                p.velocity -= rate * p.grad\n"
                "                p.value += p.velocity\n",
                "                p.value += p.velocity\n"
                "                p.velocity *= self.momentum\n"
                "                p.velocity -= rate * p.grad\n",
            )
        ],
    ),
    Mistake(
        "gradient_descent_with_momentum",
        "Whether there is momentum is decided by its coefficient and not by the method, so gradient descent with a "
        "coefficient other than 0 has momentum.",
        [('            if self.method == "momentum":\n', "            if self.momentum:\n")],
    ),
    Mistake(
        "exponential_schedule_as_power",
        "The exponential schedule is rate times decay to the power of t instead of rate times exp(-decay t).",
        [("return self.base * np.exp(-self.decay * t)", "return self.base * self.decay ** t")],
    ),
    Mistake(
        "inverse_time_compounds",
        "The inverse-time schedule overwrites its base rate, so that in a training run the factors 1/(1 + decay t) multiply up.",
        [
            (
                "            return self.base / (1.0 + self.decay * t)\n",
                "            self.base /= 1.0 + self.decay * t\n            return self.base\n",
            )
        ],
    ),
    Mistake(
        "gradient_and_velocity_are_one_array",
        "A chained assignment makes the gradient and the velocity the same array, so each overwrites the other in training "
        "with momentum.",
        [
            (
                "        self.grad = np.zeros_like(self.value)\n        self.velocity = np.zeros_like(self.value)\n",
                "        self.grad = self.velocity = np.zeros_like(self.value)\n",
            )
        ],
    ),
    # ------------------------------------------------------------------ training loop and batches
    Mistake(
        "gradients_not_zeroed",
        "The gradients are not set to zero between iterations, so that they accumulate over a training run.",
        [("        self.model.zero_grad()\n", "")],
    ),
    Mistake(
        "loss_after_the_update",
        "train records the loss of an iteration's batch after the update instead of before it.",
        [
            (
                "            losses.append(self.objective(inputs, labels))\n"
                "            self.backward()\n"
                "            optimizer.step(t)\n",
                "            self.objective(inputs, labels)\n"
                "            self.backward()\n"
                "            optimizer.step(t)\n"
                "            losses.append(self.objective(inputs, labels))\n",
            )
        ],
    ),
    Mistake(
        "repeated_indices_dropped",
        "An example that a minibatch names twice counts once: the indices are made unique.",
        [
            (
                "index = np.asarray(self.batches[number], dtype=np.intp)",
                "index = np.unique(np.asarray(self.batches[number], dtype=np.intp))",
            )
        ],
    ),
    Mistake(
        "schedule_counts_from_one",
        "train counts its iterations from 1, so a schedule is one update ahead.",
        [("in enumerate(sampler.take(iterations)):", "in enumerate(sampler.take(iterations), start=1):")],
    ),
    # ------------------------------------------------------------------ initialisation, data sets, fit
    Mistake(
        "he_initialization_for_relu",
        "With fan_in, weights of ReLU networks are multiplied by √(2/fan_in) (He) instead of √(1/fan_in).",
        [
            (
                "        factor = scale / np.sqrt(fan_in) if",
                '        gain = 2.0 if activation == "relu" else 1.0\n'
                "        factor = scale * np.sqrt(gain / fan_in) if",
            )
        ],
    ),
    Mistake(
        "moons_noise_before_shuffle",
        "The moons' noise is added before the examples are put into the given order.",
        [("points[order] + noise * as_floats(normals)", "(points + noise * as_floats(normals))[order]")],
    ),
    Mistake(
        "labels_shuffled_separately",
        "fit shuffles the inputs and the labels with two different permutations, so that the labels belong to other examples.",
        [
            (
                "        order = rng.permutation(len(labels))\n        inputs, labels = inputs[order], labels[order]\n",
                "        inputs, labels = rng.permutation(inputs), rng.permutation(labels)\n",
            )
        ],
    ),
]

PAIRS = [
    # both in the same function
    Pair("momentum_as_moving_average", "gradient_descent_with_momentum"),
    Pair("loss_mean_over_examples_and_classes", "correct_score_not_shifted"),
    Pair("bias_gradient_sums_everything", "reshape_instead_of_transpose"),
    # in different ones
    Pair("one_subtracted_after_division", "tanh_derivative_without_square"),
    Pair("shift_by_global_maximum", "gradients_not_zeroed"),
    Pair("penalty_without_half", "first_layer_left_out"),
    Pair("biases_penalised", "penalty_total_overwritten"),
    Pair("inverse_time_compounds", "schedule_counts_from_one"),
    Pair("derivative_at_the_output", "logistic_derivative_of_raw_input"),
    Pair("loss_after_the_update", "repeated_indices_dropped"),
]
