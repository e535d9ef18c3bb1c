"""posapp: a point of sale that takes, verifies and gives back money exactly."""

__version__ = "0.1.0"
