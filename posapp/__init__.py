"""posapp: a point of sale that takes, verifies and refunds money exactly."""

__version__ = "0.1.0"
