"""A dashboard's memory: snapshot and changes in, what it shows out; only JSON, none of our code."""

from __future__ import annotations

import copy
import json
from typing import Any

Json = dict[str, Any]


class Reducer:
    """Applies what a dashboard is sent, strictly."""

    def __init__(self) -> None:
        self.version: int | None = None
        self.epoch: str | None = None
        self.state: Json = {}
        self.snapshots = 0
        self.changes = 0
        self.events: list[Json] = []  # of the last change
        self.events_truncated = False
        self.from_version: int | None = None

    def has(self, version: int, epoch: str, state: Json) -> None:
        """Remember this state, e.g. from before a reload."""
        self.version, self.epoch, self.state = version, epoch, copy.deepcopy(state)

    def take(self, data: bytes) -> None:
        """Apply one message."""
        message = json.loads(data)
        if message["type"] == "snapshot":
            self._snapshot(message)
        else:
            assert message["type"] == "change"
            self._change(message)

    def _snapshot(self, message: Json) -> None:
        self.snapshots += 1
        self.state = {
            "session": message["session"],
            "students": message["students"],
            "participants": {item["student_id"]: item for item in message["participants"]},
            "attempts": {item["id"]: item for item in message["attempts"]},
            "messages": {item["id"]: item for item in message["messages"]},
        }
        assert len(self.state["participants"]) == len(message["participants"])
        self.version, self.epoch = message["version"], message["epoch"]

    def _change(self, message: Json) -> None:
        self.changes += 1
        assert message["from_version"] == self.version
        assert message["version"] >= message["from_version"]
        for part in ("session", "students"):
            if part in message:
                self.state[part] = message[part]
        for part, key in (("participants", "student_id"), ("attempts", "id"), ("messages", "id")):
            for item in message.get(part, []):
                assert message["from_version"] < item["version"] <= message["version"]
                self.state[part][item[key]] = item
        self.events = message.get("events", [])
        self.events_truncated = message.get("events_truncated", False)
        self.from_version, self.version = message["from_version"], message["version"]
