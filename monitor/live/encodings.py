"""Encoded messages of one room, each made once for all dashboards at the same cursor."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime

from monitor import metrics
from monitor.live import frames
from monitor.live.view import View
from monitor.protocol.codec import encode

KEPT = 16  # cursors rarely stand at more than two or three versions; bounds what a room holds


class Encodings:
    """The last messages encoded; `made` counts those that were not there yet."""

    def __init__(self, kept: int = KEPT) -> None:
        """Keep at most that many."""
        self._kept = kept
        self._encoded: OrderedDict[tuple[str, int, int | None], bytes] = OrderedDict()
        self.made = 0

    def snapshot(self, view: View, server_time: datetime) -> bytes:
        """The view's `snapshot`; its server time is that of the first who asked."""
        key = (view.epoch, view.version, None)
        if key not in self._encoded:
            self._keep(key, encode(frames.snapshot(view, server_time)), "snapshot")
        return self._encoded[key]

    def change(self, view: View, from_version: int, server_time: datetime) -> bytes:
        """The view's `change` from a version; its server time is that of the first who asked."""
        key = (view.epoch, view.version, from_version)
        if key not in self._encoded:
            self._keep(key, encode(frames.change(view, from_version, server_time)), "change")
        return self._encoded[key]

    def clear(self) -> None:
        """Forget all, because the view has moved and nobody will ask for these again."""
        self._encoded.clear()

    def _keep(self, key: tuple[str, int, int | None], encoded: bytes, kind: str) -> None:
        self.made += 1
        metrics.ENCODINGS.labels(kind).inc()
        self._encoded[key] = encoded
        if len(self._encoded) > self._kept:
            self._encoded.popitem(last=False)
