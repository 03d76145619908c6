"""Settings: environment variables with the prefix `MONITOR_`, and every limit in one table.

Each setting's description says what it is and, for a limit, why that number. A setting may also be
a file of its name in the secrets directory: `/run/secrets/monitor_secret_key`, where orchestrators
put them, or another directory named by `MONITOR_SECRETS_DIR`. A variable wins over a file.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote, urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from monitor.errors import SettingsError

SECRETS_DIR = "/run/secrets"


class Settings(BaseSettings):
    """All settings; `load_settings()` reads them from the environment."""

    model_config = SettingsConfigDict(
        env_prefix="MONITOR_",
        secrets_dir=None,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    # -- where things are
    database_password: SecretStr | None = Field(
        default=None,
        description="Put into MONITOR_DATABASE_URL where that has none; best kept in a file.",
    )
    database_url: str = Field(
        default="sqlite:///monitor.db",
        description="sqlite:///path/to/file.db or postgresql://user:password@host:5432/name.",
    )
    redis_url: str | None = Field(
        default=None, description="redis://host:6379/0. Without it: one process, in-memory broker."
    )
    redis_prefix: str = Field(
        default="monitor",
        description="Of every channel, so that several schools can share one Redis.",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        description="Signs tokens, 32 characters or more. With SQLite one is made by itself.",
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on; 0.0.0.0 for all.")
    port: int = Field(
        default=8000, ge=0, le=65535, description="Port to listen on; 0 for any free one."
    )
    workers: int = Field(
        default=1, ge=1, le=64, description="Processes; more than one needs PostgreSQL and Redis."
    )
    public_url: str | None = Field(
        default=None,
        description="What sign-in links start with. Without it: the request's own host.",
    )
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Other pages that may embed us: https://a.example,https://b.example.",
    )
    trusted_proxies: str = Field(
        default="127.0.0.1",
        description="Whose X-Forwarded-* headers are believed: addresses, networks, *.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="DEBUG, INFO, WARNING or ERROR."
    )
    log_format: Literal["console", "json"] = Field(
        default="console", description="console or json."
    )
    drain_seconds: float = Field(
        default=10.0,
        gt=0,
        description="Longest a stopping process takes to commit and say goodbye.",
    )

    # -- presence
    heartbeat_seconds: float = Field(
        default=5.0, gt=0, description="A dashboard sees a lost student within three of these."
    )
    lease_heartbeats: int = Field(
        default=3, ge=2, description="One lost heartbeat is a bad network, three are absence."
    )
    disconnect_grace_seconds: float = Field(
        default=3.0, ge=0, description="A reload takes less, so it is no incident."
    )
    sweep_seconds: float = Field(
        default=1.0, gt=0, description="How often what is due is looked for."
    )

    # -- write side
    visible_window_ms: int = Field(
        default=50, ge=0, description="At most; below what a person notices."
    )
    commit_rest: float = Field(
        default=4.0,
        ge=0,
        description="When many act, the recorder rests so many times as long as it commits.",
    )
    heartbeat_window_ms: int = Field(
        default=500, ge=0, description="Half of the second that a dashboard promises."
    )
    batch_slack_ms: int = Field(
        default=25,
        ge=0,
        description="What is due so soon goes along: a commit costs more than a rewrite.",
    )
    batch_fill_ms: int = Field(
        default=250,
        ge=0,
        description="What is due so soon goes along with few heartbeats.",
    )
    batch_fill_sessions: int = Field(
        default=16, ge=0, description="So many more rows make a commit hardly longer."
    )
    batch_sessions: int = Field(
        default=100, ge=1, description="Row locks that one transaction holds."
    )
    lock_timeout_ms: int = Field(
        default=250, ge=1, description="A row that is locked longer lets the others go first."
    )
    statement_timeout_ms: int = Field(
        default=30_000, ge=1, description="A statement that hangs longer is ended and tried again."
    )
    retry_max_seconds: float = Field(
        default=2.0, gt=0, description="Longest wait between tries after a failure."
    )
    waiting_commands_per_connection: int = Field(
        default=64, ge=1, description="With more waiting, a connection is read no further."
    )
    waiting_bytes_per_connection: int = Field(
        default=256 * 1024,
        ge=1024,
        description="With more waiting, a connection is read no further.",
    )
    waiting_commands_per_process: int = Field(
        default=100_000, ge=1, description="About 100 MiB at the worst."
    )
    cached_sessions: int = Field(
        default=2_000, ge=1, description="Sittings whose last state the recorder keeps in memory."
    )

    # -- read side
    dashboard_sends_per_second: float = Field(
        default=20.0, gt=0, description="More often than anyone can read."
    )
    dashboard_pulse_seconds: float = Field(
        default=1.0, gt=0, description="How often a dashboard hears that it is live."
    )
    student_pulse_seconds: float = Field(
        default=10.0,
        gt=0,
        description="How often a student's browser hears that the server is there.",
    )
    publication_wait_ms: int = Field(
        default=250,
        ge=0,
        description="How long a publication that is ahead waits for a gap to close.",
    )
    publication_wait_count: int = Field(
        default=256, ge=1, description="How many publications wait for a gap to close."
    )
    room_linger_seconds: float = Field(
        default=10.0, ge=0, description="A reload finds its room still open."
    )
    truth_check_seconds: float = Field(
        default=1.0, gt=0, description="How often rooms are compared with the database."
    )
    stale_after_seconds: float = Field(
        default=3.0,
        gt=0,
        description="A dashboard not verified for longer says that it is not live.",
    )
    events_per_change: int = Field(
        default=200, ge=1, description="A longer history is fetched by REST."
    )

    # -- sitting
    deadline_grace_seconds: float = Field(
        default=10.0, ge=0, description="What was on its way at the deadline still counts."
    )
    token_hours: float = Field(default=12.0, gt=0, description="A sign-in lasts a school day.")
    token_check_seconds: float = Field(
        default=60.0, gt=0, description="How soon a sign-out reaches live dashboards."
    )

    # -- limits
    first_message_seconds: float = Field(
        default=5.0, gt=0, description="A new connection must say who it is within so long."
    )
    first_frame_bytes: int = Field(
        default=8 * 1024, ge=256, description="Largest first frame: nobody is known yet."
    )
    frame_bytes: int = Field(
        default=64 * 1024, ge=1024, description="20,000 characters of text and room for more."
    )
    frame_nesting: int = Field(
        default=32,
        ge=4,
        description="Deepest JSON; deeper exhausts the stack of those who read it.",
    )
    invalid_messages: int = Field(default=5, ge=1, description="The fifth closes the connection.")
    slow_frame_seconds: float = Field(
        default=5.0, gt=0, description="A connection that takes longer for one frame is closed."
    )
    messages_per_second: float = Field(
        default=20.0, gt=0, description="A student types slower; above it is read more slowly."
    )
    messages_burst: int = Field(default=60, ge=1, description="An outbox after a tunnel.")
    handshakes_per_process: int = Field(
        default=500, ge=1, description="Unfinished ones; more are sent away for a moment."
    )
    busy_lag_ms: int = Field(
        default=1000,
        ge=1,
        description="A process later than this sends newcomers away for a moment.",
    )
    joins_per_minute: int = Field(
        default=30, ge=1, description="A student; more than any bad network causes."
    )
    watches_per_connection: int = Field(
        default=50, ge=1, description="Sittings one dashboard connection follows."
    )
    dashboards_per_user: int = Field(default=10, ge=1, description="Open dashboard connections.")
    operations_per_request: int = Field(
        default=200, ge=1, description="A student's operations in one REST request."
    )
    highlights_per_attempt: int = Field(
        default=500, ge=1, description="They are stored and rewritten in one row."
    )
    answers_bytes_per_attempt: int = Field(
        default=1024 * 1024, ge=1024, description="They are stored and rewritten in one row."
    )
    text_characters: int = Field(default=20_000, ge=1, description="Of a text answer: ten pages.")
    highlight_characters: int = Field(
        default=2_000, ge=1, description="Of a highlight's text, and of its comment."
    )
    message_characters: int = Field(
        default=2_000, ge=1, description="Of a message, a hand's text, a reason, a note."
    )
    saved_event_seconds: float = Field(
        default=30.0, ge=0, description="History keeps one `saved` a question and so long."
    )
    visibility_event_seconds: float = Field(
        default=5.0, ge=0, description="History keeps one hidden/visible pair in so long."
    )
    failed_logins_per_minute: int = Field(
        default=10, ge=1, description="Of one address and account together."
    )
    request_bytes: int = Field(
        default=2 * 1024 * 1024, ge=1024, description="Largest body of a REST request."
    )
    page_size: int = Field(default=100, ge=1, le=1000, description="Items of a list in one answer.")

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

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < 32:
            raise ValueError("give 32 characters or more, such as from `openssl rand -hex 32`")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str, info: ValidationInfo) -> str:
        for prefix in ("postgres://", "postgresql://"):
            if value.startswith(prefix):
                value = "postgresql+psycopg://" + value.removeprefix(prefix)
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")) or value == "sqlite:///":
            raise ValueError(
                "give sqlite:///path/to/file.db or postgresql://user:password@host:5432/name"
            )
        password = info.data.get("database_password")
        return _with_password(value, password.get_secret_value()) if password else value

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
    secrets_dir = os.environ.get("MONITOR_SECRETS_DIR", SECRETS_DIR)
    if Path(secrets_dir).is_dir():
        overrides = {"_secrets_dir": secrets_dir, **overrides}
    elif secrets_dir != SECRETS_DIR:
        raise SettingsError(f"MONITOR_SECRETS_DIR: {secrets_dir} is not a directory.")
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "MONITOR_" + "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"{name}: {first['msg'].removeprefix('Value error, ')}.") from error


def _with_password(url: str, password: str) -> str:
    """The PostgreSQL URL with the password where it has none."""
    parts = urlsplit(url)
    if not url.startswith("postgresql") or parts.password is not None or not parts.username:
        return url
    host = parts.netloc.removeprefix(f"{parts.username}@")
    netloc = f"{parts.username}:{quote(password, safe='')}@{host}"
    return parts._replace(netloc=netloc).geturl()
