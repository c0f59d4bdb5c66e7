"""Referrals as the API shows them."""

from datetime import datetime

from pydantic import BaseModel, Field

from contracts.vocabulary import Outcome, ReferralStatus, RejectionReason
from services.referral.api.families import FamilyView
from services.referral.domain.referral import Referral
from services.referral.store import StoredReferral


class ReferralView(BaseModel):
    """One agency asked about one need."""

    referral_id: str
    programme: str = Field(examples=["kip"])
    agency: str = Field(examples=["cianjur-education"])
    attempt: int = Field(description="1 for the first agency asked about this need, 2 for the next ...")
    status: ReferralStatus
    issued_at: datetime
    due_at: datetime = Field(description="Accept or reject by then (UTC), or it goes to the next agency")
    answered_at: datetime | None = Field(description="When it was accepted or rejected")
    completed_at: datetime | None
    reason: RejectionReason | None = Field(description="Of a rejection")
    outcome: Outcome | None = Field(description="Of a completion")
    reroute_of: str | None = Field(description="The referral that was rejected or expired before this one")

    @classmethod
    def of(cls, referral: Referral) -> "ReferralView":
        return cls.model_validate(referral.model_dump(exclude={"round"}))


class ReferralInCase(ReferralView):
    """A referral with what its agency needs to know of the case."""

    case_id: str
    case_number: str = Field(description="What the citizen names on the phone", examples=["3203022002-26-000147-8"])
    area: str = Field(description="The family's village", examples=["32.03.02.2002"])
    open: bool = Field(description="Whether an answer would still count")
    family: FamilyView | None

    @classmethod
    def of_copy(cls, stored: StoredReferral) -> "ReferralInCase":
        return cls.model_validate(
            {
                **dict(ReferralView.of(stored.referral)),
                "case_id": stored.case_id,
                "case_number": stored.case_number,
                "area": stored.area,
                "open": stored.open,
                "family": FamilyView.of(stored.family),
            }
        )
