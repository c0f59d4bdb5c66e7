"""A part of the stack: what to start, how it says that it is ready, how long it may take."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


class CannotPrepare(RuntimeError):
    """What a part needs before its start could not be made; the message says why."""


def _always(_log: Path) -> bool:
    return True


def _nothing() -> None:
    return None


@dataclass(frozen=True)
class Part:
    """One child process.

    `ready` is asked with the log of the current run until it is true. `prepare` runs before every start,
    `after_good_stop` after a stop that was asked for and came in time. `environment` is added to the
    supervisor's own.
    """

    name: str
    what: str
    command: tuple[str, ...]
    ready: Callable[[Path], bool] = _always
    environment: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[], None] = _nothing
    after_good_stop: Callable[[], None] = _nothing
    start_budget_seconds: float = 90
    stop_budget_seconds: float = 20
