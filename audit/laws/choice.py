"""Every fact that a citizen must know has its message, and no other fact has one.

Judged by the audit's own table of facts (audit/worth_telling.py). A message that was planned and then left out is
judged by what has become certain since: that its fact was old, that a later round began, that the end was told. What
was sent although it might have been left out is not judged: only the moment of sending knew.
"""

from collections import defaultdict
from datetime import datetime, timedelta

from audit.documents import Delivery, ToldCase
from audit.evidence import Evidence, Findings
from audit.facts import Fact
from audit.rebuilt import RebuiltCase
from audit.worth_telling import ENDINGS

NO_NEWS_AFTER = timedelta(days=7)
TOO_OLD = "too_old"


def every_fact_worth_telling_is_told(evidence: Evidence, findings: Findings) -> None:
    rows: dict[str, list[Delivery]] = defaultdict(list)
    facts = {fact.id: fact for fact in evidence.facts if fact.is_read_by("notification")}
    for case in evidence.holdings.told_cases.values():
        rebuilt = evidence.facts.cases.get(case.id)
        for delivery in case.deliveries:
            rows[delivery.about].append(delivery)
            if delivery.skipped is not None and rebuilt is not None:
                findings.count("left out")
                _rightly_left_out(delivery, case, facts.get(delivery.about), rebuilt, findings)
    letters = evidence.holdings.shelves["notification"].letters
    for fact in facts.values():
        planned = rows[fact.id]
        if fact.message is None:
            if planned:
                findings.breach(f"{fact} ({fact.id}) is nothing for the citizen, and has a message")
        elif planned:
            findings.count("facts told")
            _as_the_fact_has_it(fact, planned[0], findings)
        elif all(str(copy.place) in letters for copy in fact.copies):
            findings.count("set aside")
        else:
            findings.breach(f"{fact} ({fact.id}) has no message: the citizen is not told")


def _as_the_fact_has_it(fact: Fact, delivery: Delivery, findings: Findings) -> None:
    if (delivery.message.template, delivery.round) != (fact.message, fact.round):
        findings.breach(
            f"message {delivery.id} about {fact} is {delivery.message.template} of round {delivery.round}; the fact "
            f"asks for {fact.message} of round {fact.round}"
        )
    if _was_old(delivery) and delivery.skipped is None:
        findings.breach(f"message {delivery.id} about {fact}: the fact was older than a week, and is told as news")


def _rightly_left_out(
    delivery: Delivery, case: ToldCase, fact: Fact | None, rebuilt: RebuiltCase, findings: Findings
) -> None:
    complaint, handling = rebuilt.complaint, rebuilt.handling
    newest_round = max(complaint.round if complaint else 0, handling.round if handling else 0)
    ended_at = complaint.ended_at if complaint else None
    of_the_district = fact is not None and fact.topic.owner == "referral"
    reasons = {
        TOO_OLD: _was_old(delivery),
        "round_superseded": newest_round > delivery.round,
        "end_already_told": any(_told_the_end_later(other, delivery) for other in case.deliveries),
        "case_ended": of_the_district and ended_at is not None and _ms(delivery.happened_at) >= _ms(ended_at),
    }
    if not reasons.get(delivery.skipped or "", False):
        findings.breach(f"message {delivery.id} of case {case.id} was left out as {delivery.skipped}, which is not so")


def _was_old(delivery: Delivery) -> bool:
    return delivery.planned_at - delivery.happened_at > NO_NEWS_AFTER


def _told_the_end_later(other: Delivery, than: Delivery) -> bool:
    return (
        other.message.template in ENDINGS
        and other.status == "delivered"
        and other.lost_at is None
        and other.round == than.round
        and other.happened_at > than.happened_at
    )


def _ms(moment: datetime) -> datetime:
    """The database keeps milliseconds."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
