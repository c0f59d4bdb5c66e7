"""A campaign: the plan of a seed carried out on one system under load, until so many kills are counted."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.faults.rig.judging import Judgement, keep_evidence
from tests.faults.rig.plan import Volley, volleys
from tests.faults.rig.servers import Servers
from tests.faults.rig.standing import Outcome, Standing, standing
from tests.faults.tally import RECOVERY_LIMIT_SECONDS, Disturbed, Judged, Sum, Tally

KILLS_BETWEEN_AUDITS = 40
PLAYERS = 20
REQUESTS_PER_SECOND = 8.0
ADVANCE_SECONDS = 8 * 3600.0
"""All clocks go ahead so far after each volley: deadlines of days pass within a campaign of minutes."""
WARMING_SECONDS = 5.0


@dataclass(frozen=True)
class Wanted:
    """What was asked for. `kills` counts over the tally's lines of this seed."""

    seed: int
    kills: int
    only: tuple[str, ...] = ()


class Campaign:
    """`say` hears a line for people now and then; `show` the sum after every line of the tally."""

    def __init__(self, wanted: Wanted, tally: Tally, say: Callable[[str], None], show: Callable[[Sum], None]) -> None:
        self._wanted = wanted
        self._tally = tally
        self._say = say
        self._show = show

    @property
    def sum(self) -> Sum:
        return self._tally.of(self._wanted.seed)

    async def run(self, servers: Servers, folder: Path) -> None:
        """Until the kills are counted and judged; what is left of a plan begun earlier."""
        seed = self._wanted.seed
        begun = self.sum
        self._say(f"starting the system in {folder}")
        async with standing(
            servers,
            folder,
            seed=seed + begun.last,
            requests_per_second=REQUESTS_PER_SECOND,
            patience_seconds=RECOVERY_LIMIT_SECONDS,
        ) as stand:
            await stand.load.start(PLAYERS)
            await asyncio.sleep(WARMING_SECONDS)  # no wait for a condition: people begin to come
            kills_judged = begun.kills
            for volley in volleys(seed, self._wanted.only, own_servers=servers.ours):
                if volley.last <= begun.last:
                    continue
                if self._enough():
                    break
                await self._inject(stand, volley)
                if self.sum.kills - kills_judged >= KILLS_BETWEEN_AUDITS:
                    await self._judge(stand, volley.last)
                    kills_judged = self.sum.kills
                    await stand.load.start(PLAYERS)
            await self._judge(stand, self.sum.last)

    def _enough(self) -> bool:
        """Without kills in the plan its disturbances are counted instead."""
        return (self.sum.kills or len(self.sum.recoveries)) >= self._wanted.kills

    async def _inject(self, stand: Standing, volley: Volley) -> None:
        outcomes = await stand.disturb(*volley.entries)
        for outcome in outcomes:
            self._tally.add(_line(self._wanted.seed, outcome))
        late = [outcome for outcome in outcomes if not outcome.recovered_within(RECOVERY_LIMIT_SECONDS)]
        if late:
            self._say(f"not recovered in time, {_named(late)}: {late[0].stuck or 'all done, but too late'}")
            self._keep(stand, f"stuck-{volley.first}", None)
        self._show(self.sum)
        stand.system.advance_clocks(ADVANCE_SECONDS)

    async def _judge(self, stand: Standing, after: int) -> None:
        self._say("at rest, and judged")
        began = time.monotonic()
        judgement = await stand.judge()
        evidence = "" if judgement.holds else str(self._keep(stand, f"broken-{after}", judgement))
        self._tally.add(
            Judged(
                seed=self._wanted.seed,
                after=after,
                events=judgement.events,
                requests=judgement.requests,
                letters=judgement.letters,
                letters_repeated=judgement.letters_repeated,
                lost=len(judgement.lost),
                doubled=len(judgement.doubled),
                other=len(judgement.other),
                evidence=evidence,
            )
        )
        self._say(_verdict(judgement, time.monotonic() - began))
        for breach in judgement.breaches()[:10]:
            self._say(f"  {breach}")
        if judgement.holds:
            for instance in stand.system.all_instances():
                instance.forget_logs()
        self._show(self.sum)

    def _keep(self, stand: Standing, name: str, judgement: Judgement | None) -> Path:
        folder = self._tally.file.with_suffix("") / f"seed-{self._wanted.seed}-{name}"
        keep_evidence(folder, stand.system, stand.told, judgement)
        self._say(f"evidence: {folder}")
        return folder


def _line(seed: int, outcome: Outcome) -> Disturbed:
    entry, seconds = outcome.entry, outcome.recovery_seconds
    return Disturbed(
        seed=seed,
        number=entry.number,
        name=entry.name,
        where=entry.where,
        step=entry.step,
        fired=outcome.harm.done,
        kills=outcome.harm.kills,
        recovery_seconds=None if seconds is None else round(seconds, 2),
        stuck=outcome.stuck,
    )


def _named(outcomes: Sequence[Outcome]) -> str:
    return ", ".join(f"{one.entry.name} {one.entry.where} {one.entry.step or ''}".strip() for one in outcomes)


def _verdict(judgement: Judgement, seconds: float) -> str:
    seen = (
        f"{judgement.events:,} events, {judgement.requests:,} requests, {judgement.letters:,} letters "
        f"({judgement.letters_repeated} came again under their id)"
    )
    if judgement.holds:
        return f"every law holds: {seen}, {seconds:.0f} s"
    lost, doubled, other = len(judgement.lost), len(judgement.doubled), len(judgement.other)
    return f"laws are BROKEN: {lost} lost, {doubled} doubled, {other} otherwise; {seen}"
