"""A client of the API that asks again where a server is away, as a program of a school would."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, Any

import httpx

from monitor.load.rest import RefusedError, RestClient

if TYPE_CHECKING:
    from collections.abc import Mapping

AGAIN_SECONDS = 0.2
GIVE_UP_SECONDS = 60.0
ANSWER_SECONDS = 10.0


class Patient:
    """A teacher who asks for one thing until it is answered, under one key.

    Args:
        url: The server.
        token: The teacher's.

    Attributes:
        client: For what may be asked once.
    """

    def __init__(self, url: str, token: str) -> None:
        self.token = token
        self.client = RestClient(url, token)
        self._url = url

    async def close(self) -> None:
        """Close all connections."""
        await self.client.__aexit__(None, None, None)

    async def command(self, path: str, body: Mapping[str, Any], key: str) -> None:
        """Post this until it is answered; the key makes sure that it is done once.

        Raises:
            RefusedError: It was refused for good.
            TimeoutError: Nobody answered for a minute.
        """
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key}
        deadline = monotonic() + GIVE_UP_SECONDS
        while True:
            try:
                # A connection of its own: whoever was frozen is not asked again.
                async with httpx.AsyncClient(
                    base_url=self._url, timeout=ANSWER_SECONDS, trust_env=False
                ) as client:
                    answer = await client.post(path, json=dict(body), headers=headers)
            except httpx.TransportError:
                pass
            else:
                if answer.is_success:
                    return
                if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                    raise RefusedError(answer.status_code, path, answer.text)
            if monotonic() > deadline:
                message = f"{path} was not answered in {GIVE_UP_SECONDS:g} s"
                raise TimeoutError(message)
            await asyncio.sleep(AGAIN_SECONDS)
