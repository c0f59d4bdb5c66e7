"""How many wrong codes one address may try before it has to wait. Nobody guesses 128 bits; this spares the database."""

import time
from collections import OrderedDict
from collections.abc import Callable

WINDOW_SECONDS = 15 * 60
WRONG_CODES = 30
ADDRESSES = 10_000


class WrongCodes:
    """Counts wrong codes by address, of this process and of the last quarter of an hour; the oldest are forgotten."""

    def __init__(
        self, *, most: int = WRONG_CODES, addresses: int = ADDRESSES, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = most
        self._addresses = addresses
        self._now = now
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()
        """Address -> when its window began, and how many since: in the order in which the windows began."""

    def seconds_to_wait(self, address: str) -> int:
        """0 when the address may try a code now."""
        began, count = self._counts.get(address, (0.0, 0))
        rest = began + WINDOW_SECONDS - self._now()
        return max(1, round(rest)) if count >= self._most and rest > 0 else 0

    def count(self, address: str) -> None:
        """A wrong code came from this address."""
        now = self._now()
        began, count = self._counts.get(address, (now, 0))
        if now - began >= WINDOW_SECONDS:
            del self._counts[address]
            began, count = now, 0
        self._counts[address] = (began, count + 1)
        if len(self._counts) > self._addresses:
            self._counts.popitem(last=False)
