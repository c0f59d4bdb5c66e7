"""A case's timeline in plain words: what the village, the district, the agencies and time did, in order."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from chassis.identity import Role
from chassis.pages import ROLE_NAMES
from chassis.pages import lazy as _
from contracts.vocabulary import Outcome, RejectionReason
from services.referral.domain.clocks import ClockName
from services.referral.domain.handling import Handling
from services.referral.domain.reasons import ReturnReason
from services.referral.pages.names import Names
from services.referral.pages.words import reason_word, word
from services.referral.store import Deed, DeedKind, StoredHandling

VILLAGE, DISTRICT, TIME = _("Village"), _("District"), _("Deadline")
VILLAGE_SAYS: Mapping[str, str] = {
    "complaint.created": _("Recorded the case."),
    "complaint.amended": _("Added to the case or corrected it."),
    "complaint.answered": _("Answered the citizen at the desk."),
    "complaint.withdrawn": _("Withdrew the case."),
    "case.reopened": _("Reopened the case: it was not solved after all."),
    "case.closed": _("Closed the case."),
}
WAITING = _("Waits for the citizen; the clock stands.")
NO_LONGER_WAITING = _("No longer waits for the citizen; the clock goes on.")
OFFICE: Mapping[DeedKind, tuple[Role, str, str]] = {
    DeedKind.RECOMMENDED: (Role.BACK_OFFICE, _("Drafted the recommendation."), "quiet"),
    DeedKind.REVIEW_APPROVED: (Role.SUPERVISOR, _("Approved the draft and passed it on to the manager."), "quiet"),
    DeedKind.REVIEW_RETURNED: (Role.SUPERVISOR, _("Returned the draft."), "attention"),
    DeedKind.DECISION_APPROVED: (Role.MANAGER, _("Decided as recommended."), "ok"),
    DeedKind.DECISION_RETURNED: (Role.MANAGER, _("Returned the draft."), "attention"),
}
AGENCY: Mapping[DeedKind, tuple[str, str]] = {
    DeedKind.REFERRAL_ACCEPTED: (_("Accepted the referral for %(programme)s."), "quiet"),
    DeedKind.REFERRAL_REJECTED: (_("Rejected the referral for %(programme)s."), "attention"),
    DeedKind.REFERRAL_COMPLETED: (_("Completed the referral for %(programme)s."), "ok"),
}


Say = Callable[..., str]
"""Translates a text of the catalogue, with values filled in: `say(text, name=value)`."""


@dataclass(frozen=True)
class Line:
    """One line, in the reader's language. `kind` is one of the components' statuses."""

    when: datetime
    by: str
    title: str
    text: str = ""
    kind: str = "quiet"


def timeline(stored: StoredHandling, names: Names, reader_id: str, say: Say) -> tuple[Line, ...]:
    """Everything that happened, the earliest first."""
    handling = stored.handling
    received = say(_("Received the case and matched it with programmes."))
    lines = [
        *_village(handling, say),
        Line(handling.opened_at, say(DISTRICT), received),
        *(_deed(deed, handling, names, reader_id, say) for deed in stored.history),
        *_follows(handling, names, say),
    ]
    return tuple(sorted(lines, key=lambda line: line.when))


def _village(handling: Handling, say: Say) -> Iterator[Line]:
    waited = False
    for fact in handling.village:
        kind = ".".join(fact.type.split(".")[1:-1])
        waits = fact.waiting_since is not None
        what = VILLAGE_SAYS.get(kind, _("Told something new."))
        if kind == "complaint.amended" and waits is not waited:
            what = WAITING if waits else NO_LONGER_WAITING
        waited = waits
        yield Line(fact.at, say(VILLAGE), say(what))


def _deed(deed: Deed, handling: Handling, names: Names, reader_id: str, say: Say) -> Line:
    if deed.what in OFFICE:
        role, what, kind = OFFICE[deed.what]
        by = say(ROLE_NAMES[role])
        mine = say(_("%(role)s (you)"), role=by) if deed.by == reader_id else by
        return Line(deed.at, mine, say(what), say(reason_word(ReturnReason, deed.code)), kind)
    if deed.what is DeedKind.CLOCK_BREACHED:
        passed = say(_("A deadline passed; the case was passed up."))
        return Line(deed.at, say(TIME), passed, say(reason_word(ClockName, deed.about)), "stuck")
    referral = handling.referral(deed.about or "")
    agency = names.agency(referral.agency) if referral else deed.by
    programme = names.programme(referral.programme) if referral else ""
    if deed.what is DeedKind.REFERRAL_EXPIRED:
        silent = say(_("%(agency)s did not answer about %(programme)s in time."), agency=agency, programme=programme)
        return Line(deed.at, say(TIME), silent, kind="stuck")
    reasons = RejectionReason if deed.what is DeedKind.REFERRAL_REJECTED else Outcome
    what, kind = AGENCY[deed.what]
    return Line(deed.at, agency, say(what, programme=programme), say(reason_word(reasons, deed.code)), kind)


def _follows(handling: Handling, names: Names, say: Say) -> Iterator[Line]:
    """What decisions, answers and deadlines led to."""
    district = say(DISTRICT)
    for referral in handling.referrals:
        agency, programme = names.agency(referral.agency), names.programme(referral.programme)
        asked = _("Asked %(agency)s about %(programme)s.")
        again = _("Asked %(agency)s about %(programme)s, in the place of the one before.")
        what = say(again if referral.reroute_of else asked, agency=agency, programme=programme)
        yield Line(referral.issued_at, district, what)
    for proposal in handling.proposals:
        programme = names.programme(proposal.programme)
        what = say(_("Proposed for %(programme)s, period %(period)s."), programme=programme, period=proposal.period)
        yield Line(proposal.drafted_at, district, what)
    if handling.resolution is not None:
        resolved = handling.resolution
        yield Line(resolved.resolved_at, district, say(_("Resolved the case.")), say(word(resolved.outcome)), "ok")
