"""Settings: environment variables with the prefix `MONITOR_`, and every limit in one table.

Each limit has a name and a comment that says why that number.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from monitor.errors import SettingsError


class Settings(BaseSettings):
    """All settings; `load_settings()` reads them from the environment."""

    model_config = SettingsConfigDict(
        env_prefix="MONITOR_",
        secrets_dir=None,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    # -- where things are
    database_url: str = "sqlite:///monitor.db"  # or postgresql://user:password@host/name
    redis_url: str | None = None  # redis://host:6379/0; none: one process, in-memory broker
    redis_prefix: str = "monitor"  # of every channel, so that several schools share one Redis
    secret_key: SecretStr | None = None  # signs tokens; embedded: made beside the database
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    workers: int = Field(1, ge=1, le=64)
    public_url: str | None = None  # what sign-in links start with; none: the request's own host
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()  # other pages that may embed us
    trusted_proxies: str = "127.0.0.1"  # whose X-Forwarded-* headers are believed
    log_level: str = "INFO"
    log_format: str = "console"  # console | json

    # -- presence
    heartbeat_seconds: float = Field(5.0, gt=0)  # a dashboard sees a lost student within 3 of these
    lease_heartbeats: int = Field(3, ge=2)  # one lost beat is a bad network, three are absence
    disconnect_grace_seconds: float = Field(3.0, ge=0)  # a reload takes less: no incident
    sweep_seconds: float = Field(1.0, gt=0)  # how often what is due is looked for

    # -- write side
    visible_window_ms: int = Field(50, ge=0)  # below what a person notices
    heartbeat_window_ms: int = Field(500, ge=0)  # half of the second a dashboard promises
    batch_slack_ms: int = Field(25, ge=0)  # a commit costs more than a rewrite
    batch_sessions: int = Field(100, ge=1)  # row locks one transaction holds
    lock_timeout_ms: int = Field(2000, ge=1)  # a row locked longer waits its turn again
    statement_timeout_ms: int = Field(30_000, ge=1)  # a hung statement is ended and retried
    retry_max_seconds: float = Field(2.0, gt=0)  # longest wait between tries after a failure
    waiting_commands_per_connection: int = Field(64, ge=1)  # then it is read no further
    waiting_bytes_per_connection: int = Field(256 * 1024, ge=1024)
    waiting_commands_per_process: int = Field(100_000, ge=1)  # about 100 MiB at the worst
    cached_sessions: int = Field(2_000, ge=1)  # sittings whose last state the recorder keeps

    # -- read side
    dashboard_sends_per_second: float = Field(20.0, gt=0)  # faster than anyone can read
    publication_wait_ms: int = Field(250, ge=0)  # a publication ahead waits so long for a gap
    publication_wait_count: int = Field(256, ge=1)
    room_linger_seconds: float = Field(10.0, ge=0)  # a reload finds its room still open
    truth_check_seconds: float = Field(1.0, gt=0)
    stale_after_seconds: float = Field(3.0, gt=0)
    events_per_change: int = Field(200, ge=1)  # a longer history is fetched by REST

    # -- sitting
    deadline_grace_seconds: float = Field(10.0, ge=0)  # what was on its way still counts
    token_hours: float = Field(12.0, gt=0)  # a school day
    token_check_seconds: float = Field(60.0, gt=0)  # how soon a sign-out reaches live dashboards

    # -- limits
    first_message_seconds: float = Field(5.0, gt=0)
    first_frame_bytes: int = Field(8 * 1024, ge=256)  # nobody is known yet
    frame_bytes: int = Field(64 * 1024, ge=1024)  # 20,000 characters of text and room for more
    frame_nesting: int = Field(32, ge=4)
    invalid_messages: int = Field(5, ge=1)  # the fifth closes
    slow_frame_seconds: float = Field(5.0, gt=0)  # to take one frame
    messages_per_second: float = Field(20.0, gt=0)  # a student types slower
    messages_burst: int = Field(60, ge=1)  # an outbox after a tunnel
    handshakes_per_process: int = Field(500, ge=1)  # unfinished ones
    joins_per_minute: int = Field(30, ge=1)  # a student
    watches_per_connection: int = Field(50, ge=1)
    dashboards_per_user: int = Field(10, ge=1)
    operations_per_request: int = Field(200, ge=1)
    highlights_per_attempt: int = Field(500, ge=1)
    answers_bytes_per_attempt: int = Field(1024 * 1024, ge=1024)
    text_characters: int = Field(20_000, ge=1)  # of a text answer
    highlight_characters: int = Field(2_000, ge=1)  # text and comment
    message_characters: int = Field(2_000, ge=1)  # of a message, a hand's text, a reason, a note
    saved_event_seconds: float = Field(30.0, ge=0)  # one `saved` event a question and so long
    visibility_event_seconds: float = Field(5.0, ge=0)  # one hidden/visible pair in so long
    failed_logins_per_minute: int = Field(10, ge=1)  # an address and account
    request_bytes: int = Field(2 * 1024 * 1024, ge=1024)  # a REST body
    page_size: int = Field(100, ge=1, le=1000)

    @property
    def lease_seconds(self) -> float:
        """How long a sign of life holds."""
        return self.heartbeat_seconds * self.lease_heartbeats

    @property
    def embedded(self) -> bool:
        """Whether the database is the embedded SQLite."""
        return self.database_url.startswith("sqlite")

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _split_origins(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(
                origin.strip().rstrip("/") for origin in value.split(",") if origin.strip()
            )
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        for prefix in ("postgres://", "postgresql://"):
            if value.startswith(prefix):
                return "postgresql+psycopg://" + value.removeprefix(prefix)
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError(
                "give sqlite:///path/to/file.db or postgresql://user:password@host:5432/name"
            )
        return value

    @field_validator("redis_url")
    @classmethod
    def _known_redis(cls, value: str | None) -> str | None:
        if not value:
            return None
        if not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("give redis://host:6379/0, rediss://… or unix:///path")
        return value


def load_settings(**overrides: object) -> Settings:
    """Settings from the environment, with `overrides` on top; SettingsError in one sentence."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "MONITOR_" + "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"{name}: {first['msg'].removeprefix('Value error, ')}.") from error
