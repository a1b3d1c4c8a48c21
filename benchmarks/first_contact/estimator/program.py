"""A softmax classifier with any number of hidden layers, in the manner of scikit-learn's multi-layer perceptron.

The estimator is `NeuralNetClassifier`; the functions at the end of this module adapt it to the contract.
Plain NumPy, float64 throughout.
"""

import numpy as np

# ---- Activations, in place. The derivatives get the *output* Z of the activation and multiply delta by it.

def inplace_relu(X):
    """Rectified linear unit, in place."""
    np.maximum(X, 0.0, out=X)

def inplace_tanh(X):
    """Hyperbolic tangent, in place."""
    np.tanh(X, out=X)

def inplace_logistic(X):
    """Logistic function, in place; the exponent is never positive, so that nothing overflows."""
    small = np.exp(-np.abs(X))
    X[...] = np.where(X >= 0, 1.0, small) / (1.0 + small)

def inplace_softmax(X):
    """Softmax of each row, in place."""
    X -= X.max(axis=1, keepdims=True)
    np.exp(X, out=X)
    X /= X.sum(axis=1, keepdims=True)

def inplace_relu_derivative(Z, delta):
    """Z is 0 just where the input was 0 or less."""
    delta[Z == 0] = 0.0

def inplace_tanh_derivative(Z, delta):
    """tanh' = 1 - tanh**2."""
    delta *= 1.0 - Z**2

def inplace_logistic_derivative(Z, delta):
    """s' = s * (1 - s)."""
    delta *= Z
    delta *= 1.0 - Z

ACTIVATIONS = {"relu": inplace_relu, "tanh": inplace_tanh, "logistic": inplace_logistic}
DERIVATIVES = {
    "relu": inplace_relu_derivative,
    "tanh": inplace_tanh_derivative,
    "logistic": inplace_logistic_derivative,
}

# ---- Labels and loss

def binarize_labels(y, n_classes):
    """Turn labels (n_samples,) of any integer dtype into an indicator matrix (n_samples, n_classes)."""
    labels = np.asarray(y).astype(np.intp).ravel()
    Y = np.zeros((labels.shape[0], n_classes))
    Y[np.arange(labels.shape[0]), labels] = 1.0
    return Y

