"""Descriptions outside the contract, one per class."""


class PrecisionInBits:
    def describe(self):
        return {"precision": 64}


class UnknownProtocol:
    def describe(self):
        return {"protocol": 7}


class LongProtocol:
    def describe(self):
        return {"protocol": ["seven"] * 900}


class UnknownField:
    def describe(self):
        return {"licence": "MIT"}


class NoObject:
    def describe(self):
        return 5


class Raises:
    def describe(self):
        raise RuntimeError("who am I?")


class Endless:
    def describe(self):
        description = {}
        description["version"] = description
        return description


class Crashes:
    def describe(self):
        raise SystemExit(0)
