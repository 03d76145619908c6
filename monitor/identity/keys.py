"""One secret, many keys: a key made for one purpose is of no use for another."""

from __future__ import annotations

import hashlib
import hmac


def derive_key(secret: str, purpose: str) -> bytes:
    """The 32-byte key of this installation for `purpose`, e.g. `tokens` or `links`."""
    return hmac.digest(secret.encode(), b"monitor " + purpose.encode(), hashlib.sha256)
