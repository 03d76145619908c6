"""The form in which a publication travels through Redis: its origin, then MessagePack."""

from __future__ import annotations

import msgspec

from monitor.protocol.publication import Publication

ORIGIN_BYTES = 16  # a process's own random id; it skips what it has sent itself

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Publication)


def encode(publication: Publication, origin: bytes) -> bytes:
    """The publication as sent by the process `origin`."""
    return origin + _encoder.encode(publication)


def origin_of(data: bytes) -> bytes:
    """The process that sent it."""
    return data[:ORIGIN_BYTES]


def decode(data: bytes) -> Publication:
    """The publication.

    Raises:
        msgspec.DecodeError: The data are of another version of Monitor, or of someone else.
    """
    return _decoder.decode(data[ORIGIN_BYTES:])
