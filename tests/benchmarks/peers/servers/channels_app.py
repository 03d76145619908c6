"""The job on Django Channels: an async consumer, channels_redis, Django's ORM; under uvicorn.

    python channels_app.py POSTGRES_URL REDIS_URL SECRET PORT

Follows the project's documentation: a middleware that puts who it is into the scope, groups for
dashboards, the ORM's async methods, PostgreSQL with Django's connection pool.
"""

import sys
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import django
import jwt
import uvicorn
from django.conf import settings

POSTGRES_URL, REDIS_URL, SECRET, PORT = sys.argv[1:]
postgres = urlsplit(POSTGRES_URL)

settings.configure(
    SECRET_KEY=SECRET,
    USE_TZ=True,
    INSTALLED_APPS=["channels"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": postgres.path[1:],
            "USER": postgres.username,
            "HOST": postgres.hostname,
            "PORT": postgres.port,
            "OPTIONS": {"pool": True},
        }
    },
    CHANNEL_LAYERS={
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            # Its blocking read waits five seconds, which newer clients would take for an outage.
            "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None}]},
        }
    },
)
django.setup()

from channels.generic.websocket import AsyncJsonWebsocketConsumer  # noqa: E402
from channels.middleware import BaseMiddleware  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.db import models  # noqa: E402
from django.urls import path  # noqa: E402


class Seat(models.Model):
    """A student's place."""

    student_id = models.TextField(primary_key=True)
    session_id = models.TextField()
    connection_status = models.TextField()
    last_activity = models.DateTimeField()
    hand = models.BooleanField()

    class Meta:
        """The table is there already."""

        app_label = "bench"
        db_table = "seats"
        managed = False


class TokenMiddleware(BaseMiddleware):
    """Says in the scope who it is; nobody without a good token."""

    async def __call__(self, scope, receive, send):
        """Decode the token of the query string."""
        query = parse_qs(scope["query_string"].decode())
        try:
            who = jwt.decode(query["token"][0], SECRET, algorithms=["HS256"])
        except (jwt.InvalidTokenError, KeyError):
            who = None
        return await super().__call__(dict(scope, who=who), receive, send)


class StudentConsumer(AsyncJsonWebsocketConsumer):
    """A student's connection."""

    async def connect(self):
        """Take the seat."""
        self.who = self.scope["who"]
        if self.who is None:
            await self.close()
            return
        await self.accept()
        await self.keep(connection_status="CONNECTED")
        await self.send_json({"type": "joined"})

    async def disconnect(self, code):
        """The seat shows that the connection is gone."""
        if self.who is not None:
            await self.keep(connection_status="DISCONNECTED")

    async def receive_json(self, content):
        """Keep it, tell the dashboards, acknowledge."""
        if content["type"] == "hand":
            up = bool(content["up"])
            await self.keep({"hand": up, "n": content["n"]}, hand=up)
        else:
            await self.keep(connection_status="CONNECTED")
        await self.send_json({"type": "ack", "n": content["n"]})

    async def keep(self, told=None, **changes):
        """Write the seat's row and tell whoever watches."""
        now = datetime.now(UTC)
        seats = Seat.objects.filter(student_id=self.who["sub"])
        await seats.aupdate(last_activity=now, **changes)
        seat = {"student_id": self.who["sub"], "last_activity": now.isoformat(), **(told or {})}
        await self.channel_layer.group_send(
            f"session_{self.who['session']}", {"type": "seat.changed", "seat": seat}
        )


class DashboardConsumer(AsyncJsonWebsocketConsumer):
    """A dashboard's connection."""

    async def connect(self):
        """Watch the session."""
        self.who = self.scope["who"]
        if self.who is None or self.who["role"] != "dashboard":
            await self.close()
            return
        await self.channel_layer.group_add(f"session_{self.who['session']}", self.channel_name)
        await self.accept()
        seats = [
            {**seat, "last_activity": seat["last_activity"].isoformat()}
            async for seat in Seat.objects.filter(session_id=self.who["session"]).values()
        ]
        await self.send_json({"type": "seats", "seats": seats})

    async def disconnect(self, code):
        """Watch no more."""
        if self.who is not None:
            group = f"session_{self.who['session']}"
            await self.channel_layer.group_discard(group, self.channel_name)

    async def seat_changed(self, event):
        """Show it."""
        await self.send_json({"type": "seat", "seat": event["seat"]})


app = ProtocolTypeRouter(
    {
        "websocket": TokenMiddleware(
            URLRouter(
                [
                    path("student", StudentConsumer.as_asgi()),
                    path("dashboard", DashboardConsumer.as_asgi()),
                ]
            )
        )
    }
)

if __name__ == "__main__":
    uvicorn.run(
        app, port=int(PORT), log_level="warning", ws_per_message_deflate=False, lifespan="off"
    )
