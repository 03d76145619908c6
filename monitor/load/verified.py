"""What the checker looked at and what it found."""

from __future__ import annotations

# One fault can differ in thousands of places; the first ones tell enough.
DIFFERENCES_KEPT = 50


class Verified:
    """Collects differences; `is_true` when there is none.

    Attributes:
        differences: The first of them, a sentence each.
        differences_found: How many there were.
        acts: How many acked acts were looked up.
        students: How many students were looked up.
        comparisons: How often a dashboard was compared whole with the database.
        steps: How many frames of dashboards were checked for order.
        ghosts: How many were shown CONNECTED who were not there.
    """

    def __init__(self) -> None:
        self.differences: list[str] = []
        self.differences_found = 0
        self.acts = 0
        self.students = 0
        self.comparisons = 0
        self.steps = 0
        self.ghosts = 0

    @property
    def is_true(self) -> bool:
        """Whether everything was as it must be."""
        return self.differences_found == 0

    def differ(self, sentences: list[str]) -> None:
        """Note differences."""
        self.differences_found += len(sentences)
        self.differences += sentences[: DIFFERENCES_KEPT - len(self.differences)]
