"""The reference as a program that is made for one shape, and offers loss, gradients and train."""

from nnspec.reference import Reference


class OneShape:
    depth, classes = 0, None

    def __init__(self):
        self.program = Reference()

    def describe(self):
        shape = {"depths": [self.depth]} | ({"classes": [self.classes]} if self.classes else {})
        return {"name": "of one shape", **shape}

    def take_apart(self, network):
        if len(network["weights"]) != self.depth:
            raise ValueError("not enough values to unpack, or too many")
        if self.classes and network["weights"][-1].shape[1] != self.classes:
            raise ValueError("operands could not be broadcast together")
        return network

    def loss(self, network, inputs, labels, objective):
        return self.program.loss(self.take_apart(network), inputs, labels, objective)

    def gradients(self, network, inputs, labels, objective):
        return self.program.gradients(self.take_apart(network), inputs, labels, objective)

    def train(self, network, inputs, labels, objective, optimizer, iterations, batches):
        network = self.take_apart(network)
        return self.program.train(network, inputs, labels, objective, optimizer, iterations, batches)


class TwoLayersTwoClasses(OneShape):
    depth, classes = 2, 2


class ThreeLayers(OneShape):
    depth = 3


class OneLayer(OneShape):
    depth = 1


class TwoLayersTenClasses(OneShape):
    depth, classes = 2, 10


class WithoutTheLastBias(TwoLayersTwoClasses):
    """It forgets the gradient on the last biases."""

    def gradients(self, **arguments):
        gradients = super().gradients(**arguments)
        gradients["biases"][-1] *= 0
        return gradients
