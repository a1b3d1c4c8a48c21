"""Answers and errors whose own methods raise something else, wherever they are looked at."""


class Nonsense(BaseException):
    """What is no Exception is raised as well."""


class Tensor:
    """Raises when NumPy reads it."""

    def __array__(self, *_arguments, **_named):
        raise OSError("no array")


class Table(dict):
    """Raises when its items are listed."""

    def items(self):
        raise KeyError("no items")


class Name:
    """Raises when it is printed."""

    def __str__(self):
        raise RuntimeError("no text")


class AnswersATensor:
    def softmax(self, scores):
        return Tensor()


class AnswersATable:
    def softmax(self, scores):
        return Table(value=1.0)


class AnswersAName:
    def softmax(self, scores):
        return {Name(): 1.0}


class RaisesNonsense:
    def softmax(self, scores):
        raise Nonsense("no exception")


class RaisesAnInterruption:
    def softmax(self, scores):
        raise KeyboardInterrupt("no key")


class RaisesAName:
    def softmax(self, scores):
        raise NotImplementedError(Name())


class HasNoNames:
    def __getattr__(self, name):
        raise ZeroDivisionError("no names")


class IsNoObject:
    def __init__(self):
        raise Nonsense("no object")


class DescribesATable:
    def describe(self):
        return {"name": Table(value=1.0)}


class DescribesANumber:
    def describe(self):
        return 7
