"""Forty mistakes in program.py, and ten pairs of them."""

from first_contact_edits import Mistake, Pair

MISTAKES = [
    # softmax and loss
    Mistake(
        "softmax_over_whole_batch",
        "The softmax divides by the sum over all examples and classes, because the sum has no axis, so the rows do not add up to one.",
        [("return e / e.sum(axis=1, keepdims=True)", "return e / e.sum()")],
    ),
    Mistake(
        "gather_every_pair",
        "The scores are indexed with [:, labels], which picks for every example the classes of all examples, in place of [arange(N), labels].",
        [("index = (np.arange(len(labels)), labels)", "index = (slice(None), labels)")],
    ),
    Mistake(
        "softmax_twice",
        "The scores go through a softmax before they enter a cross-entropy that applies the softmax itself.",
        [
            (
                "    losses = scores.logsumexp() - scores.gather(labels)\n",
                "    scores = scores.softmax()\n    losses = scores.logsumexp() - scores.gather(labels)\n",
            )
        ],
    ),
    Mistake(
        "exponential_overflows",
        "The exponentials are taken of the plain scores, without subtracting the greatest of the row, so large scores overflow.",
        [
            ("e = np.exp(z - z.max(axis=1, keepdims=True))", "e = np.exp(z)"),
            ("top = self.data.max(axis=1, keepdims=True)", "top = np.zeros((len(self.data), 1))"),
        ],
    ),
    Mistake(
        "maximum_not_added_back",
        "The log-sum-exp subtracts the greatest score of each row for stability and does not add it again afterwards.",
        [("Tensor((top + np.log(total))[:, 0], sources)", "Tensor(np.log(total)[:, 0], sources)")],
    ),
    Mistake(
        "column_minus_row",
        "The log-sum-exp keeps its second dimension, so (N, 1) minus (N,) broadcasts to an N by N table of losses.",
        [("Tensor((top + np.log(total))[:, 0], sources)", "Tensor(top + np.log(total), sources)")],
    ),
    Mistake(
        "labels_counted_from_one",
        "One is subtracted from the labels, as if they were numbered from 1, so each example gets the class before its own (class 0 wraps around to the last).",
        [
            (
                "return np.asarray(labels).astype(np.int64).reshape(-1)",
                "return np.asarray(labels).astype(np.int64).reshape(-1) - 1",
            )
        ],
    ),
    # activations
    Mistake(
        "relu_gradient_never_blocked",
        "The backward pass of ReLU tests whether the output is >= 0, which it always is, so the gradient passes through inactive units too.",
        [("g * (y > 0)", "g * (y >= 0)")],
    ),
    Mistake(
        "tanh_derivative_not_squared",
        "The derivative of tanh is computed as 1 - tanh(z) in place of 1 - tanh(z)^2.",
        [("g * (1.0 - y**2)", "g * (1.0 - y)")],
    ),
    Mistake(
        "logistic_derivative_of_output",
        "The derivative of the logistic function applies the function again to its own output before forming s(1 - s).",
        [
            (
                "        y = sigmoid(self.data)\n        return Tensor(y, [(self, lambda g: g * y * (1.0 - y))])",
                "        y = sigmoid(self.data)\n        return Tensor(y, [(self, lambda g: g * sigmoid(y) * (1.0 - sigmoid(y)))])",
            )
        ],
    ),
    Mistake(
        "activation_on_output_layer",
        "The activation function is applied to the last layer as well, so the scores are not linear.",
        [
            (
                "return self.layers[-1](x), hidden",
                "x = self.layers[-1](x)\n        return ACTIVATIONS[self.activation](x) if self.activation in ACTIVATIONS else x, hidden",
            )
        ],
    ),
    # backward rules
    Mistake(
        "mean_passes_whole_gradient",
        "The backward pass of the mean hands the gradient to every element without dividing by their number.",
        [("np.full(self.shape, g / self.data.size)", "np.full(self.shape, g)")],
    ),
    Mistake(
        "square_gradient_without_two",
        "The backward pass of the square lacks the factor 2, so the penalty pulls half as hard as its value says.",
        [("lambda g: 2.0 * self.data * g", "lambda g: self.data * g")],
    ),
    Mistake(
        "bias_gradient_averaged",
        "The gradient of a broadcast operand is averaged over the examples in place of being summed, which shrinks the bias gradients by the number of examples.",
        [("grad = grad.sum(axis=tuple(range(extra)))", "grad = grad.mean(axis=tuple(range(extra)))")],
    ),
    Mistake(
        "reshape_in_place_of_transpose",
        "The backward pass of the matrix product reshapes the weights to the transposed shape in place of transposing them.",
        [("lambda g: g @ other.data.T", "lambda g: g @ other.data.reshape(other.shape[::-1])")],
    ),
    Mistake(
        "gradient_overwritten",
        "A node that is used twice keeps only the gradient that arrives last, because gradients are assigned and not accumulated.",
        [("self.grad += unbroadcast(grad, self.shape)", "self.grad = unbroadcast(grad, self.shape)")],
    ),
    Mistake(
        "nodes_visited_again",
        "The topological sort does not check which nodes it has visited already, so a node that is used twice runs its backward step twice.",
        [("            if node not in seen:\n", "            if node is not None:\n")],
    ),
    # penalty
    Mistake(
        "biases_penalised",
        "The L2 penalty includes the biases.",
        [
            (
                "total = total + layer.weight.square().sum()",
                "total = total + layer.weight.square().sum() + layer.bias.square().sum()",
            )
        ],
    ),
    Mistake(
        "penalty_on_output_layer_only",
        "The L2 penalty counts the weights of the last layer only.",
        [
            (
                "    for layer in model.layers:\n        total = total +",
                "    for layer in model.layers[-1:]:\n        total = total +",
            )
        ],
    ),
    Mistake(
        "penalty_divided_by_examples",
        "The L2 penalty is divided by the number of examples, like the data term.",
        [
            (
                'return data_term + l2_penalty(model, objective["l2"])',
                'return data_term + l2_penalty(model, objective["l2"]) * (1.0 / len(labels))',
            )
        ],
    ),
    Mistake(
        "reported_loss_without_penalty",
        "Training descends the full objective, but the losses that it reports are the cross-entropy without the penalty.",
        [
            (
                "        losses.append(float(value.data))\n",
                '        losses.append(float(classification_loss(model(x)[0], y, objective["reduction"]).data))\n',
            )
        ],
    ),
    # training loop and optimizer
    Mistake(
        "gradients_not_zeroed",
        "The gradients are not set to zero between iterations, so each update uses the sum of all gradients so far.",
        [("        model.zero_grad()\n", "")],
    ),
    Mistake(
        "loss_after_update",
        "The loss of an iteration is computed after its update in place of before.",
        [
            (
                "        losses.append(float(value.data))\n        sgd.step(t)\n",
                "        sgd.step(t)\n        losses.append(float(objective_value(model, x, y, objective).data))\n",
            )
        ],
    ),
    Mistake(
        "optimizer_made_in_loop",
        "The optimizer is constructed inside the training loop, so the velocity starts from zero in every iteration.",
        [
            ("    sgd = SGD(model.parameters(), optimizer)\n    inputs, labels", "    inputs, labels"),
            (
                "    for t in range(iterations):\n",
                "    for t in range(iterations):\n        sgd = SGD(model.parameters(), optimizer)\n",
            ),
        ],
    ),
    Mistake(
        "momentum_dampened",
        "The velocity is an exponential average: the gradient enters it with the factor 1 - momentum.",
        [
            (
                "self.momentum * self.velocity[i] - rate * p.grad",
                "self.momentum * self.velocity[i] - (1.0 - self.momentum) * rate * p.grad",
            )
        ],
    ),
    Mistake(
        "nesterov_momentum",
        "The parameters are moved by Nesterov's look-ahead step in place of the plain velocity.",
        [("p.data += self.velocity[i]", "p.data += self.momentum * self.velocity[i] - rate * p.grad")],
    ),
    Mistake(
        "rate_inside_and_outside",
        "The learning rate is applied twice under momentum: inside the velocity and again when the velocity is added to the parameters.",
        [("p.data += self.velocity[i]", "p.data += rate * self.velocity[i]")],
    ),
    # schedules
    Mistake(
        "step_schedule_true_division",
        "The step schedule divides t / n without rounding down, so the rate decays smoothly in place of in steps.",
        [("self.decay ** (t // self.every)", "self.decay ** (t / self.every)")],
    ),
    Mistake(
        "schedule_compounds",
        "Each iteration multiplies the already decayed rate by the schedule's factor, so the decay is applied cumulatively.",
        [("return self.rate * self.factor(t)", "self.rate *= self.factor(t)\n        return self.rate")],
    ),
    Mistake(
        "exponential_schedule_as_power",
        "The exponential schedule multiplies the rate by d^t in place of exp(-d t).",
        [("return np.exp(-self.decay * t)", "return self.decay**t")],
    ),
    # minibatches
    Mistake(
        "minibatch_mean_over_all_examples",
        "The mean over a minibatch divides by the number of all examples in place of the size of the minibatch.",
        [
            (
                "        value = objective_value(model, x, y, objective)\n",
                '        value = classification_loss(model(x)[0], y, "sum")\n'
                '        if objective["reduction"] == "mean":\n'
                "            value = value * (1.0 / len(inputs))\n"
                '        value = value + l2_penalty(model, objective.get("l2") or 0.0)\n',
            )
        ],
    ),
    Mistake(
        "minibatch_repeats_dropped",
        "The indices of a minibatch are made unique, so an example that is drawn twice counts once.",
        [("rows = np.asarray(batches[t], dtype=np.int64)", "rows = np.unique(np.asarray(batches[t], dtype=np.int64))")],
    ),
    # initialization, prediction, fit
    Mistake(
        "scaled_by_fan_out",
        "The initial weights are divided by the square root of the number of outputs of the layer in place of its inputs.",
        [("w = w / np.sqrt(fan_in)", "w = w / np.sqrt(fan_out)")],
    ),
    Mistake(
        "weights_laid_out_transposed",
        "The normals are read as a (fan_out, fan_in) matrix and then transposed, so they land in the wrong places of W.",
        [(".reshape(fan_in, fan_out)\n", ".reshape(fan_out, fan_in).T\n")],
    ),
    Mistake(
        "predict_without_activation",
        "The prediction has a forward pass of its own, which leaves out the activation function of the hidden layers.",
        [
            (
                "    scores, _ = MLP(network)(inputs)\n    return np.argmax(scores.data, axis=1)",
                "    scores = Tensor(inputs)\n"
                "    for layer in MLP(network).layers:\n"
                "        scores = layer(scores)\n"
                "    return np.argmax(scores.data, axis=1)",
            )
        ],
    ),
    Mistake(
        "inputs_shuffled_without_labels",
        "Before training, the examples are shuffled but their labels are left in the old order.",
        [
            (
                "order = rng.permutation(len(labels))\n    inputs, labels = inputs[order], labels[order]",
                "order = rng.permutation(len(labels))\n    inputs = inputs[order]",
            )
        ],
    ),
    Mistake(
        "standardised_in_fit_only",
        "The inputs are standardised before training, but not when predictions are made.",
        [
            (
                "    order = rng.permutation(len(labels))\n",
                "    inputs = (inputs - inputs.mean(axis=0)) / inputs.std(axis=0)\n"
                "    order = rng.permutation(len(labels))\n",
            )
        ],
    ),
    # data generators
    Mistake(
        "spiral_sine_and_cosine_swapped",
        "The spiral has the cosine as its first coordinate and the sine as its second.",
        [("[radius * np.sin(angle), radius * np.cos(angle)]", "[radius * np.cos(angle), radius * np.sin(angle)]")],
    ),
    Mistake(
        "moons_order_inverted",
        "The order of the moons is applied backwards: example i is sent to place order[i] in place of being fetched from there.",
        [
            (
                "    inputs, labels = inputs[order], labels[order]\n    return",
                "    place = np.argsort(order)\n    inputs, labels = inputs[place], labels[place]\n    return",
            )
        ],
    ),
    Mistake(
        "circles_noise_as_variance",
        "The noise of the circles is taken as a variance, so its square root scales the normals.",
        [
            (
                '    )\n    labels = np.repeat([0, 1], [outer, examples - outer])\n    return {"inputs": inputs + noise *',
                '    )\n    labels = np.repeat([0, 1], [outer, examples - outer])\n    return {"inputs": inputs + np.sqrt(noise) *',
            )
        ],
    ),
]

PAIRS = [
    Pair("labels_counted_from_one", "gather_every_pair"),
    Pair("bias_gradient_averaged", "reshape_in_place_of_transpose"),
    Pair("biases_penalised", "penalty_divided_by_examples"),
    Pair("square_gradient_without_two", "penalty_on_output_layer_only"),
    Pair("momentum_dampened", "rate_inside_and_outside"),
    Pair("relu_gradient_never_blocked", "activation_on_output_layer"),
    Pair("scaled_by_fan_out", "weights_laid_out_transposed"),
    Pair("inputs_shuffled_without_labels", "standardised_in_fit_only"),
    Pair("step_schedule_true_division", "schedule_compounds"),
    Pair("gradients_not_zeroed", "minibatch_mean_over_all_examples"),
]
