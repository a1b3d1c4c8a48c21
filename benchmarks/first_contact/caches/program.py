"""Assignment 2: fully connected networks with a modular design, in NumPy.

Every layer has a forward function, which returns its value and a cache, and a backward function, which takes the
gradient of the value and that cache. The model keeps its parameters in a dictionary ("W1", "b1", "W2", ...), the
gradients have the same keys, and a Solver trains the model. The operations of the contract are at the end.
"""
import numpy as np


# ---------------------------------------------------------------------------------------------------------------------
# Layers
# ---------------------------------------------------------------------------------------------------------------------

def affine_forward(x, w, b):
    """Scores of a fully connected layer: x (N, D), w (D, M), b (M,) -> out (N, M), cache."""
    out = np.dot(x, w) + b
    cache = (x, w, b)
    return out, cache


def affine_backward(dout, cache):
    """Gradient of an affine layer on its input, its weights and its biases."""
    x, w, b = cache
    dx = np.dot(dout, w.T)
    dw = np.dot(x.T, dout)
    db = np.sum(dout, axis=0)
    return dx, dw, db


def relu_forward(x):
    out = np.maximum(0.0, x)
    cache = x
    return out, cache


def relu_backward(dout, cache):
    x = cache
    dx = np.where(x > 0, dout, 0.0)
    return dx


def tanh_forward(x):
    out = np.tanh(x)
    cache = out
    return out, cache


def tanh_backward(dout, cache):
    t = cache
    dx = dout * (1.0 - t ** 2)
    return dx


def sigmoid_forward(x):
    """The logistic function, written so that the exponential never overflows."""
    e = np.exp(-np.abs(x))
    out = np.where(x >= 0, 1.0 / (1.0 + e), e / (1.0 + e))
    cache = out
    return out, cache


def sigmoid_backward(dout, cache):
    s = cache
    dx = dout * s * (1.0 - s)
    return dx


ACTIVATIONS = {
    "relu": (relu_forward, relu_backward),
    "tanh": (tanh_forward, tanh_backward),
    "logistic": (sigmoid_forward, sigmoid_backward),
}


def softmax_forward(x):
    """Probabilities of the classes; the cache holds their logarithms."""
    shifted = x - np.max(x, axis=1, keepdims=True)
    exp_scores = np.exp(shifted)
    z = np.sum(exp_scores, axis=1, keepdims=True)
    probs = exp_scores / z
    cache = shifted - np.log(z)
    return probs, cache


def softmax_loss(x, y, reduction):
    """Cross-entropy of the softmax of the scores x (N, K) with the labels y (N,), and its gradient on x."""
    rows = np.arange(x.shape[0])
    N = x.shape[0]
    probs, log_probs = softmax_forward(x)
    losses = -log_probs[rows, y]
    loss = np.sum(losses)
    dx = probs.copy()
    dx[rows, y] -= 1.0
    if reduction == "mean":
        loss = loss / N
        dx = dx / N
    return loss, dx


# ---------------------------------------------------------------------------------------------------------------------
# Model
# ---------------------------------------------------------------------------------------------------------------------

class FullyConnectedNet:
    """{affine - activation} x (L - 1) - affine - softmax, with L2 regularization of the weights."""

    def __init__(self, params, activation="relu", reg=0.0, reduction="mean", dtype=np.float64):
        self.params = {name: np.array(value, dtype=dtype) for name, value in params.items()}
        self.num_layers = len(params) // 2
        self.act_forward, self.act_backward = ACTIVATIONS[activation]
        self.reg = reg
        self.reduction = reduction
        self.dtype = dtype

    def forward(self, X):
        """The scores, the outputs of the hidden layers, and the caches of all layers."""
        out = np.asarray(X).astype(self.dtype)
        hidden, caches = [], []
        for i in range(1, self.num_layers + 1):
            W, b = self.params["W%d" % i], self.params["b%d" % i]
            act_cache = None
            out, fc_cache = affine_forward(out, W, b)
            if i < self.num_layers:
                out, act_cache = self.act_forward(out)
                hidden.append(out)
            caches.append((fc_cache, act_cache))
        return out, hidden, caches

    def loss(self, X, y):
        """The objective and the dictionary of its gradients."""
        scores, _, caches = self.forward(X)
        loss, dout = softmax_loss(scores, y, self.reduction)

        grads = {}
        for i in range(self.num_layers, 0, -1):
            fc_cache, act_cache = caches[i - 1]
            if act_cache is not None:
                dout = self.act_backward(dout, act_cache)
            dout, grads["W%d" % i], grads["b%d" % i] = affine_backward(dout, fc_cache)

        for i in range(1, self.num_layers + 1):
            W, b = self.params["W%d" % i], self.params["b%d" % i]
            loss = loss + 0.5 * self.reg * np.sum(W * W)
            grads["W%d" % i] = grads["W%d" % i] + self.reg * W
        return loss, grads

    def predict(self, X):
        scores, _, _ = self.forward(X)
        return np.argmax(scores, axis=1)


