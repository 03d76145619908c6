"""Ids of commands are UUIDs like any other."""

from __future__ import annotations

from uuid import UUID

from monitor.live.command_ids import new_command_id


def test_command_ids_are_random_uuids_in_their_usual_form() -> None:
    ids = {new_command_id() for _ in range(1_000)}

    assert len(ids) == 1_000
    for one in ids:
        assert str(UUID(one)) == one
        assert UUID(one).version == 4
