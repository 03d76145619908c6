"""Anything on the wire: a named answer, no trace of it inside, and nothing changed by it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, note, strategies as st

from monitor.domain.user import Role
from tests.fuzz.conftest import bounded
from tests.fuzz.frames import (
    DASHBOARD_MESSAGES,
    PEACEFUL,
    STUDENT_MESSAGES,
    Frame,
    hostile_frames,
    raw_bytes,
)
from tests.fuzz.fuzzed import Fuzzed
from tests.fuzz.play import Play
from tests.support.wire import wire

# Of an example that failed, however long its frames are: how to make it again is told too.
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

FRAMES = st.lists(hostile_frames(STUDENT_MESSAGES), min_size=1, max_size=4)
PEACEFUL_FRAMES = st.lists(
    st.sampled_from(PEACEFUL).map(
        lambda name: Frame(json.dumps({"type": name, **STUDENT_MESSAGES[name]}).encode())
    ),
    max_size=3,
)


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


def _student_join(fuzzed: Fuzzed, number: int) -> dict[str, str]:
    school = fuzzed.school
    token = school.token(school.seeded.student_ids[number], Role.STUDENT)
    return {"type": "join", "token": token, "session_id": school.session_id}


@bounded(70)
@given(before=PEACEFUL_FRAMES, frames=FRAMES, raw=st.none() | raw_bytes())
def test_whatever_a_student_sends_is_done_or_refused_by_name_and_then_changes_nothing(
    fuzzed: Fuzzed, before: list[Frame], frames: list[Frame], raw: bytes | None
) -> None:
    async def example() -> None:
        note(f"after {before}: {frames}, raw {raw!r}")
        async with wire(f"{fuzzed.server.ws_url}/ws/student", close_timeout=0.1) as socket:
            await socket.send(_student_join(fuzzed, 0))
            await socket.receive("joined")
            play = Play(fuzzed, socket)
            for frame in before:
                await play.student_frame(frame)
            state, done = await fuzzed.state(fuzzed.school, 0), len(play.accepted)
            for frame in frames:
                if play.closed is None:
                    await play.student_frame(frame)
            if raw is not None and play.closed is None:
                await play.raw(raw)
            hostile = play.accepted[done:]
            assert all(_is_json(data) for data in hostile)
            if not hostile:
                assert await fuzzed.state(fuzzed.school, 0) == state

    fuzzed.run(example())
    fuzzed.clean_log()


@bounded(40)
@given(
    frame=hostile_frames(STUDENT_MESSAGES | DASHBOARD_MESSAGES),
    path=st.sampled_from(["student", "dashboard"]),
)
def test_a_first_message_that_is_none_closes_with_a_name(
    fuzzed: Fuzzed, frame: Frame, path: str
) -> None:
    async def example() -> None:
        note(f"{path}: {frame}")
        state = await fuzzed.state(fuzzed.quiet)
        async with wire(f"{fuzzed.server.ws_url}/ws/{path}", close_timeout=0.1) as socket:
            play = Play(fuzzed, socket)
            await play.student_frame(frame)
            assert play.closed is not None
            assert play.closed != 1000
        assert await fuzzed.state(fuzzed.quiet) == state

    fuzzed.run(example())
    fuzzed.clean_log()


@bounded(40)
@given(
    frames=st.lists(hostile_frames(DASHBOARD_MESSAGES), min_size=1, max_size=4),
    raw=st.none() | raw_bytes(),
)
def test_whatever_a_dashboard_sends_changes_nothing(
    fuzzed: Fuzzed, frames: list[Frame], raw: bytes | None
) -> None:
    async def example() -> None:
        note(f"{frames}, raw {raw!r}")
        school = fuzzed.quiet
        state = await fuzzed.state(school)
        async with wire(f"{fuzzed.server.ws_url}/ws/dashboard", close_timeout=0.1) as socket:
            token = school.token(school.seeded.teacher_id, Role.TEACHER)
            await socket.send({"type": "authenticate", "token": token})
            await socket.receive("authenticated")
            await socket.send({"type": "watch", "session_id": school.session_id})
            await socket.receive("snapshot")
            play = Play(fuzzed, socket)
            for frame in frames:
                if play.closed is None:
                    await play.dashboard_frame(frame)
            if raw is not None and play.closed is None:
                await play.raw(raw)
            assert all(_is_json(data) for data in play.accepted)
        assert await fuzzed.state(school) == state

    fuzzed.run(example())
    fuzzed.clean_log()
