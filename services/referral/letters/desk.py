"""Where letters are asked for: as a file, or whether one is genuine."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import structlog

from chassis.area import COUNTRY
from chassis.store import Store, equals
from services.referral.domain.calendar import Zone
from services.referral.letters.letter import LetterState, state_of
from services.referral.letters.making import Chancery
from services.referral.letters.press import Press
from services.referral.letters.store import LETTERS
from services.referral.store import REFERRALS, StoredReferral

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class LetterFile:
    """A letter as it is handed out."""

    name: str
    pdf: bytes


@dataclass(frozen=True)
class Confirmation:
    """All that the holder of a letter's code is told."""

    made_out_at: datetime
    zone: Zone
    agency: str
    state: LetterState


@dataclass(frozen=True)
class LetterDesk:
    """Hands out letters, and confirms them."""

    store: Store
    chancery: Chancery
    press: Press

    async def file_of(self, copy: StoredReferral) -> LetterFile:
        """The letter of a referral that the caller may see. Raises Problem 409 and 503."""
        stored = await self.chancery.letter_of(copy)
        pdf = await self.press.pdf(stored.letter)
        pdf_hash = hashlib.sha256(pdf).hexdigest()
        if stored.pdf_hash is None:
            stored = await self.chancery.seal(stored, pdf_hash)
        if stored.pdf_hash != pdf_hash:
            # The same words, set by another release: who compares files has to know.
            log.warning("a letter is set differently than at first", letter=stored.letter.number)
        return LetterFile(f"surat-rujukan-{stored.letter.number.replace('/', '-')}.pdf", pdf)

    async def confirm(self, code: str) -> Confirmation | None:
        """What there is to say of the letter with this code; None when there is no such letter."""
        stored = await self.store.reading(COUNTRY, LETTERS).first(equals("letter.code", code))
        if stored is None:
            return None
        referral = await self.store.reading(COUNTRY, REFERRALS).get(stored.id)
        letter = stored.letter
        state = state_of(referral.status, open_=referral.open)
        return Confirmation(letter.made_out_at, letter.zone, letter.agency, state)
