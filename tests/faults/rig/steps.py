"""The named steps of a service's way, and the order to do something to a process when it reaches one.

The rig leaves an order in a file; the process looks for it at every step, and says that it got there before it does
what was ordered: so a kill is counted only when it really was at that step.
"""

import enum
import os
import signal
import threading
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

SERVICES = ("intake", "referral", "notification", "reporting")


class Step(enum.StrEnum):
    """Before and after each boundary that a fact crosses on its way through a service."""

    COMMIT_BEFORE = "commit.before"  # everything is written, the transaction is open: dying here leaves an orphan
    COMMIT_AFTER = "commit.after"
    PUBLISH_BEFORE = "publish.before"
    PUBLISH_AFTER = "publish.after"  # all of a chunk lies in Kafka, not committed
    ACKNOWLEDGE_BEFORE = "acknowledge.before"
    ACKNOWLEDGE_AFTER = "acknowledge.after"
    REMOVE_BEFORE = "remove.before"
    REMOVE_AFTER = "remove.after"
    OFFSETS_BEFORE = "offsets.before"
    OFFSETS_AFTER = "offsets.after"
    SEND_BEFORE = "send.before"
    SEND_AFTER = "send.after"
    FIRE_BEFORE = "fire.before"
    FIRE_AFTER = "fire.after"

    @property
    def boundary(self) -> str:
        return self.partition(".")[0]


_BOUNDARIES: Mapping[str, frozenset[str]] = {
    "intake": frozenset({"commit", "publish", "acknowledge", "remove", "offsets", "fire"}),
    "referral": frozenset({"commit", "publish", "acknowledge", "remove", "offsets", "fire"}),
    "notification": frozenset({"commit", "publish", "acknowledge", "remove", "offsets", "send", "fire"}),
    "reporting": frozenset({"commit", "offsets"}),  # it publishes nothing and has no clocks
}


def steps_of(service: str) -> tuple[Step, ...]:
    """The steps this service takes."""
    return tuple(step for step in Step if step.boundary in _BOUNDARIES[service])


class Deed(enum.StrEnum):
    """What a process does to itself at the step."""

    KILL = "kill"
    STOP = "stop"
    TERM = "term"


_SIGNALS = {Deed.KILL: signal.SIGKILL, Deed.STOP: signal.SIGSTOP, Deed.TERM: signal.SIGTERM}


class Order(BaseModel):
    """Do `deed` at `step`, once it has been reached `hits_first` times before. Numbers are never used twice."""

    model_config = ConfigDict(frozen=True)

    number: int
    step: Step
    hits_first: int = 0
    deed: Deed = Deed.KILL


class Reached(BaseModel):
    """What the process wrote just before it did what was ordered."""

    model_config = ConfigDict(frozen=True)

    number: int
    step: Step
    pid: int


class Arming:
    """The two files between the rig and one instance."""

    def __init__(self, folder: Path, instance: str) -> None:
        self.order_file = folder / f"{instance}.order.json"
        self._reached_file = folder / f"{instance}.reached.jsonl"

    def arm(self, order: Order) -> None:
        self.order_file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.order_file.with_suffix(".new")
        fresh.write_text(order.model_dump_json())
        fresh.replace(self.order_file)

    def disarm(self) -> None:
        self.order_file.unlink(missing_ok=True)

    def note(self, reached: Reached) -> None:
        line = f"{reached.model_dump_json()}\n".encode()
        file = os.open(self._reached_file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(file, line)
        finally:
            os.close(file)

    def reached(self, number: int) -> Reached | None:
        """What was written about this order; None while its step was not reached."""
        try:
            lines = self._reached_file.read_text().splitlines()
        except FileNotFoundError:
            return None
        told = (Reached.model_validate_json(line) for line in reversed(lines))
        return next((one for one in told if one.number == number), None)


class Steps:
    """The process's side: called at every step, from any thread; costs one `stat` while nothing is ordered."""

    def __init__(self, arming: Arming) -> None:
        self._arming = arming
        self._lock = threading.Lock()
        self._seen: tuple[int, int] | None = None
        self._order: Order | None = None
        self._hits = 0

    def reach(self, step: Step) -> None:
        """Carry out the order if this is its step and its turn."""
        with self._lock:
            order = self._look()
            if order is None or order.step is not step:
                return
            self._hits += 1
            if self._hits != order.hits_first + 1:
                return
            self._arming.note(Reached(number=order.number, step=step, pid=os.getpid()))
            if order.deed is Deed.STOP:
                # Woken again, the process must not stop at once a second time.
                self._arming.disarm()
        os.kill(os.getpid(), _SIGNALS[order.deed])

    def expects(self, step: Step) -> bool:
        """Whether the order is for this step: where being there for certain costs something."""
        with self._lock:
            order = self._look()
        return order is not None and order.step is step

    def _look(self) -> Order | None:
        try:
            stat = self._arming.order_file.stat()
        except FileNotFoundError:
            self._seen, self._order = None, None
            return None
        seen = (stat.st_mtime_ns, stat.st_ino)
        if seen != self._seen:
            try:
                self._order = Order.model_validate_json(self._arming.order_file.read_bytes())
            except (OSError, ValidationError):
                self._order = None  # disarmed between the two looks
            self._seen, self._hits = seen, 0
            if self._order is not None and self._arming.reached(self._order.number) is not None:
                # A process killed by this order was started again: an order is carried out once.
                self._order = None
        return self._order
