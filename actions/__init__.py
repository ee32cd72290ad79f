"""What the engine may ask us to do: answer, look up land and incentives, hand over. Imports `knowledge` only."""

from actions.server import executor_for

__all__ = ["executor_for"]
