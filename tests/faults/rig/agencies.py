"""Agencies with systems of their own: they answer on their Kafka topics. And how each agency takes a referral."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any

import uuid_utils
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from contracts import Event, encode
from contracts.events import PartnerReferralAnswered
from contracts.vocabulary import AgencyAnswer, Outcome, RejectionReason

SEND_SECONDS = 5.0


@dataclass(frozen=True)
class Taking:
    """What an agency does with one referral: an answer, perhaps a completion, through one of its two doors."""

    answers: tuple[dict[str, str], ...]
    """In order; empty: it lets the time pass."""
    by_kafka: bool


def draw_taking(chance: Random, *, kafka: bool) -> Taking:
    by_kafka = kafka and chance.random() < 0.3
    accepted = {"answer": "accepted"}
    course = chance.choices(("completes", "rejects", "keeps it", "is silent"), (70, 18, 4, 8))[0]
    if course == "completes":
        outcome = chance.choice(("given", "enrolled", "waiting_list", "not_eligible", "no_quota"))
        return Taking((accepted, {"answer": "completed", "outcome": outcome}), by_kafka)
    if course == "rejects":
        return Taking(({"answer": "rejected", "reason": chance.choice(("no_capacity", "not_our_area"))},), by_kafka)
    return Taking((accepted,) if course == "keeps it" else (), by_kafka)


def answer_event(agency: str, referral: dict[str, Any], case: str, area: str, said: dict[str, str]) -> bytes:
    """Made once for each answer and sent again as it is: the sequence is counted per referral."""
    event = Event.of(
        PartnerReferralAnswered(
            referral_id=referral["referral_id"],
            answer=AgencyAnswer(said["answer"]),
            reason=RejectionReason(said["reason"]) if "reason" in said else None,
            outcome=Outcome(said["outcome"]) if "outcome" in said else None,
        ),
        id=str(uuid_utils.uuid7()),
        source=f"/agencies/{agency}",
        subject=referral["referral_id"],
        time=datetime.now(UTC),
        sequence=2 if said["answer"] == "completed" else 1,
        area=area,
        correlationid=case,
    )
    return encode(event)


class AgencyTopics:
    """One producer for all agencies, made anew when Kafka went away."""

    def __init__(self, bootstrap_servers: str, prefix: str) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._prefix = prefix
        self._producer: AIOKafkaProducer | None = None
        self._opening = asyncio.Lock()

    async def say(self, agency: str, referral: str, event: bytes) -> bool:
        """Whether Kafka has it; if nobody knows, it is said again, and readers ignore repetitions."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                producer = await self._open()
                topic = f"{self._prefix}partner.{agency}.referral.answered"
                await producer.send_and_wait(topic, key=referral.encode(), value=event)
            return True
        except (KafkaError, OSError, TimeoutError):
            return False

    async def close(self) -> None:
        if self._producer is not None:
            await self._producer.stop()

    async def _open(self) -> AIOKafkaProducer:
        async with self._opening:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    bootstrap_servers=self._bootstrap_servers,
                    enable_idempotence=True,
                    request_timeout_ms=int(SEND_SECONDS * 1000),
                )
                try:
                    await producer.start()
                except BaseException:
                    await producer.stop()
                    raise
                self._producer = producer
            return self._producer
