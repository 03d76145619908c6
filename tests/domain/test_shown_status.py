"""The table `shown_status.json` is the one that pages and export are tested with, too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from monitor.domain.attempt import Attempt, AttemptStatus
from monitor.domain.participant import ConnectionStatus, Participant
from monitor.domain.presence import ShownStatus, shown_status
from monitor.domain.rules import Rules
from monitor.domain.session import SessionStatus
from tests.domain.desk import NOON, a_session, later

ROWS = json.loads((Path(__file__).parent / "shown_status.json").read_text())
RULES = Rules(heartbeat_seconds=5)


def shown(row: dict[str, Any]) -> ShownStatus:
    participant = attempt = None
    if row["connection"] is not None:
        participant = Participant(
            student_id="ada",
            attempt_id="attempt",
            joined_at=NOON,
            connection_status=ConnectionStatus(row["connection"]),
            last_activity=NOON,
        )
    if row["attempt"] is not None:
        attempt = Attempt(
            id="attempt", test_id="test", student_id="ada", status=AttemptStatus(row["attempt"])
        )
    session = a_session(status=SessionStatus(row["session"]))
    return shown_status(participant, attempt, session, later(row["silent_seconds"]), RULES)


@pytest.mark.parametrize("row", ROWS, ids=[row["says"] for row in ROWS])
def test_each_student_has_the_first_status_that_fits(row: dict[str, Any]) -> None:
    assert shown(row) == row["shown"]


def test_the_table_shows_every_status() -> None:
    assert {row["shown"] for row in ROWS} == set(ShownStatus)


@given(
    session=st.sampled_from(SessionStatus),
    attempt=st.none() | st.sampled_from(AttemptStatus),
    connection=st.none() | st.sampled_from(ConnectionStatus),
    silent=st.floats(-10, 1000),
)
def test_whatever_the_state_a_student_has_one_status(
    session: SessionStatus,
    attempt: AttemptStatus | None,
    connection: ConnectionStatus | None,
    silent: float,
) -> None:
    row = {
        "session": session,
        "attempt": attempt,
        "connection": connection,
        "silent_seconds": silent,
    }
    status = shown(row)
    assert (status is ShownStatus.SUBMITTED) == (attempt is AttemptStatus.SUBMITTED)
    if status in (ShownStatus.ONLINE, ShownStatus.WAITING, ShownStatus.UNSTABLE):
        assert connection is ConnectionStatus.CONNECTED
