"""Changes the network that predict gets."""


def predict(network, inputs):
    network["weights"][0] += 1
    network["biases"].append(0)
    return [0] * len(inputs)
