"""What was there before monitoring is taken over whole."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import text

from monitor.domain.attempt import Attempt, AttemptStatus
from monitor.domain.session import RosterEntry, Session, SessionStatus
from monitor.domain.user import Role, User
from monitor.protocol.items import ParticipantItem
from monitor.repositories import migrate
from monitor.repositories.tables import Base
from monitor.repositories.unit_of_work import UnitOfWork
from tests.migrations.rows import connected, fill, rows

_MANY = 1_234


def test_rows_of_the_first_revisions_are_read_as_values(empty_database_url: str) -> None:
    url = empty_database_url
    migrate.upgrade(url, "5cbeb33460e3")
    fill(url)
    ids = {table: str(row["id"]) for table, row in rows(url).items()}

    migrate.upgrade(url)

    with connected(url) as connection:
        uow = UnitOfWork(connection)
        user = uow.users.get(ids["users"])
        test = uow.tests.get(ids["tests"])
        school_class = uow.classes.get(ids["classes"])
        loaded = uow.sessions.load([ids["sessions"]])[ids["sessions"]]
        attempt = uow.attempts.get(ids["attempts"])
        state = uow.sessions.state_since(ids["sessions"], 0)
    assert user is not None
    assert (user.role, user.token_epoch) == (Role.TEACHER, 0)
    assert test is not None
    assert len(test.questions) == 5
    assert school_class is not None
    assert school_class.student_ids == ("s1", "s2")
    session, participants = loaded
    assert (session.status, session.version) == (SessionStatus.IN_PROGRESS, 0)
    # There were no names of these students: they keep their place on the list.
    assert session.roster == (RosterEntry("s1", ""), RosterEntry("s2", ""))
    assert [(item.student_id, item.version) for item in participants] == [("s1", 0)]
    assert isinstance(participants[0], ParticipantItem)
    assert attempt is not None
    assert attempt.status is AttemptStatus.SUBMITTED
    # Of four answers one is null and one empty.
    assert (attempt.answered, attempt.total, attempt.highlights) == (2, 5, 1)
    assert attempt.answers["q1"].answered_at == datetime(
        2026, 11, 22, 12, 0, 0, 123_000, tzinfo=UTC
    )
    assert attempt.highlighted_text[0].comment is None
    assert state is not None
    assert [one.item.id for one in state.changes.attempts] == [attempt.id]


def test_what_other_programs_leave_out_has_a_default(empty_database_url: str) -> None:
    """Whoever knew the older tables writes their columns only."""
    url = empty_database_url
    migrate.upgrade(url)
    with connected(url) as connection:
        for statement in (
            "INSERT INTO users (id, name, role) VALUES ('u', 'Ann', 'TEACHER')",
            "INSERT INTO tests (id, title) VALUES ('t', 'Reading')",
            "INSERT INTO classes (id, name, teacher_id) VALUES ('c', '7b', 'u')",
            "INSERT INTO sessions (id, class_id, test_id, title, created_by)"
            " VALUES ('s', 'c', 't', 'Monday', 'u')",
            "INSERT INTO attempts (id, test_id, student_id, session_id)"
            " VALUES ('a', 't', 'x', 's')",
            "INSERT INTO session_messages (id, session_id, text, sent_by, sent_at, version)"
            " VALUES ('m', 's', 'Hello', 'u', '2026-11-22 12:00:00.000000', 1)",
        ):
            connection.execute(text(statement))
        uow = UnitOfWork(connection)
        assert uow.users.get("u") == User(id="u", email=None, name="Ann", role=Role.TEACHER)
        assert uow.sessions.get("s") == Session(
            id="s",
            class_id="c",
            test_id="t",
            title="Monday",
            status=SessionStatus.SCHEDULED,
            created_by="u",
        )
        assert uow.attempts.get("a") == Attempt(
            id="a", test_id="t", student_id="x", session_id="s", status=AttemptStatus.NOT_STARTED
        )
        assert uow.messages.of_session("s")[0].student_ids is None
        assert uow.classes.page() != []
        assert uow.tests.page() != []


def test_many_attempts_are_counted_and_many_lists_filled(empty_database_url: str) -> None:
    """More than are read at once."""
    url = empty_database_url
    migrate.upgrade(url, "5cbeb33460e3")
    with connected(url) as connection:
        connection.execute(
            text("INSERT INTO users (id, name, role) VALUES ('s1', 'Bo Derek', 'STUDENT')")
        )
        connection.execute(
            text(
                "INSERT INTO classes (id, name, teacher_id, student_ids)"
                " VALUES ('c', '7b', 's1', '[\"s1\"]')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO sessions (id, class_id, test_id, title, created_by)"
                " VALUES (:id, 'c', 't', 'Monday', 'u')"
            ),
            [{"id": f"{n:06}"} for n in range(_MANY)],
        )
        connection.execute(
            text(
                "INSERT INTO attempts (id, test_id, student_id, answers)"
                " VALUES (:id, 't', 's1', :answers)"
            ),
            [
                {"id": f"{n:06}", "answers": '{"q1": {"value": 3, "answered_at": "x"}}'}
                for n in range(_MANY)
            ],
        )

    migrate.upgrade(url)

    with connected(url) as connection:
        counted = Base.metadata.tables["attempts"].c.answered
        sessions = UnitOfWork(connection).sessions.get_many(f"{n:06}" for n in range(_MANY))
        found = connection.scalars(counted.table.select().with_only_columns(counted)).all()
    assert found == [1] * _MANY
    assert {session.roster for session in sessions.values()} == {(RosterEntry("s1", "Bo Derek"),)}
    assert len(sessions) == _MANY
