"""A handling's history: what the village said, what people and agencies did, which deadlines passed."""

from datetime import datetime

from pydantic import BaseModel, Field

from services.referral.store import StoredHandling

VILLAGE = "village"


class HistoryLine(BaseModel):
    """One line. Actors are the issuer's subjects, never names."""

    at: datetime
    what: str = Field(description="A deed, or the type of the village's event", examples=["review_approved"])
    by: str = Field(description='An actor, an agency\'s source, "village" or "time"')
    about: str | None = Field(default=None, description="The referral or clock concerned")
    code: str | None = Field(default=None, description="A reason or an outcome", examples=["no_capacity"])


def history_of(stored: StoredHandling) -> tuple[HistoryLine, ...]:
    """All lines in the order in which things happened, whenever they were heard here."""
    heard = [HistoryLine(at=fact.at, what=fact.type, by=VILLAGE) for fact in stored.handling.village]
    done = [
        HistoryLine(at=deed.at, what=deed.what.value, by=deed.by, about=deed.about, code=deed.code)
        for deed in stored.history
    ]
    return tuple(sorted((*heard, *done), key=lambda line: line.at))
