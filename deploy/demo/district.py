"""What the offices of a district do in every chapter: see the case, recommend, review, decide."""

from typing import Any

from deploy.demo.errors import StoryBroke
from deploy.demo.people import Answer
from deploy.demo.stage import Stage


class District:
    """The offices of one district handling one case."""

    def __init__(self, stage: Stage, case: str, *, back_office: str, supervisor: str, manager: str) -> None:
        self._stage = stage
        self._path = f"/v1/handlings/{case}"
        self._case = case
        self.back_office = back_office
        self.supervisor = supervisor
        self.manager = manager

    async def see(self, status: str = "assessed", round_: int = 0) -> Any:
        """The back office finds the case in its queue, with its due date and what was matched."""
        async with self._stage.step(self.back_office, "sees the case in the queue"):
            found = await self._stage.seen_by(
                self.back_office,
                "referral",
                self._path,
                lambda body: body["status"] == status and body["round"] == round_,
                f"the case {status}",
            )
            matches = [f"{match['programme']} {match['verdict']}" for match in found.body["matches"]]
            self._stage.timeline.seen(f"a clock runs; matched: {', '.join(matches)}")
            if not any(clock["due_at"] for clock in found.body["clocks"]):
                raise StoryBroke("the case has no due date.")
            return found.body

    async def decide(self, decisions: list[dict[str, str]]) -> None:
        """Recommended, reviewed, decided: three people, none of whom approves their own."""
        await self._move(self.back_office, "recommends", "recommendation", {"decisions": decisions})
        await self._move(self.supervisor, "reviews it and passes it on", "review", {"ruling": "approve"})
        self._stage.timeline.deed(self.manager, "decides as recommended")
        await self._post(self.manager, "decision", {"ruling": "approve"})

    async def _move(self, who: str, what: str, path: str, body: object) -> None:
        async with self._stage.step(who, what):
            await self._post(who, path, body)

    async def _post(self, who: str, path: str, body: object) -> Answer:
        person = self._stage.person(who)
        return await person.move(
            "referral", f"{self._path}/{path}", body, resting_on=await person.read("referral", self._path)
        )


async def referral_of(stage: Stage, agency_person: str, case: str) -> str:
    """The id of the open referral of this case that an agency finds in its list."""

    def ours(body: Any) -> list[str]:
        return [item["referral_id"] for item in body["items"] if item["case_id"] == case and item["open"]]

    found = await stage.seen_by(
        agency_person, "referral", "/v1/referrals", lambda body: bool(ours(body)), "the referral", limit="200"
    )
    return ours(found.body)[0]


async def answer(stage: Stage, agency_person: str, referral_id: str, **said: str) -> None:
    """An agency's answer through the API."""
    await stage.person(agency_person).create("referral", f"/v1/referrals/{referral_id}/answer", said)
