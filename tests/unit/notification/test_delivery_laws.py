"""Whenever facts of a true case are heard, and whatever mail servers say, these laws of telling hold."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chassis.bus import Message
from chassis.store import Work
from contracts import decode
from contracts.events import NotificationDelivered, NotificationFailed
from contracts.vocabulary import DeliveryFailure
from services.notification.domain.delivery import Delivery, DeliveryStatus, SkipReason, delivery_id
from services.notification.domain.telling import message_about
from services.notification.handlers import build_handlers
from services.notification.outcomes import NotNow, Undeliverable
from services.notification.reports import HEAR_REPORT, Hearing
from services.notification.store import StoredCase
from tests.strategies.effort import examples
from tests.strategies.house import SETTLE, House, InstantSending
from tests.strategies.room import Room, RoomStore, at_once, task_of
from tests.strategies.true_cases import true_cases

ENDED = (DeliveryStatus.DELIVERED, DeliveryStatus.FAILED, DeliveryStatus.SKIPPED)
REFUSALS = st.sampled_from([NotNow("away"), *(Undeliverable(reason) for reason in DeliveryFailure)])


class DeliveryLaws(RuleBasedStateMachine):
    """A case was played before; here its facts reach a messenger anew, in any order, while letters go out."""

    def __init__(self) -> None:
        super().__init__()
        self.room: Room[StoredCase] = Room("notification", build_handlers(SETTLE))
        store = RoomStore(self.room, lambda: self.now).as_store()
        self.sending, self.hearing = InstantSending(store), Hearing(store)
        self.before: dict[str, Delivery] = {}

    @initialize(house=true_cases(longest=20))
    def something_happened(self, house: House) -> None:
        self.coming: list[Message] = house.read_by("notification")
        self.heard: list[Message] = []
        self.now = house.events()[0].time

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        return self.room.document.deliveries if self.room.document else ()

    @rule(hours=st.integers(0, 30))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @precondition(lambda self: self.coming)
    @rule(data=st.data())
    def hears(self, data: st.DataObject) -> None:
        message = data.draw(st.sampled_from(self.coming))
        self.coming.remove(message)
        self.heard.append(message)
        self.now = max(self.now, decode(message.value).time)
        self.room.hear([message], self.now)

    @precondition(lambda self: self.heard)
    @rule(data=st.data())
    def hears_again(self, data: st.DataObject) -> None:
        before = self.deliveries
        self.room.hear([data.draw(st.sampled_from(self.heard))], self.now)
        assert self.deliveries == before

    @precondition(lambda self: self.room.work)
    @rule(data=st.data(), refusal=st.none() | REFUSALS)
    def tries_a_letter(self, data: st.DataObject, refusal: NotNow | Undeliverable | None) -> None:
        work = data.draw(st.sampled_from(list(self.room.work.values())))
        self.now = max(self.now, work.due_at)
        waits = [one for one in self.deliveries if one.planned]
        self.sending.outcome = refusal
        try:
            at_once(self.sending.perform(task_of(work)))
        except NotNow:
            assert refusal is not None
        (tried,) = (one for one in self.deliveries if one.id == work.key)
        if tried.status is DeliveryStatus.DELIVERED:
            assert all(one.place >= tried.place for one in waits), "a letter overtook one that was planned before"
            assert tried.round == self.newest_round, "an earlier round was told after the next had begun"
        if tried.planned:
            assert work.row_id in self.room.work

    @precondition(lambda self: self.room.work)
    @rule(data=st.data())
    def gives_up(self, data: st.DataObject) -> None:
        at_once(self.sending.give_up(task_of(data.draw(st.sampled_from(list(self.room.work.values()))))))

    @property
    def taken(self) -> list[Delivery]:
        return [one for one in self.deliveries if one.status is DeliveryStatus.DELIVERED]

    @precondition(lambda self: self.taken)
    @rule(data=st.data())
    def a_provider_reports_once_or_again_that_one_did_not_arrive(self, data: st.DataObject) -> None:
        lost, case = data.draw(st.sampled_from(self.taken)), self.room.kept
        report = Work(
            kind=HEAR_REPORT,
            key=lost.id,
            area=case.area,
            due_at=self.now,
            subject=case.id,
            detail=str(lost.channel),
        )
        before = self.deliveries
        at_once(self.hearing.perform(task_of(report)))
        if lost.lost_at is None:
            (following,) = {one.id for one in self.deliveries} - {one.id for one in before}
            assert following == delivery_id(lost.id)
        else:
            assert self.deliveries == before

    @property
    def newest_round(self) -> int:
        stored = self.room.kept
        return max(side.round for side in (stored.village, stored.district) if side is not None)

    @invariant()
    def every_fact_for_the_citizen_heard_is_one_message_that_was_not_lost(self) -> None:
        if not hasattr(self, "heard"):
            return
        facts = [decode(message.value) for message in self.heard]
        about = [fact.id for fact in facts if message_about(fact.data) is not None]
        assert sorted(one.about for one in self.deliveries if one.lost_at is None) == sorted(about)

    @invariant()
    def a_message_ends_once_and_stays_as_it_ended(self) -> None:
        for one in self.deliveries:
            before = self.before.get(one.id)
            if before is not None and before.status in ENDED:
                assert one == before or (before.lost_at is None and one == before.lost(self.now))
            assert (one.ended_at is None) == one.planned
            assert (one.failure is not None) == (one.status is DeliveryStatus.FAILED)
            self.before[one.id] = one

    @invariant()
    def a_planned_message_has_the_one_row_that_will_send_it(self) -> None:
        assert {work.key for work in self.room.work.values()} == {one.id for one in self.deliveries if one.planned}

    @invariant()
    def an_end_is_told_once_with_its_reason_and_being_overtaken_is_told_to_nobody(self) -> None:
        told = [decode(queued.value).data for queued in self.room.told]
        delivered = sorted(fact.delivery_id for fact in told if isinstance(fact, NotificationDelivered))
        failed = sorted((fact.delivery_id, fact.reason) for fact in told if isinstance(fact, NotificationFailed))
        assert delivered == sorted(one.id for one in self.deliveries if one.status is DeliveryStatus.DELIVERED)
        assert failed == sorted((one.id, one.failure) for one in self.deliveries if one.failure is not None)
        assert len(told) == len(delivered) + len(failed)

    @invariant()
    def messages_stand_in_the_order_of_what_happened(self) -> None:
        assert list(self.deliveries) == sorted(self.deliveries, key=lambda one: one.place)

    def teardown(self) -> None:
        """All is heard, and the mail server takes every letter: nothing stays planned, and an end is known."""
        if not hasattr(self, "coming"):
            return
        self.now = max(self.now, *(decode(message.value).time for message in (*self.coming, *self.heard)))
        self.room.hear(self.coming, self.now)
        self.sending.outcome = None
        while self.room.work:
            work = min(self.room.work.values(), key=lambda one: one.due_at)
            self.now = max(self.now, work.due_at)
            at_once(self.sending.perform(task_of(work)))
        assert not any(one.planned for one in self.deliveries)
        for end in (one for one in self.deliveries if one.message.ends and one.round == self.newest_round):
            if end.skipped is SkipReason.END_ALREADY_TOLD:
                later = [one for one in self.deliveries if one.message.ends and one.place > end.place]
                assert any(one.status is DeliveryStatus.DELIVERED for one in later)


DeliveryLaws.TestCase.settings = examples(30, steps=25)
TestDeliveryLaws = DeliveryLaws.TestCase
