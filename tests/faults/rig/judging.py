"""The verdict over a system under fault: the audit's laws, and what the audit cannot see, the letters themselves."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from pymongo import AsyncMongoClient

from audit.evidence import Verdict
from audit.looking import look_until_at_rest
from audit.report import as_json
from tests.faults.rig.system import FaultSystem
from tests.faults.rig.told import ToldList

PATIENCE_SECONDS = 180.0
DELIVERED = "delivered"

_DOUBLED = re.compile(r"twice|doubled|again|more than (?:one|once)|repeated|several|two ", re.IGNORECASE)
_LOST = re.compile(r"\bno\b|\bnot\b|never|missing|nobody|nothing|none|lost|without|gap|lacks|neither", re.IGNORECASE)


@dataclass(frozen=True)
class Judgement:
    """Every breach in a sentence, by what it means for a family: something of theirs is lost, or came twice."""

    verdicts: tuple[Verdict, ...]
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    other: tuple[str, ...]
    events: int
    requests: int
    letters: int
    letters_repeated: int

    @property
    def holds(self) -> bool:
        return not (self.lost or self.doubled or self.other)

    def breaches(self) -> tuple[str, ...]:
        return (*self.lost, *self.doubled, *self.other)


async def judge(system: FaultSystem, told: ToldList) -> Judgement:
    """Once the system has come to rest, for which it is given some time. Raises one of audit.looking.CannotLook."""
    verdicts = await look_until_at_rest(system.addresses(), told.all(), PATIENCE_SECONDS, lambda _: None)
    breaches = [f"{verdict.law.name}: {breach}" for verdict in verdicts for breach in verdict.findings.breaches]
    breaches += await _letters_lost(system)
    doubled = [breach for breach in breaches if _DOUBLED.search(breach)]
    lost = [breach for breach in breaches if _LOST.search(breach) and breach not in doubled]
    counted = {verdict.law.name: verdict.findings.counted for verdict in verdicts}
    return Judgement(
        verdicts=verdicts,
        lost=tuple(lost),
        doubled=tuple(doubled),
        other=tuple(breach for breach in breaches if breach not in doubled and breach not in lost),
        events=counted["traces"]["events"],
        requests=counted["requests"]["requests answered 2xx"],
        letters=len(system.mail.letters),
        letters_repeated=system.mail.repeated,
    )


async def _letters_lost(system: FaultSystem) -> list[str]:
    """Messages recorded as delivered whose letter the mail server never took: gone before they were sent."""
    uri, name = system.databases()["notification"]
    client: AsyncMongoClient[dict[str, object]] = AsyncMongoClient(uri)
    try:
        unwound: list[dict[str, object]] = [
            {"$unwind": "$deliveries"},
            {"$match": {"deliveries.status": DELIVERED}},
            {"$project": {"_id": 0, "id": "$deliveries.id"}},
        ]
        delivered = {str(row["id"]) async for row in await client[name]["cases"].aggregate(unwound)}
    finally:
        await client.close()
    return [
        f"letters: message {key} is delivered, and no letter came"
        for key in sorted(delivered - set(system.mail.letters))
    ]


def keep_evidence(folder: Path, system: FaultSystem, told: ToldList, judgement: Judgement | None) -> None:
    """The audit's words, what clients were told, and the logs of all lives."""
    folder.mkdir(parents=True, exist_ok=True)
    if judgement is not None:
        (folder / "audit.json").write_text(as_json(judgement.verdicts), encoding="utf-8")
        (folder / "breaches.txt").write_text("\n".join(judgement.breaches()) + "\n", encoding="utf-8")
    shutil.copy(told.file, folder)
    for instance in system.all_instances():
        instance.keep_logs(folder / "logs")
