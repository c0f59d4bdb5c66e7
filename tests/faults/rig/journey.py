"""One case on its way through the APIs: each step looks how far it is and does the next thing.

Nothing is remembered that can be read: an answer that stayed away, a kill in between, a clock that jumped, all show
in the state, and the journey goes on from there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from random import Random
from typing import Any

import httpx

from tests.faults.rig.agencies import AgencyTopics, Taking, answer_event, draw_taking
from tests.faults.rig.calling import Account, Answer, Calls, Unanswered
from tests.faults.rig.places import Place
from tests.faults.rig.wishes import View, VillageMove, Wish

OVERTAKEN = frozenset({409, 412})
"""Somebody was faster, or the state is another by now: look again, but not for ever."""
OVERTAKEN_IN_A_ROW = 40
CANNOT_NOW = frozenset({401, 429, 500, 502, 503, 504})
UNEXPECTED_IN_A_ROW = 5
ENDED_IN_THE_VILLAGE = frozenset({"answered", "withdrawn", "closed"})


class Next(Enum):
    NOW = auto()
    LATER = auto()
    """Nothing can be done at present: somebody else is to move, or cannot be reached."""


@dataclass(frozen=True)
class Ended:
    """The journey is over, as it was meant to be or `abandoned`."""

    how: str
    abandoned: bool = False


Step = Next | Ended


class Journey:
    def __init__(self, case: str, place: Place, wish: Wish, chance: Random, topics: AgencyTopics | None) -> None:
        self.case = case
        self.place = place
        self._wish = wish
        self._chance = chance
        self._topics = topics
        self._complaint = f"/v1/complaints/{case}"
        self._handling = f"/v1/handlings/{case}"
        self.recorded = False
        self._village_moves_made = 0
        self._takings: dict[str, Taking] = {}
        self._said: dict[tuple[str, str], bytes] = {}
        """Answers by Kafka: (referral, answer) -> the event, to be said again as it was."""
        self._acknowledged: set[tuple[str, str]] = set()
        self._overtaken = 0
        self._unexpected = 0

    async def step(self, calls: Calls) -> Step:
        """Do the next thing."""
        try:
            return await self._step(calls)
        except Unanswered:
            return Next.LATER

    async def _step(self, calls: Calls) -> Step:
        if not self.recorded:
            return await self._record(calls)
        seen = await calls.read(self.place.clerk, self._complaint)
        if not seen.ok:
            return self._after(seen)
        case = seen.body
        if case["status"] in ENDED_IN_THE_VILLAGE:
            return Ended(f"{case['status']} by {case['closed_by']}" if case["closed_by"] else case["status"])
        if case["resolved"]:
            return await self._last_word(calls, seen)
        move = self._next_village_move(case)
        if move is not None:
            return await self._at_the_desk(calls, move.path, move.body(case), seen)
        return await self._at_the_district(calls, case)

    async def _record(self, calls: Calls) -> Step:
        answer = await calls.create(
            self.place.clerk, "/v1/complaints", self._wish.complaint, key=self.case, resource_id=self.case
        )
        self.recorded = answer.ok
        return self._after(answer)

    def _next_village_move(self, case: View) -> VillageMove | None:
        for move in self._wish.village[self._village_moves_made :]:
            if move.move in case["possible_moves"] and not move.done(case):
                return move
            self._village_moves_made += 1
        return None

    async def _last_word(self, calls: Calls, seen: Answer) -> Step:
        if seen.body["round"] < self._wish.reopenings:
            return await self._at_the_desk(calls, "reopening", {"reason": "It is not solved."}, seen)
        if not self._wish.confirmed:
            return Ended("left to silence")
        return await self._at_the_desk(calls, "confirmation", {}, seen)

    async def _at_the_district(self, calls: Calls, case: View) -> Step:
        seen = await calls.read(self.place.back_office, self._handling)
        if seen.status == httpx.codes.NOT_FOUND:
            return Next.LATER  # the district has not heard of it yet
        if not seen.ok:
            return self._after(seen)
        handling = seen.body
        if handling["status"] == "decided" and handling["round"] == case["round"]:
            return await self._agencies(calls, handling)
        move = self._office_move(handling) if handling["round"] == case["round"] else None
        if move is None:
            return Next.LATER  # one side has yet to hear of the other
        who, path, said = move
        return self._after(await calls.move(who, f"{self._handling}/{path}", said, resting_on=seen))

    def _office_move(self, handling: View) -> tuple[Account, str, object] | None:
        """Who does what next with an undecided case."""
        match handling["status"]:
            case "assessed":
                return self.place.back_office, "recommendation", {"decisions": self._decisions(handling)}
            case "recommended":
                return self.place.supervisor, "review", self._ruling("review", handling)
            case "reviewed":
                return self.place.manager, "decision", self._ruling("decision", handling)
        return None

    def _decisions(self, handling: View) -> list[dict[str, str]]:
        """By the track of each match; a quarter is refused. Where nothing is matched, something has to be refused."""
        decisions = [
            {"programme": match["programme"], "decision": "refuse", "reason": "not_eligible"}
            if self._chance.random() < 0.25
            else {
                "programme": match["programme"],
                "decision": "refer" if match["track"] == "referral" else "propose",
            }
            for match in handling["matches"]
            if match["programme"] in handling["needs"] or self._chance.random() < 0.5
        ]
        return decisions or [{"programme": "sembako", "decision": "refuse", "reason": "already_receiving"}]

    def _ruling(self, step: str, handling: View) -> dict[str, str]:
        state = "recommended" if step == "review" else "reviewed"
        returned = any(each["step"] == state for each in handling["returns"])
        if step in self._wish.returned_by and not returned:
            return {"ruling": "return", "reason": "facts_to_verify"}
        return {"ruling": "approve"}

    async def _agencies(self, calls: Calls, handling: View) -> Step:
        """The first referral that its agency still says something to."""
        for referral in handling["referrals"]:
            if referral["status"] not in ("issued", "accepted"):
                continue
            said = self._next_answer(referral)
            if said is None:
                continue
            if self._takings[referral["referral_id"]].by_kafka and self._topics is not None:
                return await self._say_by_kafka(self._topics, handling, referral, said)
            agency = self.place.agency(referral["agency"])
            answer = await calls.move(agency, f"/v1/referrals/{referral['referral_id']}/answer", said, resting_on=None)
            return self._after(answer)
        return Ended("left to the agencies")

    def _next_answer(self, referral: Mapping[str, Any]) -> dict[str, str] | None:
        taking = self._takings.setdefault(
            referral["referral_id"], draw_taking(self._chance, kafka=self._topics is not None)
        )
        place = 1 if referral["status"] == "accepted" else 0
        return taking.answers[place] if place < len(taking.answers) else None

    async def _say_by_kafka(
        self, topics: AgencyTopics, handling: View, referral: dict[str, Any], said: dict[str, str]
    ) -> Step:
        key = (referral["referral_id"], said["answer"])
        if key not in self._said:
            self._said[key] = answer_event(referral["agency"], referral, self.case, handling["area"], said)
        if key not in self._acknowledged and await topics.say(referral["agency"], key[0], self._said[key]):
            self._acknowledged.add(key)
        return Next.LATER  # the district will hear of it

    async def _at_the_desk(self, calls: Calls, path: str, body: object, seen: Answer) -> Step:
        answer = await calls.move(self.place.clerk, f"{self._complaint}/{path}", body, resting_on=seen)
        return self._after(answer)

    def _after(self, answer: Answer) -> Step:
        if answer.ok:
            self._overtaken = self._unexpected = 0
            return Next.NOW
        if answer.status in CANNOT_NOW:
            return Next.LATER
        self._overtaken += answer.status in OVERTAKEN
        self._unexpected += answer.status not in OVERTAKEN
        if self._unexpected >= UNEXPECTED_IN_A_ROW or self._overtaken >= OVERTAKEN_IN_A_ROW:
            return Ended(f"refused {answer.status} {_kind(answer.body)}", abandoned=True)
        return Next.LATER


def _kind(body: Any) -> str:
    """The problem's type; never its text, which may quote what was sent."""
    return str(body.get("type", "")) if isinstance(body, dict) else ""
