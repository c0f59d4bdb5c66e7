"""Replaying many letters beside the service: begun on a page, done by a worker, a slice at a time.

A slice is a task with a lease, so a process that stops or is killed in the middle loses nothing: it, or another
instance, goes on behind the last letter that is known to be taken. One that was taken and not yet noted is handled no
second time, since what was handled is no letter any more.
"""

import time
from typing import Any

from chassis.area import COUNTRY
from chassis.bus.batch import BatchProcessor
from chassis.dead_letters.box import Choice, DeadLetterBox, NoSuchLetter, Place
from chassis.dead_letters.letter import LetterHead
from chassis.dead_letters.run import CURRENT, RUNS, ReplayRun, with_refusal
from chassis.http.idempotency import IdempotencyKey, create_once
from chassis.http.problems import Problem
from chassis.identity import Actor
from chassis.outbox.outgoing import new_id
from chassis.pages import lazy as _
from chassis.store import Store, Task, UnitOfWork, Work
from chassis.workers import Worker

KIND = "replay"
SLICE_SECONDS = 1.0
"""A stop waits no longer for it, and a page shows progress as often."""
SLICE_LETTERS = 100


class ReplayRuns(Problem):
    """Another replay is running; its page shows how far it is."""

    def __init__(self) -> None:
        super().__init__(409, "replay-runs", _("A replay is running. Wait for its end, then begin yours."))


class NothingToConfirm(Problem):
    """What was to be confirmed is no trial that has ended, or another replay was begun since."""

    def __init__(self) -> None:
        super().__init__(
            409, "nothing-to-confirm", _("This was confirmed already, or another replay was begun since. Try it again.")
        )


class Replaying:
    """The replays of one service."""

    def __init__(self, store: Store, processor: BatchProcessor[Any]) -> None:
        self._store = store
        self._processor = processor
        self._box = DeadLetterBox(store)

    def worker(self) -> Worker:
        return Worker(KIND, self._take_some, backoff_limit_seconds=10.0, concurrency=1, seldom=True)

    async def latest(self) -> ReplayRun | None:
        """The one that runs, or the last that did."""
        return await self._store.reading(COUNTRY, RUNS).find(CURRENT)

    async def rehearse(self, choice: Choice, actor: Actor, key: IdempotencyKey) -> str:
        """Begin to try the letters of a choice without changing anything; returns the run. Raises ReplayRuns."""
        waiting = await self._box.count(choice)

        async def deed(unit: UnitOfWork) -> str:
            return await self._begin(unit, choice, actor, waiting, rehearsing=True)

        run, _created = await create_once(self._store, COUNTRY, key, COUNTRY.area, deed)
        return run

    async def confirm(self, rehearsed: str, actor: Actor, key: IdempotencyKey) -> str:
        """Begin to do what the run `rehearsed` has tried; returns the new run. Raises ReplayRuns, NothingToConfirm.

        Letters that came in since are taken too.
        """
        tried = await self.latest()
        waiting = await self._box.count(tried.choice) if tried else 0

        async def deed(unit: UnitOfWork) -> str:
            present = await unit.of(RUNS).find(CURRENT)
            if present is not None and present.running:
                raise ReplayRuns
            if present is None or present.run != rehearsed or not present.to_confirm:
                raise NothingToConfirm
            return await self._begin(unit, present.choice, actor, waiting, rehearsing=False)

        run, _created = await create_once(self._store, COUNTRY, key, COUNTRY.area, deed)
        return run

    async def _begin(self, unit: UnitOfWork, choice: Choice, actor: Actor, waiting: int, *, rehearsing: bool) -> str:
        runs = unit.of(RUNS)
        before = await runs.find(CURRENT)
        if before is not None and before.running:
            raise ReplayRuns
        begun = ReplayRun(
            id=CURRENT,
            area=COUNTRY.area,
            run=new_id(),
            letter=next(iter(choice.ids), None),
            reason=choice.reason,
            topic=choice.topic,
            rehearsing=rehearsing,
            by=actor.id,
            began_at=unit.now,
            waiting=waiting,
        )
        if before is None:
            await runs.add(begun)
        else:
            await runs.save(begun.model_copy(update={"revision": before.revision, "edition": before.edition}))
        unit.schedule(_work(unit))
        return begun.run

    async def _take_some(self, task: Task) -> None:
        run = await self._store.reading(COUNTRY, RUNS).get(CURRENT)
        letters = await self._box.behind(run.choice, run.taken, SLICE_LETTERS)
        until, ended = time.monotonic() + SLICE_SECONDS, len(letters) < SLICE_LETTERS
        for letter in letters:
            if time.monotonic() > until:
                ended = False
                break
            run = await self._take(run, letter)
        if ended and not run.rehearsing:
            # Exact also when a process died between a letter's effect and the note of it.
            run = run.model_copy(update={"handled": await self._box.replayed_in(run.run)})

        async def deed(unit: UnitOfWork) -> None:
            await unit.finish(task)
            if ended:
                await unit.of(RUNS).save(run.model_copy(update={"ended_at": unit.now}))
            else:
                await unit.of(RUNS).save(run)
                unit.schedule(_work(unit))

        await self._store.transact(COUNTRY, deed)

    async def _take(self, run: ReplayRun, letter: LetterHead) -> ReplayRun:
        taken = Place.of(letter)
        try:
            fared = await self._box.replay(
                letter.id, self._processor, by=run.by, run=run.run, rehearsing=run.rehearsing
            )
        except NoSuchLetter:
            return run.model_copy(update={"taken": taken, "gone": run.gone + 1})
        if fared.handled:
            return run.model_copy(update={"taken": taken, "handled": run.handled + 1})
        refusals = with_refusal(run.refusals, fared.reason, fared.detail, letter.id)
        return run.model_copy(update={"taken": taken, "refused": run.refused + 1, "refusals": refusals})


def _work(unit: UnitOfWork) -> Work:
    return Work(kind=KIND, key=CURRENT, area=COUNTRY.area, due_at=unit.now, subject=CURRENT)
