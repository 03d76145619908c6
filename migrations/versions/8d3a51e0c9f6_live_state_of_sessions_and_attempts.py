"""Live state of sessions and attempts, and the token epoch of users.

What is counted and stored from now on is counted once for the rows that exist.

Revision ID: 8d3a51e0c9f6
Revises: 5cbeb33460e3
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "8d3a51e0c9f6"
down_revision = "5cbeb33460e3"
branch_labels = None
depends_on = None

_ROWS_AT_ONCE = 500


def _number(name: str, kind: type[sa.types.TypeEngine[Any]] = sa.Integer) -> sa.Column[Any]:
    return sa.Column(name, kind(), nullable=False, server_default=sa.text("0"))


def _json(name: str, empty: str) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON(), nullable=False, server_default=sa.text(f"'{empty}'"))


def _moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True))


def _user_columns() -> list[sa.Column[Any]]:
    return [_number("token_epoch")]


def _session_columns() -> list[sa.Column[Any]]:
    return [
        _number("version", sa.BigInteger),
        _number("session_version", sa.BigInteger),
        _number("roster_version", sa.BigInteger),
        sa.Column("duration_seconds", sa.Integer()),
        _number("extended_seconds"),
        _number("paused_seconds", sa.Double),
        _moment("paused_at"),
        _json("pauses", "[]"),
        _json("extra_seconds", "{}"),
        _json("invigilator_ids", "[]"),
        _json("roster", "[]"),
    ]


def _attempt_columns() -> list[sa.Column[Any]]:
    return [
        _number("version", sa.BigInteger),
        _number("student_version", sa.BigInteger),
        _json("answer_connections", "{}"),
        sa.Column("submitted_by", sa.String(32)),
        _moment("reopened_at"),
        _number("answered"),
        _number("total"),
        _number("highlights"),
        sa.Column("question_id", sa.String(255)),
        sa.Column("visible", sa.Boolean(), nullable=False, server_default=sa.text("true")),
        _number("hidden_count"),
        _moment("hand_raised_at"),
        sa.Column("hand_text", sa.Text()),
        _moment("hidden_at"),
        _moment("visibility_marked_at"),
        _number("reconnects"),
        _number("lost_seconds", sa.Double),
        _number("given_back_seconds", sa.Double),
        _json("lost", "[]"),
        sa.Column("note", sa.Text()),
        _number("late_answers"),
        _json("late_event_ids", "[]"),
        _json("kept_event_ids", "[]"),
        _json("saved_marks", "{}"),
        _moment("last_saved_at"),
    ]


_COLUMNS = {"users": _user_columns, "sessions": _session_columns, "attempts": _attempt_columns}


def upgrade() -> None:
    for table, columns in _COLUMNS.items():
        with op.batch_alter_table(table) as changed:
            for column in columns():
                changed.add_column(column)
    connection = op.get_bind()
    _count_work(connection)
    _fill_rosters(connection)


def downgrade() -> None:
    for table, columns in _COLUMNS.items():
        with op.batch_alter_table(table) as changed:
            for column in reversed(columns()):
                changed.drop_column(column.name)


def _count_work(connection: sa.Connection) -> None:
    """Count answers, questions and highlights of the attempts that exist."""
    tests = _table("tests", "questions")
    attempts = _table("attempts", "answers", "highlighted_text", plain=("test_id",))
    totals = {
        id_: len(questions or ())
        for id_, questions in connection.execute(sa.select(tests.c.id, tests.c.questions))
    }
    counting = (
        sa.update(sa.table("attempts", sa.column("id"), *map(sa.column, _COUNTED)))
        .where(sa.column("id") == sa.bindparam("of"))
        .values({name: sa.bindparam(name) for name in _COUNTED})
    )
    for rows in _rows(connection, attempts):
        connection.execute(
            counting,
            [
                {
                    "of": row.id,
                    "answered": sum(map(_is_answered, (row.answers or {}).values())),
                    "highlights": len(row.highlighted_text or ()),
                    "total": totals.get(row.test_id, 0),
                }
                for row in rows
            ],
        )


def _fill_rosters(connection: sa.Connection) -> None:
    """Give the sessions that exist their own copy of the class's list and names."""
    users = sa.table("users", sa.column("id"), sa.column("name"))
    names = {id_: name for id_, name in connection.execute(sa.select(users.c.id, users.c.name))}
    classes = _table("classes", "student_ids")
    lists = {
        id_: [{"id": one, "name": names.get(one, ""), "added": False} for one in student_ids or ()]
        for id_, student_ids in connection.execute(sa.select(classes.c.id, classes.c.student_ids))
    }
    sessions = _table("sessions", "roster", plain=("class_id",))
    filling = (
        sa.update(sessions)
        .where(sessions.c.id == sa.bindparam("of"))
        .values(roster=sa.bindparam("list", type_=sa.JSON))
    )
    for rows in _rows(connection, sessions):
        connection.execute(
            filling, [{"of": row.id, "list": lists.get(row.class_id, [])} for row in rows]
        )


_COUNTED = ("answered", "highlights", "total")


def _is_answered(answer: Any) -> bool:
    value = answer.get("value") if isinstance(answer, dict) else answer
    return value is not None and value != "" and value != []


def _table(name: str, *json: str, plain: tuple[str, ...] = ()) -> sa.TableClause:
    columns = [sa.column(one, sa.JSON) for one in json]
    return sa.table(name, sa.column("id", sa.String), *map(sa.column, plain), *columns)


def _rows(
    connection: sa.Connection, table: sa.TableClause
) -> Iterator[Sequence[sa.Row[*tuple[Any, ...]]]]:
    """All rows, some at a time, by id."""
    last = ""
    while rows := connection.execute(
        sa.select(table).where(table.c.id > last).order_by(table.c.id).limit(_ROWS_AT_ONCE)
    ).all():
        yield rows
        last = rows[-1].id
