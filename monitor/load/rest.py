"""Monitor's REST API, as a program outside speaks it.

async with RestClient(url) as admin:
    await admin.login("admin@school.example", "password")
    school_class = await admin.post("/api/classes", {"name": "7b", "student_ids": []})
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Self

import httpx

from monitor.load.frames import decode_snapshot

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from types import TracebackType

    from monitor.protocol.messages import Snapshot

# Hashing a password takes a while when a whole school signs in at once.
ANSWER_SECONDS = 30.0


class RefusedError(Exception):
    """The server's problem detail: `status` and `code` say which, `str()` says it in words."""

    def __init__(self, status: int, code: str, sentence: str) -> None:
        super().__init__(f"{status} {code}: {sentence}")
        self.status = status
        self.code = code


class RestClient:
    """One user of the API; signed in once `login` has returned.

    Args:
        url: The server, such as http://127.0.0.1:8000.
        token: An access token, where there is one already.
        connections: How many requests may be under way at once.
    """

    def __init__(self, url: str, token: str | None = None, *, connections: int = 20) -> None:
        self.url = url.rstrip("/")
        self.user: dict[str, Any] | None = None
        self._client = httpx.AsyncClient(
            base_url=self.url,
            timeout=ANSWER_SECONDS,
            trust_env=False,
            limits=httpx.Limits(max_connections=connections),
        )
        self.token = token

    async def __aenter__(self) -> Self:
        """Nothing happens before the first request."""
        return self

    async def __aexit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def login(self, email: str, password: str) -> str:
        """Sign in with a password and return the token, which later requests carry."""
        return self._signed_in(
            await self.post("/api/login", {"email": email, "password": password})
        )

    async def login_link(self, link: str) -> str:
        """Sign in with a student's link or short code and return the token."""
        return self._signed_in(await self.post("/api/login", {"link": link}))

    async def get(self, path: str, **parameters: str | int) -> Any:
        """The answer's JSON.

        Raises:
            RefusedError: The server refused.
            httpx.HTTPError: It could not be reached.
        """
        return await self._request("GET", path, params=parameters)

    async def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The answer's JSON; a body that is left out is an empty object. Raises as `get`."""
        return await self._request("POST", path, json=dict(body or {}))

    async def patch(self, path: str, body: Mapping[str, Any]) -> Any:
        """The answer's JSON. Raises as `get`."""
        return await self._request("PATCH", path, json=dict(body))

    async def delete(self, path: str) -> None:
        """Remove what is there. Raises as `get`."""
        await self._send("DELETE", path)

    async def read(self, path: str, **parameters: str | int) -> bytes:
        """The answer as it came. Raises as `get`."""
        return (await self._send("GET", path, params=parameters)).content

    async def all(self, path: str, **parameters: str | int) -> AsyncIterator[dict[str, Any]]:
        """Every item of a list, page by page."""
        while True:
            page = await self.get(path, **parameters)
            for item in page["items"]:
                yield item
            if page["next"] is None:
                return
            parameters["after"] = page["next"]

    async def command(self, session_id: str, verb: str, **body: Any) -> Any:
        """Steer a sitting: open, start, pause, extend, messages, …; answered after the commit."""
        return await self.post(f"/api/sessions/{session_id}/{verb}", body)

    async def snapshot(self, session_id: str) -> Snapshot:
        """The sitting as the database has it now."""
        answer = await self._send("GET", f"/api/sessions/{session_id}/snapshot")
        return decode_snapshot(answer.content)

    async def _request(self, method: str, path: str, **options: Any) -> Any:
        answer = await self._send(method, path, **options)
        return answer.json() if answer.content else None

    async def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {} if self.token is None else {"Authorization": f"Bearer {self.token}"}
        answer = await self._client.request(method, path, headers=headers, **options)
        if answer.is_success:
            return answer
        try:
            problem = answer.json()
        except json.JSONDecodeError:
            problem = {}
        raise RefusedError(
            answer.status_code,
            problem.get("code", ""),
            problem.get("detail") or problem.get("title") or answer.text[:200],
        )

    def _signed_in(self, answer: dict[str, Any]) -> str:
        self.user = answer["user"]
        token: str = answer["access_token"]
        self.token = token
        return token
