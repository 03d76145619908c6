from __future__ import annotations

import asyncio
import random

import pytest

from monitor.load.student import StudentClient
from tests.load.scripted_server import NOW, ScriptedServer, scripted_server
from tests.support import eventually


def _student(server: ScriptedServer) -> StudentClient:
    # A die that always shows nothing: no wait before coming back.
    class Nothing(random.Random):
        def uniform(self, a: float, b: float) -> float:
            return 0.0 if b <= 20 else b

    return StudentClient(server.url, "token", "s1", dice=Nothing())


async def test_an_answer_is_settled_by_its_ack() -> None:
    async with scripted_server() as server, _student(server) as student:
        link = await server.link()
        await link.join()
        entry = student.answer("q1", "a")
        [answer] = await link.first("answer")
        assert not entry.is_settled

        await link.ack(answer["seq"])

        await student.all_settled()
        assert entry.is_kept
        assert student.kept == 1


async def test_what_was_given_before_the_join_waits_for_it() -> None:
    async with scripted_server() as server, _student(server) as student:
        student.answer("q1", "a")
        link = await server.link()
        await link.first("join")
        assert link.of("answer") == []

        await link.join()

        await link.first("answer")


async def test_an_unacked_answer_goes_again_over_the_next_connection() -> None:
    async with scripted_server() as server, _student(server) as student:
        link = await server.link()
        await link.join()
        student.answer("q1", "a")
        student.answer("q2", "b")
        first, _ = await link.first("answer", 2)
        await link.ack(first["seq"])
        await eventually(lambda: student.kept == 1)

        link.socket.transport.abort()

        again = await server.link(2)
        await again.join(connection_id="c.2")
        [answer] = await again.first("answer")
        assert answer["question_id"] == "q2"
        assert again.of("join")[0]["connection_id"] == "c.1"


async def test_taking_over_joins_without_the_former_connection() -> None:
    async with scripted_server() as server, _student(server) as student:
        await (await server.link()).join()
        await student.until(lambda: student.is_connected)

        student.take_over()

        again = await server.link(2)
        [join] = await again.first("join")
        assert join["connection_id"] is None


async def test_bye_says_when_to_come_back() -> None:
    async with scripted_server() as server, _student(server) as student:
        link = await server.link()
        await link.join()
        began = asyncio.get_running_loop().time()
        await link.bye(4001, reconnect=True, after_ms=300)

        await server.link(2)

        assert asyncio.get_running_loop().time() - began >= 0.3
        assert student.closes[4001] == 1


async def test_bye_for_good_ends_the_client() -> None:
    async with scripted_server() as server, _student(server) as student:
        link = await server.link()
        await link.join()
        await link.bye(4505, reconnect=False)

        await student.until(lambda: student.ended)

        assert student.ended is not None
        assert student.ended.code == 4505


@pytest.mark.parametrize(
    ("code", "comes_back"), [(4008, True), (1012, True), (4507, False), (1009, False)]
)
async def test_a_close_code_without_bye_decides_too(code: int, comes_back: bool) -> None:
    async with scripted_server() as server, _student(server) as student:
        link = await server.link()
        await link.join()
        await link.socket.close(code)

        if comes_back:
            await server.link(2)
        else:
            await student.until(lambda: student.ended)
            assert len(server.links) == 1


async def test_an_expired_token_is_renewed_before_coming_back() -> None:
    async def new_token() -> str:
        return "newer"

    async with (
        scripted_server() as server,
        StudentClient(server.url, "old", "s1", new_token=new_token) as student,
    ):
        link = await server.link()
        await link.bye(4005, reconnect=True, after_ms=0)

        [join] = await (await server.link(2)).first("join")

        assert join["token"] == "newer"
        assert student.closes[4005] == 1


async def test_without_a_way_to_renew_it_an_expired_token_ends_the_client() -> None:
    async with scripted_server() as server, _student(server) as student:
        await (await server.link()).bye(4005, reconnect=True)

        await student.until(lambda: student.ended)


async def test_heartbeats_tell_where_the_student_is() -> None:
    async with scripted_server() as server, _student(server) as student:
        link = await server.link()
        await link.join(heartbeat_seconds=0.05)
        student.answer("q2", "x")

        beats = await eventually(
            lambda: [beat for beat in link.of("heartbeat") if beat["question_id"] == "q2"]
        )
        await link.ack(beats[-1]["seq"])

        assert beats[-1]["visible"] is True
        await student.until(lambda: student.heartbeats_acked > 0)


async def test_a_server_that_says_nothing_any_more_is_given_up() -> None:
    async with scripted_server() as server, _student(server):
        await (await server.link()).join(heartbeat_seconds=0.05)

        await server.link(2)


async def test_a_lost_network_is_silent_and_what_was_done_meanwhile_goes_afterwards() -> None:
    async with scripted_server() as server, _student(server) as student:
        link = await server.link()
        await link.join()
        await student.until(lambda: student.is_connected)
        student.answer("q1", "before")
        await link.first("answer")

        lost = student.lose_network(0.2)
        student.answer("q2", "meanwhile")
        await lost

        again = await server.link(2)
        await again.join()
        answers = await again.first("answer", 2)
        assert [answer["question_id"] for answer in answers] == ["q1", "q2"]


async def test_messages_are_confirmed_when_they_arrive() -> None:
    async with scripted_server() as server, _student(server) as student:
        link = await server.link()
        await link.join()
        await link.send(type="message", id="m1", text="Five minutes left.", sent_at=NOW)

        [received] = await link.first("received")
        student.read("m1")
        [read] = await link.first("read")

        assert received["message_id"] == read["message_id"] == "m1"
        assert student.messages["m1"].text == "Five minutes left."


async def test_a_frame_that_the_wire_does_not_define_is_noted() -> None:
    async with scripted_server() as server, _student(server) as student:
        link = await server.link()
        await link.join()
        await link.send(type="ack", seq="one")

        await student.until(lambda: student.faults)


async def test_leaving_says_so_and_ends() -> None:
    async with scripted_server() as server:
        student = _student(server)
        student.start()
        link = await server.link()
        await link.join()
        await student.until(lambda: student.is_connected)
        student.answer("q1", "last")

        await student.leave()

        assert [message["type"] for message in link.received] == ["join", "answer", "leave"]
        assert student.ended is not None


async def test_a_server_that_is_away_is_tried_again_until_stopped() -> None:
    student = StudentClient("http://127.0.0.1:9", "token", "s1")
    async with student:
        await eventually(lambda: student.closes[1006] >= 1)

    assert student.ended is not None
