"""When a child that died is started again, and when no more."""

from collections.abc import Sequence
from dataclasses import dataclass

EXIT_BAD_CONFIGURATION = 78  # EX_CONFIG of sysexits.h: the same settings would fail again


@dataclass(frozen=True)
class RestartPolicy:
    """Backs off with every death in the window; more than `deaths_allowed` in it means that it keeps dying."""

    deaths_allowed: int = 5
    window_seconds: float = 90
    first_pause_seconds: float = 0.2
    longest_pause_seconds: float = 10

    def pause_seconds(self, deaths: Sequence[float], exit_code: int | None) -> float | None:
        """Seconds to wait before the next start; None: do not start it again.

        `deaths` are moments of a monotonic clock, the last one just now.
        """
        if exit_code == EXIT_BAD_CONFIGURATION:
            return None
        recent = sum(1 for death in deaths if deaths[-1] - death <= self.window_seconds)
        if recent > self.deaths_allowed:
            return None
        return min(self.first_pause_seconds * 4.0 ** (recent - 1), self.longest_pause_seconds)
