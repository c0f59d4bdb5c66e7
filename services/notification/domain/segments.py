"""How many short messages a text is sent as (3GPP TS 23.038 and 23.040)."""

from typing import NamedTuple

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
"""Each takes an escape before it."""


class _Room(NamedTuple):
    """Characters in a message that stands alone, and in each part of a longer one."""

    alone: int
    part: int


_GSM, _UCS2 = _Room(160, 153), _Room(70, 67)


def segments(text: str) -> int:
    """The number of messages `text` takes: in the GSM alphabet when it can, else in UCS-2."""
    if all(letter in _BASIC or letter in _EXTENDED for letter in text):
        sizes, room = [2 if letter in _EXTENDED else 1 for letter in text], _GSM
    else:
        sizes, room = [len(letter.encode("utf-16-be")) // 2 for letter in text], _UCS2
    if sum(sizes) <= room.alone:
        return 1
    parts, used = 1, 0
    for size in sizes:
        # An escape, or half of a character beyond the basic plane, is never parted from what follows it.
        if used + size > room.part:
            parts, used = parts + 1, 0
        used += size
    return parts
