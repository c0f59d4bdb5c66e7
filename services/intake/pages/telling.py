"""A case's timeline and next step in plain words: the same sentences for the village and for the citizen."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from chassis.pages import lazy as _
from services.intake.domain.timeline import CITIZEN, Details, Teller, TimelineEntry
from services.intake.next_step import NextStep, Step
from services.intake.pages import labels
from services.intake.pages.labels import of_code


class Say(Protocol):
    """Says a text of the catalogue in the reader's language, with values filled in."""

    def __call__(self, text: str, /, **values: object) -> str: ...


@dataclass(frozen=True)
class Happened:
    """One line of a timeline, as the component shows it."""

    when: datetime
    title: str
    text: str = ""
    by: str = ""
    kind: str = "quiet"


TELLERS = {
    Teller.VILLAGE: _("Village"),
    Teller.DISTRICT: _("District"),
    Teller.MESSENGER: _("Messages"),
}
CHANGES = {
    "documents_completed": _("All documents are there"),
    "facts_corrected": _("What was recorded was corrected"),
    "waiting_for_citizen": _("The citizen has to bring something; until then the time limits pause"),
    "no_longer_waiting": _("Handling goes on"),
}
ESCALATIONS = {
    "decision": _("so decided there"),
    "breached_clock": _("because the time limit had passed"),
    "no_agency_left": _("because no agency is left to ask"),
}
PLAIN = {
    "complaint.created": _("The case was recorded"),
    "case.closed": _("The case was closed"),
    "people.corrected": _("Something about the people was corrected"),
    "consent.withdrawn": _("The citizen took consent back"),
    "contact.preferred": _("The citizen chose how to be told"),
    "case.assessed": _("The district compared the case with the programmes"),
    "case.decided": _("The district decided what to do"),
    "case.reopened": _("Reopened: the citizen says it is not solved"),
}
OTHERWISE = _("Something happened")

STEPS = {
    Step.ENDED: _("Nothing more is to be done."),
    Step.RESULT_AFTER_END: _("Closed. %(programme)s is decided apart from it: the result can be asked for here."),
    Step.BRING_DOCUMENTS: _("The citizen brings what is missing. Until then the time limits pause."),
    Step.CITIZEN_SAYS: _("The citizen says whether it is solved, or reopens the case."),
    Step.REACHES_DISTRICT: _("The case is on its way to the district office."),
    Step.DISTRICT_LOOKS: _("The district office looks at the case and drafts what to do."),
    Step.SUPERVISOR_REVIEWS: _("The sub-district's supervisor reviews the draft."),
    Step.MANAGER_DECIDES: _("The head of the district office decides."),
    Step.AGENCY_ANSWERS: _("%(agency)s answers about %(programme)s."),
    Step.AGENCY_GIVES: _("%(agency)s has accepted and works on %(programme)s."),
    Step.PERIOD_RESULT: _("The result for %(programme)s comes with the period."),
    Step.DISTRICT_WORKS: _("The district office works on the case."),
}


STEPS_OF_CITIZENS = {
    Step.RESULT_AFTER_END: _("Closed. %(programme)s is decided apart from it: ask at the window for the result."),
    Step.BRING_DOCUMENTS: _("Please bring what is missing to the window. Until then the time limits pause."),
    Step.CITIZEN_SAYS: _("Please say whether it is solved, or reopen your case."),
}
"""What the citizen does, said to the citizen."""


def happened(entries: Iterable[TimelineEntry], say: Say) -> tuple[Happened, ...]:
    """The timeline, oldest first."""
    return tuple(_happened(entry, say) for entry in entries)


@dataclass(frozen=True)
class ToldStep:
    """The next step in a sentence, and by when."""

    words: str
    by: datetime | None
    day: date | None
    late: bool


def told_step(step: NextStep, say: Say, *, to_citizen: bool = False) -> ToldStep:
    texts = STEPS | STEPS_OF_CITIZENS if to_citizen else STEPS
    words = say(texts[step.step], agency=_agency(step.agency, say), programme=_programme(step.programme))
    return ToldStep(words, step.by, step.day, step.late)


