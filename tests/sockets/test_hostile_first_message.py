"""Every wrong way to begin, and the exact answer to it."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import jwt
import pytest

from monitor.domain.commands import CancelSession, CompleteSession
from monitor.domain.session import SessionStatus
from monitor.domain.user import Role
from monitor.identity.tokens import Tokens
from monitor.protocol.close_codes import CloseCode
from monitor.repositories.sql_link_repository import SignInLink
from tests.support.classroom import Classroom, classroom
from tests.support.server import SECRET_KEY as SECRET
from tests.support.sittings import seed
from tests.support.wire import Message, wire

STUDENT, DASHBOARD = "/ws/student", "/ws/dashboard"
A_UUID = "3f0c1c6e-33a5-4d0e-9f5c-0a4f7a1f2b61"


@pytest.fixture
async def room(sqlite_url: str) -> AsyncIterator[Classroom]:
    async with classroom(sqlite_url, first_message_seconds=0.5) as opened:
        yield opened


async def ended(room: Classroom, path: str, frame: object) -> tuple[int | None, Message | None]:
    """How a connection ends whose first frame is this (None: it says nothing)."""
    async with wire(room.app.ws_url + path) as socket:
        if frame is not None:
            await socket.send(frame)  # type: ignore[arg-type]
        return await socket.end()


def assert_bye(bye: Message | None, code: int) -> Message:
    """Check that this is a whole `bye` of the code."""
    assert bye is not None
    assert list(bye) == ["type", "code", "reason", "reconnect", "after_ms"]
    assert bye["code"] == code
    assert bye["reconnect"] is (code < 4500)
    assert bye["reason"]
    if code in (4001, 4003, 4013):
        assert bye["after_ms"] > 0
    else:
        assert bye["after_ms"] is None
    return bye


@dataclass(frozen=True)
class Case:
    """A frame that no server of ours takes as a beginning, and a word of the reason."""

    name: str
    frame: object
    reason: str


NO_MESSAGE = [
    Case("empty text", "", "not valid JSON"),
    Case("broken JSON", '{"type":"join"', "not valid JSON"),
    Case("two values", '{"type":"leave"} {}', "not valid JSON"),
    Case("a list", "[]", "expected object"),
    Case("no type", "{}", "field type is missing"),
    Case("unknown type", '{"type":"dance"}', "does not know the value 'dance'"),
    Case("type is no text", '{"type":1}', "type: expected str"),
    Case("binary", b'{"type":"join"}', "this one is binary"),
    Case("NUL", r'{"type":"join","token":"\u0000"}', "NUL"),
    Case("lone surrogate", r'{"type":"join","token":"\ud800"}', "surrogate"),
    Case("huge number", '{"type":"join","x":%s}' % ("9" * 400), "2^53"),
    Case("4,000 levels", "[" * 4000, "deeper than 32"),
    Case("4,000 closed levels", '{"x":' + "[" * 3000 + "]" * 3000 + "}", "deeper than 32"),
    Case("token is no text", '{"type":"join","token":7,"session_id":"s"}', "token: expected str"),
    Case("no session", '{"type":"join","token":"t"}', "field session_id is missing"),
    Case(
        "client_time is no time",
        '{"type":"join","token":"t","session_id":"s","client_time":"noon"}',
        "client_time: invalid",
    ),
    Case(
        "client_time is no year",
        '{"type":"join","token":"t","session_id":"s","client_time":"0001-01-01T00:00:00Z"}',
        "not a year",
    ),
    Case("a later message", '{"type":"heartbeat","seq":1}', "must be join"),
    Case("leave", '{"type":"leave"}', "must be join"),
    Case("a dashboard's message", '{"type":"authenticate","token":"t"}', "does not know"),
]


@pytest.mark.parametrize("case", NO_MESSAGE, ids=lambda case: case.name)
async def test_a_wrong_first_message_of_a_student_closes_with_4501_at_once(
    room: Classroom, case: Case
) -> None:
    code, bye = await ended(room, STUDENT, case.frame)

    assert code == CloseCode.PROTOCOL
    assert case.reason in assert_bye(bye, 4501)["reason"]


@pytest.mark.parametrize(
    "case",
    [
        Case("broken JSON", "{", "not valid JSON"),
        Case("binary", b"{}", "this one is binary"),
        Case("a later message", '{"type":"watch","session_id":"s"}', "must be authenticate"),
        Case("a student's message", '{"type":"leave"}', "does not know"),
        Case("no token", '{"type":"authenticate"}', "field token is missing"),
    ],
    ids=lambda case: case.name,
)
async def test_a_wrong_first_message_of_a_dashboard_closes_with_4501_at_once(
    room: Classroom, case: Case
) -> None:
    code, bye = await ended(room, DASHBOARD, case.frame)

    assert code == CloseCode.PROTOCOL
    assert case.reason in assert_bye(bye, 4501)["reason"]


@pytest.mark.parametrize("path", [STUDENT, DASHBOARD])
async def test_silence_closes_with_4502(room: Classroom, path: str) -> None:
    code, bye = await ended(room, path, None)

    assert code == CloseCode.NO_FIRST_MESSAGE
    assert_bye(bye, 4502)


@pytest.mark.parametrize("path", [STUDENT, DASHBOARD])
@pytest.mark.parametrize("size", [8 * 1024 + 1, 60_000, 70_000])
async def test_a_first_frame_over_8_kib_closes_with_1009(
    room: Classroom, path: str, size: int
) -> None:
    code, bye = await ended(room, path, " " * size)

    assert (code, bye) == (1009, None)


async def test_a_first_frame_of_8_kib_is_read(room: Classroom) -> None:
    message = await room.join_message()
    padded = json.dumps(message) + " " * (8 * 1024 - len(json.dumps(message)))
    async with wire(room.app.ws_url + STUDENT) as socket:
        await socket.send(padded)

        assert await socket.receive("joined")


async def test_text_that_is_not_utf_8_closes_with_1007(
    room: Classroom, caplog: pytest.LogCaptureFixture
) -> None:
    async with wire(room.app.ws_url + STUDENT) as socket:
        await socket.socket.send(b"\xff\xfe", text=True)
        code, bye = await socket.end()

    assert (code, bye) == (1007, None)


# -- tokens


def forged(key: str, algorithm: str, header: dict[str, str] | None = None) -> str:
    """A token that says the right things, signed in a wrong way."""
    claims = {"sub": "USER", "epoch": 0, "iat": 1, "exp": 4_000_000_000}
    return jwt.encode(claims, key, algorithm=algorithm, headers=header)


def unsigned(claims: dict[str, object], algorithm: str) -> str:
    """A token whose header names an algorithm that signs nothing."""

    def part(value: dict[str, object]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part(claims)}."


CLAIMS: dict[str, object] = {"sub": "USER", "epoch": 0, "iat": 1, "exp": 4_000_000_000}
BAD_TOKENS = {
    "empty": "",
    "no token": "nonsense",
    "three dots": "a.b.c",
    "another key": forged("x" * 64, "HS256"),
    "the secret itself as key": forged(SECRET, "HS256"),
    "another algorithm": forged("x" * 64, "HS512"),
    "alg none": unsigned(CLAIMS, "none"),
    "alg None": unsigned(CLAIMS, "None"),
    "alg empty": unsigned(CLAIMS, ""),
}


@pytest.mark.parametrize("token", BAD_TOKENS.values(), ids=BAD_TOKENS.keys())
async def test_a_token_that_is_not_ours_closes_with_4500(room: Classroom, token: str) -> None:
    join = await room.join_message(token=token)

    for path, frame in (
        (STUDENT, join),
        (DASHBOARD, {"type": "authenticate", "token": token}),
    ):
        code, bye = await ended(room, path, frame)
        assert code == CloseCode.BAD_TOKEN
        assert_bye(bye, 4500)


async def test_a_token_that_was_signed_out_closes_with_4500(room: Classroom) -> None:
    join = await room.join_message()
    await room.services.authenticator.sign_out_everywhere(room.seeded.student_ids[0])

    code, bye = await ended(room, STUDENT, join)

    assert code == CloseCode.BAD_TOKEN
    assert_bye(bye, 4500)


async def test_an_expired_token_closes_with_4005_and_may_come_back(room: Classroom) -> None:
    user = await room.services.database.read(lambda uow: uow.users.get(room.seeded.student_ids[0]))
    assert user is not None
    expired, _ = Tokens(SECRET, room.services.clock, -1 / 3600).issue(user)

    code, bye = await ended(room, STUDENT, await room.join_message(token=expired))

    assert code == CloseCode.TOKEN_EXPIRED
    assert_bye(bye, 4005)


# -- sittings


async def test_sittings_that_are_not_there_and_not_yours_look_the_same(room: Classroom) -> None:
    stranger = await room.token(await room.add_user(Role.STUDENT))
    byes = [
        await ended(room, STUDENT, await room.join_message(0, **fields))
        for fields in (
            {"token": stranger, "session_id": room.session_id},
            {"session_id": A_UUID},
            {"session_id": "1"},
            {"session_id": ""},
            {"session_id": room.session_id.upper()},
            {"session_id": room.session_id.replace("-", "")},
            {"session_id": "'; DROP TABLE sessions; --"},
        )
    ]

    assert_bye(byes[0][1], 4507)
    assert byes == [(4507, byes[0][1])] * len(byes)


@pytest.mark.parametrize("role", [Role.TEACHER, Role.ADMIN])
async def test_nobody_but_a_student_takes_a_place(room: Classroom, role: Role) -> None:
    token = await room.token(await room.add_user(role))

    code, bye = await ended(room, STUDENT, await room.join_message(token=token))

    assert code == CloseCode.FORBIDDEN
    assert_bye(bye, 4507)


async def test_the_teacher_of_the_sitting_does_not_join_it(room: Classroom) -> None:
    join = await room.join_message(token=await room.teacher_token())

    code, bye = await ended(room, STUDENT, join)

    assert code == CloseCode.FORBIDDEN
    assert_bye(bye, 4507)


async def test_a_link_s_token_is_good_for_its_own_sitting_only(room: Classroom) -> None:
    other = await seed(room.services.database, room.services.clock.now(), students=1)
    link = SignInLink(
        id=A_UUID,
        session_id=other.session_id,
        student_id=room.seeded.student_ids[0],
        token_hash="t",
        code_hash="c",
        created_at=room.services.clock.now(),
    )
    await room.services.database.write(lambda uow: uow.links.add_many([link]))
    user = await room.services.database.read(lambda uow: uow.users.get(link.student_id))
    assert user is not None
    token, _ = room.services.tokens.issue(user, session_id=other.session_id, link_id=link.id)
    own, _ = room.services.tokens.issue(user, session_id=room.session_id, link_id=link.id)

    code, bye = await ended(room, STUDENT, await room.join_message(token=token))

    assert code == CloseCode.FORBIDDEN
    assert_bye(bye, 4507)
    async with room.student(token=own):
        pass  # the same link, good for this sitting: joined


async def test_a_student_s_token_opens_no_dashboard(room: Classroom) -> None:
    token = await room.student_token()

    code, bye = await ended(room, DASHBOARD, {"type": "authenticate", "token": token})

    assert code == CloseCode.FORBIDDEN
    assert_bye(bye, 4507)


async def test_a_sitting_whose_door_is_closed_says_when_to_come_back(sqlite_url: str) -> None:
    async with classroom(sqlite_url, status=SessionStatus.SCHEDULED) as room:
        code, bye = await ended(room, STUDENT, await room.join_message())

    assert code == CloseCode.NOT_OPEN_YET
    assert 2_000 <= assert_bye(bye, 4003)["after_ms"] <= 30_000


@pytest.mark.parametrize("end", [CompleteSession, CancelSession])
async def test_a_sitting_that_is_over_closes_with_4503(
    room: Classroom, end: type[CompleteSession | CancelSession]
) -> None:
    await room.command(end)

    code, bye = await ended(room, STUDENT, await room.join_message())

    assert code == CloseCode.SESSION_OVER
    assert_bye(bye, 4503)


async def test_a_former_connection_that_was_nobody_s_is_refused_as_replaced(
    room: Classroom,
) -> None:
    async with room.student():
        code, bye = await ended(room, STUDENT, await room.join_message(connection_id=f"{A_UUID}.1"))

    assert code == CloseCode.REPLACED
    assert_bye(bye, 4505)


# -- Origin


@pytest.mark.parametrize(
    ("origin", "admitted"),
    [
        (None, True),
        ("{own}", True),
        ("https://school.example", True),
        ("null", False),
        ("https://evil.example", False),
        ("{own}.evil.example", False),
    ],
)
@pytest.mark.parametrize("path", [STUDENT, DASHBOARD])
async def test_only_our_own_and_listed_pages_get_past_the_door(
    sqlite_url: str, path: str, origin: str | None, admitted: bool
) -> None:
    async with classroom(
        sqlite_url, allowed_origins=("https://school.example",), first_message_seconds=0.1
    ) as room:
        own = room.app.base_url
        headers = {} if origin is None else {"Origin": origin.replace("{own}", own)}
        async with wire(room.app.ws_url + path, additional_headers=headers) as socket:
            code, bye = await socket.end()

    # Who is admitted is waited for, and says nothing.
    expected = CloseCode.NO_FIRST_MESSAGE if admitted else CloseCode.FORBIDDEN
    assert code == expected
    assert_bye(bye, expected)
