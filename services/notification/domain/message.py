"""What a message says, as codes and days: no words, no name, no address. `template` names the text that says it.

Words are put to it when it is sent, in the language the citizen chose by then.
"""

from datetime import date
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from contracts.fields import Code, UtcTime
from contracts.vocabulary import (
    CaseOutcome,
    ClosedBy,
    ComplaintKind,
    NeedEnding,
    Outcome,
    RejectionReason,
    Tier,
    WithdrawalReason,
)


class Part(BaseModel):
    """A part of a message. Immutable."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Telling(Part):
    """A message. `ends` says that after it the citizen knows how this round of the case ended."""

    ends: ClassVar[bool] = False


class OfVillage(Telling):
    """About a fact that intake told."""


class OfDistrict(Telling):
    """About a fact that referral told."""


class ComplaintReceived(OfVillage):
    template: Literal["complaint_received"] = "complaint_received"
    kind: ComplaintKind
    fast_track: bool


class ComplaintAnswered(OfVillage):
    ends: ClassVar[bool] = True
    template: Literal["complaint_answered"] = "complaint_answered"


class ComplaintWaiting(OfVillage):
    template: Literal["complaint_waiting"] = "complaint_waiting"


class ComplaintWithdrawn(OfVillage):
    ends: ClassVar[bool] = True
    template: Literal["complaint_withdrawn"] = "complaint_withdrawn"
    reason: WithdrawalReason


class ReferredNeed(Part):
    """`agency` None: none is found yet."""

    programme: Code
    agency: Code | None = None
    answer_by: UtcTime | None = None


class ProposedNeed(Part):
    """Both days are days of the district's calendar."""

    programme: Code
    cut_off: date
    result_expected: date


class RefusedNeed(Part):
    programme: Code
    reason: Code | None = None


class CaseDecided(OfDistrict):
    template: Literal["case_decided"] = "case_decided"
    referred: tuple[ReferredNeed, ...] = ()
    proposed: tuple[ProposedNeed, ...] = ()
    refused: tuple[RefusedNeed, ...] = ()


class ReferralPassedOn(OfDistrict):
    """A need went on to another agency, after one that rejected it or did not answer."""

    template: Literal["referral_passed_on"] = "referral_passed_on"
    programme: Code
    agency: Code
    answer_by: UtcTime


class ReferralAccepted(OfDistrict):
    template: Literal["referral_accepted"] = "referral_accepted"
    programme: Code
    agency: Code


class ReferralRejected(OfDistrict):
    """`passed_on`: another agency is asked already; else nobody is left to ask."""

    template: Literal["referral_rejected"] = "referral_rejected"
    programme: Code
    agency: Code
    reason: RejectionReason | None
    passed_on: bool


class ReferralCompleted(OfDistrict):
    template: Literal["referral_completed"] = "referral_completed"
    programme: Code
    agency: Code
    outcome: Outcome | None


class ReferralExpired(OfDistrict):
    template: Literal["referral_expired"] = "referral_expired"
    programme: Code
    agency: Code
    passed_on: bool


class CaseLate(OfDistrict):
    """A deadline was missed, so the case went up a tier."""

    template: Literal["case_late"] = "case_late"
    to_tier: Tier


class CasePassedUp(OfDistrict):
    """Somebody decided so, or no agency was left."""

    template: Literal["case_passed_up"] = "case_passed_up"
    to_tier: Tier


class EndedNeed(Part):
    programme: Code
    ending: NeedEnding


class CaseResolved(OfDistrict):
    ends: ClassVar[bool] = True
    template: Literal["case_resolved"] = "case_resolved"
    outcome: CaseOutcome
    needs: tuple[EndedNeed, ...] = ()
    reopen_until: UtcTime


class CaseReopened(OfVillage):
    template: Literal["case_reopened"] = "case_reopened"


class CaseClosed(OfVillage):
    ends: ClassVar[bool] = True
    template: Literal["case_closed"] = "case_closed"
    by: ClosedBy


_Any = (
    ComplaintReceived
    | ComplaintAnswered
    | ComplaintWaiting
    | ComplaintWithdrawn
    | CaseDecided
    | ReferralPassedOn
    | ReferralAccepted
    | ReferralRejected
    | ReferralCompleted
    | ReferralExpired
    | CaseLate
    | CasePassedUp
    | CaseResolved
    | CaseReopened
    | CaseClosed
)
Message = Annotated[_Any, Field(discriminator="template")]
"""Every message there is; each has a text in every language."""

TEMPLATES: tuple[str, ...] = tuple(kind.model_fields["template"].default for kind in get_args(_Any))
