"""Words of the district, the agencies and the messengers about a case."""

from chassis.pages import lazy as _
from contracts.vocabulary import (
    CaseOutcome,
    DecisionKind,
    DeliveryFailure,
    ExpiryFollow,
    NeedEnding,
    ProposalStatus,
    ReferralStatus,
    RejectionReason,
    Tier,
    Verdict,
)
from services.intake.pages.labels.reading import Labels

AGENCIES: Labels = {
    "cianjur-education": _("Education Office of Cianjur Regency"),
    "cianjur-health": _("Health Office of Cianjur Regency"),
    "cianjur-health-bpjs": _("BPJS Health, Cianjur"),
    "cianjur-baznas": _("Baznas of Cianjur Regency"),
    "cianjur-bank": _("KUR bank in Cianjur Regency"),
    "gorontalo-education": _("Education Office of Gorontalo Regency"),
    "gorontalo-health": _("Health Office of Gorontalo Regency"),
    "gorontalo-bank": _("KUR bank in Gorontalo Regency"),
    "tomohon-education": _("Education Office of Tomohon City"),
    "tomohon-health": _("Health Office of Tomohon City"),
    "tomohon-bank": _("KUR bank in Tomohon City"),
}
"""An open list: the directory is the district's, and an agency that is not listed here is shown by its code."""
OUTCOMES: Labels = {
    CaseOutcome.GIVEN: _("What was asked for was given"),
    CaseOutcome.PARTLY_GIVEN: _("A part of what was asked for was given"),
    CaseOutcome.AWAITING_RESULT: _("Proposed or on a waiting list; the result comes later"),
    CaseOutcome.NOT_GIVEN: _("It could not be given"),
}
ENDINGS: Labels = {
    NeedEnding.GIVEN: _("given"),
    NeedEnding.ENROLLED: _("enrolled"),
    NeedEnding.WAITING_LIST: _("on the waiting list"),
    NeedEnding.NOT_ELIGIBLE: _("not entitled"),
    NeedEnding.NO_QUOTA: _("no places left"),
    NeedEnding.UNREACHABLE: _("the family could not be reached"),
    NeedEnding.DECEASED: _("the person has died"),
    NeedEnding.MOVED: _("the family has moved"),
    NeedEnding.PROPOSED: _("proposed; the result comes with the period"),
    NeedEnding.REFUSED: _("refused by the district"),
    NeedEnding.EXHAUSTED: _("no agency could give it"),
}
REFERRALS: Labels = {
    ReferralStatus.ISSUED: _("asked, no answer yet"),
    ReferralStatus.ACCEPTED: _("accepted, in progress"),
    ReferralStatus.REJECTED: _("rejected"),
    ReferralStatus.EXPIRED: _("did not answer in time"),
    ReferralStatus.COMPLETED: _("completed"),
}
REJECTIONS: Labels = {
    RejectionReason.NOT_OUR_AREA: _("not its area"),
    RejectionReason.NOT_OUR_SERVICE: _("not its service"),
    RejectionReason.INCOMPLETE_DOCUMENTS: _("documents are incomplete"),
    RejectionReason.NO_CAPACITY: _("no capacity"),
    RejectionReason.NOT_ELIGIBLE: _("not entitled"),
}
PROPOSALS: Labels = {
    ProposalStatus.DRAFTED: _("drafted"),
    ProposalStatus.DELIBERATED: _("deliberated in the village"),
    ProposalStatus.ENTERED: _("entered in SIKS-NG"),
    ProposalStatus.RATIFIED: _("ratified by the district"),
    ProposalStatus.RANKED: _("ranked"),
    ProposalStatus.GRANTED: _("granted"),
    ProposalStatus.NOT_GRANTED: _("not granted"),
    ProposalStatus.NO_QUOTA: _("no places left"),
    ProposalStatus.EXCLUDED: _("excluded"),
}
DECISIONS: Labels = {
    DecisionKind.REFER: _("goes to an agency"),
    DecisionKind.PROPOSE: _("is proposed for the next period"),
    DecisionKind.REFUSE: _("is refused"),
}
VERDICTS: Labels = {
    Verdict.LIKELY: _("good chances"),
    Verdict.UNLIKELY: _("small chances"),
    Verdict.UNKNOWN: _("chances cannot be said yet"),
}
FOLLOWS: Labels = {
    ExpiryFollow.REROUTED: _("another agency is asked"),
    ExpiryFollow.ESCALATED: _("it was passed up"),
}
TIERS: Labels = {
    Tier.VILLAGE: _("the village"),
    Tier.SUB_DISTRICT: _("the sub-district"),
    Tier.DISTRICT: _("the district"),
    Tier.PROVINCE: _("the province"),
    Tier.MINISTRY: _("the ministry"),
}
FAILURES: Labels = {
    DeliveryFailure.NO_CONTACT: _("there is no contact"),
    DeliveryFailure.CONTACT_REFUSED: _("none are wanted"),
    DeliveryFailure.NO_CHANNEL: _("no channel is set up for messages"),
    DeliveryFailure.REJECTED_BY_PROVIDER: _("the number or address was not accepted"),
    DeliveryFailure.GAVE_UP: _("it did not get through for too long"),
}
