"""The whole house in memory with one case in it: village, district, messenger, ministry, agencies, and time.

Every deed goes through the real commands and workers, every fact through the real envelopes and handlers. Nobody hears
anything until told to: what is on its way waits, topic by topic, as on Kafka.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from chassis.bus.message import Message
from chassis.identity import Actor
from chassis.outbox.outgoing import Outgoing, new_id
from chassis.regions import KemendagriRegions
from chassis.store import Store, Task, UnitOfWork, Work
from contracts import Event, EventData, decode, encode
from contracts.events import FamilyProfile, NeedDecision, PartnerReferralAnswered
from contracts.manifest import Manifest
from contracts.vocabulary import (
    AgencyAnswer,
    MessageChannel,
    Outcome,
    RejectionReason,
    WithdrawalReason,
)
from services.intake.answers import DeskAnswer
from services.intake.commands import amending, closing
from services.intake.commands.desk import Desk
from services.intake.domain.amending import Correction
from services.intake.domain.case_number import CaseNumber
from services.intake.domain.recording import Narrative, record_complaint
from services.intake.domain.timeline import Details
from services.intake.handlers import build_handlers as village_handlers
from services.intake.own_deeds import own_entry
from services.intake.programmes import PROGRAMMES
from services.intake.store import COMPLAINTS, StoredComplaint
from services.intake.workers import silent_case_closer
from services.notification.contacts import Contact
from services.notification.domain.delivery import Delivery
from services.notification.handlers import SEND_MESSAGE
from services.notification.handlers import build_handlers as messenger_handlers
from services.notification.letters import Letters
from services.notification.outcomes import NotNow, Undeliverable
from services.notification.sending import Sending
from services.notification.store import StoredCase as ToldCase
from services.referral import commands as office
from services.referral.domain.deciding import Ruling
from services.referral.handlers import build_handlers as district_handlers
from services.referral.reference import Reference
from services.referral.store import StoredHandling
from services.referral.workers import build_workers
from services.reporting.handlers import build_handlers as ministry_handlers
from services.reporting.store import StoredCase as CountedCase
from tests.strategies.room import Room, RoomStore, as_message, at_once, task_of

CASE = "01936d00-0000-7000-8000-000000000001"
JAMBUDIPA = "32.03.02.2002"
NUMBER = CaseNumber(area=JAMBUDIPA, year=2026, serial=17)
MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)
"""Monday 23 November 2026, 09:00 in Cianjur."""
SETTLE = timedelta(seconds=1)
DESK = Desk(regions=KemendagriRegions(), programmes=PROGRAMMES, family_key_secret=b"a secret of thirty-two bytes")
FACILITATOR = Actor("person:facilitator", frozenset(), None)
BACK_OFFICE = Actor("person:back-office", frozenset(), None)
SUPERVISOR = Actor("person:supervisor", frozenset(), None)
MANAGER = Actor("person:manager", frozenset(), None)
REFERENCE = Reference.load()
SERVICES = ("intake", "referral", "notification", "reporting")


@cache
def readers_of(topic: str) -> frozenset[str]:
    manifest = Manifest.load()
    return frozenset(service for service in SERVICES if manifest.topic(topic) in manifest.read_by(service))


@cache
def letters() -> Letters:
    return Letters.load()


class InstantSending(Sending):
    """Writes the true letter and hands it to a mail server that does as `outcome` says: takes it, or raises."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, self.take)
        self.outcome: NotNow | Undeliverable | None = None

    async def take(self, task: Task, case: ToldCase, delivery: Delivery) -> MessageChannel:
        letters().write(
            delivery.message,
            addressee="Ibu Rekaan",
            case_number=str(NUMBER),
            language=Contact(channel="email", case_number=str(NUMBER)).spoken,
            area=case.area,
        )
        if self.outcome is not None:
            raise self.outcome
        return MessageChannel.EMAIL


