"""How a simulated student goes about a test: drawn once a sitting, from their own die. PURE."""

from __future__ import annotations

import random

from msgspec import Struct


class Temperament(Struct, frozen=True):
    """One student's way; times in seconds of the demo's clock.

    Attributes:
        arrives: When they come to the waiting room; some come when the test has begun.
        reads: How long they read a passage before its first question.
        thinks: How long a question takes them, on average.
        knows: The chance that an answer is right.
        doubts: The chance that they change an answer afterwards.
        marks: How many pieces of a passage they highlight.
        looks_away: How often they leave the page.
        loses_network: How often their Wi-Fi goes.
        reloads: How often they reload the page.
        asks: What they want to know from the teacher; None if nothing.
        hands_in: Whether they hand in when done, or wait for the end.
    """

    arrives: float
    reads: float
    thinks: float
    knows: float
    doubts: float
    marks: int
    looks_away: int
    loses_network: int
    reloads: int
    asks: str | None
    hands_in: bool


ASKS = (
    "May I go to the bathroom?",
    "I do not understand question 8.",
    "What does “ebb” mean?",
    "Can I write more than three sentences?",
    "My screen was black for a moment. Is everything still there?",
    None,
)


def temperament(dice: random.Random) -> Temperament:
    """Draw a student."""
    pace = min(max(dice.lognormvariate(0, 0.3), 0.55), 2.0)
    return Temperament(
        arrives=dice.uniform(0, 25) if dice.random() < 0.9 else dice.uniform(40, 75),
        reads=dice.uniform(20, 35) * pace,
        thinks=dice.uniform(16, 24) * pace,
        knows=dice.uniform(0.45, 0.95),
        doubts=dice.uniform(0, 0.25),
        marks=dice.choice((0, 0, 1, 1, 2, 3, 4)),
        looks_away=dice.choices((0, 1, 2, 5), (10, 6, 3, 1))[0],
        loses_network=dice.choices((0, 1, 2), (12, 4, 1))[0],
        reloads=dice.choices((0, 1), (8, 1))[0],
        asks=dice.choice(ASKS) if dice.random() < 0.25 else None,
        hands_in=dice.random() < 0.85,
    )
