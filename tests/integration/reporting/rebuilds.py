"""Rebuilding as an operator does it, and looking at what came of it."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from chassis.area import COUNTRY
from chassis.bus.history import History
from chassis.main import parser_of
from chassis.service import Command, Runtime
from chassis.store import Store
from chassis.store.documents import document_from_stored
from chassis.store.generation import Building, Generation
from chassis.store.generations import Generations, live_generation
from contracts.manifest import Manifest
from services.reporting.app import DEFINITION
from services.reporting.commands import ERASE, REBUILD
from services.reporting.settings import ReportingSettings
from services.reporting.store import CASE_FIGURES, CASES, PROGRAMME_FIGURES, READ_MODELS, StoredCase, increment

_COMMANDS: dict[str, Command] = {one.name: one for one in (ERASE, REBUILD)}


async def command(settings: ReportingSettings, *words: str) -> int:
    """`python -m services.reporting ...` in this process; gives the exit code."""
    chosen = parser_of(DEFINITION).parse_args(words)
    return await _COMMANDS[chosen.command].run(Runtime(DEFINITION, settings), chosen)


async def hear_topics(runtime: Runtime[Any]) -> None:
    """Have the service handle all that is on its topics now, as its source would, without a source."""
    settings = runtime.settings
    topics = Manifest.load().read_by(DEFINITION.name)
    history = History(settings.kafka_bootstrap_servers, topics, settings.topic_prefix, {})
    assert runtime.processor is not None
    try:
        ends = await history.ends()
        while any(history.offsets.get(partition, 0) < end for partition, end in ends.items()):
            await runtime.processor.process(await history.read(500))
    finally:
        await history.close()


async def live_number(store: Store) -> int:
    return (await live_generation(store)).number


async def building(store: Store) -> Building | None:
    return await Generations(store, READ_MODELS).building()


async def live_case(store: Store, case: str) -> StoredCase | None:
    """What lies in the live generation, also of a case that nobody sees any more."""
    row = await store.database[(await live_generation(store)).name(CASES.name)].find_one({"_id": case})
    return None if row is None else document_from_stored(StoredCase, row)


async def what_is_shown(store: Store) -> dict[str, Mapping[str, Any]]:
    """Every case and every counter that counts something, of the live generation, as far as events made it."""
    live = await live_generation(store)
    shown: dict[str, Mapping[str, Any]] = {}
    async for row in store.database[live.name(CASES.name)].find():
        shown[row["_id"]] = {"case": row["case"], "standing": row["standing"], "heard": _heard(row)}
    return shown | await _counters(store, live)


async def figures_added_up(store: Store) -> dict[str, Mapping[str, Any]]:
    """What the counters of the live generation have to be: the sum of what its cases add."""
    live = await live_generation(store)
    added: dict[str, Counter[str]] = {}
    async for row in store.database[live.name(CASES.name)].find():
        stored = document_from_stored(StoredCase, row)
        for key, counts in stored.case.adds(stored.area).items():
            moved = increment(key, stored.area, dict(counts))
            added.setdefault(f"{moved.collection}:{moved.key}", Counter()).update(moved.counts)
    return dict(added)


async def counters(store: Store) -> dict[str, Mapping[str, Any]]:
    return await _counters(store, await live_generation(store))


async def cases_seen(store: Store) -> dict[str, int]:
    """Each case that somebody can see, with the length of its timeline."""
    reader = store.reading(COUNTRY, (await live_generation(store)).of(CASES))
    return {stored.id: len(stored.case.timeline) for stored in await reader.all(limit=10_000)}


async def _counters(store: Store, live: Generation) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for figures in (CASE_FIGURES, PROGRAMME_FIGURES):
        async for row in store.database[live.name(figures.name)].find():
            counts = {name: value for name, value in row.items() if isinstance(value, int) and value}
            if counts:
                found[f"{figures.name}:{row['_id']}"] = counts
    return found


def _heard(row: Mapping[str, Any]) -> set[tuple[Any, ...]]:
    return {(e["source"], e["subject"], *map(tuple, e["ranges"])) for e in row["heard"]["entries"]}