def cross_entropy_loss(scores, Y, reduction):
    """Cross-entropy of the softmax of the scores, from the logarithms directly."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_proba = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    total = -np.sum(Y * log_proba)
    if reduction == "mean":
        return total / Y.shape[0]
    return total

def cross_entropy_delta(scores, Y, reduction):
    """Gradient of the cross-entropy on the scores; the scores themselves are left alone."""
    delta = scores.copy()
    inplace_softmax(delta)
    delta -= Y
    if reduction == "mean":
        delta /= Y.shape[0]
    return delta

# ---- Optimizer

class SGDOptimizer:
    """Gradient descent, with or without momentum, at a rate that may follow a schedule.

    params are changed in place; velocities are arrays like them, or None for zeros; t updates went before.
    """

    def __init__(self, params, method, learning_rate_init, momentum, schedule=None, velocities=None, t=0):
        if method not in ("gradient_descent", "momentum"):
            raise NotImplementedError(f"method {method!r}")
        self.params = params
        self.method = method
        self.learning_rate_init = learning_rate_init
        self.momentum = momentum
        self.schedule = schedule
        if velocities is None:
            velocities = [np.zeros_like(param) for param in params]
        self.velocities = velocities
        self.t_ = t

    def _current_rate(self):
        """Learning rate of this iteration."""
        if self.schedule is None:
            return self.learning_rate_init
        kind = self.schedule["kind"]
        decay = self.schedule["decay"]
        if kind == "step":
            return self.learning_rate_init * decay ** (self.t_ // self.schedule["every"])
        if kind == "exponential":
            return self.learning_rate_init * np.exp(-decay * self.t_)
        if kind == "inverse_time":
            return self.learning_rate_init / (1.0 + decay * self.t_)
        raise NotImplementedError(f"schedule {kind!r}")

    def get_updates(self, grads):
        """What is to be added to each parameter."""
        rate = self._current_rate()
        self.t_ += 1
        if self.method == "gradient_descent":
            return [-rate * grad for grad in grads]
        self.velocities = [
            self.momentum * velocity - rate * grad
            for velocity, grad in zip(self.velocities, grads)
        ]
        return self.velocities

    def update_params(self, grads):
        """One iteration: add the updates to the parameters, in place."""
        updates = self.get_updates(grads)
        for param, update in zip(self.params, updates):
            param += update

# ---- Estimator

class NeuralNetClassifier:
    """Multi-layer perceptron with a softmax output; n_layers_ includes the input layer, as scikit-learn counts."""

    def __init__(self, activation="relu", alpha=0.0, reduction="mean", solver="momentum", max_iter=200,
                 batch_size=None, random_state=None):
        self.activation = activation
        self.alpha = alpha
        self.reduction = reduction
        self.solver = solver
        self.learning_rate_init, self.momentum, self.schedule = 0.1, 0.9, None
        self.layer_sizes = None
        self.init_scale, self.init_fan_in, self.init_biases = 0.01, False, "zeros"
        self.max_iter = max_iter
        self.batch_size = batch_size
        self.random_state = random_state

    def _set_params(self, coefs, intercepts):
        """Take copies of the parameters."""
        self.coefs_ = [np.array(coef, dtype=np.float64) for coef in coefs]
        self.intercepts_ = [np.array(intercept, dtype=np.float64).ravel() for intercept in intercepts]
        self.n_layers_ = len(self.coefs_) + 1
        self.n_outputs_ = self.coefs_[-1].shape[1]
        return self

    def _init_coef(self, coef_normals, intercept_normals):
        """Scale the normals of one layer."""
        fan_in = coef_normals.shape[0]
        coef_init = self.init_scale * coef_normals
        if self.init_fan_in:
            coef_init = coef_init / np.sqrt(fan_in)
        if self.init_biases == "normals":
            intercept_init = self.init_scale * intercept_normals
        else:
            intercept_init = np.zeros_like(intercept_normals)
        return coef_init, intercept_init

    def _initialize(self, coef_normals, intercept_normals):
        """Initial parameters of all layers from normals that have their shapes."""
        coefs, intercepts = [], []
        for layer in range(len(self.layer_sizes) - 1):
            coef_init, intercept_init = self._init_coef(
                np.asarray(coef_normals[layer], dtype=np.float64),
                np.asarray(intercept_normals[layer], dtype=np.float64),
            )
            coefs.append(coef_init)
            intercepts.append(intercept_init)
        return self._set_params(coefs, intercepts)

    def _forward_pass(self, X):
        """Values of all layers: the inputs, the outputs of the hidden layers, the scores."""
        if self.activation not in ACTIVATIONS and self.n_layers_ > 2:
            raise NotImplementedError(f"activation {self.activation!r}")
        activations = [X] + [None] * (self.n_layers_ - 1)
        for i in range(self.n_layers_ - 1):
            activations[i + 1] = np.dot(activations[i], self.coefs_[i])
            activations[i + 1] += self.intercepts_[i]
            # the output layer keeps its scores
            if i + 1 != self.n_layers_ - 1:
                ACTIVATIONS[self.activation](activations[i + 1])
        return activations

    def predict(self, X):
        """Most probable class of each sample."""
        scores = self._forward_pass(X)[-1]
        return np.argmax(scores, axis=1)

    def _compute_penalty(self):
        """L2 penalty on the weights."""
        values = 0.0
        for coef in self.coefs_:
            values += np.sum(coef**2)
        return 0.5 * self.alpha * values

    def _compute_loss(self, scores, Y):
        """The objective: cross-entropy plus penalty."""
        loss = cross_entropy_loss(scores, Y, self.reduction)
        loss += self._compute_penalty()
        return loss

    def _compute_loss_grad(self, layer, activations, deltas, coef_grads, intercept_grads):
        """Fill in the gradients of one layer."""
        coef_grads[layer] = np.dot(activations[layer].T, deltas[layer])
        coef_grads[layer] += self.alpha * self.coefs_[layer]
        intercept_grads[layer] = np.sum(deltas[layer], axis=0)

    def _backprop(self, X, Y):
        """Objective and its gradients for these samples."""
        activations = self._forward_pass(X)
        deltas = [None] * (self.n_layers_ - 1)
        coef_grads = [np.zeros_like(coef) for coef in self.coefs_]
        intercept_grads = [np.zeros_like(intercept) for intercept in self.intercepts_]

        last = self.n_layers_ - 2
        deltas[last] = cross_entropy_delta(activations[-1], Y, self.reduction)
        for i in range(last, 0, -1):
            deltas[i - 1] = np.dot(deltas[i], self.coefs_[i].T)
            DERIVATIVES[self.activation](activations[i], deltas[i - 1])

        for layer in range(self.n_layers_ - 1):
            self._compute_loss_grad(layer, activations, deltas, coef_grads, intercept_grads)
        loss = self._compute_loss(activations[-1], Y)
        return loss, coef_grads, intercept_grads

    def _make_optimizer(self, velocities=None, t=0):
        params = self.coefs_ + self.intercepts_
        return SGDOptimizer(params, self.solver, self.learning_rate_init, self.momentum, self.schedule, velocities, t)

    def _fit_batches(self, X, y, batches):
        """One update for each of the batches; a batch is None (all samples) or indices."""
        Y = binarize_labels(y, self.n_outputs_)
        optimizer = self._make_optimizer()
        self.loss_curve_ = []
        for batch in batches:
            if batch is None:
                X_batch, Y_batch = X, Y
            else:
                indices = np.asarray(batch, dtype=np.intp)
                X_batch, Y_batch = X[indices], Y[indices]
            loss, coef_grads, intercept_grads = self._backprop(X_batch, Y_batch)
            self.loss_curve_.append(float(loss))
            optimizer.update_params(coef_grads + intercept_grads)
        return self

    def _draw_batches(self, n_samples, rng):
        """max_iter batches; the samples are shuffled before each pass through them."""
        if self.batch_size is None:
            return [None] * self.max_iter
        batches = []
        while len(batches) < self.max_iter:
            order = rng.permutation(n_samples)
            for start in range(0, n_samples, self.batch_size):
                batches.append(order[start : start + self.batch_size])
        return batches[: self.max_iter]

    def fit(self, X, y):
        """Draw initial parameters and train."""
        rng = np.random.default_rng(self.random_state)
        fan_ins, fan_outs = self.layer_sizes[:-1], self.layer_sizes[1:]
        coef_normals = [rng.standard_normal((m, n)) for m, n in zip(fan_ins, fan_outs)]
        intercept_normals = [rng.standard_normal(n) for n in fan_outs]
        self._initialize(coef_normals, intercept_normals)
        batches = self._draw_batches(X.shape[0], rng)
        return self._fit_batches(X, y, batches)

# ---- Data sets

def make_spiral(normals, n_per_class, n_classes):
    """Arms of a spiral, one for each class."""
    normals = np.asarray(normals, dtype=np.float64)
    X = np.zeros((n_per_class * n_classes, 2))
    y = np.zeros(n_per_class * n_classes, dtype=int)
    for j in range(n_classes):
        rows = slice(n_per_class * j, n_per_class * (j + 1))
        radius = np.linspace(0.0, 1.0, n_per_class)
        theta = np.linspace(4 * j, 4 * (j + 1), n_per_class) + 0.2 * normals[rows]
        X[rows] = np.column_stack([radius * np.sin(theta), radius * np.cos(theta)])
        y[rows] = j
    return X, y

def make_moons(normals, order, n_samples, noise):
    """Two interleaving half circles, in the given order."""
    n_out = n_samples // 2
    n_in = n_samples - n_out
    theta_out = np.linspace(0.0, np.pi, n_out)
    theta_in = np.linspace(0.0, np.pi, n_in)
    outer = np.column_stack([np.cos(theta_out), np.sin(theta_out)])
    inner = np.column_stack([1.0 - np.cos(theta_in), 1.0 - np.sin(theta_in) - 0.5])
    order = np.asarray(order, dtype=np.intp)
    X = np.vstack([outer, inner])[order]
    y = np.repeat([0, 1], [n_out, n_in])[order]
    X += noise * np.asarray(normals, dtype=np.float64)
    return X, y

def make_circles(normals, n_samples, factor, noise):
    """A large circle (class 0) around a small one (class 1)."""
    n_out = n_samples // 2
    n_in = n_samples - n_out
    phi_out = np.linspace(0.0, 2.0 * np.pi, n_out, endpoint=False)
    phi_in = np.linspace(0.0, 2.0 * np.pi, n_in, endpoint=False)
    large = np.column_stack([np.cos(phi_out), np.sin(phi_out)])
    small = factor * np.column_stack([np.cos(phi_in), np.sin(phi_in)])
    X = np.vstack([large, small]) + noise * np.asarray(normals, dtype=np.float64)
    y = np.repeat([0, 1], [n_out, n_in])
    return X, y

# ---- The contract

def _as_floats(values):
    return np.array(values, dtype=np.float64)

def _model(network, objective=None, optimizer=None):
    """Estimator with the parameters of a network."""
    model = NeuralNetClassifier(activation=network["activation"])
    _set_objective(model, objective)
    _set_optimizer(model, optimizer)
    return model._set_params(network["weights"], network["biases"])

def _set_objective(model, objective):
    if objective is not None:
        if objective["reduction"] not in ("mean", "sum"):
            raise NotImplementedError(f"reduction {objective['reduction']!r}")
        model.reduction = objective["reduction"]
        model.alpha = objective["l2"]

def _set_optimizer(model, optimizer):
    if optimizer is not None:
        model.solver = optimizer["method"]
        model.learning_rate_init = optimizer["learning_rate"]
        model.momentum = optimizer.get("momentum") or 0.0
        model.schedule = optimizer.get("schedule")

def _set_initialization(model, sizes, initialization):
    model.layer_sizes = [int(size) for size in sizes]
    model.init_scale = initialization["scale"]
    model.init_fan_in = initialization["fan_in"]
    model.init_biases = initialization["biases"]

def _network(model):
    return {"weights": model.coefs_, "biases": model.intercepts_, "activation": model.activation}

def describe():
    return {"name": "NeuralNetClassifier", "version": "1.0", "language": "Python", "precision": "float64"}

def softmax(scores):
    proba = _as_floats(scores)
    inplace_softmax(proba)
    return proba

def activation(name, z):
    if name not in ACTIVATIONS:
        raise NotImplementedError(f"activation {name!r}")
    values = _as_floats(z)
    ACTIVATIONS[name](values)
    return values

def activation_derivative(name, z):
    values = activation(name, z)
    slopes = np.ones_like(values)
    DERIVATIVES[name](values, slopes)
    return slopes

def cross_entropy(scores, labels, reduction):
    scores = _as_floats(scores)
    return float(cross_entropy_loss(scores, binarize_labels(labels, scores.shape[1]), reduction))

def score_gradient(scores, labels, reduction):
    scores = _as_floats(scores)
    return cross_entropy_delta(scores, binarize_labels(labels, scores.shape[1]), reduction)

def forward(network, inputs):
    activations = _model(network)._forward_pass(_as_floats(inputs))
    return {"hidden": activations[1:-1], "scores": activations[-1]}

def predict(network, inputs):
    return _model(network).predict(_as_floats(inputs))

def loss(network, inputs, labels, objective):
    model = _model(network, objective)
    scores = model._forward_pass(_as_floats(inputs))[-1]
    return float(model._compute_loss(scores, binarize_labels(labels, model.n_outputs_)))

def gradients(network, inputs, labels, objective):
    model = _model(network, objective)
    Y = binarize_labels(labels, model.n_outputs_)
    _, coef_grads, intercept_grads = model._backprop(_as_floats(inputs), Y)
    return {"weights": coef_grads, "biases": intercept_grads}

def update(network, gradients, velocity, optimizer, iteration):
    model = _model(network, optimizer=optimizer)
    if velocity is not None:
        velocity = [_as_floats(v) for v in [*velocity["weights"], *velocity["biases"]]]
    sgd = model._make_optimizer(velocity, iteration)
    sgd.update_params([_as_floats(grad) for grad in [*gradients["weights"], *gradients["biases"]]])
    depth = len(model.coefs_)
    return {
        "network": _network(model),
        "velocity": {"weights": sgd.velocities[:depth], "biases": sgd.velocities[depth:]},
    }

def train(network, inputs, labels, objective, optimizer, iterations, batches):
    model = _model(network, objective, optimizer)
    if batches is None:
        batches = [None] * iterations
    model._fit_batches(_as_floats(inputs), labels, batches[:iterations])
    return {"losses": model.loss_curve_, "network": _network(model)}

def fit(inputs, labels, experiment, seed):
    model = NeuralNetClassifier(activation=experiment["activation"], random_state=seed)
    _set_initialization(model, experiment["sizes"], experiment["initialization"])
    _set_objective(model, experiment["objective"])
    _set_optimizer(model, experiment["optimizer"])
    model.max_iter = experiment["iterations"]
    model.batch_size = experiment["batch_size"]
    model.fit(_as_floats(inputs), labels)
    return _network(model)

def initialize(normals, sizes, activation, initialization):
    model = NeuralNetClassifier(activation=activation)
    _set_initialization(model, sizes, initialization)
    return _network(model._initialize(normals["weights"], normals["biases"]))

def spiral(normals, examples_per_class, classes):
    inputs, labels = make_spiral(normals, examples_per_class, classes)
    return {"inputs": inputs, "labels": labels}

def moons(normals, order, examples, noise):
    inputs, labels = make_moons(normals, order, examples, noise)
    return {"inputs": inputs, "labels": labels}

def circles(normals, examples, factor, noise):
    inputs, labels = make_circles(normals, examples, factor, noise)
    return {"inputs": inputs, "labels": labels}
