"""One simulated student's sitting, from the waiting room to the end."""

from __future__ import annotations

import asyncio
import random
import uuid
from typing import TYPE_CHECKING, Any

from monitor.demo.reading_test import PASSAGES, QUESTIONS, DemoQuestion
from monitor.load.student import StudentClient, local_time
from monitor.protocol.messages import HighlightInput

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from monitor.demo.pace import Pace
    from monitor.demo.temperament import Temperament

# No student of the demo waits longer than this for anything: an hour is longer than any sitting.
FOR_EVER = 3600.0
_COLORS = ("yellow", "green", "blue", "pink")
_OVER = frozenset({"COMPLETED", "CANCELLED"})


class StudentPlay:
    """Plays a student of this temperament over a client of their own."""

    def __init__(
        self, client: StudentClient, who: Temperament, pace: Pace, dice: random.Random
    ) -> None:
        self._client = client
        self._who = who
        self._pace = pace
        self._dice = dice

    async def run(self) -> None:
        """Arrive, work, and go when the sitting is over."""
        await self._pace.wait(self._who.arrives)
        async with self._client as client:
            await client.until(lambda: client.test is not None or self._is_over(), FOR_EVER)
            async with asyncio.TaskGroup() as group:
                life = [group.create_task(work) for work in (self._work(), *self._incidents())]
                await client.until(self._is_over, FOR_EVER)
                for task in life:
                    task.cancel()

    def _is_over(self) -> bool:
        session, ended = self._client.session, self._client.ended
        return ended is not None or (session is not None and session.status in _OVER)

    def _may_work(self) -> bool:
        attempt = self._client.attempt
        return attempt is not None and attempt.status == "IN_PROGRESS" and not self._is_over()

    # -- the work

    async def _work(self) -> None:
        passage_id = None
        for question in QUESTIONS:
            self._client.question_id = question.id
            if question.passage_id != passage_id:
                passage_id = question.passage_id
                await self._read(passage_id)
            await self._pace.about(self._who.thinks, self._dice)
            if not self._may_work():
                return
            await self._answer(question)
            if self._dice.random() < self._who.doubts:
                await self._reconsider(question)
        await self._pace.about(self._who.thinks, self._dice)
        if self._who.hands_in and self._may_work():
            self._client.submit()

    async def _read(self, passage_id: str) -> None:
        await self._pace.about(self._who.reads, self._dice)
        for _ in range(self._who.marks):
            if self._may_work():
                self._highlight(passage_id)
            await self._pace.about(3, self._dice)

    async def _answer(self, question: DemoQuestion) -> None:
        value = self._value(question)
        if question.type == "text":
            # Saved while typing, as the page does.
            words = value.split()
            for share in (0.3, 0.7):
                self._client.answer(question.id, " ".join(words[: int(len(words) * share)]))
                await self._pace.about(5, self._dice)
                if not self._may_work():
                    return
        self._client.answer(question.id, value)

    async def _reconsider(self, question: DemoQuestion) -> None:
        await self._pace.about(4, self._dice)
        if self._may_work():
            self._client.answer(question.id, self._value(question))

    def _value(self, question: DemoQuestion) -> Any:
        knows = self._dice.random() < self._who.knows
        return self._dice.choice(question.right if knows else question.wrong)

    def _highlight(self, passage_id: str) -> None:
        text = PASSAGES[passage_id][1]
        sentences = [piece for piece in text.replace("\n\n", ". ").split(". ") if len(piece) > 20]
        words = self._dice.choice(sentences).split()
        begin = self._dice.randrange(max(len(words) - 8, 1))
        marked = " ".join(words[begin : begin + self._dice.randint(3, 8)])
        start = text.find(marked)
        if start < 0:
            return
        self._client.highlight(
            HighlightInput(
                id=str(uuid.UUID(int=self._dice.getrandbits(128), version=4)),
                timestamp=local_time(),
                text=marked,
                passage_id=passage_id,
                position_start=start,
                position_end=start + len(marked),
                color_code=self._dice.choice(_COLORS),
                comment="important" if self._dice.random() < 0.2 else None,
            )
        )

    # -- what comes between

    def _incidents(self) -> list[Coroutine[Any, Any, None]]:
        who = self._who
        happenings: list[tuple[int, Callable[[], Coroutine[Any, Any, None]]]] = [
            (who.looks_away, self._look_away),
            (who.loses_network, self._lose_network),
            (who.reloads, self._reload),
            (1 if who.asks else 0, self._ask),
        ]
        incidents = [self._some_time(happen) for times, happen in happenings for _ in range(times)]
        return [*incidents, self._read_messages()]

    async def _some_time(self, happen: Callable[[], Coroutine[Any, Any, None]]) -> None:
        await self._pace.wait(self._dice.uniform(15, 330))
        if self._may_work():
            await happen()

    async def _look_away(self) -> None:
        self._client.show(visible=False)
        await self._pace.about(10, self._dice)
        self._client.show(visible=True)

    async def _lose_network(self) -> None:
        # Half of them longer than a lease, so that the dashboard sees them go.
        await self._client.lose_network(self._dice.choice((6, 10, 20, 28)) / self._pace.speed)

    async def _reload(self) -> None:
        self._client.reload()

    async def _ask(self) -> None:
        self._client.raise_hand(self._who.asks)
        await self._pace.about(60, self._dice)
        attempt = self._client.attempt
        if attempt is not None and attempt.hand_raised_at is not None and self._may_work():
            self._client.lower_hand()

    async def _read_messages(self) -> None:
        read: set[str] = set()
        while True:
            unread = self._client.messages.keys() - read
            if not unread:
                await self._client.until(lambda: self._client.messages.keys() - read, FOR_EVER)
                continue
            await self._pace.about(5, self._dice)
            for message_id in unread:
                read.add(message_id)
                self._client.read(message_id)
