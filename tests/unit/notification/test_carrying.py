"""Whatever providers do, a message goes by the citizen's channels in their order, and by one channel only."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.bus import Message
from contracts import encode
from contracts.events import ComplaintCreated
from contracts.vocabulary import DeliveryFailure, MessageChannel
from services.notification import carrying
from services.notification.carrying import Carrying
from services.notification.channels import Parcel
from services.notification.contacts import Contact, Contacts
from services.notification.domain.delivery import Delivery, DeliveryStatus
from services.notification.domain.routing import TryState
from services.notification.handlers import build_handlers
from services.notification.outcomes import NotNow, Refused
from services.notification.reference import load_quiet_hours
from services.notification.sending import Sending
from services.notification.settings import DATA
from services.notification.store import StoredCase
from tests.harness.builders import a_complaint_state
from tests.strategies.effort import examples
from tests.strategies.house import SETTLE
from tests.strategies.room import Room, RoomStore, task_of
from tests.unit.notification.story import Teller

EMAIL, SMS, WHATSAPP = MessageChannel.EMAIL, MessageChannel.SMS, MessageChannel.WHATSAPP
MORNING = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # 10:00 in Cianjur
NIGHT = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)  # 23:00 in Cianjur
NEXT_MORNING = datetime(2026, 11, 21, 0, 0, tzinfo=UTC)  # 07:00
PATIENCE = timedelta(minutes=15)
QUIET = load_quiet_hours(DATA / "quiet_hours.yaml")


class Does(Enum):
    """What a provider does with what it is handed."""

    TAKES = "takes"
    REFUSES = "refuses"
    IS_AWAY = "is away"
    TAKES_AND_IS_CUT_OFF = "takes, and its answer is lost"
    IS_CUT_OFF = "is cut off before it takes anything"
    TAKES_AND_WE_CRASH = "takes, and our process dies"


class Crash(BaseException):
    """kill -9."""


class Provider:
    """A channel that does as told, by turns, and then takes what comes."""

    def __init__(self, kind: MessageChannel, turns: Sequence[Does] = ()) -> None:
        self.kind = kind
        self.turns = list(turns)
        self.taken: list[Parcel] = []
        self.asked = 0

    def reaches(self, contact: Contact) -> bool:
        return (contact.email if self.kind is EMAIL else contact.phone) is not None

    async def send(self, parcel: Parcel) -> None:
        self.asked += 1
        does = self.turns.pop(0) if self.turns else Does.TAKES
        if does in (Does.TAKES, Does.TAKES_AND_IS_CUT_OFF, Does.TAKES_AND_WE_CRASH):
            self.taken.append(parcel)
        match does:
            case Does.REFUSES:
                raise Refused
            case Does.IS_AWAY:
                raise NotNow("away")
            case Does.TAKES_AND_IS_CUT_OFF | Does.IS_CUT_OFF:
                raise NotNow("no clear answer", maybe_taken=True)
            case Does.TAKES_AND_WE_CRASH:
                raise Crash

    async def close(self) -> None: ...


class Village:
    """Gives the contact, in the citizen's order."""

    def __init__(self, order: tuple[MessageChannel, ...]) -> None:
        self.contact = Contact(
            addressee="Ibu Rekaan",
            email="ibu@rekaan.example",
            phone="+6281200000000",
            channels=order,
            case_number="3203022002-26-000147-8",
        )

    async def of(self, case_id: str, causing_event: str) -> Contact:
        return self.contact


class Scene:
    """One message to send, and who carries it."""

    def __init__(self, *providers: Provider, now: datetime = MORNING, urgent: bool = False) -> None:
        self.now = now
        self.room: Room[StoredCase] = Room("notification", build_handlers(SETTLE))
        recorded = ComplaintCreated(complaint=a_complaint_state(fast_track=urgent))
        fact = Teller(now=now - timedelta(minutes=1)).tells(recorded)
        self.room.hear([Message(fact.data.topic, 0, 0, fact.subject.encode(), encode(fact), None)], now)
        store = RoomStore(self.room, lambda: self.now).as_store()
        self.village = Village(tuple(provider.kind for provider in providers))
        self.providers = providers
        way = Carrying(store, cast("Contacts", self.village), providers, QUIET, PATIENCE)
        self.sending = Sending(store, way.tell)

    @property
    def delivery(self) -> Delivery:
        (delivery,) = self.room.kept.deliveries
        return delivery

    @property
    def taken(self) -> list[MessageChannel]:
        """By whom the message was taken, once for each time."""
        return [provider.kind for provider in self.providers for _ in provider.taken]

    def tries(self) -> None:
        """One attempt, as the worker makes it when the row is due."""
        (work,) = self.room.work.values()
        self.now = max(self.now, work.due_at)
        with suppress(NotNow, Crash):
            asyncio.run(self.sending.perform(task_of(work)))


@pytest.fixture(autouse=True)
def every_lease_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    async def ours(*_: object) -> None:
        return None

    monkeypatch.setattr(carrying, "must_be_ours", ours)


def test_the_first_channel_that_takes_the_message_is_the_last_that_is_asked() -> None:
    whatsapp, sms = Provider(WHATSAPP), Provider(SMS)
    scene = Scene(whatsapp, sms)

    scene.tries()

    assert (scene.delivery.status, scene.delivery.channel) == (DeliveryStatus.DELIVERED, WHATSAPP)
    assert (whatsapp.asked, sms.asked) == (1, 0)


def test_who_has_no_whatsapp_is_told_by_sms_in_the_same_attempt() -> None:
    scene = Scene(Provider(WHATSAPP, [Does.REFUSES]), Provider(SMS))

    scene.tries()

    assert (scene.delivery.status, scene.delivery.channel) == (DeliveryStatus.DELIVERED, SMS)
    assert scene.taken == [SMS]


