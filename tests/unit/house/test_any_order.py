"""Whatever the order in which a reader hears a true case, and however often, it shows the same.

The facts are those of cases played by `tests.strategies.true_cases`; the readers are the real handlers under the real
folding of the chassis, in batches.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chassis.bus import Message
from chassis.store import Work
from contracts import decode
from contracts.events import HandlingState
from services.intake.handlers import build_handlers as village_handlers
from services.intake.store import StoredComplaint
from services.notification.domain.delivery import STALE_AFTER, DeliveryStatus, delivery_id
from services.notification.domain.telling import message_about
from services.notification.handlers import build_handlers as messenger_handlers
from services.notification.store import StoredCase as ToldCase
from services.referral.domain.handling import public_state
from services.referral.handlers import build_handlers as district_handlers
from services.referral.store import StoredHandling
from services.reporting.handlers import build_handlers as ministry_handlers
from services.reporting.store import StoredCase as CountedCase
from tests.strategies.effort import examples
from tests.strategies.house import MONDAY, REFERENCE, SETTLE, House
from tests.strategies.orders import Batches, any_order, shown, some_lost
from tests.strategies.room import Room, Spell
from tests.strategies.true_cases import true_cases

VILLAGE = village_handlers()
DISTRICT = district_handlers(REFERENCE)
MESSENGER = messenger_handlers(SETTLE)
MINISTRY = ministry_handlers()
NOW = MONDAY + timedelta(days=20)
NO_WORK: Mapping[str, Work] = {}


def after(room: Room[Any], batches: Batches) -> Room[Any]:
    for batch in batches:
        room.hear(batch, NOW)
    return room


def village(stored: StoredComplaint | None, work: Mapping[str, Work] = NO_WORK) -> Room[StoredComplaint]:
    return Room("intake", VILLAGE, stored, work=dict(work))


def district(stored: StoredHandling | None = None, work: Mapping[str, Work] = NO_WORK) -> Room[StoredHandling]:
    return Room("referral", DISTRICT, stored, work=dict(work))


def messenger(stored: ToldCase | None = None, work: Mapping[str, Work] = NO_WORK) -> Room[ToldCase]:
    return Room("notification", MESSENGER, stored, work=dict(work))


def ministry() -> Room[CountedCase]:
    return Room("reporting", MINISTRY)


def of_round_zero(house: House) -> list[Message]:
    """What the village told before it reopened the case for the first time."""
    messages = [message for message in house.read_by("referral") if not message.topic.startswith("partner.")]
    return [message for message in messages if decode(message.value).data.complaint.round == 0]  # type: ignore[attr-defined]


@examples(40)
@given(true_cases(), st.data())
def test_the_ministry_shows_and_counts_the_same(house: House, data: st.DataObject) -> None:
    facts = house.read_by("reporting")
    shuffled = after(ministry(), data.draw(any_order(facts)))
    assert shown(shuffled) == shown(after(ministry(), [facts]))
    assert shuffled.letters == []


@examples(40)
@given(true_cases(), st.data())
def test_the_messenger_plans_the_same_messages(house: House, data: st.DataObject) -> None:
    """From the first, and as its messages stood after any that was sent."""
    anew: Spell[ToldCase] = Spell(None, tuple(house.read_by("notification")))
    spell = data.draw(st.sampled_from([anew, *house.messenger.spells]), label="spell")
    shuffled = after(messenger(spell.before, spell.work), data.draw(any_order(spell.heard)))
    assert shown(shuffled) == shown(after(messenger(spell.before, spell.work), [list(spell.heard)]))
    assert shuffled.letters == []


@examples(40)
@given(true_cases(), st.data())
def test_the_village_shows_the_same_case(house: House, data: st.DataObject) -> None:
    """As it was recorded, and as it stood after any of its own deeds."""
    recorded = Spell(house.recorded, tuple(house.read_by("intake")))
    spell = data.draw(st.sampled_from([recorded, *house.village.spells]), label="spell")
    shuffled = after(village(spell.before, spell.work), data.draw(any_order(spell.heard)))
    assert shown(shuffled) == shown(after(village(spell.before, spell.work), [list(spell.heard)]))
    assert shuffled.letters == []


@examples(40)
@given(true_cases(), st.data())
def test_the_district_opens_the_same_handling(house: House, data: st.DataObject) -> None:
    facts = of_round_zero(house)
    shuffled = after(district(), data.draw(any_order(facts)))
    assert shown(shuffled) == shown(after(district(), [facts]))
    assert shuffled.letters == []


@examples(40)
@given(true_cases(), st.data())
def test_between_two_deeds_of_its_own_the_district_comes_to_the_same_handling(
    house: House, data: st.DataObject
) -> None:
    """Its deeds are those of its officers, of time, and agencies' answers: they act on what is known when they come."""
    house.district.end_spell()
    if not house.district.spells:
        return
    spell = data.draw(st.sampled_from(house.district.spells), label="spell")
    shuffled = after(district(spell.before, spell.work), data.draw(any_order(spell.heard)))
    assert shown(shuffled) == shown(after(district(spell.before, spell.work), [list(spell.heard)]))
    assert shuffled.letters == []
    said = [decode(queued.value).data for queued in shuffled.told]
    states = [state for fact in said if isinstance(state := getattr(fact, "handling", None), HandlingState)]
    assert not states or states[-1].matches == public_state(shuffled.kept.handling).matches


