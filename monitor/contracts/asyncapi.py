"""AsyncAPI 3.0 out of the messages of the wire."""

from __future__ import annotations

from typing import Any

import msgspec

from monitor.contracts.wire import CHANNELS, Channel, summary_of, type_of


def asyncapi(*, version: str) -> dict[str, Any]:
    """The document that describes both sockets."""
    types = list(
        dict.fromkeys(
            message
            for channel in CHANNELS
            for message in (*channel.from_client, *channel.from_server)
        )
    )
    _, schemas = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    document = {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Monitor's wire",
            "version": version,
            "description": "JSON text frames, `type` first; unknown fields are ignored.",
        },
        "defaultContentType": "application/json",
        "channels": {channel.name: _channel(channel) for channel in CHANNELS},
        "operations": {
            name: operation for channel in CHANNELS for name, operation in _operations(channel)
        },
        "components": {
            "schemas": schemas,
            "messages": {message.__name__: _message(message) for message in types},
        },
    }
    # As a reader gets it: defaults that are tuples or enums here are lists and texts there.
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(document))
    return plain


def _channel(channel: Channel) -> dict[str, Any]:
    return {
        "address": channel.path,
        "summary": channel.summary,
        "messages": {
            message.__name__: {"$ref": f"#/components/messages/{message.__name__}"}
            for message in (*channel.from_client, *channel.from_server)
        },
    }


def _operations(channel: Channel) -> list[tuple[str, dict[str, Any]]]:
    """What the server does on a channel: receive what clients send, and send."""
    return [
        (f"{channel.name}-receive", _operation(channel, "receive", channel.from_client)),
        (f"{channel.name}-send", _operation(channel, "send", channel.from_server)),
    ]


def _operation(channel: Channel, action: str, messages: tuple[type[Any], ...]) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel.name}"},
        "messages": [
            {"$ref": f"#/channels/{channel.name}/messages/{message.__name__}"}
            for message in messages
        ],
    }


def _message(message: type[Any]) -> dict[str, Any]:
    return {
        "name": type_of(message),
        "summary": summary_of(message),
        "payload": {"$ref": f"#/components/schemas/{message.__name__}"},
    }
