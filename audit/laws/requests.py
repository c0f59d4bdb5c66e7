"""Every request answered 2xx is exactly one deed in its owner's database."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from audit.evidence import Evidence, Findings
from audit.holdings import Holdings
from audit.told import Told

_AGENCY = "/agencies/"


@dataclass(frozen=True)
class Route:
    """A writing request and the traces that its deed leaves."""

    method: str
    path: re.Pattern[str]
    deeds: Callable[[Holdings, str], int]
    creates: bool = False
    """Repeated under its Idempotency-Key it is answered 2xx again, and is one deed all the same."""
    others_too: bool = False
    """Services send it as well, and are on nobody's list: there may be more deeds than were asked for."""


def _recorded(holdings: Holdings, case: str) -> int:
    complaint = holdings.complaints.get(case)
    return len(complaint.deeds("complaint.created")) if complaint else 0


def _village(*names: str) -> Callable[[Holdings, str], int]:
    def count(holdings: Holdings, case: str) -> int:
        complaint = holdings.complaints.get(case)
        # Without an actor it was time that did it: a case closed by silence.
        return len([deed for deed in complaint.deeds(*names) if deed.actor]) if complaint else 0

    return count


def _office(*names: str) -> Callable[[Holdings, str], int]:
    def count(holdings: Holdings, case: str) -> int:
        handling = holdings.handlings.get(case)
        return len([deed for deed in handling.history if deed.what in names]) if handling else 0

    return count


def _answered(holdings: Holdings, referral: str) -> int:
    """By the API: what an agency says on its own topic is no request."""
    copy = holdings.referral_copies.get(referral)
    handling = holdings.handlings.get(copy.case_id) if copy else None
    answers = {"referral_accepted", "referral_rejected", "referral_completed"}
    return sum(
        deed.what in answers and deed.about == referral and not deed.by.startswith(_AGENCY)
        for deed in (handling.history if handling else ())
    )


def _contacts(holdings: Holdings, case: str) -> int:
    return sum(access.case_id == case for access in holdings.accesses)


def _route(path: str, deeds: Callable[[Holdings, str], int], method: str = "POST", **also: bool) -> Route:
    pattern = re.compile("^" + path.replace("{id}", r"(?P<id>[^/?]+)") + r"/?(?:\?.*)?$")
    return Route(method, pattern, deeds, **also)


ROUTES = (
    _route("/v1/complaints", _recorded, creates=True),
    _route("/v1/complaints/{id}/amendments", _village("complaint.amended", "people.corrected")),
    _route("/v1/complaints/{id}/consent-withdrawals", _village("consent.withdrawn")),
    _route("/v1/complaints/{id}/contact-preferences", _village("contact.preferred"), method="PUT"),
    _route("/v1/complaints/{id}/answer", _village("complaint.answered")),
    _route("/v1/complaints/{id}/withdrawal", _village("complaint.withdrawn")),
    _route("/v1/complaints/{id}/reopening", _village("case.reopened")),
    _route("/v1/complaints/{id}/confirmation", _village("case.closed")),
    _route("/v1/complaints/{id}/contact", _contacts, others_too=True),
    _route("/v1/handlings/{id}/recommendation", _office("recommended")),
    _route("/v1/handlings/{id}/review", _office("review_approved", "review_returned")),
    _route("/v1/handlings/{id}/decision", _office("decision_approved", "decision_returned")),
    _route("/v1/referrals/{id}/answer", _answered),
)


@dataclass
class _Asked:
    succeeded: int = 0
    uncertain: int = 0


def every_request_is_one_deed(evidence: Evidence, findings: Findings) -> None:
    """The list has to hold every request about a resource it names: else there seem to be deeds nobody asked for."""
    if evidence.told is None:
        findings.judged = False
        findings.notes.append("nobody kept a list of what clients were told (--told)")
        return
    asked: dict[tuple[Route, str], _Asked] = defaultdict(_Asked)
    for told in evidence.told:
        if told.writes:
            _sort_in(told, asked, findings)
    made_under = Counter(key.resource for key in evidence.holdings.used_keys)
    for (route, resource), requests in asked.items():
        deeds = route.deeds(evidence.holdings, resource)
        least = min(requests.succeeded, 1) if route.creates else requests.succeeded
        most = 1 if route.creates else requests.succeeded + requests.uncertain
        if deeds < least or (deeds > most and not route.others_too):
            findings.breach(
                f"{route.path.pattern} of {resource}: answered 2xx {requests.succeeded} times, left open "
                f"{requests.uncertain} times, done {deeds} times"
            )
        if route.creates and made_under[resource] > 1:
            findings.breach(f"{resource} was made under more than one Idempotency-Key")


def _sort_in(told: Told, asked: dict[tuple[Route, str], _Asked], findings: Findings) -> None:
    for route in ROUTES:
        match = route.path.match(told.path)
        if match is None or told.method != route.method:
            continue
        resource = told.resource_id if route.creates else match["id"]
        if resource is None:
            if told.succeeded:
                findings.breach(f"{told.method} {told.path}: the list does not say what it made")
            return
        requests = asked[route, resource]
        findings.count("requests answered 2xx", told.succeeded)
        requests.succeeded += told.succeeded
        requests.uncertain += told.uncertain
        return
    if told.succeeded:
        findings.breach(f"{told.method} {told.path}: the audit knows no deed for this request; add it to ROUTES")
