"""How long things that should move have stood still."""

from collections.abc import Hashable, Mapping
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class Stillness(Generic[K]):
    """Remembers for each thing with work since when it is at the same place. Seconds are of a monotonic clock."""

    def __init__(self) -> None:
        self._since: dict[K, tuple[Hashable, float]] = {}

    def look(self, places: Mapping[K, Hashable], now: float) -> None:
        """`places`: where everything that has work stands at this moment; what has none is left out and forgotten."""
        self._since = {
            thing: before if (before := self._since.get(thing)) and before[0] == place else (place, now)
            for thing, place in places.items()
        }

    def longest(self, now: float) -> float:
        """Seconds since the thing that has waited longest moved; 0 when nothing has work."""
        return max((now - since for _, since in self._since.values()), default=0.0)

    def still(self, now: float, seconds: float) -> tuple[K, ...]:
        """The things at the same place for longer than `seconds`, in the order they were looked at."""
        return tuple(thing for thing, (_, since) in self._since.items() if now - since > seconds)
