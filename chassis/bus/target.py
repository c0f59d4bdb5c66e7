"""Where the effects of a batch go."""

from collections.abc import Sequence
from typing import Protocol

from chassis.bus.message import Message
from chassis.dead_letters.letter import COLLECTION as DEAD_LETTERS
from chassis.store.client import Store
from chassis.store.generations import FIRST, Generation, Session, keep_still, live_generation


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
