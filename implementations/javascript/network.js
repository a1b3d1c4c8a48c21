// A network as matrices in row order, {rows, columns, numbers}, in the precision of the array type ``Numbers``.
"use strict";

module.exports = (Numbers) => {
  // Math computes in float64; rounding after every operation gives the same results as float32.
  const round = Numbers === Float32Array ? Math.fround : (number) => number;

  const matrix = (rows, columns, make) => {
    const numbers = new Numbers(rows * columns);
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++) numbers[r * columns + c] = make(r, c);
    return { rows, columns, numbers };
  };
  const at = (m, row, column) => m.numbers[row * m.columns + column];
  const read = (rows) => matrix(rows.length, rows[0].length, (r, c) => rows[r][c]);
  const write = (m) =>
    Array.from({ length: m.rows }, (_, r) => Array.from(m.numbers.subarray(r * m.columns, (r + 1) * m.columns)));
  const map = (f, m, ...others) => matrix(m.rows, m.columns, (r, c) => f(at(m, r, c), ...others.map((o) => at(o, r, c))));

  const sum = (length, term) => {
    let total = 0;
    for (let i = 0; i < length; i++) total = round(total + round(term(i)));
    return total;
  };
  const product = (a, b) => matrix(a.rows, b.columns, (r, c) => sum(a.columns, (i) => at(a, r, i) * at(b, i, c)));
  const transposed = (m) => matrix(m.columns, m.rows, (r, c) => at(m, c, r));
  const columnSums = (m) => matrix(1, m.columns, (_, c) => sum(m.rows, (r) => at(m, r, c)));
  const exp = (x) => round(Math.exp(x));
  const log = (x) => round(Math.log(x));

  const sigma = (z) => round(1 / round(1 + exp(-z)));
  const functions = {
    relu: (z) => Math.max(0, z),
    tanh: (z) => round(Math.tanh(z)),
    logistic: sigma,
  };
  const slopes = {
    relu: (h) => (h > 0 ? 1 : 0),
    tanh: (h) => round(1 - round(h * h)),
    logistic: (h) => round(h * round(1 - h)),
  };
  const derivative = (name, z) => slopes[name](functions[name](z));

  // log p for every class of every example.
  const logProbabilities = (scores) => {
    const { rows, columns } = scores;
    const greatest = [], total = [];
    for (let r = 0; r < rows; r++) {
      greatest.push(Math.max(...scores.numbers.subarray(r * columns, (r + 1) * columns)));
      total.push(log(sum(columns, (c) => exp(round(at(scores, r, c) - greatest[r])))));
    }
    return matrix(rows, columns, (r, c) => round(at(scores, r, c) - greatest[r]) - total[r]);
  };
  const softmax = (scores) => map(Math.exp, logProbabilities(scores));
  const per = (reduction, examples) => (reduction === "mean" ? examples : 1);
  const crossEntropy = (scores, labels, reduction) => {
    const logs = logProbabilities(scores);
    return round(sum(labels.length, (n) => -at(logs, n, labels[n])) / per(reduction, labels.length));
  };
  const scoreGradient = (scores, labels, reduction) => {
    const p = softmax(scores);
    const count = per(reduction, labels.length);
    return matrix(p.rows, p.columns, (n, k) => round(at(p, n, k) - (k === labels[n] ? 1 : 0)) / count);
  };

  // A layer is [weights, biases], with the biases as a row. Returns the inputs of every layer, and the scores.
  const forward = (layers, activation, inputs) =>
    layers.reduce((passed, [weights, biases], place) => {
      const sums = product(passed.at(-1), weights);
      const z = matrix(sums.rows, sums.columns, (n, j) => at(sums, n, j) + at(biases, 0, j));
      return [...passed, place < layers.length - 1 ? map(functions[activation], z) : z];
    }, [inputs]);

  const objective = (layers, scores, labels, { reduction, l2 }) => {
    const squares = layers.map(([w]) => sum(w.numbers.length, (i) => w.numbers[i] * w.numbers[i]));
    const penalty = round(round(l2 / 2) * sum(squares.length, (l) => squares[l]));
    return round(crossEntropy(scores, labels, reduction) + penalty);
  };

  const backward = (layers, activation, passed, labels, { reduction, l2 }) => {
    const lambda = round(l2), gradients = [];
    let delta = scoreGradient(passed.at(-1), labels, reduction);
    for (let place = layers.length - 1; place >= 0; place--) {
      const [weights] = layers[place], inputs = passed[place];
      const slope = map((g, w) => g + round(lambda * w), product(transposed(inputs), delta), weights);
      gradients.unshift([slope, columnSums(delta)]);
      if (place > 0) {
        const back = product(delta, transposed(weights));
        delta = map((d, h) => d * slopes[activation](h), back, inputs);
      }
    }
    return gradients;
  };

  const learningRate = ({ learning_rate: rate, schedule }, t) => {
    if (schedule === null) return rate;
    const { kind, decay, every } = schedule;
    if (kind === "step") return rate * Math.pow(decay, Math.floor(t / every));
    return kind === "exponential" ? rate * Math.exp(-decay * t) : rate / (1 + decay * t);
  };

  // Apply a function to the corresponding arrays of several networks.
  const each = (f, layers, ...others) =>
    layers.map((pair, l) => pair.map((m, i) => map(f, m, ...others.map((other) => other[l][i]))));

  const stepped = (layers, gradients, velocity, optimizer, iteration) => {
    const rate = round(learningRate(optimizer, iteration));
    const keep = round(optimizer.method === "momentum" ? optimizer.momentum : 0);
    const next = each((v, g) => round(keep * v) - round(rate * g), velocity, gradients);
    return [each((p, v) => p + v, layers, next), next];
  };

  const train = (start, activation, inputs, labels, goal, optimizer, iterations, batches) => {
    let layers = start, velocity = each(() => 0, start);
    const losses = [];
    for (let t = 0; t < iterations; t++) {
      const x = batches === null ? inputs : matrix(batches[t].length, inputs.columns, (n, i) => at(inputs, batches[t][n], i));
      const y = batches === null ? labels : batches[t].map((n) => labels[n]);
      const passed = forward(layers, activation, x);
      losses.push(objective(layers, passed.at(-1), y, goal));
      const gradients = backward(layers, activation, passed, y, goal);
      [layers, velocity] = stepped(layers, gradients, velocity, optimizer, t);
    }
    return [losses, layers];
  };

  return {
    read, write, map, functions, derivative, softmax, crossEntropy, scoreGradient, forward, objective, backward, stepped, train,
  };
};
