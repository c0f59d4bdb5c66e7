"""Every read model equals a fresh rebuild from the topics.

Of a case that a service set events of aside, what that service shows is not compared: it rightly lacks them.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from typing import TypeVar

from audit.documents import HandlingKept
from audit.evidence import Evidence, Findings
from audit.facts import Fact
from audit.holdings import Shelf
from audit.laws.figures import figures_add_up
from audit.rebuilt import RebuiltCase
from contracts.events import ReferralState
from contracts.vocabulary import HandlingStatus

ENDED_IN_THE_VILLAGE = frozenset({HandlingStatus.ENDED_IN_VILLAGE, HandlingStatus.WITHDRAWN})
"""What changes with such an end is told to nobody."""

H = TypeVar("H", bound=Hashable)
Compare = Callable[[Evidence, str, RebuiltCase, list[Fact]], list[str]]
"""Names what differs between what a service keeps of a case and what the events come to."""


def every_read_model_equals_a_rebuild(evidence: Evidence, findings: Findings) -> None:
    of_cases = evidence.facts.of_cases()
    for service, compare in _COMPARED.items():
        shelf = evidence.holdings.shelves[service]
        expected: set[str] = set()
        for case_id, facts in of_cases.items():
            heard = [fact for fact in facts if fact.is_read_by(service)]
            if not heard:
                continue
            expected.add(case_id)
            if any(_set_aside(fact, shelf) for fact in heard):
                findings.count("cases with dead letters, not compared")
                continue
            findings.count("cases compared")
            for difference in compare(evidence, case_id, evidence.facts.cases[case_id], heard):
                findings.breach(f"{service}, case {case_id}: {difference}")
        for surplus in _kept_cases(evidence, service) - expected:
            findings.breach(f"{service}, case {surplus}: no event tells of it")
    _copies_equal_originals(evidence, findings)
    figures_add_up(evidence, findings)


def _set_aside(fact: Fact, shelf: Shelf) -> bool:
    return all(str(copy.place) in shelf.letters for copy in fact.copies)


def _kept_cases(evidence: Evidence, service: str) -> set[str]:
    holdings = evidence.holdings
    kept = {
        "intake": {case.id for case in holdings.complaints.values() if case.handling is not None},
        "referral": set(holdings.handlings),
        "notification": set(holdings.told_cases),
        "reporting": set(holdings.reported_cases),
    }
    return kept[service]


def _village(evidence: Evidence, case_id: str, rebuilt: RebuiltCase, heard: list[Fact]) -> list[str]:
    kept = evidence.holdings.complaints.get(case_id)
    if kept is None:
        return ["there is no such complaint"]
    noted = Counter((e.what, e.about, e.order) for e in kept.timeline if e.teller != "village")
    wanted = Counter((fact.topic.family, fact.subject, fact.sequence) for fact in heard)
    return [
        *_unless(kept.complaint == rebuilt.complaint, "the complaint is not what its newest event says"),
        *_unless(kept.handling == rebuilt.handling, "the district's state is not the newest told"),
        *_unless(noted == wanted, _counted("events in the timeline", noted, wanted)),
    ]


def _district(evidence: Evidence, case_id: str, rebuilt: RebuiltCase, heard: list[Fact]) -> list[str]:
    kept = evidence.holdings.handlings.get(case_id)
    if kept is None:
        return ["there is no such handling"]
    noted = Counter((fact.sequence, fact.type) for fact in kept.handling.village)
    wanted = Counter((f.sequence, f.model.event_type()) for f in heard if f.topic.owner == "intake")
    return [
        *_unless(kept.handling.complaint == rebuilt.complaint, "the village's state is not the newest told"),
        *_unless(noted == wanted, _counted("facts of the village", noted, wanted)),
        *_own_state(kept.handling, rebuilt),
    ]


def _own_state(kept: HandlingKept, rebuilt: RebuiltCase) -> Iterator[str]:
    """A draft, a review or a pause changes the state and is told to nobody: compared is only what is always told."""
    told = rebuilt.handling
    if told is None or told.round != kept.round:
        return  # a round that ended in the village before the district heard of it
    yield from _unless(
        (kept.tier, _undated(kept.referrals)) == (told.tier.value, _undated(told.referrals)),
        "its referrals are not what its newest event says",
    )
    if not any(word.waiting_since for word in rebuilt.village.values()):
        due = {referral.referral_id: referral.due_at for referral in told.referrals}
        yield from _unless(
            {referral.referral_id: referral.due_at for referral in kept.referrals} == due,
            "agencies have other deadlines than its newest event says, and the citizen was never waited for",
        )
    yield from _unless(kept.proposals == told.proposals, "its proposals are not what its newest event says")
    if kept.status not in ENDED_IN_THE_VILLAGE:
        yield from _unless(kept.matches == told.matches, "its matches are not what its newest event says")
        yield from _unless(
            (kept.decisions, kept.resolution) == (told.decisions, told.resolution),
            "its decisions are not what its newest event says",
        )


def _undated(referrals: tuple[ReferralState, ...]) -> list[ReferralState]:
    """Without what a wait for the citizen moves."""
    return [referral.model_copy(update={"due_at": referral.issued_at}) for referral in referrals]


def _messenger(evidence: Evidence, case_id: str, rebuilt: RebuiltCase, heard: list[Fact]) -> list[str]:
    kept = evidence.holdings.told_cases.get(case_id)
    if kept is None:
        return ["there is no such case"]
    village = (kept.village.status, kept.village.round) if kept.village else None
    told = (rebuilt.complaint.status.value, rebuilt.complaint.round) if rebuilt.complaint else None
    same = village == told
    newest = max((f.sequence for f in heard if f.topic.owner == "referral"), default=0)
    if newest == rebuilt.handling_sequence and rebuilt.handling is not None:
        # It does not read every event of the district; compared only when it read the newest.
        district = (kept.district.status, kept.district.round) if kept.district else None
        same = same and district == (rebuilt.handling.status.value, rebuilt.handling.round)
    return _unless(same, "how far the case is, is not the newest told")


def _centre(evidence: Evidence, case_id: str, rebuilt: RebuiltCase, heard: list[Fact]) -> list[str]:
    kept = evidence.holdings.reported_cases.get(case_id)
    if kept is None:
        return ["there is no such case"]
    if kept.erased is not None:
        return []
    case = kept.case
    noted, wanted = [entry.event for entry in case.timeline], [fact.id for fact in heard]
    return [
        *_unless(
            (case.complaint, case.complaint_sequence) == (rebuilt.complaint, rebuilt.complaint_sequence),
            "the village's state is not the newest told",
        ),
        *_unless(
            (case.handling, case.handling_sequence) == (rebuilt.handling, rebuilt.handling_sequence),
            "the district's state is not the newest told",
        ),
        *_unless({c.round: c.by for c in case.closings} == rebuilt.closings, "the closings differ"),
        *_unless((case.delivered, case.failed) == (rebuilt.delivered, rebuilt.failed), "the messages differ"),
        *_unless(noted == wanted, f"its timeline has {len(noted)} events, {len(wanted)} were told, or their order"),
    ]


_COMPARED: dict[str, Compare] = {
    "intake": _village,
    "referral": _district,
    "notification": _messenger,
    "reporting": _centre,
}


def _copies_equal_originals(evidence: Evidence, findings: Findings) -> None:
    copies = evidence.holdings.referral_copies
    originals = {
        referral.referral_id: (case.id, referral)
        for case in evidence.holdings.handlings.values()
        for referral in case.handling.referrals
    }
    findings.count("referral copies", len(originals))
    for referral_id in sorted(originals.keys() | copies.keys()):
        copy = copies.get(referral_id)
        found = (copy.case_id, copy.referral) if copy else None
        if found != originals.get(referral_id) or (copy and copy.status != copy.referral.status):
            findings.breach(f"referral, the copy of referral {referral_id} is not its original")


def _unless(holds: bool, difference: str) -> list[str]:
    return [] if holds else [difference]


def _counted(what: str, noted: Counter[H], wanted: Counter[H]) -> str:
    return f"{what}: {(noted - wanted).total()} too many, {(wanted - noted).total()} missing"
