"""What tests share: real services of their own, faults, and waiting with a deadline."""

from tests.support.missing import in_ci, missing
from tests.support.ports import unused_port
from tests.support.postgres_server import PostgresServer
from tests.support.redis_server import RedisServer
from tests.support.server import MonitorServer, run_monitor, run_server
from tests.support.sqlite_template import SqliteTemplate, sqlite_url
from tests.support.tcp_proxy import TcpProxy
from tests.support.waiting import eventually

__all__ = [
    "MonitorServer",
    "PostgresServer",
    "RedisServer",
    "SqliteTemplate",
    "TcpProxy",
    "eventually",
    "in_ci",
    "missing",
    "run_monitor",
    "run_server",
    "sqlite_url",
    "unused_port",
]
