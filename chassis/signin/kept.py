"""What a person had typed when their session ended: kept an hour, shown to them again, never submitted by itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from pydantic import Field
from starlette.datastructures import FormData

from chassis.area import COUNTRY
from chassis.clock import Clock
from chassis.signin.sessions import Session, random_secret
from chassis.store import Collection, Document, Index, Store, UnitOfWork

KEPT = timedelta(hours=1)
LIMIT_CHARACTERS = 256 * 1024
QUERY = "kept"
"""The parameter of a page's address that names what is to be shown in it again."""


class KeptForm(Document):
    """One posted form; only the same person at the same browser sees it again. Files are not kept."""

    subject: str
    browser: str
    fields: tuple[tuple[str, str], ...] = Field(repr=False)
    kept_at: datetime


KEPT_FORMS = Collection("kept_forms", KeptForm, (Index.on("kept_at", expire_after=KEPT),))


class KeptForms:
    """The kept forms of one service."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def keep(self, session: Session, form: FormData) -> str | None:
        """Keep a form for whoever's session this was; None when there is nothing, or too much, to keep."""
        fields = tuple((name, value) for name, value in form.multi_items() if isinstance(value, str))
        if not fields or sum(len(name) + len(value) for name, value in fields) > LIMIT_CHARACTERS:
            return None
        kept = KeptForm(
            id=random_secret(),
            area=COUNTRY.area,
            subject=session.subject,
            browser=session.browser,
            fields=fields,
            kept_at=self._clock.now(),
        )

        async def deed(unit: UnitOfWork) -> None:
            await unit.of(KEPT_FORMS).add(kept)

        await self._store.transact(COUNTRY, deed)
        return kept.id

    async def of(self, session: Session, key: str) -> Mapping[str, Sequence[str]] | None:
        """What was typed and kept under this key, by this person at this browser; a field may have several values."""
        kept = await self._store.reading(COUNTRY, KEPT_FORMS).find(key)
        if (
            kept is None
            or (kept.subject, kept.browser) != (session.subject, session.browser)
            or self._clock.now() >= kept.kept_at + KEPT
        ):
            return None
        fields: dict[str, list[str]] = {}
        for name, value in kept.fields:
            fields.setdefault(name, []).append(value)
        return fields
