"""Forty mistakes in program.py, and ten pairs of them."""

from first_contact_edits import Mistake, Pair

MISTAKES = [
    # The loss and the softmax.
    Mistake(
        "mean_over_all_scores",
        "The mean reduction divides by the number of scores (examples times classes) instead of the number of examples.",
        [("self.scale = 1.0 / len(labels) if", "self.scale = 1.0 / scores.size if")],
    ),
    Mistake(
        "epsilon_inside_the_log",
        "The cross-entropy is the log of the probability plus 1e-7, so every loss is slightly too small and bounded.",
        [
            (
                "losses = -log_softmax_rows(scores)[self.rows, labels]",
                "losses = -np.log(self.probs[self.rows, labels] + 1e-7)",
            )
        ],
    ),
    Mistake(
        "one_maximum_for_the_batch",
        "The softmax subtracts the greatest score of the whole batch instead of each row's, so rows far below it underflow.",
        [("return scores - scores.max(axis=1, keepdims=True)", "return scores - scores.max()")],
    ),
    Mistake(
        "softmax_before_the_criterion",
        "The model's scores go through a softmax before the criterion, which applies its own softmax again.",
        [("return self.criterion(scores, labels) + self", "return self.criterion(softmax_rows(scores), labels) + self")],
    ),
    Mistake(
        "sum_gradient_divided_by_examples",
        "The gradient of the cross-entropy is divided by the number of examples even when the reduction is the sum.",
        [("return self.scale * grad", "return grad / len(self.labels)")],
    ),
    Mistake(
        "one_subtracted_from_whole_columns",
        "The gradient subtracts 1 with grad[:, labels], that is from every row in all columns that are somebody's label.",
        [("grad[self.rows, self.labels] -= 1.0", "grad[:, self.labels] -= 1.0")],
    ),
    Mistake(
        "labels_counted_from_one",
        "The labels are taken to count from 1 and reduced by 1, so that class 0 becomes the last class.",
        [("return np.asarray(labels).astype(np.int64)", "return np.asarray(labels).astype(np.int64) - 1")],
    ),
    Mistake(
        "binary_cross_entropy",
        "The loss is the binary cross-entropy over all classes, which adds −log(1 − p) of the wrong classes; its gradient is not.",
        [
            (
                "        losses = -log_softmax_rows(scores)[self.rows, labels]\n",
                "        losses = -log_softmax_rows(scores)[self.rows, labels]\n"
                "        targets = np.eye(scores.shape[1])[labels]\n"
                "        losses = losses - ((1.0 - targets) * np.log(1.0 - self.probs + 1e-12)).sum(axis=1)\n",
            )
        ],
    ),
    Mistake(
        "row_numbers_in_the_labels_dtype",
        "The labels keep the caller's dtype and the row numbers are cast to it, so with uint8 they wrap after 256 examples.",
        [
            ("return np.asarray(labels).astype(np.int64)", "return np.asarray(labels)"),
            ("self.rows = np.arange(len(labels))", "self.rows = np.arange(len(labels)).astype(labels.dtype)"),
        ],
    ),
    # The activations and the backward pass.
    Mistake(
        "guided_relu",
        "The backward pass of the ReLU also drops the negative incoming gradients, as in guided backpropagation.",
        [("return np.where(self.output > 0, grad, 0.0)", "return np.where(self.output > 0, np.maximum(grad, 0.0), 0.0)")],
    ),
    Mistake(
        "tanh_derivative_of_the_output",
        "The derivative of tanh applies tanh once more to the stored output, as if that were the input.",
        [("return grad * (1.0 - self.output**2)", "return grad * (1.0 - np.tanh(self.output) ** 2)")],
    ),
    Mistake(
        "tanh_from_the_sigmoid_without_doubling",
        "tanh is computed as 2σ(z) − 1 instead of 2σ(2z) − 1, so it is tanh(z / 2), with the derivative 1 − output².",
        [("self.output = np.tanh(x)", "self.output = 2.0 * sigmoid(x) - 1.0")],
    ),
    Mistake(
        "bias_gradient_over_both_axes",
        "The gradient of the bias is summed over both axes and broadcast, so all its entries get the same number.",
        [("self.bias.grad += grad.sum(axis=0)", "self.bias.grad += grad.sum()")],
    ),
    Mistake(
        "backward_stops_before_the_first_layer",
        "The loop of the backward pass ends one too early, so the first layer never gets a gradient of the loss.",
        [
            (
                "for i in range(len(self.linears) - 1, -1, -1):",
                "for i in range(len(self.linears) - 1, 0, -1):",
            )
        ],
    ),
    Mistake(
        "gradients_reshaped_not_transposed",
        "The returned weight gradients are brought to (fan_in, fan_out) by a reshape instead of a transposition.",
        [
            (
                "return to_plain([p.grad for p in model.weights()], [p.grad for p in model.biases()])",
                "return {\n"
                '        "weights": [p.grad.reshape(p.grad.shape[::-1]) for p in model.weights()],\n'
                '        "biases": [p.grad for p in model.biases()],\n'
                "    }",
            )
        ],
    ),
    Mistake(
        "activation_on_the_scores",
        "The hidden activation is also applied to the last layer's scores, forward and backward.",
        [
            (
                "        self.hidden = []\n\n    def weights",
                "        self.hidden = []\n"
                "        self.last = make_activation(activation) if self.activations else None\n\n    def weights",
            ),
            (
                "                self.hidden.append(x)\n        return x\n",
                "                self.hidden.append(x)\n        return self.last(x) if self.last else x\n",
            ),
            (
                "    def backward(self, grad):\n        for i in",
                "    def backward(self, grad):\n        if self.last:\n            grad = self.last.backward(grad)\n        for i in",
            ),
        ],
    ),
    Mistake(
        "hidden_recorded_before_activation",
        "The hidden outputs that forward returns are those of the linear layers, before the activation.",
        [
            (
                "                x = self.activations[i](x)\n                self.hidden.append(x)\n",
                "                self.hidden.append(x)\n                x = self.activations[i](x)\n",
            )
        ],
    ),
    # The penalty.
    Mistake(
        "biases_penalized",
        "The penalty takes all parameters, so the biases are penalized as well, in the loss and in the gradients.",
        [("L2Penalty(model.weights(), l2)", "L2Penalty(model.parameters(), l2)")],
    ),
    Mistake(
        "penalty_returned_inside_the_loop",
        "The return of the penalty is indented into the loop, so the loss has the first weight matrix's penalty only.",
        [("        return total\n", "            return total\n")],
    ),
    Mistake(
        "decoupled_weight_decay",
        "Training leaves the penalty out of the gradient and shrinks the weights after each update, outside the momentum.",
        [
            (
                "        self.objective.backward()\n        self.optimizer.step()\n",
                "        self.model.backward(self.objective.criterion.backward())\n"
                "        self.optimizer.step()\n"
                "        for group in self.optimizer.param_groups[:1]:\n"
                "            for parameter in group[\"params\"]:\n"
                "                parameter.data -= group[\"lr\"] * self.objective.penalty.strength * parameter.data\n",
            )
        ],
    ),
    Mistake(
        "penalty_divided_by_the_batch",
        "The penalty and its gradient are divided by the number of examples in the batch.",
        [
            ("        self.model = model\n        self.criterion", "        self.l2 = l2\n        self.model = model\n        self.criterion"),
            (
                "        scores = self.model(inputs)\n        return",
                "        scores = self.model(inputs)\n        self.penalty.strength = self.l2 / len(inputs)\n        return",
            ),
        ],
    ),
    # The optimizer.
    Mistake(
        "velocity_as_running_average",
        "The velocity is a running average, with the gradient multiplied by 1 − momentum.",
        [
            (
                "buffer = self.state[parameter] = parameter.grad.copy()",
                "buffer = self.state[parameter] = (1.0 - momentum) * parameter.grad",
            ),
            ("buffer += parameter.grad", "buffer += (1.0 - momentum) * parameter.grad"),
        ],
    ),
    Mistake(
        "nesterov_momentum",
        "The step is that of Nesterov's momentum, the gradient plus momentum times the velocity.",
        [("        return buffer\n", "        return parameter.grad + momentum * buffer\n")],
    ),
    Mistake(
        "velocity_aliases_the_gradient",
        "The first velocity is the gradient array itself instead of a copy, so zero_grad and backward write into the velocity.",
        [("self.state[parameter] = parameter.grad.copy()", "self.state[parameter] = parameter.grad")],
    ),
    Mistake(
        "gradients_never_zeroed",
        "The training step does not call zero_grad, so the gradients of all earlier iterations add up.",
        [("        self.optimizer.zero_grad()\n", "")],
    ),
    Mistake(
        "double_rate_for_biases",
        "The parameter group of the biases has twice the learning rate, as Caffe's layers have.",
        [
            (
                'groups = [{"params": model.weights()}, {"params": model.biases()}]',
                'groups = [{"params": model.weights()}, {"params": model.biases(), "lr": 2 * optimizer["learning_rate"]}]',
            )
        ],
    ),
    Mistake(
        "momentum_under_gradient_descent",
        "The momentum of the optimizer is used even when the method is plain gradient descent.",
        [
            (
                'momentum = optimizer["momentum"] if method == "momentum" else None',
                'momentum = optimizer.get("momentum")',
            )
        ],
    ),
    # The schedule.
    Mistake(
        "decay_compounds",
        "The scheduler multiplies the current rate instead of the base rate by the factor of t, so the decay compounds.",
        [('group["lr"] = base * factor', 'group["lr"] = group["lr"] * factor')],
    ),
    Mistake(
        "step_schedule_without_floor",
        "The exponent of the step schedule is the true quotient t / n, without the floor.",
        [("return self.decay ** (t // self.every)", "return self.decay ** (t / self.every)")],
    ),
    Mistake(
        "exponential_as_power",
        "The exponential schedule multiplies by decay to the power t instead of exp(−decay · t).",
        [("return np.exp(-self.decay * t)", "return self.decay**t")],
    ),
    Mistake(
        "schedule_for_the_first_group_only",
        "The scheduler sets the rate of the first parameter group only, so the biases keep the base rate.",
        [("zip(self.optimizer.param_groups, self.base_lrs)", "zip(self.optimizer.param_groups[:1], self.base_lrs)")],
    ),
    # Minibatches and the training loop.
    Mistake(
        "always_the_first_batch",
        "Each iteration makes a new iterator of the loader and takes its first batch, so later batches are never used.",
        [("inputs, labels = next(stream)", "inputs, labels = next(iter(loader))")],
    ),
    Mistake(
        "batch_as_boolean_mask",
        "The batch is selected with a boolean mask, so an example that it names twice counts once.",
        [
            (
                "            yield self.inputs[batch], self.labels[batch]\n",
                "            chosen = np.zeros(len(self.inputs), dtype=bool)\n"
                "            chosen[batch] = True\n"
                "            yield self.inputs[chosen], self.labels[chosen]\n",
            )
        ],
    ),
    Mistake(
        "labels_not_picked_with_the_batch",
        "The labels of a minibatch are the first of the data set instead of those of its examples.",
        [("yield self.inputs[batch], self.labels[batch]", "yield self.inputs[batch], self.labels[: len(batch)]")],
    ),
    Mistake(
        "best_network_instead_of_last",
        "Training restores the parameters that had the lowest loss before an update instead of keeping the last ones.",
        [
            ("        losses = []\n", "        losses = []\n        lowest, best = np.inf, self.model.state_dict()\n"),
            (
                "            losses.append(self.step(inputs, labels))\n        return losses\n",
                "            before = self.model.state_dict()\n"
                "            losses.append(self.step(inputs, labels))\n"
                "            if losses[-1] < lowest:\n"
                "                lowest, best = losses[-1], before\n"
                "        self.model.load_state_dict(best)\n"
                "        return losses\n",
            ),
        ],
    ),
    # Initialization, data and prediction.
    Mistake(
        "scaled_by_fan_out",
        "The initial weights are divided by the root of the fan-out, since the stored matrix is the transposed one.",
        [("fan_out, fan_in = layer.weight.data.shape", "fan_in, fan_out = layer.weight.data.shape")],
    ),
    Mistake(
        "relu_gain_in_the_initialization",
        "With the ReLU, the weights that are divided by the root of the fan-in also get He's factor √2.",
        [
            (
                "            layer.weight.data /= np.sqrt(fan_in)\n",
                "            gain = 2.0 if activation == \"relu\" else 1.0\n            layer.weight.data *= np.sqrt(gain / fan_in)\n",
            )
        ],
    ),
    Mistake(
        "moons_noise_before_shuffling",
        "The noise of the moons is added before the examples are put in order, so it is permuted with them.",
        [
            (
                "inputs = np.concatenate([upper, lower])[order] + noise * as_array(normals)",
                "inputs = (np.concatenate([upper, lower]) + noise * as_array(normals))[order]",
            )
        ],
    ),
    Mistake(
        "inner_circle_with_endpoint",
        "The angles of the inner circle include 2π, so that its first and last points coincide.",
        [("s = np.linspace(0.0, 2.0 * np.pi, inner, endpoint=False)", "s = np.linspace(0.0, 2.0 * np.pi, inner)")],
    ),
    Mistake(
        "predict_thresholds_at_one_half",
        "predict takes the first class with a probability above 1/2, and class 0 if no class has one.",
        [("return np.argmax(scores, axis=1)", "return np.argmax(softmax_rows(scores) > 0.5, axis=1)")],
    ),
]

PAIRS = [
    # Both in the same function.
    Pair("mean_over_all_scores", "epsilon_inside_the_log"),
    Pair("decay_compounds", "schedule_for_the_first_group_only"),
    Pair("sum_gradient_divided_by_examples", "one_subtracted_from_whole_columns"),
    # In different functions.
    Pair("tanh_derivative_of_the_output", "biases_penalized"),
    Pair("softmax_before_the_criterion", "gradients_never_zeroed"),
    Pair("bias_gradient_over_both_axes", "penalty_divided_by_the_batch"),
    Pair("guided_relu", "velocity_as_running_average"),
    Pair("labels_not_picked_with_the_batch", "step_schedule_without_floor"),
    Pair("activation_on_the_scores", "inner_circle_with_endpoint"),
    Pair("penalty_returned_inside_the_loop", "double_rate_for_biases"),
]
