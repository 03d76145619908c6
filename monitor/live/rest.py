"""How long the recorder rests between commits: pure, seconds of any steady clock.

Rest bounds the share of time that commits take when many act. It may be taken later by up to
`AHEAD_SECONDS`: while there are few commits, nobody waits for one.
"""

from __future__ import annotations

AHEAD_SECONDS = 0.1
SHORT_WORK_SECONDS = 0.001  # no commit that was worth its while took less


class Rest:
    """The moment at which all work so far is rested from."""

    def __init__(self, times: float, longest_seconds: float) -> None:
        """Rest `times` as long as the work took, at most `longest_seconds` in a row."""
        self._times = times
        self._most_ahead = AHEAD_SECONDS + longest_seconds
        self._rested_at = float("-inf")

    def after(self, began: float, now: float) -> float:
        """Count work from `began` to `now` and return when the next may begin, `now` or later."""
        work = max(now - began, SHORT_WORK_SECONDS)
        rested_at = max(self._rested_at, began) + (1 + self._times) * work
        self._rested_at = min(rested_at, now + self._most_ahead)
        return max(now, self._rested_at - AHEAD_SECONDS)
