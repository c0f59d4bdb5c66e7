"""The code on a citizen's receipt, and the visit it opens: with the case number it shows how the case goes.

Only an HMAC of it is kept: who has the database and not the secret cannot find a code by trying.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Self

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no letter that is read as another or as a digit."""
CODE_LENGTH = 8
"""40 bits: at the tries that are allowed nobody finds one in a lifetime."""
MISREAD = str.maketrans("OIL", "011")
VISIT = timedelta(minutes=15)
"""How long a citizen's page stays open on a telephone that may be shared."""


def code_of(receipt: str, case_id: str, secret: bytes) -> str:
    """The code of a receipt as it is printed: "7QKM-3XPA". Made again, as by a reload of its page, it is the same."""
    drawn = _mac(secret, "citizen-receipt", case_id, receipt).digest()
    code = "".join(ALPHABET[byte % len(ALPHABET)] for byte in drawn[:CODE_LENGTH])
    return f"{code[:4]}-{code[4:]}"


def digest_of(code: str, case_id: str, secret: bytes) -> str:
    """What is kept of a code. Case, spaces, hyphens and letters read for digits make no difference."""
    said = "".join(one for one in code.upper().translate(MISREAD) if one in ALPHABET)
    return _mac(secret, "citizen-code", case_id, said).hexdigest()


def same_digest(one: str, other: str) -> bool:
    """Compared in a time that does not tell how much of it is right."""
    return hmac.compare_digest(one, other)


@dataclass(frozen=True)
class Visit:
    """A citizen looking at one case, until a moment. A new code of the case ends it."""

    case_id: str
    area: str
    until: datetime

    @classmethod
    def beginning(cls, case_id: str, area: str, now: datetime) -> Self:
        return cls(case_id, area, (now + VISIT).replace(microsecond=0))

    def sealed(self, digest: str, secret: bytes) -> str:
        """The visit as the browser carries it."""
        return f"{self._open()}~{_mac(secret, 'citizen-visit', self._open(), digest).hexdigest()}"

    def _open(self) -> str:
        return f"{self.case_id}~{self.area}~{int(self.until.timestamp())}"

    def sealed_as(self, text: str, digest: str, secret: bytes) -> bool:
        return hmac.compare_digest(self.sealed(digest, secret).encode(), text.encode())

    @classmethod
    def claimed(cls, text: str, now: datetime) -> Self | None:
        """The visit that a text claims to be, not yet to be believed; None once it is over or unreadable."""
        try:
            case_id, area, until, _ = text.split("~")
            visit = cls(case_id, area, datetime.fromtimestamp(int(until), now.tzinfo))
        except (ValueError, OverflowError, OSError):
            return None
        return visit if now < visit.until else None


def _mac(secret: bytes, purpose: str, *parts: str) -> hmac.HMAC:
    return hmac.new(secret, "\n".join((purpose, *parts)).encode(), sha256)
