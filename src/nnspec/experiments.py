"""The documents' experiments under their public name; they are defined in ``nnspec.documents.experiments``."""

from nnspec.documents.experiments import EXPERIMENTS, TRACED, Experiment

__all__ = ["EXPERIMENTS", "TRACED", "Experiment"]
