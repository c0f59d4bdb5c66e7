"""Cases that came from the village: arrived in the district, or decided there, so that an agency has to answer."""

from typing import Any, cast

import httpx

from chassis.identity import Role
from chassis.outbox.outgoing import new_id
from services.intake.api.examples import RECORDING
from tests.browser.stand import Stand
from tests.harness.waiting import eventually

VILLAGE, SUB_DISTRICT, DISTRICT = "32.03.02.2002", "32.03.02", "32.03"


async def recorded(stand: Stand, case: str, *needs: str) -> None:
    """A case of this id that the village recorded, with these needs or the example's own."""
    async with stand.api("intake", Role.FRONT_OFFICE, area=VILLAGE, subject="front-office") as village:
        mother = cast("dict[str, Any]", RECORDING["mother"]["value"])
        wish = {**mother, "case_id": case, "needs": needs or mother["needs"]}
        _done(await village.post("/v1/complaints", json=wish, headers={"Idempotency-Key": case}))


async def arrived(stand: Stand, *needs: str) -> str:
    """A case that the village recorded and the district has received, with these needs or the example's own; its id."""
    case = new_id()
    await recorded(stand, case, *needs)
    async with stand.api("referral", Role.BACK_OFFICE, area=DISTRICT, subject="back-office") as office:

        async def there() -> bool:
            return (await office.get(f"/v1/handlings/{case}")).status_code == 200

        await eventually(there)
    return case


async def referred(stand: Stand, programme: str = "kip") -> str:
    """The referral of a family that asked for one programme; its id."""
    path = f"/v1/handlings/{await arrived(stand, programme)}"
    async with stand.api("referral", Role.BACK_OFFICE, area=DISTRICT, subject="back-office") as office:
        decisions = [{"programme": programme, "decision": "refer"}]
        await _move(office, office, path, "recommendation", {"decisions": decisions})
        async with stand.api("referral", Role.SUPERVISOR, area=SUB_DISTRICT, subject="supervisor") as supervisor:
            await _move(office, supervisor, path, "review", {"ruling": "approve"})
        async with stand.api("referral", Role.MANAGER, area=DISTRICT, subject="manager") as manager:
            await _move(office, manager, path, "decision", {"ruling": "approve"})
        referral: str = (await office.get(path)).json()["referrals"][0]["referral_id"]
        return referral


async def _move(
    office: httpx.AsyncClient, mover: httpx.AsyncClient, path: str, move: str, body: dict[str, Any]
) -> None:
    edition = (await office.get(path)).headers["ETag"]
    _done(await mover.post(f"{path}/{move}", json=body, headers={"If-Match": edition}))


def _done(answer: httpx.Response) -> None:
    assert answer.is_success, answer.text
