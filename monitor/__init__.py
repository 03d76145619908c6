"""Monitor: live test monitoring that loses no answer and admits when it is stale."""

__version__ = "0.1.0"
