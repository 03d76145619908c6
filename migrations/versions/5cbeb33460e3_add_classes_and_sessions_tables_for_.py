"""Add classes and sessions tables for monitoring.

Revision ID: 5cbeb33460e3
Revises: 2f1c0d9be7a4
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5cbeb33460e3"
down_revision = "2f1c0d9be7a4"
branch_labels = None
depends_on = None

_CLASS_INDEXES = ("teacher_id", "status", "name")
_SESSION_INDEXES = ("class_id", "status", "scheduled_at", "created_by", "test_id")
_ATTEMPT_INDEXES = ("session_id", "student_id", "status", "test_id")


def upgrade() -> None:
    op.create_table(
        "classes",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("teacher_id", sa.String(36), nullable=False),
        sa.Column("student_ids", sa.JSON(), nullable=False, server_default=sa.text("'[]'")),
        sa.Column("status", sa.String(32), nullable=False, server_default=sa.text("'ACTIVE'")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classes")),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["users.id"], name=op.f("fk_classes_teacher_id_users")
        ),
    )
    for column in _CLASS_INDEXES:
        op.create_index(op.f(f"ix_classes_{column}"), "classes", [column])
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("class_id", sa.String(36), nullable=False),
        sa.Column("test_id", sa.String(36), nullable=False),
        sa.Column("title", sa.String(255), nullable=False),
        sa.Column("status", sa.String(32), nullable=False, server_default=sa.text("'SCHEDULED'")),
        sa.Column("scheduled_at", sa.DateTime(timezone=True)),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("completed_at", sa.DateTime(timezone=True)),
        sa.Column("created_by", sa.String(36), nullable=False),
        sa.Column("participants", sa.JSON(), nullable=False, server_default=sa.text("'[]'")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    for column in _SESSION_INDEXES:
        op.create_index(op.f(f"ix_sessions_{column}"), "sessions", [column])
    with op.batch_alter_table("attempts") as attempts:
        attempts.add_column(sa.Column("session_id", sa.String(36)))
        attempts.add_column(
            sa.Column("highlighted_text", sa.JSON(), server_default=sa.text("'[]'"))
        )
        attempts.create_foreign_key(
            op.f("fk_attempts_session_id_sessions"), "sessions", ["session_id"], ["id"]
        )
        for column in _ATTEMPT_INDEXES:
            attempts.create_index(op.f(f"ix_attempts_{column}"), [column])


def downgrade() -> None:
    with op.batch_alter_table("attempts") as attempts:
        for column in _ATTEMPT_INDEXES:
            attempts.drop_index(op.f(f"ix_attempts_{column}"))
        attempts.drop_constraint(op.f("fk_attempts_session_id_sessions"), type_="foreignkey")
        attempts.drop_column("highlighted_text")
        attempts.drop_column("session_id")
    for column in _SESSION_INDEXES:
        op.drop_index(op.f(f"ix_sessions_{column}"), "sessions")
    op.drop_table("sessions")
    for column in _CLASS_INDEXES:
        op.drop_index(op.f(f"ix_classes_{column}"), "classes")
    op.drop_table("classes")
