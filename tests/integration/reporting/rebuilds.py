"""Rebuilding as an operator does it, and looking at what came of it."""

import asyncio
from collections.abc import Mapping
from typing import Any

from chassis.main import parser_of
from chassis.service import Command, Runtime
from chassis.store import Store
from chassis.store.generations import Generations
from services.reporting.app import DEFINITION
from services.reporting.commands import ERASE, REBUILD
from services.reporting.settings import ReportingSettings
from services.reporting.store import CASE_FIGURES, CASES, PROGRAMME_FIGURES, READ_MODELS


async def command(settings: ReportingSettings, *words: str) -> int:
    """`python -m services.reporting ...` in this process; gives the exit code."""
    chosen = parser_of(DEFINITION).parse_args(words)
    known: dict[str, Command] = {one.name: one for one in (ERASE, REBUILD)}
    return await known[chosen.command].run(Runtime(DEFINITION, settings), chosen)


async def live_number(store: Store) -> int:
    return (await Generations(store, READ_MODELS).live()).number


async def what_is_shown(store: Store) -> dict[str, Mapping[str, Any]]:
    """Every case and every counter that counts something, of the live generation, as far as events made it."""
    live = (await Generations(store, READ_MODELS).live()).generation
    shown: dict[str, Mapping[str, Any]] = {}
    async for row in store.database[live.name(CASES.name)].find():
        shown[row["_id"]] = {"case": row["case"], "standing": row["standing"], "heard": _heard(row)}
    for figures in (CASE_FIGURES, PROGRAMME_FIGURES):
        async for row in store.database[live.name(figures.name)].find():
            counts = {name: value for name, value in row.items() if isinstance(value, int) and value}
            if counts:
                shown[f"{figures.name}:{row['_id']}"] = counts
    return shown


def _heard(row: Mapping[str, Any]) -> set[tuple[Any, ...]]:
    return {(e["source"], e["subject"], *map(tuple, e["ranges"])) for e in row["heard"]["entries"]}


async def in_background(settings: ReportingSettings, *words: str) -> "asyncio.Task[int]":
    return asyncio.create_task(command(settings, *words))
