"""Topics, made from the manifest before anything publishes or reads."""

import asyncio
import re
import time
from collections.abc import Sequence

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from contracts.manifest import Manifest, Topic

TOPICS_WAIT_SECONDS = 60.0
COPIES = 3
"""Of each partition in production."""


def subscription(topics: Sequence[Topic], prefix: str) -> str:
    """One pattern for all topics, so that a new agency's feed is found without a restart."""
    names = [re.sub(r"\?P<\w+>", "?:", topic.pattern).strip("^$") for topic in topics]
    return f"^{re.escape(prefix)}(?:{'|'.join(names)})$"


def topics_of(manifest: Manifest, party: str, agencies: Sequence[str]) -> tuple[str, ...]:
    """The topics a service tells on and reads, without prefix; of a template one for each of the agencies it knows."""
    heard_and_told = (*manifest.published_by(party), *manifest.read_by(party))
    return tuple(
        topic.name_for(agency) for topic in heard_and_told for agency in (agencies if topic.is_template else (None,))
    )


async def create_topics(
    bootstrap_servers: str,
    manifest: Manifest,
    *,
    prefix: str = "",
    agencies: Sequence[str] = (),
    names: Sequence[str] | None = None,
    partitions: int | None = None,
) -> tuple[str, ...]:
    """Create what is missing and wait until every topic can be used; returns the names created now, with prefix.

    `names` (without prefix) instead of all of the manifest's. On fewer than three brokers, which cannot keep three
    copies, topics are made as for the embedded stack. Raises TimeoutError when the broker does not make them in time.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        many = len((await admin.describe_cluster())["brokers"]) >= COPIES
        wanted: dict[str, NewTopic] = {}
        for name in manifest.names(agencies) if names is None else names:
            topic = manifest.topic(name)
            wanted[prefix + name] = NewTopic(
                prefix + name,
                num_partitions=partitions or (topic.partitions.production if many else topic.partitions.embedded),
                replication_factor=COPIES if many else 1,
                topic_configs={"cleanup.policy": "delete", "retention.ms": str(topic.retention_ms)},
            )
        there = set(await admin.list_topics())
        missing = [topic for name, topic in wanted.items() if name not in there]
        if missing:
            answer = await admin.create_topics(missing)
            for topic, code, *_ in answer.topic_errors:
                error = for_code(code)
                if code and error is not TopicAlreadyExistsError:
                    raise error(f"topic {topic}")
        await _until_usable(admin, set(wanted))
        return tuple(topic.name for topic in missing)
    finally:
        await admin.close()


async def existing_topics(bootstrap_servers: str, *, prefix: str = "") -> frozenset[str]:
    """The names of the topics there are under this prefix, without it."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    try:
        await admin.start()
        names = await admin.list_topics()
    finally:
        await admin.close()
    return frozenset(name.removeprefix(prefix) for name in names if name.startswith(prefix))


async def _until_usable(admin: AIOKafkaAdminClient, names: set[str]) -> None:
    deadline = time.monotonic() + TOPICS_WAIT_SECONDS
    while True:
        try:
            described = await admin.describe_topics(sorted(names))
            if all(t["error_code"] == 0 and all(p["leader"] >= 0 for p in t["partitions"]) for t in described):
                return
        except KafkaError:
            pass
        if time.monotonic() > deadline:
            raise TimeoutError("Kafka did not make the topics in time; look at its log.")
        await asyncio.sleep(0.1)
