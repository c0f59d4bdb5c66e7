"""`python -m services.<name> topics [create]`: the topics a service needs, for operators."""

import argparse
import sys
from typing import TYPE_CHECKING, Any

from aiokafka.errors import KafkaError

from chassis.bus.topics import create_topics, existing_topics
from contracts.manifest import Manifest

if TYPE_CHECKING:
    from chassis.service import Runtime

EXAMPLES = """examples:
  topics            which exist, which are missing
  topics create     make those that are missing, as the manifest has them; facts set aside for one are told then

With an agency new in the directory, run it before the service starts, or while it runs.

exit codes: 0 all exist; 1 some are missing, or Kafka does not answer; 2 wrong words"""


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    topics = commands.add_parser(
        "topics",
        help="the topics this service tells on and reads",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    topics.add_argument("deed", nargs="?", choices=["list", "create"], default="list", help="list is the default")


async def run_command(runtime: "Runtime[Any]", chosen: argparse.Namespace) -> int:
    """Needs Kafka only; the service may be running."""
    servers, prefix = runtime.settings.kafka_bootstrap_servers, runtime.settings.topic_prefix
    try:
        if chosen.deed == "create":
            made = await create_topics(servers, Manifest.load(), prefix=prefix, names=runtime.topics)
            sys.stdout.write("".join(f"{name}  created\n" for name in made))
        there = await existing_topics(servers, prefix=prefix)
    except (KafkaError, OSError, TimeoutError) as fault:
        sys.stderr.write(f"Kafka at {servers} does not answer ({type(fault).__name__}). See whether it runs.\n")
        return 1
    missing = [name for name in runtime.topics if name not in there]
    if chosen.deed == "list":
        sys.stdout.write("".join(f"{name}  {'missing' if name in missing else 'exists'}\n" for name in runtime.topics))
    sys.stdout.write(f"{len(runtime.topics) - len(missing)} of {len(runtime.topics)} topics exist\n")
    return 1 if missing else 0