def init_params(normals, sizes, weight_scale, fan_in, bias_normals):
    """The parameters of a network of these sizes, made from standard normal numbers."""
    params = {}
    for i in range(1, len(sizes)):
        std = weight_scale
        if fan_in:
            std = weight_scale / np.sqrt(sizes[i - 1])
        params["W%d" % i] = std * np.asarray(normals["weights"][i - 1], dtype=float)
        if bias_normals:
            params["b%d" % i] = weight_scale * np.asarray(normals["biases"][i - 1], dtype=float)
        else:
            params["b%d" % i] = np.zeros(sizes[i])
    return params


# ---------------------------------------------------------------------------------------------------------------------
# Optimisation
# ---------------------------------------------------------------------------------------------------------------------

def sgd(w, dw, config):
    """Vanilla gradient descent. config: learning_rate."""
    next_w = w - config["learning_rate"] * dw
    return next_w, dict(config)


def sgd_momentum(w, dw, config):
    """Gradient descent with momentum. config: learning_rate, momentum, velocity."""
    lr, mu = config["learning_rate"], config["momentum"]
    v = config.get("velocity")
    if v is None:
        v = np.zeros_like(w)
    v = mu * v - lr * dw
    next_w = w + v
    return next_w, dict(config, velocity=v)


UPDATE_RULES = {"gradient_descent": sgd, "momentum": sgd_momentum}