@examples(40)
@given(true_cases(), st.data())
def test_what_was_lost_is_healed_by_the_newest_and_found_a_place_when_it_comes_after_all(
    house: House, data: st.DataObject
) -> None:
    """What a state carries is known without the facts before it; what only a fact tells, once it comes."""
    came, lost = data.draw(some_lost(house.read_by("reporting")))
    whole = after(ministry(), [house.read_by("reporting")])
    counted = after(ministry(), data.draw(any_order(came)))
    assert (counted.kept.case.complaint, counted.kept.case.handling) == (
        whole.kept.case.complaint,
        whole.kept.case.handling,
    )
    assert (counted.kept.standing, counted.kept.escalated_to) == (whole.kept.standing, whole.kept.escalated_to)
    assert shown(after(counted, data.draw(any_order(lost)))) == shown(whole)

    came, lost = data.draw(some_lost(house.read_by("notification")))
    told = after(messenger(), data.draw(any_order(came)))
    all_told = after(messenger(), [house.read_by("notification")])
    assert (told.kept.village, told.kept.district) == (all_told.kept.village, all_told.kept.district)
    assert shown(after(told, data.draw(any_order(lost)))) == shown(all_told)

    came, lost = data.draw(some_lost(house.read_by("intake")))
    seen = after(village(house.recorded), data.draw(any_order(came)))
    all_seen = after(village(house.recorded), [house.read_by("intake")])
    assert seen.kept.handling == all_seen.kept.handling
    assert shown(after(seen, data.draw(any_order(lost)))) == shown(all_seen)

    came, lost = data.draw(some_lost(of_round_zero(house)))
    handled = after(district(), data.draw(any_order(came)))
    all_handled = after(district(), [of_round_zero(house)])
    kept, known = handled.kept.handling, all_handled.kept.handling
    assert (kept.complaint, kept.status, kept.round, kept.matches) == (
        known.complaint,
        known.status,
        known.round,
        known.matches,
    )
    assert shown(after(handled, data.draw(any_order(lost)))) == shown(all_handled)


@examples(30)
@given(true_cases(), st.data())
def test_whenever_the_messenger_hears_each_fact_for_the_citizen_is_planned_once_unless_it_is_old_news(
    house: House, data: st.DataObject
) -> None:
    """The intended exception of a reader: whether a citizen is still told depends on when the fact is heard."""
    room, now = messenger(), house.events()[0].time
    heard_at: dict[str, datetime] = {}
    for batch in data.draw(any_order(house.read_by("notification"))):
        now += timedelta(hours=data.draw(st.integers(0, 100)))
        now = max(now, *(decode(message.value).time for message in batch)) if batch else now
        room.hear(batch, now)
        for message in batch:
            heard_at.setdefault(decode(message.value).id, now)
    facts = [event for message in house.read_by("notification") if message_about((event := decode(message.value)).data)]
    assert {delivery.about for delivery in room.kept.deliveries} == {fact.id for fact in facts}
    assert len(room.kept.deliveries) == len(facts)
    planned = {fact.id for fact in facts if heard_at[fact.id] - fact.time <= STALE_AFTER}
    assert {one.about for one in room.kept.deliveries if one.status is DeliveryStatus.PLANNED} == planned
    assert {work.key for work in room.work.values()} == {delivery_id(about) for about in planned}
