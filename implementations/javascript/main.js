// Speaks the protocol of nnspec over stdin and stdout: node main.js [--float32]
"use strict";

const readline = require("node:readline");
const single = process.argv.includes("--float32");
const net = require("./network.js")(single ? Float32Array : Float64Array);

const METHOD_NOT_FOUND = -32601, FAILED = -32000;

const layersOf = ({ weights, biases }) => weights.map((w, l) => [net.read(w), net.read([biases[l]])]);
const parameters = (layers) => ({
  weights: layers.map(([weights]) => net.write(weights)),
  biases: layers.map(([, biases]) => net.write(biases)[0]),
});
const forward = ({ network, inputs }) => net.forward(layersOf(network), network.activation, net.read(inputs));
// Apply a function to every number of a vector or a matrix.
const each = (f, z) => (Array.isArray(z[0]) ? net.write(net.map(f, net.read(z))) : each(f, [z])[0]);

const operations = {
  describe: () => ({
    name: "JavaScript",
    version: process.version,
    language: "JavaScript",
    precision: single ? "float32" : "float64",
    protocol: 1,
  }),
  softmax: ({ scores }) => net.write(net.softmax(net.read(scores))),
  activation: ({ name, z }) => each(net.functions[name], z),
  activation_derivative: ({ name, z }) => each((number) => net.derivative(name, number), z),
  cross_entropy: ({ scores, labels, reduction }) => net.crossEntropy(net.read(scores), labels, reduction),
  score_gradient: ({ scores, labels, reduction }) =>
    net.write(net.scoreGradient(net.read(scores), labels, reduction)),
  forward: (params) => {
    const passed = forward(params).map(net.write);
    return { hidden: passed.slice(1, -1), scores: passed.at(-1) };
  },
  predict: (params) => net.write(forward(params).at(-1)).map((row) => row.indexOf(Math.max(...row))),
  loss: (params) => net.objective(layersOf(params.network), forward(params).at(-1), params.labels, params.objective),
  gradients: (params) => {
    const { network, labels, objective } = params;
    return parameters(net.backward(layersOf(network), network.activation, forward(params), labels, objective));
  },
  update: ({ network, gradients, velocity, optimizer, iteration }) => {
    const arrays = [network, gradients, velocity].map(layersOf);
    const [layers, next] = net.stepped(...arrays, optimizer, iteration);
    return { network: parameters(layers), velocity: parameters(next) };
  },
  train: ({ network, inputs, labels, objective, optimizer, iterations, batches }) => {
    const data = [net.read(inputs), labels, objective, optimizer, iterations, batches];
    const [losses, layers] = net.train(layersOf(network), network.activation, ...data);
    return { losses, network: parameters(layers) };
  },
};

// JSON has no NaN and no infinities; the protocol has strings for them.
const named = (_, value) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value);
const NOT_FINITE = { NaN: NaN, Infinity: Infinity, "-Infinity": -Infinity };
const unnamed = (_, value) => (typeof value === "string" && value in NOT_FINITE ? NOT_FINITE[value] : value);

function answer({ id, method, params }) {
  if (!Object.hasOwn(operations, method))
    return { jsonrpc: "2.0", id, error: { code: METHOD_NOT_FOUND, message: `operation ${method} is missing` } };
  try {
    return { jsonrpc: "2.0", id, result: operations[method](params) };
  } catch (error) {
    return { jsonrpc: "2.0", id, error: { code: FAILED, message: error.stack } };
  }
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line, unnamed)), named)}\n`);
});
