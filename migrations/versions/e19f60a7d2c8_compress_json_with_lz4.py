"""Compress JSON columns with lz4 where the PostgreSQL server offers it.

It is several times faster than the default at rewriting a large `participants`. Values that exist
stay as they are until they are written again; nothing else sees a difference.

Revision ID: e19f60a7d2c8
Revises: b7e4c2d81f35
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "e19f60a7d2c8"
down_revision = "b7e4c2d81f35"
branch_labels = None
depends_on = None

_JSON_COLUMNS = {
    "attempts": (
        "answers",
        "highlighted_text",
        "answer_connections",
        "lost",
        "late_event_ids",
        "kept_event_ids",
        "saved_marks",
    ),
    "classes": ("student_ids",),
    "session_events": ("data", "reply"),
    "session_messages": ("student_ids", "delivered", "read"),
    "sessions": ("participants", "pauses", "extra_seconds", "invigilator_ids", "roster"),
    "tests": ("passages", "questions"),
}

# Servers before version 14, and those built without lz4, give no row.
_OFFERED = sa.text(
    "SELECT 1 FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)"
)


def upgrade() -> None:
    _set_compression("lz4")


def downgrade() -> None:
    _set_compression("default")


def _set_compression(method: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql" or connection.scalar(_OFFERED) is None:
        return
    for table, columns in _JSON_COLUMNS.items():
        changes = [f'ALTER COLUMN "{column}" SET COMPRESSION {method}' for column in columns]
        op.execute(f"ALTER TABLE {table} {', '.join(changes)}")