def test_a_provider_that_is_away_is_passed_over_after_a_while() -> None:
    whatsapp, sms = Provider(WHATSAPP, [Does.IS_AWAY] * 3), Provider(SMS)
    scene = Scene(whatsapp, sms)

    scene.tries()
    scene.now += PATIENCE
    scene.tries()
    assert (whatsapp.asked, sms.asked) == (2, 0)
    scene.now += timedelta(seconds=1)
    scene.tries()

    assert (scene.delivery.channel, scene.taken) == (SMS, [SMS])


def test_what_may_have_been_taken_goes_out_by_no_other_channel_however_long_the_provider_is_away() -> None:
    whatsapp, sms = Provider(WHATSAPP, [Does.TAKES_AND_IS_CUT_OFF, Does.IS_CUT_OFF]), Provider(SMS)
    scene = Scene(whatsapp, sms)

    for _ in range(3):
        scene.tries()
        scene.now += timedelta(hours=1)

    assert (scene.delivery.channel, sms.asked) == (WHATSAPP, 0)
    assert len({parcel.delivery_id for parcel in whatsapp.taken}) == 1


def test_a_crash_after_a_provider_took_the_message_does_not_send_it_by_another() -> None:
    whatsapp, sms = Provider(WHATSAPP, [Does.TAKES_AND_WE_CRASH, Does.IS_CUT_OFF]), Provider(SMS)
    scene = Scene(whatsapp, sms)

    scene.tries()
    assert scene.delivery.tries[0].state is TryState.IN_DOUBT
    for _ in range(2):
        scene.now += timedelta(hours=1)
        scene.tries()

    assert (scene.delivery.channel, sms.asked) == (WHATSAPP, 0)


def test_a_refusal_after_a_doubt_is_for_the_village_to_clear_up() -> None:
    whatsapp, sms = Provider(WHATSAPP, [Does.TAKES_AND_IS_CUT_OFF, Does.REFUSES]), Provider(SMS)
    scene = Scene(whatsapp, sms)

    for _ in range(2):
        scene.tries()

    assert (scene.delivery.failure, scene.delivery.channel) == (DeliveryFailure.REJECTED_BY_PROVIDER, WHATSAPP)
    assert sms.asked == 0


def test_when_every_channel_refuses_the_village_is_told_so() -> None:
    scene = Scene(Provider(WHATSAPP, [Does.REFUSES]), Provider(SMS, [Does.REFUSES]))

    scene.tries()

    assert scene.delivery.status is DeliveryStatus.FAILED
    assert (scene.delivery.failure, scene.delivery.channel) == (DeliveryFailure.REJECTED_BY_PROVIDER, SMS)
    assert scene.room.work == {}


def test_a_citizen_without_an_address_for_any_channel_there_is_cannot_be_told() -> None:
    scene = Scene(Provider(SMS))
    scene.village.contact = scene.village.contact.model_copy(update={"phone": None, "channels": (SMS, EMAIL)})

    scene.tries()

    assert (scene.delivery.failure, scene.delivery.channel) == (DeliveryFailure.NO_CHANNEL, None)


def test_an_order_changed_meanwhile_counts_from_the_next_attempt() -> None:
    whatsapp, sms = Provider(WHATSAPP, [Does.IS_AWAY]), Provider(SMS)
    scene = Scene(whatsapp, sms)

    scene.tries()
    scene.village.contact = scene.village.contact.model_copy(update={"channels": (SMS,)})
    scene.tries()

    assert (scene.delivery.channel, whatsapp.asked) == (SMS, 1)


def test_what_would_ring_at_night_waits_for_the_morning_and_costs_no_attempt() -> None:
    sms = Provider(SMS)
    scene = Scene(sms, now=NIGHT)

    scene.tries()

    (work,) = scene.room.work.values()
    assert (sms.asked, scene.delivery.held_until, work.due_at) == (0, NEXT_MORNING, NEXT_MORNING)
    scene.tries()
    assert (scene.now, scene.taken) == (NEXT_MORNING, [SMS])


def test_what_is_urgent_and_what_does_not_ring_go_out_at_night() -> None:
    urgent, letter = Scene(Provider(SMS), now=NIGHT, urgent=True), Scene(Provider(EMAIL), now=NIGHT)

    for scene in (urgent, letter):
        scene.tries()
        assert scene.delivery.status is DeliveryStatus.DELIVERED


TURNS = st.lists(st.sampled_from(Does), max_size=3)


@examples(40)
@given(
    st.permutations((WHATSAPP, SMS, EMAIL)),
    st.fixed_dictionaries(dict.fromkeys((WHATSAPP, SMS, EMAIL), TURNS)),
    st.lists(st.integers(0, 60), min_size=12, max_size=12),
)
def test_no_citizen_is_told_one_fact_by_two_channels(
    order: list[MessageChannel], turns: dict[MessageChannel, list[Does]], pauses: list[int]
) -> None:
    scene = Scene(*(Provider(kind, turns[kind]) for kind in order))

    for minutes in pauses:
        if scene.delivery.planned:
            scene.tries()
        scene.now += timedelta(minutes=minutes)

    told_by = set(scene.taken)
    assert len(told_by) <= 1
    if scene.delivery.status is DeliveryStatus.DELIVERED:
        assert told_by == {scene.delivery.channel}
        doubts = {one.channel for one in scene.delivery.tries if one.state is TryState.IN_DOUBT}
        assert doubts <= told_by
    else:
        assert scene.delivery.status is DeliveryStatus.FAILED
        states = {one.state for one in scene.delivery.tries}
        assert states == {TryState.REFUSED} or TryState.IN_DOUBT in states
