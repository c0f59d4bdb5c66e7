"""Every request answered 2xx is one deed: broken on purpose, and seen."""

from audit.told import Told
from tests.unit.audit.story import CASE, REFERRAL
from tests.unit.audit.world import World, a_house_at_rest


def post(path: str, status: int | None = 200, resource: str | None = None) -> Told:
    return Told(method="POST", path=path, status=status, resource_id=resource)


RECORDED = post("/v1/complaints", 201, CASE)
DRAFTED = post(f"/v1/handlings/{CASE}/recommendation")


def a_house_told(*told: Told) -> World:
    house = a_house_at_rest()
    house.told = list(told)
    return house


def breaches(house: World) -> list[str]:
    return house.findings()["requests"].breaches


def test_what_clients_were_told_and_what_was_done_agree() -> None:
    reviewed, decided = post(f"/v1/handlings/{CASE}/review"), post(f"/v1/handlings/{CASE}/decision")
    house = a_house_told(RECORDED, DRAFTED, reviewed, decided, Told(method="GET", path="/v1/complaints", status=200))
    assert breaches(house) == []
    assert house.findings()["requests"].counted["requests answered 2xx"] == 4


def test_a_case_promised_and_lost_is_seen() -> None:
    house = a_house_told(RECORDED)
    house.stored["intake"]["complaints"].clear()
    (breach,) = breaches(house)
    assert breach.endswith("answered 2xx 1 times, left open 0 times, done 0 times")


def test_a_request_repeated_under_its_key_is_one_deed() -> None:
    assert breaches(a_house_told(RECORDED, RECORDED, post("/v1/complaints", None, CASE))) == []


def test_a_wish_recorded_twice_is_seen() -> None:
    house = a_house_told(RECORDED)
    timeline = house.row("intake", "complaints")["timeline"]
    timeline.append(next(entry for entry in timeline if entry["what"] == "complaint.created"))
    (breach,) = breaches(house)
    assert breach.endswith("done 2 times")


def test_one_case_under_two_idempotency_keys_is_seen() -> None:
    house = a_house_told(RECORDED)
    house.stored["intake"]["idempotency_keys"].append({"_id": "second", "resource": CASE})
    assert breaches(house) == [f"{CASE} was made under more than one Idempotency-Key"]


def test_two_answers_for_one_deed_are_seen() -> None:
    (breach,) = breaches(a_house_told(DRAFTED, DRAFTED))
    assert breach.endswith("answered 2xx 2 times, left open 0 times, done 1 times")


def test_one_answer_for_two_deeds_is_seen_unless_a_request_was_left_open() -> None:
    house = a_house_told(DRAFTED)
    house.row("referral", "handlings")["history"].append({"what": "recommended", "by": "back-office"})
    (breach,) = breaches(house)
    assert breach.endswith("done 2 times")
    house.told = [DRAFTED, post(DRAFTED.path, None)]
    assert breaches(house) == []


def test_a_deed_that_was_refused_to_the_client_is_seen() -> None:
    (breach,) = breaches(a_house_told(post(DRAFTED.path, 409)))
    assert breach.endswith("answered 2xx 0 times, left open 0 times, done 1 times")


def test_an_agencys_answer_on_its_topic_is_no_request() -> None:
    (breach,) = breaches(a_house_told(post(f"/v1/referrals/{REFERRAL}/answer")))
    assert breach.endswith("done 0 times")


def test_a_request_the_audit_knows_no_deed_for_is_said() -> None:
    (breach,) = breaches(a_house_told(post("/v1/something-new")))
    assert breach == "POST /v1/something-new: the audit knows no deed for this request; add it to ROUTES"


def test_a_creation_must_say_what_it_made() -> None:
    assert breaches(a_house_told(post("/v1/complaints", 201))) == [
        "POST /v1/complaints: the list does not say what it made"
    ]
