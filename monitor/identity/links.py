"""Sign-in links: a student's way into one sitting without a password, as a link and a short code.

Both are derived from the link's id and the installation's secret, so a lost card can be printed
again, while the database holds only keyed hashes: whoever reads it can sign in with nothing.
A code has 40 bits; guessing one among 1,000 live codes at the failed-login limit takes years.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from monitor.identity.keys import derive_key

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
CODE_LENGTH = 8
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


class LinkKeys:
    """Makes the link token and the code of a link's id, and the hashes they are stored under."""

    def __init__(self, secret: str) -> None:
        """Derive from the installation's secret."""
        self._make = derive_key(secret, "links")
        self._store = derive_key(secret, "stored links")

    def token(self, link_id: str) -> str:
        """The long form, for a link: 43 characters that fit a URL."""
        digest = hmac.digest(self._make, f"token {link_id}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def code(self, link_id: str) -> str:
        """The short form, for a card: eight characters in two groups, e.g. `7KQ2-M9XD`."""
        digest = hmac.digest(self._make, f"code {link_id}".encode(), hashlib.sha256)
        number = int.from_bytes(digest[:5])
        letters = "".join(ALPHABET[number >> 5 * place & 31] for place in range(CODE_LENGTH))
        return f"{letters[:4]}-{letters[4:]}"

    def token_hash(self, link_id: str) -> str:
        """Under what the link token of this id is stored."""
        return self.hash(self.token(link_id))

    def code_hash(self, link_id: str) -> str:
        """Under what the code of this id is stored."""
        return self.hash(self.code(link_id))

    def hash(self, given: str) -> str:
        """Under what a link token or code, as a person gave it, would be stored."""
        return hmac.digest(self._store, as_given(given).encode(), hashlib.sha256).hex()


def as_given(text: str) -> str:
    """A code however it was typed (`7kq2 m9xd`, O for 0) in one form; anything else unchanged."""
    code = text.strip().upper().translate(_READ_AS)
    return code if is_code(code) else text.strip()


def is_code(text: str) -> bool:
    """Whether this has the form of a short code, as `as_given` writes one."""
    return len(text) == CODE_LENGTH and all(letter in ALPHABET for letter in text)
