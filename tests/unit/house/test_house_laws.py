"""Whatever people, agencies, time and Kafka do to a case, these laws hold in the house."""

from collections import Counter, defaultdict
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from contracts import Event
from contracts.events import HandlingState, PartnerReferralIssued
from contracts.vocabulary import ComplaintStatus, HandlingStatus, ReferralStatus
from services.intake.domain.complaint import public_state as village_says
from services.intake.silence import closing_of_silent_case
from services.notification.domain.delivery import DeliveryStatus
from services.notification.domain.telling import message_about
from services.referral.consequences import copies_of, deadlines_of
from services.referral.domain.handling import public_state as district_says
from services.reporting.handlers import build_handlers as ministry_handlers
from tests.strategies import true_cases as steps
from tests.strategies.effort import examples
from tests.strategies.house import CASE, SERVICES, House
from tests.strategies.orders import shown
from tests.strategies.room import Room

ENDS_OF_THE_VILLAGE = {
    ComplaintStatus.ANSWERED: "complaint.answered",
    ComplaintStatus.WITHDRAWN: "complaint.withdrawn",
    ComplaintStatus.CLOSED: "case.closed",
}
FORWARD = {
    ReferralStatus.ISSUED: {ReferralStatus.ACCEPTED, ReferralStatus.REJECTED, ReferralStatus.EXPIRED},
    ReferralStatus.ACCEPTED: {ReferralStatus.COMPLETED},
}


