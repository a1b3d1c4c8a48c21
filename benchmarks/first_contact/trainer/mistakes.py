"""40 mistakes of program.py, as people make them, and 10 pairs of them."""

from first_contact_edits import Mistake, Pair

MISTAKES = [
    # ------------------------------------------------------------------------------------------ softmax and loss
    Mistake(
        "softmax_over_examples",
        "The softmax shifts and normalizes over axis 0, so each column of the minibatch sums to 1 instead of each row.",
        [
            (
                "        shifted = scores - scores.max(axis=1, keepdims=True)\n"
                "        return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))",
                "        shifted = scores - scores.max(axis=0, keepdims=True)\n"
                "        return shifted - np.log(np.exp(shifted).sum(axis=0, keepdims=True))",
            )
        ],
    ),
    Mistake(
        "shift_by_column_maximum",
        "For numerical stability the softmax subtracts the maximum of each class over the examples (axis 0) instead of "
        "the maximum of each example, which changes the probabilities.",
        [("scores - scores.max(axis=1, keepdims=True)", "scores - scores.max(axis=0, keepdims=True)")],
    ),
    Mistake(
        "epsilon_inside_log",
        "The loss is -log(p + 1e-7) instead of -log(p).",
        [
            (
                "        correct = log_probabilities[np.arange(count), labels]\n",
                "        correct = np.log(np.exp(log_probabilities)[np.arange(count), labels] + 1e-7)\n",
            )
        ],
    ),
    Mistake(
        "log_of_mean_probability",
        "The loss is the negative logarithm of the mean probability of the correct classes instead of the mean of their "
        "negative logarithms (times N under a sum).",
        [
            (
                "        return -correct.sum() * self.factor(count)\n",
                "        return -np.log(np.exp(correct).mean()) * count * self.factor(count)\n",
            )
        ],
    ),
    Mistake(
        "flat_index_in_label_dtype",
        "The loss picks the probabilities of the correct classes by the flat index row·K + label, computed in the "
        "labels' own dtype, which wraps around at 256 for uint8 labels.",
        [
            (
                "        correct = log_probabilities[np.arange(count), labels]\n",
                "        row_starts = (np.arange(count) * log_probabilities.shape[1]).astype(labels.dtype)\n"
                "        correct = np.take(log_probabilities, row_starts + labels)\n",
            )
        ],
    ),
    Mistake(
        "one_subtracted_in_all_rows",
        "The score gradient subtracts 1 with gradient[:, labels], so every row loses 1 in every class that occurs in "
        "the minibatch, instead of each row in its own class.",
        [("gradient[np.arange(count), labels] -= 1.0", "gradient[:, labels] -= 1.0")],
    ),
    Mistake(
        "score_gradient_not_averaged",
        "The score gradient is not divided by the number of examples when the loss is a mean.",
        [("        gradient *= self.factor(count)\n        return gradient\n", "        return gradient\n")],
    ),
    Mistake(
        "softmax_twice",
        "The model hands probabilities instead of scores to the cross-entropy, which applies the softmax a second time; "
        "the gradient goes consistently through both.",
        [
            (
                "data_loss = self.criterion.value(self.scores, labels)",
                "self.scores = SoftmaxCrossEntropy.probabilities(self.scores)\n"
                "        data_loss = self.criterion.value(self.scores, labels)",
            ),
            (
                "        upstream = self.criterion.gradient(self.scores, labels)\n",
                "        upstream = self.criterion.gradient(self.scores, labels)\n"
                "        inner = np.sum(upstream * self.scores, axis=1, keepdims=True)\n"
                "        upstream = self.scores * (upstream - inner)\n",
            ),
        ],
    ),
    # --------------------------------------------------------------------------- activations and backward pass
    Mistake(
        "relu_masks_by_gradient_sign",
        "The backward pass of ReLU lets the positive upstream gradients through instead of those whose unit was "
        "positive in the forward pass.",
        [
            (
                "        return (outputs > 0.0).astype(float)\n",
                "        return (outputs > 0.0).astype(float)\n\n"
                "    def backward(self, outputs, upstream):\n"
                "        return np.maximum(upstream, 0.0)\n",
            )
        ],
    ),
    Mistake(
        "derivative_at_the_output",
        "Backpropagation evaluates the derivative function, which expects z, at the output φ(z) of the layer.",
        [("return upstream * self.slope(outputs)", "return upstream * self.derivative(outputs)")],
    ),
    Mistake(
        "tanh_slope_not_squared",
        "The derivative of tanh is computed as 1 - tanh(z) instead of 1 - tanh(z)².",
        [("return 1.0 - outputs**2", "return 1.0 - outputs")],
    ),
    Mistake(
        "logistic_by_tanh_of_z",
        "The logistic function is computed as (1 + tanh(z))/2 instead of (1 + tanh(z/2))/2, while its slope stays "
        "a(1 - a).",
        [
            (
                "        decay = np.exp(-np.abs(z))  # never overflows\n"
                "        return np.where(z >= 0.0, 1.0, decay) / (1.0 + decay)\n",
                "        return 0.5 * (1.0 + np.tanh(z))  # never overflows\n",
            )
        ],
    ),
    Mistake(
        "activation_on_scores_too",
        "The activation is applied on the last layer of a network with hidden layers too, in both passes.",
        [
            (
                "get_activation(name if index < last else None)",
                "get_activation(name if last > 0 else None)",
            )
        ],
    ),
    Mistake(
        "bias_after_activation",
        "The bias is added after the activation instead of before it, φ(xW) + b, while the backward pass stays as it "
        "was.",
        [
            (
                "self.outputs = self.activation(inputs @ self.weights + self.bias)",
                "self.outputs = self.activation(inputs @ self.weights) + self.bias",
            )
        ],
    ),
    Mistake(
        "bias_gradient_averaged",
        "The gradient on the biases is the mean of the deltas over the examples instead of their sum, although the "
        "reduction is already in the deltas.",
        [("self.grad_bias += self.delta.sum(axis=0)", "self.grad_bias += self.delta.mean(axis=0)")],
    ),
    # ------------------------------------------------------------------------------------------------- penalty
    Mistake(
        "biases_penalized",
        "The L2 penalty includes the biases, in the objective and in the gradients.",
        [
            (
                "            total += np.sum(layer.weights**2)\n",
                "            total += np.sum(layer.weights**2) + np.sum(layer.bias**2)\n",
            ),
            (
                "        layer.grad_weights += self.strength * layer.weights\n",
                "        layer.grad_weights += self.strength * layer.weights\n"
                "        layer.grad_bias += self.strength * layer.bias\n",
            ),
        ],
    ),
    Mistake(
        "penalty_gradient_twice",
        "The gradient of the penalty is 2λW although the objective has λ/2 ‖W‖².",
        [("layer.grad_weights += self.strength *", "layer.grad_weights += 2.0 * self.strength *")],
    ),
    Mistake(
        "penalty_over_batch_size",
        "The penalty is divided by the number of examples of the batch, in the objective and in the gradients.",
        [
            ("        return data_loss + penalty\n", "        return data_loss + penalty / len(labels)\n"),
            ("self.regularizer.add_gradient(layer)", "self.regularizer.add_gradient(layer, len(labels))"),
            ("def add_gradient(self, layer):", "def add_gradient(self, layer, count):"),
            (
                "layer.grad_weights += self.strength * layer.weights",
                "layer.grad_weights += self.strength / count * layer.weights",
            ),
        ],
    ),
    Mistake(
        "penalty_of_last_layer_only",
        "The penalty in the objective is overwritten in the loop over the layers, so it has the last layer's weights "
        "only; the gradients have all.",
        [("total += np.sum(layer.weights**2)", "total = np.sum(layer.weights**2)")],
    ),
    Mistake(
        "weight_decay_besides_penalty",
        "Training decays the weights in the optimizer by rate·λ at each update, besides the gradient of the penalty, so "
        "they are decayed twice.",
        [
            ("        self.slots = []\n", "        self.slots = []\n        self.weight_decay = 0.0\n"),
            (
                "        self.optimizer = optimizer\n",
                "        self.optimizer = optimizer\n"
                "        if optimizer is not None:\n"
                "            optimizer.weight_decay = objective[\"l2\"]\n",
            ),
            (
                "    def apply_to(self, layer, slot, rate):\n",
                "    def apply_to(self, layer, slot, rate):\n"
                "        layer.weights *= 1.0 - rate * self.weight_decay\n",
            ),
        ],
    ),
    # ----------------------------------------------------------------------------------------------- optimizer
    Mistake(
        "momentum_dampened",
        "The velocity is an average, V = λV - (1 - λ)μ∇, instead of V = λV - μ∇.",
        [
            (
                "velocity = momentum * slot[name] - rate * gradient",
                "velocity = momentum * slot[name] - (1.0 - momentum) * rate * gradient",
            )
        ],
    ),
    Mistake(
        "velocity_reset_each_batch",
        "Training sets the velocities to 0 again before each update, so momentum has no effect there.",
        [
            (
                "        self.zero_gradients()\n        value = self.evaluate(inputs, labels)\n",
                "        self.zero_gradients()\n"
                "        self.optimizer.build(self.layers)\n"
                "        value = self.evaluate(inputs, labels)\n",
            )
        ],
    ),
    Mistake(
        "nesterov_step",
        "The optimizer takes Nesterov's step, θ + λV - μ∇ with the new V, instead of the step θ + V of classical "
        "momentum.",
        [
            (
                "            variable += velocity\n",
                "            variable += momentum * velocity - rate * gradient\n",
            )
        ],
    ),
    Mistake(
        "no_momentum_for_biases",
        "Momentum is used for the weights only; the biases take plain gradient steps.",
        [
            (
                "            momentum = self.momentum\n",
                "            momentum = self.momentum if name == \"weights\" else 0.0\n",
            )
        ],
    ),
    # ------------------------------------------------------------------------------------------------ schedule
    Mistake(
        "step_decay_not_floored",
        "The step schedule divides the iteration by its length with / instead of //, so the rate decays smoothly.",
        [("self.decay ** (iteration // self.every)", "self.decay ** (iteration / self.every)")],
    ),
    Mistake(
        "schedule_one_ahead",
        "The schedule is evaluated at iteration + 1, as if the iterations were counted from 1.",
        [
            (
                "return self.schedule(self.learning_rate, iteration)",
                "return self.schedule(self.learning_rate, iteration + 1)",
            )
        ],
    ),
    Mistake(
        "decayed_rate_decays_again",
        "The optimizer stores the scheduled rate as its learning rate, so during a training the schedule is applied to "
        "the already decayed rate.",
        [
            (
                "        return self.schedule(self.learning_rate, iteration)\n",
                "        self.learning_rate = self.schedule(self.learning_rate, iteration)\n"
                "        return self.learning_rate\n",
            )
        ],
    ),
    Mistake(
        "schedule_counts_passes",
        "In a training on minibatches the schedule counts whole passes through the examples instead of updates.",
        [
            (
                "value = self.train_on_batch(batch_inputs, batch_labels, iteration)",
                "epoch = iteration * len(batch) // len(inputs) if len(batch) < len(inputs) else iteration\n"
                "            value = self.train_on_batch(batch_inputs, batch_labels, epoch)",
            )
        ],
    ),
    # --------------------------------------------------------------------------- minibatches and training loop
    Mistake(
        "labels_of_first_examples",
        "A minibatch has the inputs of its indices, but the labels of the first examples of the data.",
        [("            batch_labels = labels[batch]\n", "            batch_labels = labels[: len(batch)]\n")],
    ),
    Mistake(
        "batch_as_boolean_mask",
        "A minibatch is turned into a boolean mask over the examples, so an example that it names twice counts once.",
        [
            (
                "            batch = sampler.indices(iteration)\n",
                "            chosen = np.zeros(len(inputs), dtype=bool)\n"
                "            chosen[sampler.indices(iteration)] = True\n"
                "            batch = np.flatnonzero(chosen)\n",
            )
        ],
    ),
    Mistake(
        "gradients_never_zeroed",
        "Training does not set the gradients to 0 before each update, so they accumulate over the iterations.",
        [
            (
                "        self.zero_gradients()\n        value = self.evaluate(inputs, labels)\n",
                "        value = self.evaluate(inputs, labels)\n",
            )
        ],
    ),
    Mistake(
        "history_of_running_means",
        "The history records the mean of all losses so far, as a progress bar shows, instead of the loss of each batch.",
        [
            (
                "        self.losses = []\n",
                "        self.losses = []\n        self.total = 0.0\n",
            ),
            (
                "        self.losses.append(float(value))\n",
                "        self.total += float(value)\n        self.losses.append(self.total / (iteration + 1))\n",
            ),
        ],
    ),
    Mistake(
        "best_network_restored",
        "Training keeps a copy of the network after the update on the batch with the lowest loss, and restores it at "
        "the end instead of keeping the last network.",
        [
            (
                "        for iteration in range(iterations):\n",
                "        best_value, best_parameters = np.inf, None\n"
                "        for iteration in range(iterations):\n",
            ),
            (
                "                callback.on_batch_end(self, iteration, value)\n        return self\n",
                "                callback.on_batch_end(self, iteration, value)\n"
                "            if value < best_value:\n"
                "                best_value = value\n"
                "                best_parameters = [(layer.weights.copy(), layer.bias.copy()) for layer in self.layers]\n"
                "        if best_parameters is not None:\n"
                "            for layer, (weights, bias) in zip(self.layers, best_parameters):\n"
                "                layer.weights, layer.bias = weights, bias\n"
                "        return self\n",
            ),
        ],
    ),
    Mistake(
        "backpropagation_through_updated_weights",
        "Training updates each layer as soon as its gradients are known, and passes the gradient on to the layer below "
        "through the already updated weights.",
        [
            (
                "        self.backpropagate(labels)\n        self.optimizer.apply(self.layers, iteration)\n",
                "        rate = self.optimizer.rate(iteration)\n"
                "        upstream = self.criterion.gradient(self.scores, labels)\n"
                "        for layer, slot in zip(reversed(self.layers), reversed(self.optimizer.slots)):\n"
                "            layer.backward(upstream)\n"
                "            self.regularizer.add_gradient(layer)\n"
                "            self.optimizer.apply_to(layer, slot, rate)\n"
                "            upstream = layer.delta @ layer.weights.T\n",
            )
        ],
    ),
    # ------------------------------------------------------------------- initial parameters, data and prediction
    Mistake(
        "he_factor_for_relu",
        "The initial weights of a ReLU network with fan_in are multiplied by √2 (He's initialization), which was not "
        "asked for.",
        [
            (
                "            weights = weights / np.sqrt(weights.shape[0])\n",
                "            gain = 2.0 if activation == \"relu\" else 1.0\n"
                "            weights = weights * np.sqrt(gain / weights.shape[0])\n",
            )
        ],
    ),
    Mistake(
        "same_noise_for_all_arms",
        "All arms of the spiral get the noise of the first arm.",
        [("+ 0.2 * noise[label]", "+ 0.2 * noise[0]")],
    ),
    Mistake(
        "moons_labels_not_reordered",
        "The points of the moons are put into the given order, but their labels are not.",
        [("    points, labels = points[order], labels[order]\n", "    points = points[order]\n")],
    ),
    Mistake(
        "circles_with_endpoint",
        "The angles of the circles include 2π, so the first and the last point of each circle coincide and the spacing "
        "is too wide.",
        [("np.linspace(0.0, 2.0 * np.pi, count, endpoint=False)", "np.linspace(0.0, 2.0 * np.pi, count)")],
    ),
    Mistake(
        "predict_by_threshold",
        "The prediction is the first class whose probability exceeds 0.5, so it is class 0 whenever no class does.",
        [("np.argmax(self.predict_proba(inputs), axis=1)", "np.argmax(self.predict_proba(inputs) > 0.5, axis=1)")],
    ),
    Mistake(
        "fit_shuffles_inputs_only",
        "fit shuffles the inputs before training, but not their labels.",
        [
            (
                "    batch_size = experiment[\"batch_size\"]\n",
                "    inputs = inputs[rng.permutation(len(inputs))]\n"
                "    batch_size = experiment[\"batch_size\"]\n",
            )
        ],
    ),
]

PAIRS = [
    # Both in the same function:
    Pair("one_subtracted_in_all_rows", "score_gradient_not_averaged"),
    Pair("no_momentum_for_biases", "nesterov_step"),
    Pair("labels_of_first_examples", "schedule_counts_passes"),
    # In different functions:
    Pair("softmax_twice", "momentum_dampened"),
    Pair("biases_penalized", "velocity_reset_each_batch"),
    Pair("bias_gradient_averaged", "step_decay_not_floored"),
    Pair("logistic_by_tanh_of_z", "penalty_of_last_layer_only"),
    Pair("relu_masks_by_gradient_sign", "penalty_gradient_twice"),
    Pair("batch_as_boolean_mask", "history_of_running_means"),
    Pair("he_factor_for_relu", "bias_after_activation"),
]
