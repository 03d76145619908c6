"""Events, messages, sign-in links and the epoch.

Revision ID: b7e4c2d81f35
Revises: 8d3a51e0c9f6
"""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "b7e4c2d81f35"
down_revision = "8d3a51e0c9f6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "session_events",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("session_id", sa.String(36), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("type", sa.String(32), nullable=False),
        sa.Column("student_id", sa.String(36)),
        sa.Column("actor_id", sa.String(36)),
        sa.Column("data", sa.JSON(), nullable=False, server_default=sa.text("'{}'")),
        sa.Column("reply", sa.JSON(none_as_null=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_events")),
    )
    op.create_index(
        op.f("ix_session_events_session_id_version"), "session_events", ["session_id", "version"]
    )
    op.create_table(
        "session_messages",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("session_id", sa.String(36), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("student_ids", sa.JSON(none_as_null=True)),
        sa.Column("sent_by", sa.String(36), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered", sa.JSON(), nullable=False, server_default=sa.text("'{}'")),
        sa.Column("read", sa.JSON(), nullable=False, server_default=sa.text("'{}'")),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_messages")),
    )
    op.create_index(op.f("ix_session_messages_session_id"), "session_messages", ["session_id"])
    op.create_table(
        "sign_in_links",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("session_id", sa.String(36), nullable=False),
        sa.Column("student_id", sa.String(36), nullable=False),
        sa.Column("token_hash", sa.String(128), nullable=False),
        sa.Column("code_hash", sa.String(128), nullable=False),
        sa.Column("created_by", sa.String(36)),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.text("CURRENT_TIMESTAMP"),
        ),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_links_token_hash")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_sign_in_links_code_hash")),
    )
    op.create_index(op.f("ix_sign_in_links_session_id"), "sign_in_links", ["session_id"])
    epoch = op.create_table(
        "epoch",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.text("CURRENT_TIMESTAMP"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_epoch")),
    )
    op.bulk_insert(epoch, [{"id": str(uuid4())}])


def downgrade() -> None:
    op.drop_table("epoch")
    op.drop_index(op.f("ix_sign_in_links_session_id"), "sign_in_links")
    op.drop_table("sign_in_links")
    op.drop_index(op.f("ix_session_messages_session_id"), "session_messages")
    op.drop_table("session_messages")
    op.drop_index(op.f("ix_session_events_session_id_version"), "session_events")
    op.drop_table("session_events")
