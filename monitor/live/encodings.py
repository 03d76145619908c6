"""Encoded messages of one room, each made once for all dashboards at the same cursor."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from monitor import metrics
from monitor.live import frames
from monitor.live.view import View
from monitor.protocol.codec import encode

FRESH_SECONDS = 0.5  # clients set their clocks by `server_time`, and a quiet room stays as it is
KEPT = 16  # cursors rarely stand at more than two or three versions; bounds what a room holds


class _Encoded(NamedTuple):
    made_at: datetime
    data: bytes


class Encodings:
    """The last messages encoded; `made` counts those that were not there yet."""

    def __init__(self, kept: int = KEPT) -> None:
        """Keep at most that many."""
        self._kept = kept
        self._encoded: OrderedDict[tuple[str, int, int | None], _Encoded] = OrderedDict()
        self.made = 0

    def snapshot(self, view: View, server_time: datetime) -> bytes:
        """The view's `snapshot`; its server time is that of the first who asked just now."""
        return self._shared(
            "snapshot", view, None, server_time, lambda: frames.snapshot(view, server_time)
        )

    def change(self, view: View, from_version: int, server_time: datetime) -> bytes:
        """The view's `change` from a version, with the same server time."""
        return self._shared(
            "change",
            view,
            from_version,
            server_time,
            lambda: frames.change(view, from_version, server_time),
        )

    def clear(self) -> None:
        """Forget all, because the view has moved and nobody will ask for these again."""
        self._encoded.clear()

    def _shared(
        self,
        kind: str,
        view: View,
        from_version: int | None,
        now: datetime,
        make: Callable[[], object],
    ) -> bytes:
        key = (view.epoch, view.version, from_version)
        known = self._encoded.get(key)
        if known is not None and abs(now - known.made_at) <= timedelta(seconds=FRESH_SECONDS):
            return known.data
        self.made += 1
        metrics.ENCODINGS.labels(kind).inc()
        self._encoded[key] = made = _Encoded(now, encode(make()))
        if len(self._encoded) > self._kept:
            self._encoded.popitem(last=False)
        return made.data
