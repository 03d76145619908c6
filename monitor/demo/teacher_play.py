"""The simulated teacher of one sitting: opens, starts, helps, and ends it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from monitor.load.rest import RefusedError

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from monitor.demo.pace import Pace
    from monitor.load.dashboard import DashboardClient
    from monitor.load.rest import RestClient
    from monitor.load.sitting_view import SittingView

WAITING_SECONDS = 35.0
LESSON_SECONDS = 8 * 60
FOR_EVER = 3600.0
_OVER = frozenset({"COMPLETED", "CANCELLED"})


class TeacherPlay:
    """Steers a sitting as a teacher would, watching it on a dashboard.

    The visitor is the same teacher and may do the same things; what then is refused to the play
    has been done already.
    """

    def __init__(
        self,
        teacher: RestClient,
        dashboard: DashboardClient,
        session_id: str,
        guest_id: str,
        pace: Pace,
        dice: random.Random,
    ) -> None:
        self._teacher = teacher
        self._dashboard = dashboard
        self._session_id = session_id
        self._guest_id = guest_id
        self._pace = pace
        self._dice = dice

    async def run(self) -> None:
        """Play the sitting through; returns when it is over, whoever ended it."""
        await self._command("open")
        await self._in_time(lambda: not self._is("WAITING_FOR_STUDENTS"), WAITING_SECONDS)
        await self._command("start")
        await self._until(lambda: not self._is("WAITING_FOR_STUDENTS"))
        lesson = asyncio.create_task(self._lesson())
        try:
            await self._until(self._is_over)
        finally:
            lesson.cancel()
            await asyncio.gather(lesson, return_exceptions=True)

    async def _lesson(self) -> None:
        """What a teacher does while they write; ends when all have handed in, or at the end."""
        hands = asyncio.create_task(self._see_to_hands())
        try:
            await self._pace.wait(60)
            await self._say("Good luck, everyone. Read the whole passage before you answer.")
            await self._pace.wait(100)
            slow = self._slowest()
            if slow is not None:
                reason = "works with a reading aid"
                await self._command("extend", minutes=2, student_ids=[slow], reason=reason)
            await self._pace.wait(60)
            await self._say("Half of the time is over.")
            await self._pace.wait(110)
            if slow is not None:
                await self._say("You have two minutes more than the others.", slow)
            await self._in_time(self._all_handed_in, 120)
            if not self._all_handed_in():
                await self._say("Please finish your last sentence.")
                await self._in_time(self._all_handed_in, 40)
            # A moment in which the dashboard shows that all have handed in.
            await self._pace.wait(12)
            await self._command("complete")
        finally:
            hands.cancel()
            await asyncio.gather(hands, return_exceptions=True)

    async def _see_to_hands(self) -> None:
        while True:
            await self._until(lambda: bool(self._hands()))
            await self._pace.about(25, self._dice)
            raised = self._hands()
            if raised:
                await self._command("hands/lower", student_ids=raised[:1])

    # -- what the dashboard shows

    def _view(self) -> SittingView | None:
        return self._dashboard.sittings.get(self._session_id)

    def _is(self, status: str) -> bool:
        view = self._view()
        return view is not None and view.session.status == status

    def _is_over(self) -> bool:
        view = self._view()
        return view is not None and view.session.status in _OVER

    def _hands(self) -> list[str]:
        """Whose hands are up, but for the visitor's: that is the visitor's to see to."""
        view = self._view()
        attempts = view.attempts.values() if view is not None else ()
        return [
            attempt.student_id
            for attempt in attempts
            if attempt.hand_raised_at is not None and attempt.student_id != self._guest_id
        ]

    def _slowest(self) -> str | None:
        view = self._view()
        writing = [
            attempt
            for attempt in (view.attempts.values() if view is not None else ())
            if attempt.status == "IN_PROGRESS" and attempt.student_id != self._guest_id
        ]
        if not writing:
            return None
        return min(writing, key=lambda attempt: (attempt.answered, attempt.id)).student_id

    def _all_handed_in(self) -> bool:
        """Whether nobody writes any more; a visitor who does is waited for."""
        view = self._view()
        if view is None:
            return False
        return all(attempt.status == "SUBMITTED" for attempt in view.attempts.values())

    # -- doing

    async def _until(self, check: Callable[[], bool]) -> None:
        await self._dashboard.until(check, FOR_EVER)

    async def _in_time(self, check: Callable[[], bool], seconds: float) -> None:
        """Wait until the check holds, or so long."""
        try:
            await self._dashboard.until(check, self._pace.real(seconds))
        except TimeoutError:
            return

    async def _say(self, text: str, student_id: str | None = None) -> None:
        student_ids = None if student_id is None else [student_id]
        await self._command("messages", text=text, student_ids=student_ids)

    async def _command(self, verb: str, **body: object) -> None:
        try:
            await self._teacher.command(self._session_id, verb, **body)
        except RefusedError as refused:
            if refused.status >= 500:
                raise