def _happened(entry: TimelineEntry, say: Say) -> Happened:
    telling = TELLING.get(entry.what)
    if telling is not None:
        title, kind = telling(entry.details, say)
    else:
        title, kind = say(PLAIN.get(entry.what, OTHERWISE)), PLAIN_KINDS.get(entry.what, "quiet")
    by = say(_("The citizen")) if entry.actor == CITIZEN else say(TELLERS[entry.teller])
    return Happened(entry.at, title, by=by, kind=kind)


PLAIN_KINDS = {"complaint.created": "info", "case.closed": "ok", "case.reopened": "attention"}


def _amended(details: Details, say: Say) -> tuple[str, str]:
    waiting = details.change == "waiting_for_citizen"
    return say(CHANGES.get(details.change or "", OTHERWISE)), "waiting" if waiting else "quiet"


def _answered_here(details: Details, say: Say) -> tuple[str, str]:
    return say(_("Answered at the window: %(answer)s"), answer=say(of_code(labels.DESK_ANSWERS, details.answer))), "ok"


def _withdrawn(details: Details, say: Say) -> tuple[str, str]:
    return say(_("Withdrawn: %(reason)s"), reason=say(of_code(labels.WITHDRAWALS, details.reason))), "quiet"


def _rated(details: Details, say: Say) -> tuple[str, str]:
    return say(_("The citizen's opinion: %(rating)s"), rating=say(of_code(labels.STARS, str(details.rating)))), "info"


def _escalated(details: Details, say: Say) -> tuple[str, str]:
    cause = say(of_code(ESCALATIONS, details.cause))
    tier = say(of_code(labels.TIERS, details.tier))
    return say(_("Passed up to %(tier)s, %(cause)s"), tier=tier, cause=cause), "attention"


def _resolved(details: Details, say: Say) -> tuple[str, str]:
    return say(
        _("The district has an answer: %(outcome)s"), outcome=say(of_code(labels.OUTCOMES, details.outcome))
    ), "ok"


def _issued(details: Details, say: Say) -> tuple[str, str]:
    asked = _("%(agency)s was asked about %(programme)s")
    return say(asked, agency=_agency(details.agency, say), programme=_programme(details.programme)), "info"


def _agency_answered(details: Details, say: Say) -> tuple[str, str]:
    agency = _agency(details.agency, say)
    match details.answer:
        case "accepted":
            return say(_("%(agency)s accepted and works on it"), agency=agency), "info"
        case "rejected":
            reason = say(of_code(labels.REJECTIONS, details.reason))
            return say(_("%(agency)s rejected it: %(reason)s"), agency=agency, reason=reason), "attention"
        case _:
            outcome = say(of_code(labels.ENDINGS, details.outcome))
            return say(_("%(agency)s finished: %(outcome)s"), agency=agency, outcome=outcome), "ok"


def _expired(details: Details, say: Say) -> tuple[str, str]:
    follow = say(of_code(labels.FOLLOWS, details.follow))
    agency = _agency(details.agency, say)
    return say(_("%(agency)s did not answer in time; %(follow)s"), agency=agency, follow=follow), "attention"


def _delivered(details: Details, say: Say) -> tuple[str, str]:
    channel = say(of_code(labels.MESSAGES, details.channel))
    return say(_("A message was sent by %(channel)s"), channel=channel), "quiet"


def _not_delivered(details: Details, say: Say) -> tuple[str, str]:
    reason = say(of_code(labels.FAILURES, details.reason))
    return say(_("No message could be sent: %(reason)s"), reason=reason), "attention"


TELLING: dict[str, Callable[[Details, Say], tuple[str, str]]] = {
    "complaint.amended": _amended,
    "complaint.answered": _answered_here,
    "complaint.withdrawn": _withdrawn,
    "case.rated": _rated,
    "case.escalated": _escalated,
    "case.resolved": _resolved,
    "referral.issued": _issued,
    "referral.answered": _agency_answered,
    "referral.expired": _expired,
    "notification.delivered": _delivered,
    "notification.failed": _not_delivered,
}


def _agency(code: str | None, say: Say) -> str:
    return say(of_code(labels.AGENCIES, code))


def _programme(code: str | None) -> str:
    return of_code(labels.PROGRAMME_NAMES, code)