def scheduled_rate(base_rate, schedule, iteration):
    """The learning rate of an iteration; iterations are updates and start from 0."""
    if schedule is None:
        return base_rate
    t = iteration
    kind, decay = schedule["kind"], schedule["decay"]
    if kind == "step":
        return base_rate * decay ** (t // schedule["every"])
    if kind == "exponential":
        return base_rate * np.exp(-decay * t)
    if kind == "inverse_time":
        return base_rate / (1.0 + decay * t)
    raise NotImplementedError("schedule %s" % kind)


def make_config(optimizer):
    """The configuration of the update rule for one parameter."""
    config = {"learning_rate": optimizer["learning_rate"]}
    if optimizer["method"] == "momentum":
        config["momentum"] = optimizer["momentum"]
        config["velocity"] = None
    return config


def apply_rule(rule, params, grads, configs):
    """New parameters and new configurations, one for each parameter."""
    next_params, next_configs = {}, {}
    for p, w in params.items():
        dw = grads[p]
        next_params[p], next_configs[p] = rule(w, dw, configs[p])
    return next_params, next_configs


class Solver:
    """Trains a model with an update rule; batches is None (all examples) or a list of the indices of each iteration."""

    def __init__(self, model, X, y, optimizer, num_iterations, batches=None):
        self.model = model
        self.X = np.asarray(X, dtype=float)
        self.y = y
        self.update_rule = UPDATE_RULES[optimizer["method"]]
        self.base_rate = optimizer["learning_rate"]
        self.schedule = optimizer.get("schedule")
        self.num_iterations = num_iterations
        self.batches = batches
        self.optim_configs = {p: make_config(optimizer) for p in model.params}
        self.loss_history = []

    def _get_batch(self, t):
        if self.batches is None:
            return self.X, self.y
        index = np.asarray(self.batches[t], dtype=int)
        X_batch = self.X[index]
        y_batch = self.y[index]
        return X_batch, y_batch

    def _step(self, t):
        """One update of all parameters."""
        X_batch, y_batch = self._get_batch(t)
        loss, grads = self.model.loss(X_batch, y_batch)
        self.loss_history.append(float(loss))

        for p in self.optim_configs:
            config = self.optim_configs[p]
            config["learning_rate"] = scheduled_rate(self.base_rate, self.schedule, t)
        new_params, new_configs = apply_rule(self.update_rule, self.model.params, grads, self.optim_configs)
        self.model.params = new_params
        self.optim_configs = new_configs

    def train(self):
        for t in range(self.num_iterations):
            self._step(t)
        return self.loss_history


def sample_batches(rng, num_train, batch_size, num_iterations):
    """Minibatches of shuffled epochs; the last batch of an epoch may be smaller."""
    if batch_size is None:
        return None
    batches = []
    while len(batches) < num_iterations:
        order = rng.permutation(num_train)
        for start in range(0, num_train, batch_size):
            batches.append(order[start:start + batch_size])
    return batches[:num_iterations]


# ---------------------------------------------------------------------------------------------------------------------
# The data
# ---------------------------------------------------------------------------------------------------------------------

def make_spiral(noise, num_per_class, num_classes):
    """The toy spiral of CS231n: noise (num_classes * num_per_class,) is standard normal."""
    X = np.zeros((num_per_class * num_classes, 2))
    y = np.zeros(num_per_class * num_classes, dtype=int)
    for j in range(num_classes):
        ix = np.arange(num_per_class * j, num_per_class * (j + 1))
        r = np.linspace(0.0, 1.0, num_per_class)
        theta = np.linspace(j * 4, (j + 1) * 4, num_per_class) + noise[ix] * 0.2
        X[ix] = np.c_[r * np.sin(theta), r * np.cos(theta)]
        y[ix] = j
    return X, y


def make_moons(noise, order, num_examples, noise_std):
    """Two half circles, as in scikit-learn."""
    n_outer = num_examples // 2
    n_inner = num_examples - n_outer
    outer_angle = np.linspace(0.0, np.pi, n_outer)
    inner_angle = np.linspace(0.0, np.pi, n_inner)
    outer = np.c_[np.cos(outer_angle), np.sin(outer_angle)]
    inner = np.c_[1.0 - np.cos(inner_angle), 1.0 - np.sin(inner_angle) - 0.5]
    X = np.vstack([outer, inner])
    y = np.concatenate([np.zeros(n_outer, dtype=int), np.ones(n_inner, dtype=int)])
    X = X[order]
    y = y[order]
    X = X + noise_std * noise
    return X, y


def make_circles(noise, num_examples, factor, noise_std):
    """A circle of radius 1 around a circle of radius factor, as in scikit-learn."""
    n_outer = num_examples // 2
    n_inner = num_examples - n_outer
    outer_angle = np.linspace(0.0, 2.0 * np.pi, n_outer, endpoint=False)
    inner_angle = np.linspace(0.0, 2.0 * np.pi, n_inner, endpoint=False)
    outer = np.c_[np.cos(outer_angle), np.sin(outer_angle)]
    inner = factor * np.c_[np.cos(inner_angle), np.sin(inner_angle)]
    X = np.vstack([outer, inner]) + noise_std * noise
    y = np.concatenate([np.zeros(n_outer, dtype=int), np.ones(n_inner, dtype=int)])
    return X, y


# ---------------------------------------------------------------------------------------------------------------------
# The operations of the contract
# ---------------------------------------------------------------------------------------------------------------------

def _labels(labels):
    return np.asarray(labels).astype(int)


def _to_dict(values):
    """{"weights": [...], "biases": [...]} -> {"W1": ..., "b1": ..., "W2": ...}"""
    result = {}
    for i, (w, b) in enumerate(zip(values["weights"], values["biases"]), start=1):
        result["W%d" % i] = np.asarray(w, dtype=float)
        result["b%d" % i] = np.asarray(b, dtype=float)
    return result


def _from_dict(values):
    layers = range(1, len(values) // 2 + 1)
    return {"weights": [values["W%d" % i] for i in layers], "biases": [values["b%d" % i] for i in layers]}


def _network(params, activation):
    return dict(_from_dict(params), activation=activation)


def _model(network, objective=None):
    objective = objective or {"reduction": "mean", "l2": 0.0}
    return FullyConnectedNet(_to_dict(network), network.get("activation") or "relu",
                             reg=objective["l2"], reduction=objective["reduction"])


def describe():
    return {"name": "assignment2", "version": "1.0", "language": "Python", "precision": "float64"}


def softmax(scores):
    return softmax_forward(np.asarray(scores, dtype=float))[0]


def activation(name, z):
    return ACTIVATIONS[name][0](np.asarray(z, dtype=float))[0]


def activation_derivative(name, z):
    z = np.asarray(z, dtype=float)
    forward_function, backward_function = ACTIVATIONS[name]
    _, cache = forward_function(z)
    return backward_function(np.ones_like(z), cache)


def cross_entropy(scores, labels, reduction):
    return softmax_loss(np.asarray(scores, dtype=float), _labels(labels), reduction)[0]


def score_gradient(scores, labels, reduction):
    return softmax_loss(np.asarray(scores, dtype=float), _labels(labels), reduction)[1]


def forward(network, inputs):
    scores, hidden, _ = _model(network).forward(inputs)
    return {"hidden": hidden, "scores": scores}


def predict(network, inputs):
    return _model(network).predict(inputs)


def loss(network, inputs, labels, objective):
    return _model(network, objective).loss(inputs, _labels(labels))[0]


def gradients(network, inputs, labels, objective):
    return _from_dict(_model(network, objective).loss(inputs, _labels(labels))[1])


def update(network, gradients, velocity, optimizer, iteration):
    params, grads = _to_dict(network), _to_dict(gradients)
    velocities = {} if velocity is None else _to_dict(velocity)
    rate = scheduled_rate(optimizer["learning_rate"], optimizer.get("schedule"), iteration)
    configs = {p: dict(make_config(optimizer), learning_rate=rate, velocity=velocities.get(p)) for p in params}
    params, configs = apply_rule(UPDATE_RULES[optimizer["method"]], params, grads, configs)
    if optimizer["method"] == "momentum":
        velocity = _from_dict({p: config["velocity"] for p, config in configs.items()})
    else:
        velocity = None
    return {"network": _network(params, network.get("activation")), "velocity": velocity}


def train(network, inputs, labels, objective, optimizer, iterations, batches):
    model = _model(network, objective)
    solver = Solver(model, inputs, _labels(labels), optimizer, iterations, batches)
    losses = solver.train()
    return {"losses": losses, "network": _network(model.params, network.get("activation"))}


def initialize(normals, sizes, activation, initialization):
    params = init_params(normals, sizes, initialization["scale"], initialization["fan_in"],
                         initialization["biases"] == "normals")
    return _network(params, activation)


def fit(inputs, labels, experiment, seed):
    rng = np.random.RandomState(seed)
    X, y = np.asarray(inputs, dtype=float), _labels(labels)
    sizes, num_iterations = experiment["sizes"], experiment["iterations"]
    normals = {"weights": [rng.randn(d_in, d_out) for d_in, d_out in zip(sizes[:-1], sizes[1:])],
               "biases": [rng.randn(d_out) for d_out in sizes[1:]]}
    network = initialize(normals, sizes, experiment["activation"], experiment["initialization"])
    batches = sample_batches(rng, X.shape[0], experiment["batch_size"], num_iterations)
    return train(network, X, y, experiment["objective"], experiment["optimizer"], num_iterations, batches)["network"]


def spiral(normals, examples_per_class, classes):
    X, y = make_spiral(np.asarray(normals, dtype=float), examples_per_class, classes)
    return {"inputs": X, "labels": y}


def moons(normals, order, examples, noise):
    X, y = make_moons(np.asarray(normals, dtype=float), np.asarray(order, dtype=int), examples, noise)
    return {"inputs": X, "labels": y}


def circles(normals, examples, factor, noise):
    X, y = make_circles(np.asarray(normals, dtype=float), examples, factor, noise)
    return {"inputs": X, "labels": y}
