"""Changes the network that it is asked to predict with."""


def predict(network, inputs):
    network["weights"][0] += 1
    network["biases"].append(0)
    return [0] * len(inputs)
