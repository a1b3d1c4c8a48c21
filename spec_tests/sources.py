"""Short names for the sections of the documents that clauses come from, in the documents' order."""

from __future__ import annotations

from nnspec.documents.places import cs231n, roelants, wildml

SPIRAL = cs231n("Generating some data")
INITIAL_PARAMETERS = cs231n("Initialize the parameters")
CLASS_SCORES = cs231n("Compute the class scores")
LOSS = cs231n("Compute the loss")
ANALYTIC = cs231n("Computing the Analytic Gradient with Backpropagation")
PARAMETER_UPDATE = cs231n("Performing a parameter update")
LINEAR = cs231n("Putting it all together: Training a Softmax Classifier")
NETWORK = cs231n("Training a Neural Network")

MOONS = wildml("Generating a dataset")
LOGISTIC_REGRESSION = wildml("Logistic Regression")
TRAINING = wildml("Training a Neural Network")
PREDICTIONS = wildml("How our network makes predictions")
LEARNING = wildml("Learning the Parameters")
IMPLEMENTATION = wildml("Implementation")
SIZE_3 = wildml("A network with a hidden layer of size 3")
HIDDEN_SIZES = wildml("Varying the hidden layer size")
EXERCISES = wildml("Exercises")

CIRCLES = roelants("Define the dataset")
HIDDEN = roelants("Compute activations of hidden layer")
OUTPUT = roelants("Compute activations of output")
OUTPUT_ERROR = roelants("Compute the error at the output")
OUTPUT_WEIGHTS = roelants("Update the output layer weights")
OUTPUT_BIAS = roelants("Update the output layer bias")
HIDDEN_ERROR = roelants("Compute the error at the hidden layer")
HIDDEN_WEIGHTS = roelants("Update the hidden layer weights")
HIDDEN_BIAS = roelants("Update the hidden layer bias")
CHECKING = roelants("Gradient checking")
MOMENTUM = roelants("Backpropagation updates with momentum")
VISUALIZATION = roelants("Visualization of the trained classifier")
TRANSFORMATION = roelants("Transformation of the input domain")
