"""Sessions have observers: staff who look on and change nothing.

Revision ID: a4d917c3e652
Revises: e19f60a7d2c8
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a4d917c3e652"
down_revision = "e19f60a7d2c8"
branch_labels = None
depends_on = None

# As for the other JSON columns: no row from servers before version 14 or without lz4.
_OFFERED = sa.text(
    "SELECT 1 FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)"
)


def upgrade() -> None:
    with op.batch_alter_table("sessions") as sessions:
        sessions.add_column(
            sa.Column("observer_ids", sa.JSON(), nullable=False, server_default=sa.text("'[]'"))
        )
    _set_compression("lz4")


def downgrade() -> None:
    with op.batch_alter_table("sessions") as sessions:
        sessions.drop_column("observer_ids")


def _set_compression(method: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql" and connection.scalar(_OFFERED) is not None:
        op.execute(f"ALTER TABLE sessions ALTER COLUMN observer_ids SET COMPRESSION {method}")
