"""The job on python-socketio: ASGI under uvicorn, AsyncRedisManager, asyncpg.

    python socketio_app.py POSTGRES_URL REDIS_URL SECRET PORT

Follows the project's documentation: `auth` in the connect handler, the user session for who it is,
rooms for dashboards, the handler's return value as the acknowledgement.
"""

import contextlib
import sys
from datetime import UTC, datetime

import asyncpg
import jwt
import socketio
import uvicorn

POSTGRES_URL, REDIS_URL, SECRET, PORT = sys.argv[1:]

sio = socketio.AsyncServer(
    async_mode="asgi",
    client_manager=socketio.AsyncRedisManager(REDIS_URL),
    cors_allowed_origins="*",
)
pool = None


@contextlib.asynccontextmanager
async def lifespan(_app):
    """Hold a pool of database connections while the server runs."""
    global pool
    pool = await asyncpg.create_pool(POSTGRES_URL, min_size=10, max_size=10)
    yield
    await pool.close()


@sio.event
async def connect(sid, environ, auth):
    """Let in whoever has a token: a student takes a seat, a dashboard watches a session."""
    try:
        who = jwt.decode(auth["token"], SECRET, algorithms=["HS256"])
    except (jwt.InvalidTokenError, KeyError, TypeError):
        raise socketio.exceptions.ConnectionRefusedError("not authenticated") from None
    await sio.save_session(sid, who)
    if who["role"] == "dashboard":
        await sio.enter_room(sid, who["session"])
        rows = await pool.fetch(
            "SELECT student_id, connection_status, last_activity, hand FROM seats"
            " WHERE session_id = $1",
            who["session"],
        )
        seats = [{**row, "last_activity": row["last_activity"].isoformat()} for row in rows]
        await sio.emit("seats", seats, to=sid)
    else:
        await keep(who, "connection_status = 'CONNECTED'")


@sio.event
async def disconnect(sid, reason):
    """A student's seat shows that the connection is gone."""
    who = await sio.get_session(sid)
    if who["role"] == "student":
        await keep(who, "connection_status = 'DISCONNECTED'")


@sio.event
async def heartbeat(sid, data):
    """Keep it, tell the dashboards, acknowledge."""
    await keep(await sio.get_session(sid), "connection_status = 'CONNECTED'")
    return data["n"]


@sio.event
async def hand(sid, data):
    """Keep whether it is up, tell the dashboards, acknowledge."""
    up = bool(data["up"])
    who = await sio.get_session(sid)
    await keep(who, f"hand = {str(up).lower()}", hand=up, n=data["n"])
    return data["n"]


async def keep(who, change, **told):
    """Write the seat's row and tell whoever watches."""
    now = datetime.now(UTC)
    await pool.execute(
        f"UPDATE seats SET last_activity = $1, {change} WHERE student_id = $2",
        now,
        who["sub"],
    )
    seat = {"student_id": who["sub"], "last_activity": now.isoformat(), **told}
    await sio.emit("seat", seat, room=who["session"])


app = socketio.ASGIApp(sio)


async def main():
    """Serve until killed."""
    async with lifespan(app):
        config = uvicorn.Config(
            app, port=int(PORT), log_level="warning", ws_per_message_deflate=False, lifespan="off"
        )
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    import uvloop

    uvloop.run(main())
