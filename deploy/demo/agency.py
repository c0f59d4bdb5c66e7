"""An agency with a system of its own: it reads its feed and answers on its own topic, by Kafka alone."""

from datetime import UTC, datetime

import uuid_utils
from aiokafka import AIOKafkaProducer

from contracts import Event, encode
from contracts.events import PartnerReferralAnswered, PartnerReferralIssued
from contracts.vocabulary import AgencyAnswer, Outcome
from deploy.demo.errors import StoryBroke
from deploy.demo.facts import Fact


class AgencySystem:
    """Speaks CloudEvents; counts its sequence per referral, as the contract asks."""

    def __init__(self, agency: str, bootstrap_servers: str) -> None:
        self._agency = agency
        self._bootstrap_servers = bootstrap_servers
        self._told = 0

    async def answer(self, feed: Fact, answer: AgencyAnswer, outcome: Outcome | None = None) -> None:
        """Answer the referral that came on the feed."""
        issued = feed.event.data
        if not isinstance(issued, PartnerReferralIssued):
            raise StoryBroke(f"{feed.topic} carried {type(issued).__name__}.")
        self._told += 1
        event = Event.of(
            PartnerReferralAnswered(referral_id=issued.referral_id, answer=answer, outcome=outcome),
            id=str(uuid_utils.uuid7()),
            source=f"/agencies/{self._agency}",
            subject=issued.referral_id,
            time=datetime.now(UTC),
            sequence=self._told,
            area=feed.event.area,
            correlationid=feed.event.correlationid,
            causationid=feed.event.id,
        )
        producer = AIOKafkaProducer(bootstrap_servers=self._bootstrap_servers, enable_idempotence=True)
        await producer.start()
        try:
            topic = f"partner.{self._agency}.referral.answered"
            await producer.send_and_wait(topic, key=event.subject.encode(), value=encode(event))
        finally:
            await producer.stop()
