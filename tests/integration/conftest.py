from tests.fakes.fixtures import clock, sandbox, till

__all__ = ["clock", "sandbox", "till"]
