from __future__ import annotations

from sqlalchemy import Inspector, inspect

from monitor.repositories import migrate
from tests.migrations.rows import connected, fill, known_to_both, refill, rows, tables


def _revisions() -> list[str]:
    return [script.revision for script in reversed(list(migrate._scripts().walk_revisions()))]


def _counted(database_url: str) -> int:
    with connected(database_url) as connection:
        return len(tables(connection))


def test_every_step_up_and_down_keeps_what_both_revisions_know(empty_database_url: str) -> None:
    url = empty_database_url
    for revision in _revisions():
        before = rows(url) if migrate.current(url) else {}
        migrate.upgrade(url, revision)
        fill(url)
        old, new = known_to_both(before, rows(url))
        assert old == new
        assert migrate.current(url) == revision
    assert migrate.is_current(url)

    # What was written before some columns existed is not full: from here on every column is.
    refill(url)
    for older in [*reversed(_revisions()[:-1]), None]:
        before = rows(url)
        migrate.downgrade(url, "-1")
        after = rows(url)
        old, new = known_to_both(before, after)
        assert old == new == after
        assert migrate.current(url) == older

    assert _counted(url) == 0
    migrate.upgrade(url)
    assert migrate.is_current(url)


def test_every_table_holds_a_row_in_that_test(empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url)
    fill(empty_database_url)

    filled = rows(empty_database_url)

    assert filled.keys() == {
        "users",
        "tests",
        "classes",
        "sessions",
        "attempts",
        "session_events",
        "session_messages",
        "sign_in_links",
        "epoch",
    }
    empty = {
        (table, name)
        for table, values in filled.items()
        for name, value in values.items()
        if value is None
    }
    assert empty == set()


def test_all_the_way_down_and_up_with_rows(empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url)
    fill(empty_database_url)

    migrate.downgrade(empty_database_url, "base")
    assert _counted(empty_database_url) == 0

    migrate.upgrade(empty_database_url)
    assert migrate.is_current(empty_database_url)


def test_upgrading_what_is_current_changes_nothing(database_url: str) -> None:
    fill(database_url)
    before = rows(database_url)

    migrate.upgrade(database_url)

    assert rows(database_url) == before


def test_the_revision_of_classes_and_sessions_does_exactly_what_the_design_lists(
    empty_database_url: str,
) -> None:
    migrate.upgrade(empty_database_url, "2f1c0d9be7a4")
    with connected(empty_database_url) as connection:
        before = inspect(connection)
        assert {table.name for table in tables(connection)} == {"users", "tests", "attempts"}
        columns_before = {column["name"] for column in before.get_columns("attempts")}
        assert before.get_indexes("attempts") == []

    migrate.upgrade(empty_database_url, "5cbeb33460e3")

    with connected(empty_database_url) as connection:
        after = inspect(connection)
        assert {table.name for table in tables(connection)} == {
            "users",
            "tests",
            "attempts",
            "classes",
            "sessions",
        }
        assert _columns(after, "classes") == {"id", "name", "teacher_id", "student_ids", "status"}
        assert _columns(after, "sessions") == {
            "id",
            "class_id",
            "test_id",
            "title",
            "status",
            "scheduled_at",
            "started_at",
            "completed_at",
            "created_by",
            "participants",
        }
        new = _columns(after, "attempts") - columns_before
        assert new == {"session_id", "highlighted_text"}
        for table, indexes in _INDEXES.items():
            assert {index["name"] for index in after.get_indexes(table)} == indexes
        keys = {
            (table, *key["constrained_columns"], key["referred_table"])
            for table in ("attempts", "classes", "sessions", "tests", "users")
            for key in after.get_foreign_keys(table)
        }
        assert keys == {
            ("attempts", "session_id", "sessions"),
            ("classes", "teacher_id", "users"),
        }


def test_the_newest_tables_have_these_indexes_too(database_url: str) -> None:
    with connected(database_url) as connection:
        found = inspect(connection)
        for table, indexes in _INDEXES.items():
            assert {index["name"] for index in found.get_indexes(table)} == indexes


def _columns(inspector: Inspector, table: str) -> set[str]:
    return {column["name"] for column in inspector.get_columns(table)}


_INDEXES = {
    "classes": {"ix_classes_teacher_id", "ix_classes_status", "ix_classes_name"},
    "sessions": {
        "ix_sessions_class_id",
        "ix_sessions_status",
        "ix_sessions_scheduled_at",
        "ix_sessions_created_by",
        "ix_sessions_test_id",
    },
    "attempts": {
        "ix_attempts_session_id",
        "ix_attempts_student_id",
        "ix_attempts_status",
        "ix_attempts_test_id",
    },
}