class HouseLaws(RuleBasedStateMachine):
    """Plays one case through the whole house; what is not heard yet waits."""

    house: House

    def __init__(self) -> None:
        super().__init__()
        self.referrals: dict[str, ReferralStatus] = {}
        self.deliveries: dict[str, DeliveryStatus] = {}
        self.told_by_ended_handling: dict[int, int] = {}

    @initialize(house=steps.houses())
    def records(self, house: House) -> None:
        self.house = house

    @rule(data=st.data(), step=st.sampled_from(steps.STEPS))
    def something_happens(self, data: st.DataObject, step: steps.Step) -> None:
        step(data.draw, self.house)

    @rule(data=st.data())
    def the_district_gets_on(self, data: st.DataObject) -> None:
        """Heard, decided and answered in one go: moves drawn one by one rarely get far."""
        for step in (steps.two_offices_hear_all, steps.office_finishes, steps.agency_acts, steps.two_offices_hear_all):
            step(data.draw, self.house)

    @rule(data=st.data())
    def weeks_pass(self, data: st.DataObject) -> None:
        for step in (steps.time_passes, steps.deadlines_pass, steps.two_offices_hear_all):
            step(data.draw, self.house)

    def told(self, service: str, about: str | None = CASE) -> list[Event[Any]]:
        return [event for event in self.house.events(of=service) if about in (None, event.subject)]

    # --- facts ---

    @invariant()
    def no_fact_of_a_true_case_is_set_aside(self) -> None:
        assert {service: room.letters for service, room in self.house.rooms.items() if room.letters} == {}

    @invariant()
    def every_teller_counts_its_facts_about_a_subject_without_gaps(self) -> None:
        counted: dict[tuple[str, str], list[int]] = defaultdict(list)
        for event in self.house.events():
            counted[event.source, event.subject].append(event.sequence)
        for place, sequences in counted.items():
            if "/agencies/" not in place[0]:
                assert sequences == list(range(1, len(sequences) + 1)), place
        ids = [event.id for event in self.house.events()]
        assert len(ids) == len(set(ids))

    @invariant()
    def what_the_village_told_last_is_what_it_keeps(self) -> None:
        assert self.told("intake")[-1].data.complaint == village_says(self.house.village.kept.complaint)

    @invariant()
    def what_the_district_told_last_is_what_it_keeps_but_for_drafts_and_waits(self) -> None:
        """Drafts are the office's own, and a wait for the citizen moves deadlines without a word of its own."""
        if self.house.district.document is None or self.house.district.document.handling.ended:
            return
        last = self.told("referral")[-1].data.handling
        assert spoken(last) == spoken(district_says(self.house.district.document.handling))

    # --- the village ---

    @invariant()
    def a_complaint_ends_once_and_says_nothing_after_but_how_satisfied_the_citizen_is(self) -> None:
        topics = [event.data.topic for event in self.told("intake")]
        ends = [topic for topic in topics if topic in ENDS_OF_THE_VILLAGE.values()]
        status = self.house.village.kept.complaint.status
        assert ends == ([ENDS_OF_THE_VILLAGE[status]] if status in ENDS_OF_THE_VILLAGE else [])
        if ends:
            assert topics[topics.index(ends[0]) + 1 :] in ([], ["case.rated"])

    @invariant()
    def rounds_begin_one_after_the_other_each_after_the_last_was_resolved(self) -> None:
        reopened = [event.data.round for event in self.told("intake") if event.data.topic == "case.reopened"]
        resolved = [event.data.round for event in self.told("referral") if event.data.topic == "case.resolved"]
        assert reopened == list(range(1, len(reopened) + 1))
        assert resolved == list(range(len(resolved))), "a round is resolved once, and none is passed over"
        assert len(resolved) in (len(reopened), len(reopened) + 1)

    @invariant()
    def a_silent_case_is_closed_by_time_only_while_the_citizen_is_asked(self) -> None:
        complaint = self.house.village.kept.complaint
        wanted = [closing_of_silent_case(complaint, complaint.resolution)] if complaint.resolution else []
        assert list(self.house.village.work.values()) == (wanted if complaint.alive else [])

    # --- the district ---

    @invariant()
    def every_deadline_of_the_district_is_watched_and_no_other(self) -> None:
        if self.house.district.document is None:
            return
        handling = self.house.district.document.handling
        assert self.house.district.work == {work.row_id: work for work in deadlines_of(handling)}
        assert self.house.district.others == {("referrals", copy.id): copy for copy in copies_of(handling)}

    @invariant()
    def an_ended_handling_has_no_running_clock_and_asks_nobody(self) -> None:
        if self.house.district.document is None or not self.house.district.document.handling.ended:
            self.told_by_ended_handling.clear()
            return
        handling = self.house.district.document.handling
        assert all(clock.stopped_at is not None for clock in handling.clocks_of_round)
        assert not handling.open_referrals
        assert deadlines_of(handling) == ()
        told = len(self.told("referral"))
        assert self.told_by_ended_handling.setdefault(handling.round, told) == told, "an ended case told something"

    @invariant()
    def a_referral_only_goes_forward_and_its_agency_is_asked_once(self) -> None:
        if self.house.district.document is None:
            return
        handling = self.house.district.document.handling
        for referral in handling.referrals:
            before = self.referrals.get(referral.referral_id, ReferralStatus.ISSUED)
            assert referral.status is before or referral.status in reachable(before)
            self.referrals[referral.referral_id] = referral.status
        facts = [event.data for event in self.house.events(of="referral")]
        issued = Counter(fact.referral_id for fact in facts if isinstance(fact, PartnerReferralIssued))
        assert issued == Counter(referral.referral_id for referral in handling.referrals)

    @invariant()
    def every_answer_by_kafka_that_was_heard_counts_or_is_refused_to_the_agency(self) -> None:
        waiting = sum(message.topic.startswith("partner.") for message in self.house.waiting["referral"])
        answers = sum(event.data.topic == "partner.referral.answered" for event in self.house.events())
        refused = sum(event.data.topic == "partner.answer.refused" for event in self.house.events())
        deeds = self.house.district.document.history if self.house.district.document else ()
        counted = sum(deed.by.startswith("/agencies/") for deed in deeds)
        assert answers - waiting == refused + counted

    # --- the messenger ---

    @invariant()
    def a_message_is_about_one_fact_is_waited_for_while_planned_and_ends_once(self) -> None:
        if self.house.messenger.document is None:
            return
        deliveries = self.house.messenger.document.deliveries
        assert len({one.about for one in deliveries}) == len(deliveries)
        assert {work.key for work in self.house.messenger.work.values()} == {
            one.id for one in deliveries if one.planned
        }
        told = Counter(event.data.delivery_id for event in self.told("notification", None))
        ended = (DeliveryStatus.DELIVERED, DeliveryStatus.FAILED)
        assert told == Counter(one.id for one in deliveries if one.status in ended)
        for one in deliveries:
            before = self.deliveries.get(one.id, DeliveryStatus.PLANNED)
            assert before in (DeliveryStatus.PLANNED, one.status)
            self.deliveries[one.id] = one.status

    # --- at the end ---

    def teardown(self) -> None:
        if not hasattr(self, "house"):
            return
        house = self.house
        house.everybody_hears_everything()
        while house.messenger.work:
            house.now = max(house.now, min(work.due_at for work in house.messenger.work.values()))
            house.letters_go_out()
        house.everybody_hears_everything()
        assert not any(room.letters for room in house.rooms.values())
        self.everybody_knows_the_same()
        self.every_fact_for_the_citizen_had_one_message()
        rebuilt = Room("reporting", ministry_handlers()).hear(house.read_by("reporting"), house.now)
        assert shown(rebuilt) == shown(house.ministry)

    def everybody_knows_the_same(self) -> None:
        house = self.house
        village = self.told("intake")[-1].data.complaint
        district: list[HandlingState] = [event.data.handling for event in self.told("referral")]
        assert house.district.kept.handling.complaint == village
        assert house.ministry.kept.case.complaint == village
        assert house.village.kept.handling == (district[-1] if district else None)
        assert house.ministry.kept.case.handling == (district[-1] if district else None)
        known = house.messenger.kept
        assert known.village is not None
        assert (known.village.status, known.village.round) == (village.status, village.round)
        waits = house.village.kept.complaint.resolved
        handling = house.district.kept.handling
        assert waits == (handling.status is HandlingStatus.RESOLVED and house.village.kept.complaint.alive)
        assert all(house.waiting[service] == [] for service in SERVICES)

    def every_fact_for_the_citizen_had_one_message(self) -> None:
        messages = self.house.read_by("notification")
        facts = [event for event in self.house.events() if message_about(event.data)]
        assert {one.about for one in self.house.messenger.kept.deliveries} == {fact.id for fact in facts}
        assert len(messages) >= len(facts)
        ends = [one for one in self.house.messenger.kept.deliveries if one.message.ends]
        last = self.house.messenger.kept.village
        assert last is not None
        if last.ended_at is not None:
            of_last_round = [one for one in ends if one.round == last.round]
            assert of_last_round, "a case ended and nobody thought of telling the citizen"
            newest = max(of_last_round, key=lambda one: one.place)
            assert newest.status is not DeliveryStatus.PLANNED


def spoken(state: HandlingState) -> dict[str, Any]:
    """What of a handling changes with a fact only."""
    said = state.model_dump(exclude={"status", "clocks"})
    said["referrals"] = [referral.model_dump(exclude={"due_at"}) for referral in state.referrals]
    said["breached"] = [clock.name for clock in state.clocks if clock.breached]
    return said


def reachable(status: ReferralStatus) -> set[ReferralStatus]:
    after = FORWARD.get(status, set())
    return after.union(*(reachable(one) for one in after))


HouseLaws.TestCase.settings = examples(40, steps=25)
TestHouseLaws = HouseLaws.TestCase
