"""python -m tests.faults.backlog: let many events wait for a service, and see how they drain."""

import argparse
import asyncio
import logging
import sys
import tempfile
import uuid
from collections.abc import Sequence
from pathlib import Path

from deploy.embedded.stack import ServerStack
from tests.backends.addresses import addresses_of_environment
from tests.faults.backlog.draining import Figures, Place, drain_outbox, drain_topics, make_topics
from tests.faults.backlog.facts import SERVICES

BOUNDED, GROWS, WRONG_WORDS = 0, 1, 2
GROWTH_LIMIT = 1.5
GROWTH_ALLOWANCE_MEBIBYTES = 64.0
RELAY = "relay"

EPILOG = """Stands on an embedded stack of its own, or on the servers that PUSKESOS_TEST_KAFKA and
PUSKESOS_TEST_MONGODB name. "relay" is the other side: facts waiting in intake's outbox while Kafka is away.

exit codes: 0 drained in bounded memory; 1 memory grew with what was drained, or something died; 2 wrong words
"""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults.backlog",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--events", type=int, default=200_000, help="how many wait (default: %(default)s)")
    parser.add_argument(
        "--service", choices=(*SERVICES, RELAY), action="append", help="only this; may be repeated (default: all)"
    )
    chosen = parser.parse_args(arguments)
    if chosen.events < 2:
        parser.error("--events: at least 2")
    # Brokers are away on purpose: a client that says so ten times a second hides what is said to people.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    found = _on_servers(chosen.events, chosen.service or [*SERVICES, RELAY])
    sys.stdout.write("\n" + "\n".join(figures.line() for figures in found) + "\n")
    return BOUNDED if all(is_bounded(figures) and not figures.dead_letters for figures in found) else GROWS


def is_bounded(figures: Figures) -> bool:
    """Whether memory at the end and at its peak is what it was when a tenth was drained, and some."""
    return figures.peak <= figures.memory[0.1] * GROWTH_LIMIT + GROWTH_ALLOWANCE_MEBIBYTES


def _on_servers(events: int, services: Sequence[str]) -> list[Figures]:
    given = addresses_of_environment()
    if given is not None:
        return asyncio.run(_drain_each(given.kafka, given.mongodb, events, services))
    with tempfile.TemporaryDirectory(prefix="puskesos-backlog-") as folder, ServerStack(Path(folder)) as stack:
        return asyncio.run(_drain_each(stack.kafka.bootstrap_servers, stack.mongodb.uri, events, services))


async def _drain_each(kafka: str, mongodb: str, events: int, services: Sequence[str]) -> list[Figures]:
    found = []
    for service in services:
        place = Place(kafka, mongodb, f"b{uuid.uuid4().hex[:10]}")
        await make_topics(place)
        drained = drain_outbox(place, events, _say) if service == RELAY else drain_topics(place, service, events, _say)
        found.append(await drained)
        _say(found[-1].line())
    return found


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    raise SystemExit(main())
