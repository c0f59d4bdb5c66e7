"""The queue: what waits for whom, the most urgent first."""

from datetime import timedelta

from contracts.vocabulary import ComplaintKind
from tests.integration.referral.district import BACK_OFFICE, MANAGER, SUPERVISOR, District, Person

SEVENTY_FIVE = "75.01.24.2001"


async def cases(district: District, who: Person, **query: object) -> list[str]:
    answer = await district.get("/handlings", who, **query)
    assert answer.status_code == 200, answer.text
    return [item["case_id"] for item in answer.json()["items"]]


async def test_the_case_due_first_comes_first_whenever_it_came(district: District) -> None:
    plain = await district.opens()
    hurried = await district.opens(fast_track=True)
    old = await district.opens(recorded_at=district.clock.now() - timedelta(days=6))
    assert await cases(district, BACK_OFFICE) == [old, hurried, plain]


async def test_each_role_sees_what_waits_for_it(district: District) -> None:
    drafted, reviewed, fresh = [await district.opens() for _ in range(3)]
    await district.recommends(drafted)
    await district.recommends(reviewed)
    await district.moves(reviewed, "review", SUPERVISOR, ruling="approve")
    assert await cases(district, BACK_OFFICE) == [fresh]
    assert await cases(district, SUPERVISOR) == [drafted]
    assert await cases(district, MANAGER) == [reviewed]
    assert set(await cases(district, Person("verifier"))) == {drafted, reviewed, fresh}
    assert set(await cases(district, MANAGER, status=["recommended", "reviewed"])) == {drafted, reviewed}


async def test_the_queue_can_be_narrowed_to_a_tier(district: District) -> None:
    case = await district.opens()
    assert await cases(district, BACK_OFFICE, tier="district") == [case]
    assert await cases(district, BACK_OFFICE, tier="province") == []


async def test_a_page_continues_where_the_one_before_ended(district: District) -> None:
    made = {await district.opens(kind=kind) for kind in (ComplaintKind.ENQUIRY, ComplaintKind.PARTICIPATION) * 2}
    seen: list[str] = []
    query: dict[str, object] = {"limit": 3}
    while True:
        page = (await district.get("/handlings", BACK_OFFICE, **query)).json()
        seen += [item["case_id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert len(seen) == 4
    assert set(seen) == made
    broken = await district.get("/handlings", BACK_OFFICE, cursor="none-of-ours")
    assert (broken.status_code, broken.json()["type"]) == (400, "urn:puskesos:problem:bad-cursor")


async def test_another_districts_cases_are_in_nobody_elses_queue(district: District) -> None:
    here, there = await district.opens(), await district.opens(area=SEVENTY_FIVE)
    assert await cases(district, BACK_OFFICE) == [here]
    assert await cases(district, Person("back_office", "75.01")) == [there]