@dataclass(repr=False)
class House:
    """One case and everybody who deals with it."""

    narrative: Narrative
    family: FamilyProfile | None
    now: datetime = MONDAY
    log: list[Message] = field(default_factory=list)
    """All that was told, by everybody, in the order of telling."""
    facts: list[Event[EventData]] = field(default_factory=list)
    """The same, decoded."""
    waiting: dict[str, list[Message]] = field(default_factory=lambda: {service: [] for service in SERVICES})
    """What each service has not heard yet, in the order of telling."""
    answers_sent: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.village: Room[StoredComplaint] = Room("intake", village_handlers())
        self.district: Room[StoredHandling] = Room("referral", district_handlers(REFERENCE))
        self.messenger: Room[ToldCase] = Room("notification", messenger_handlers(SETTLE))
        self.ministry: Room[CountedCase] = Room("reporting", ministry_handlers())
        self.rooms: dict[str, Room[Any]] = {
            room.service: room for room in (self.village, self.district, self.messenger, self.ministry)
        }
        self.sending = InstantSending(RoomStore(self.messenger, lambda: self.now).as_store())
        self._record()

    def __repr__(self) -> str:
        return " ".join(["House:", *(message.topic for message in self.log)])

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(repr(self))

    # --- the village ---

    def _record(self) -> None:
        moved = record_complaint(
            self.narrative,
            case_id=CASE,
            case_number=NUMBER,
            family=self.family,
            recorded_by=FACILITATOR.id,
            now=self.now,
            regions=DESK.regions,
            programmes=DESK.programmes,
        )

        async def deed(unit: UnitOfWork) -> None:
            new = StoredComplaint(id=CASE, area=JAMBUDIPA, complaint=moved.complaint)
            entries = tuple(
                own_entry(new, fact.topic, Details(), now=unit.now, actor=FACILITATOR.id) for fact in moved.facts
            )
            recorded = new.model_copy(update={"timeline": entries})
            await unit.of(COMPLAINTS).add(recorded, [Outgoing(fact) for fact in moved.facts])

        self.village.do(deed, self.now)
        self.recorded = self.village.kept
        self._collect()

    def village_does(self, deed: Any, *args: Any, **kwargs: Any) -> None:
        """A deed of intake's commands by the facilitator, who has just read the case."""
        expected = self.village.kept.edition
        self.village.do(lambda unit: deed(unit, FACILITATOR, *args, expected=expected, **kwargs), self.now)
        self._collect()

    def awaits_citizen(self) -> None:
        self.village_does(amending.have_citizen_awaited, CASE, ("family_card",))

    def stops_waiting(self) -> None:
        self.village_does(amending.have_waiting_stopped, CASE)

    def completes_documents(self) -> None:
        self.village_does(amending.have_documents_completed, CASE)

    def corrects(self, correction: Correction) -> None:
        self.village_does(amending.have_facts_corrected, DESK, CASE, correction=correction, family=None)

    def answers_at_desk(self) -> None:
        self.village_does(closing.answer_complaint, CASE, DeskAnswer.TOLD_STATUS, "as it is")

    def withdraws(self) -> None:
        self.village_does(closing.withdraw_complaint, CASE, WithdrawalReason.TAKEN_BACK, duplicate_of=None)

    def reopens(self) -> None:
        self.village_does(closing.reopen_complaint, CASE, "the school knows of nothing")

    def confirms(self) -> None:
        self.village_does(closing.confirm_complaint, CASE)

    def rates(self, stars: int) -> None:
        self.village_does(closing.rate_complaint, CASE, stars)

    # --- the district ---

    def recommends(self, decisions: tuple[NeedDecision, ...]) -> None:
        self._office_does(office.recommend_handling, BACK_OFFICE, REFERENCE, CASE, decisions)

    def reviews(self, ruling: Ruling) -> None:
        self._office_does(office.review_handling, SUPERVISOR, CASE, ruling, reason="letter_missing")

    def decides(self, ruling: Ruling) -> None:
        self._office_does(office.decide_handling, MANAGER, REFERENCE, CASE, ruling, reason="letter_missing")

    def _office_does(self, deed: Any, *args: Any, **kwargs: Any) -> None:
        expected = self.district.kept.edition
        self.district.do(lambda unit: deed(unit, *args, expected=expected, **kwargs), self.now)
        self._collect()

    def agency_answers_by_api(
        self,
        referral_id: str,
        answer: AgencyAnswer,
        reason: RejectionReason | None = None,
        outcome: Outcome | None = None,
    ) -> None:
        referral = self.district.kept.handling.referral(referral_id)
        assert referral is not None
        by = Actor("person:agency", frozenset(), None, agency=referral.agency)
        self.district.do(
            lambda unit: office.answer_as_agency(
                unit, REFERENCE, referral_id, answer, by=by, agency=referral.agency, reason=reason, outcome=outcome
            ),
            self.now,
        )
        self._collect()

    def agency_answers_by_kafka(
        self,
        referral_id: str,
        answer: AgencyAnswer,
        reason: RejectionReason | None = None,
        outcome: Outcome | None = None,
    ) -> None:
        """The agency writes to its own topic; the district hears it when it hears it."""
        referral = self.district.kept.handling.referral(referral_id)
        assert referral is not None
        sequence = self.answers_sent[referral_id] = self.answers_sent.get(referral_id, 0) + 1
        said = Event.of(
            PartnerReferralAnswered(referral_id=referral_id, answer=answer, reason=reason, outcome=outcome),
            id=new_id(),
            source=f"/agencies/{referral.agency}",
            subject=referral_id,
            time=self.now,
            sequence=sequence,
            area=JAMBUDIPA,
            correlationid=CASE,
        )
        self._on_its_way(
            Message(
                f"partner.{referral.agency}.referral.answered",
                0,
                len(self.log),
                referral_id.encode(),
                encode(said),
                None,
            )
        )

    # --- hearing ---

    def _collect(self) -> None:
        """What was told and is on no topic yet."""
        for room in self.rooms.values():
            for queued in room.told:
                self._on_its_way(as_message(queued, len(self.log)))
            room.told.clear()

    def _on_its_way(self, message: Message) -> None:
        self.log.append(message)
        self.facts.append(decode(message.value))
        for service in readers_of(message.topic):
            self.waiting[service].append(message)

    def heads(self, service: str) -> list[Message]:
        """What a service may hear next: of each topic the oldest."""
        seen: dict[str, Message] = {}
        for message in self.waiting[service]:
            seen.setdefault(message.topic, message)
        return list(seen.values())

    def hears(self, service: str, *messages: Message) -> None:
        """The service hears these, in this order, in one batch."""
        room = self.rooms[service]
        for message in messages:
            self.waiting[service].remove(message)
            if message.topic.startswith("partner."):
                # Whether and how an agency's answer counts depends on when it comes.
                room.hear_as_deed(message, self.now)
            else:
                room.hear([message], self.now)
        self._collect()

    def hears_all(self, service: str) -> None:
        while self.waiting[service]:
            self.hears(service, *self.waiting[service])

    def everybody_hears_everything(self) -> None:
        while any(self.waiting.values()):
            for service in SERVICES:
                self.hears_all(service)

    # --- time ---

    def due(self, service: str) -> list[Work]:
        room = self.rooms[service]
        return sorted((work for work in room.work.values() if work.due_at <= self.now), key=lambda work: work.due_at)

    def clocks_fire(self) -> None:
        """Deadlines of the district that have passed, and the closing of a silent case."""
        workers = {worker.kind: worker for worker in build_workers(self._store(self.district), REFERENCE)}
        for work in self.due("referral"):
            at_once(workers[work.kind].perform(task_of(work)))  # type: ignore[arg-type]
        closer = silent_case_closer(self._store(self.village))
        for work in self.due("intake"):
            at_once(closer.perform(task_of(work)))  # type: ignore[arg-type]
        self._collect()

    def letters_go_out(self, outcome: NotNow | Undeliverable | None = None, limit: int = 1000) -> None:
        """Messages whose time has come are tried, at most `limit`; `outcome` is what the mail server says."""
        self.sending.outcome = outcome
        for work in self.due("notification")[:limit]:
            assert work.kind == SEND_MESSAGE
            try:
                at_once(self.sending.perform(task_of(work)))
            except NotNow:
                continue
        self._collect()

    def letters_are_given_up(self, limit: int) -> None:
        """Tried too often."""
        for work in self.due("notification")[:limit]:
            at_once(self.sending.give_up(task_of(work)))
        self._collect()

    def _store(self, room: Room[Any]) -> Any:
        return RoomStore(room, lambda: self.now).as_store()

    # --- looking ---

    def events(self, *, of: str | None = None) -> list[Event[EventData]]:
        """Everything told, or what one service told."""
        return [event for event in self.facts if of is None or event.source.endswith(f"/{of}")]

    def read_by(self, service: str) -> list[Message]:
        return [message for message in self.log if service in readers_of(message.topic)]
