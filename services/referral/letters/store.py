"""What is kept of letters: each as it was made out, and the serials of their numbers."""

from chassis.store import Collection, Document, Index
from services.referral.letters.letter import Letter


class StoredLetter(Document):
    """The letter of one referral; the document's id is the referral's."""

    letter: Letter
    pdf_hash: str | None = None
    """SHA-256 of the PDF, once it was set: what was sent can be told from what was changed."""


class LetterCounter(Document):
    """The last serial that a district gave in a year. Making out a letter moves it, so that letters of one district
    come one after the other."""

    serial: int


LETTERS = Collection("letters", StoredLetter, (Index.on("letter.code", unique=True),))
LETTER_COUNTERS = Collection("letter_counters", LetterCounter)
