"""What the district's pages say of a case: its timeline, the next step, a draft's choices, what a decision will do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chassis.area import Scope
from chassis.clock import SettableClock
from chassis.identity import Actor, Role
from chassis.pages import Form, WrongInput
from chassis.regions import KemendagriRegions
from contracts.vocabulary import AgencyAnswer, CaseOutcome, ComplaintStatus, DecisionKind, RejectionReason
from services.referral import history
from services.referral.breaches import Horizon, Span
from services.referral.domain.agencies import Directory
from services.referral.domain.answering import answer_referral
from services.referral.domain.deciding import Ruling, review
from services.referral.domain.handling import Handling
from services.referral.domain.periods import Periods
from services.referral.explanations import Explanations
from services.referral.pages.drafting import choices_of, drafted
from services.referral.pages.foresight import foresee
from services.referral.pages.names import Names
from services.referral.pages.office import Office
from services.referral.pages.ruling import ruled
from services.referral.pages.steps import next_step
from services.referral.pages.timeline import Line, timeline
from services.referral.queues import Queue, own_queues, queues_seen_by
from services.referral.reference import Reference
from services.referral.store import Deed, StoredHandling
from tests.unit.referral import builders
from tests.unit.referral.builders import (
    MONDAY,
    RULES,
    SUPERVISOR,
    assessed,
    complaint,
    decided,
    heard,
    ids,
    propose,
    recommended,
    refer,
    refuse,
    reviewed,
)

REFERENCE = Reference.load()
NAMES = Names(REFERENCE, KemendagriRegions())
HEALTH = "cianjur-health"


def someone(*roles: Role, id_: str = "somebody") -> Actor:
    return Actor(id_, frozenset(roles), Scope("32.03"))


def say(text: str, **values: object) -> str:
    return text % values if values else text


def lines(handling: Handling, *deeds: Deed, reader: str = "somebody") -> list[Line]:
    stored = StoredHandling.opened(handling).moved(handling, *deeds)
    return list(timeline(stored, NAMES, reader, say))


def standing_at(handling: Handling, now: datetime) -> tuple[int, bool]:
    office = Office(None, SettableClock(now), REFERENCE, Explanations.load(), NAMES)  # type: ignore[arg-type]
    standing = office.standing(StoredHandling.opened(handling))
    return standing.days_left, standing.paused


# The timeline


def test_the_timeline_tells_in_order_what_village_district_and_agencies_did() -> None:
    after = decided(refer("pbi_jk")).handling
    referral = after.referrals[0].referral_id
    rejected = answer_referral(
        after,
        HEALTH,
        referral,
        AgencyAnswer.REJECTED,
        rules=RULES,
        now=MONDAY + timedelta(hours=5),
        new_id=ids(9),
        reason=RejectionReason.NO_CAPACITY,
    ).handling
    told = lines(
        rejected,
        history.recommended(by="bo", at=MONDAY),
        history.decided(Ruling.APPROVE, None, by="ma", at=MONDAY),
        history.answered(
            referral,
            AgencyAnswer.REJECTED,
            RejectionReason.NO_CAPACITY,
            None,
            by="clerk",
            at=MONDAY + timedelta(hours=5),
        ),
        reader="ma",
    )
    programme, health, bpjs = NAMES.programme("pbi_jk"), NAMES.agency(HEALTH), NAMES.agency("cianjur-health-bpjs")
    assert [(line.by, line.title, line.text) for line in told] == [
        ("Village", "Recorded the case.", ""),
        ("District", "Received the case and matched it with programmes.", ""),
        ("Back office", "Drafted the recommendation.", ""),
        ("Manager (you)", "Decided as recommended.", ""),
        ("District", f"Asked {health} about {programme}.", ""),
        (health, f"Rejected the referral for {programme}.", "No capacity"),
        ("District", f"Asked {bpjs} about {programme}, in the place of the one before.", ""),
    ]


def test_waiting_for_the_citizen_is_told_as_waiting_and_not_as_a_correction() -> None:
    later, last = MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=2)
    waits = heard(
        assessed(), complaint(status=ComplaintStatus.WAITING_FOR_CITIZEN, waiting_since=later), at=later
    ).handling
    over = heard(waits, complaint(), at=last).handling
    corrected = heard(over, complaint(sector="health"), at=last + timedelta(hours=1)).handling
    assert [line.title for line in lines(corrected) if line.by == "Village"] == [
        "Recorded the case.",
        "Waits for the citizen; the clock stands.",
        "No longer waits for the citizen; the clock goes on.",
        "Added to the case or corrected it.",
    ]


# Who does what next


@pytest.mark.parametrize(
    ("handling", "role", "move"),
    [
        (assessed(), Role.BACK_OFFICE, "recommendation"),
        (recommended(), Role.SUPERVISOR, "review"),
        (reviewed(), Role.MANAGER, "decision"),
    ],
)
def test_only_the_role_whose_turn_it_is_gets_a_button_and_others_read_who_is_next(
    handling: Handling, role: Role, move: str
) -> None:
    assert next_step(handling, someone(role)).href == f"/district/cases/{handling.case_id}/{move}"
    other = next_step(handling, someone(Role.VERIFIER))
    assert (other.href, "next" in other.why) == ("", True)


@pytest.mark.parametrize(("handling", "role"), [(recommended(), Role.SUPERVISOR), (reviewed(), Role.MANAGER)])
def test_ones_own_draft_has_no_button_and_says_why(handling: Handling, role: Role) -> None:
    step = next_step(handling, someone(role, id_=builders.BACK_OFFICE))
    assert step.href == ""
    assert "Nobody approves their own draft" in step.why


def test_queues_come_with_ones_own_first_and_a_supervisor_sees_only_the_review() -> None:
    assert queues_seen_by(someone(Role.SUPERVISOR)) == (Queue.REVIEW,)
    assert queues_seen_by(someone(Role.MANAGER))[0] is Queue.DECISION
    assert set(queues_seen_by(someone(Role.VERIFIER))) == set(Queue)
    assert own_queues(someone(Role.VERIFIER)) == ()


# Drafting


def test_a_draft_offers_each_programme_only_its_way_and_suggests_what_is_likely() -> None:
    choices = choices_of(assessed(needs=("pkh", "kip", "cash_for_work")), RULES)
    assert [(one.programme, one.possible, one.suggested) for one in choices if one.asked] == [
        ("pkh", (DecisionKind.PROPOSE, DecisionKind.REFUSE), DecisionKind.PROPOSE),
        ("kip", (DecisionKind.REFER, DecisionKind.REFUSE), DecisionKind.REFER),
        ("cash_for_work", (DecisionKind.REFUSE,), DecisionKind.REFUSE),
    ]
    assert {one.programme for one in choices if one.likely_unasked} == {"sembako", "pbi_jk"}
    assert [one.programme for one in choices if not one.asked and not one.likely_unasked] == ["kur"]


def test_a_returned_draft_is_what_the_next_one_begins_with() -> None:
    draft = recommended(refuse("pkh", "not_eligible"), refer("kip"))
    returned = review(draft, SUPERVISOR, Ruling.RETURN, now=MONDAY, reason="wrong_programme").handling
    first = choices_of(returned, RULES)[0]
    assert (first.suggested, first.suggested_reason) == (DecisionKind.REFUSE, "not_eligible")


def test_what_was_chosen_becomes_decisions_and_a_reason_counts_only_with_a_refusal() -> None:
    choices = choices_of(assessed(), RULES)
    form = Form(
        {
            "decision-pkh": ["refuse"],
            "reason-pkh": ["above_threshold"],
            "decision-kip": ["refer"],
            "reason-kip": ["not_eligible"],
            "decision-sembako": ["propose"],
        },
        posted=True,
    )
    assert drafted(form, choices) == (refuse("pkh"), refer("kip"), propose("sembako"))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"decision-kip": ["refer"]}, "decision-pkh"),
        ({"decision-pkh": ["refer"], "decision-kip": ["refer"]}, "decision-pkh"),
        ({"decision-pkh": ["refuse"], "decision-kip": ["refer"]}, "reason-pkh"),
        ({"decision-pkh": ["refuse"], "reason-pkh": ["ibu_siti"], "decision-kip": ["refer"]}, "reason-pkh"),
    ],
)
def test_what_is_missing_or_does_not_fit_is_said_at_its_field(typed: dict[str, list[str]], field: str) -> None:
    form = Form(typed, posted=True)
    with pytest.raises(WrongInput):
        drafted(form, choices_of(assessed(), RULES))
    assert list(form.errors) == [field]


def test_a_case_without_needs_asks_for_at_least_one_programme() -> None:
    form = Form({"decision-sembako": [""]}, posted=True)
    with pytest.raises(WrongInput):
        drafted(form, choices_of(assessed(needs=()), RULES))
    assert list(form.errors) == [""]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, ""),
        ({"ruling": ["perhaps"]}, ""),
        ({"ruling": ["return"]}, "reason"),
        ({"ruling": ["return"], "reason": ["x"]}, "reason"),
    ],
)
def test_a_ruling_is_an_approval_or_a_return_with_a_reason(typed: dict[str, list[str]], field: str) -> None:
    form = Form(typed, posted=True)
    with pytest.raises(WrongInput):
        ruled(form)
    assert list(form.errors) == [field]
    assert ruled(Form({"ruling": ["approve"], "reason": ["x"]}, posted=True)).reason is None


# What a decision will do


def test_a_decision_foretells_what_it_does() -> None:
    ready = reviewed(propose("pkh"), refer("kip"), refuse("sembako"))
    foreseen = foresee(ready, "manager", rules=RULES, now=MONDAY)
    done = decided(propose("pkh"), refer("kip"), refuse("sembako")).handling
    assert foreseen is not None
    assert [(one.agency, one.due_at) for one in foreseen.referrals] == [
        (one.agency, one.due_at) for one in done.referrals
    ]
    assert [one.period for one in foreseen.proposals] == [one.period for one in done.proposals]
    assert foreseen.refusals == (refuse("sembako"),)
    assert (foreseen.without_agency, foreseen.ends, foreseen.passed_up_to) == ((), None, None)


def test_a_decision_foretells_that_nobody_is_left_to_ask_and_that_nothing_stays_open() -> None:
    nobody_to_ask = replace(RULES, directory=Directory(agencies=()))
    passed_up = foresee(reviewed(refer("kip")), "manager", rules=nobody_to_ask, now=MONDAY)
    assert passed_up is not None
    assert (passed_up.without_agency, passed_up.ends) == (("kip",), CaseOutcome.NOT_GIVEN)
    refused = foresee(reviewed(refuse("pkh")), "manager", rules=RULES, now=MONDAY)
    assert refused is not None
    assert refused.ends is CaseOutcome.NOT_GIVEN


def test_a_draft_that_the_rules_no_longer_allow_foretells_nothing() -> None:
    without_periods = replace(RULES, periods=Periods(rules=()))
    assert foresee(reviewed(propose("pkh")), "manager", rules=without_periods, now=MONDAY) is None


# Deadlines


def test_days_left_are_working_days_and_a_wait_for_the_citizen_stops_the_clock() -> None:
    thursday, friday = MONDAY + timedelta(days=3), MONDAY + timedelta(days=4)
    assert standing_at(assessed(), MONDAY) == (3, False)
    assert standing_at(assessed(recorded_at=thursday), friday) == (2, False)
    assert standing_at(assessed(), thursday) == (0, False)
    waiting = complaint(status=ComplaintStatus.WAITING_FOR_CITIZEN, waiting_since=MONDAY)
    assert standing_at(heard(assessed(), waiting, at=MONDAY).handling, friday)[1] is True


def test_every_deadline_of_the_coming_week_falls_into_one_span_of_the_districts_days() -> None:
    now = datetime(2026, 11, 23, 2, tzinfo=UTC)
    horizon = Horizon.at(now, REFERENCE.zone_of("32.03").offset)
    assert horizon.day_ends == datetime(2026, 11, 23, 17, tzinfo=UTC)
    edges = [[(condition.operator, condition.value) for condition in horizon.span(span, "due_at")] for span in Span]
    assert edges == [
        [("$lt", now)],
        [("$gte", now), ("$lt", horizon.day_ends)],
        [("$gte", horizon.day_ends), ("$lt", horizon.day_ends + timedelta(days=7))],
    ]
