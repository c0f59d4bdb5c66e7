"""Where the effects of a batch go."""

from collections.abc import Sequence
from typing import Protocol

from chassis.bus.message import Message
from chassis.dead_letters.letter import COLLECTION as DEAD_LETTERS
from chassis.store.client import Store
from chassis.store.generation import FIRST, Building, Generation
from chassis.store.generations import Session, keep_still, live_generation, note_positions

REBUILD_LETTERS = "rebuild_letters"
"""Lies in generations: letters that died in a rebuild do not count among the service's until it is live."""


class Target(Protocol):
    """Asked within each batch's transaction."""

    @property
    def dead_letters(self) -> str:
        """The collection of the letters that die here."""
        ...

    async def generation(self, session: Session) -> Generation:
        """The generation that documents, copies and counts are read from and written to."""
        ...

    async def before_replay(self, session: Session) -> None:
        """What has to hold while a dead letter is handled once more."""
        ...

    async def note(self, messages: Sequence[Message], session: Session) -> None:
        """Writes beside the batch's effects that these messages had them."""
        ...


class LiveTarget:
    """What the service shows: its only generation, or the one that is live at this moment."""

    dead_letters = DEAD_LETTERS

    def __init__(self, store: Store, *, in_generations: bool) -> None:
        self._store = store
        self._in_generations = in_generations

    async def generation(self, session: Session) -> Generation:
        return await live_generation(self._store, session) if self._in_generations else FIRST

    async def before_replay(self, session: Session) -> None:
        """A replayed event may be older than whatever a rebuild reads after its switch: no switch meanwhile."""
        if self._in_generations:
            await keep_still(self._store, session)

    async def note(self, messages: Sequence[Message], session: Session) -> None:
        """Whoever feeds the batch acknowledges it."""


class BuildingTarget:
    """A generation being built. How far it has read lies in the transaction that holds what was read."""

    def __init__(self, store: Store, building: Building) -> None:
        self._store = store
        self._building = building
        self.dead_letters = building.generation.name(REBUILD_LETTERS)

    async def generation(self, session: Session) -> Generation:
        return self._building.generation

    async def before_replay(self, session: Session) -> None:
        """Only whoever builds it replays here."""

    async def note(self, messages: Sequence[Message], session: Session) -> None:
        """Raises LeaseLost when another process goes on with this generation, or nobody does."""
        reached = {(message.topic, message.partition): message.offset + 1 for message in messages}
        await note_positions(self._store, self._building, reached, session)
