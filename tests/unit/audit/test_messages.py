"""Every message to the outside is one delivery row: broken on purpose, and seen."""

from typing import Any

from tests.unit.audit.story import DELIVERED, FAILED, PLANNED, SKIPPED, event_id
from tests.unit.audit.world import World, a_house_at_rest


def delivery(house: World, key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in house.row("notification", "cases")["deliveries"] if each["id"] == key)
    return found


def breaches(house: World) -> list[str]:
    return house.findings()["messages"].breaches


def test_a_message_without_a_row_is_seen_by_the_contact_that_was_read_and_by_what_was_told() -> None:
    house = a_house_at_rest()
    house.row("notification", "cases")["deliveries"].remove(delivery(house, DELIVERED))
    untold, unread = breaches(house)
    assert untold.endswith("there is no such message")
    assert unread == f"a contact was given because of event {event_id(1)}, and no message is about it"


def test_two_rows_for_one_event_are_seen() -> None:
    house = a_house_at_rest()
    second = {**delivery(house, PLANNED), "id": "019a8c5e-9003-7c4b-9b1f-2f6f0a1f7e99", "status": "skipped"}
    house.row("notification", "cases")["deliveries"].append(second)
    assert breaches(house) == [f"2 messages about event {event_id(3)}"]


def test_a_message_that_did_not_arrive_is_followed_by_another_about_the_same_event() -> None:
    house = a_house_at_rest()
    lost = delivery(house, SKIPPED)
    lost["lost_at"] = lost["planned_at"]
    assert breaches(house) == [f"the message about event {lost['about']} did not arrive, and none follows it"]
    follows = {**lost, "id": "019a8c5e-9003-7c4b-9b1f-2f6f0a1f7e99", "lost_at": None}
    house.row("notification", "cases")["deliveries"].append(follows)
    assert breaches(house) == []


def test_one_message_in_two_rows_is_seen() -> None:
    house = a_house_at_rest()
    deliveries = house.row("notification", "cases")["deliveries"]
    deliveries.append(dict(delivery(house, SKIPPED)))
    assert f"2 rows of message {SKIPPED}" in breaches(house)


def test_an_end_that_nobody_was_told_of_is_seen() -> None:
    house = a_house_at_rest()
    house.drop("notification.delivered")
    assert breaches(house) == [f"message {DELIVERED} is delivered; what was told of it is nothing"]


def test_an_end_told_of_a_message_that_has_none_is_seen() -> None:
    house = a_house_at_rest()
    delivery(house, FAILED)["status"] = "skipped"
    assert breaches(house) == [f"message {FAILED} is skipped; what was told of it is notification.failed"]


def test_a_message_that_went_out_without_a_contact_is_seen() -> None:
    house = a_house_at_rest()
    house.stored["intake"]["contact_accesses"].clear()
    assert breaches(house) == [f"message {DELIVERED} went out, but the village gave no contact for it"]


def test_a_message_that_may_have_gone_out_by_two_channels_is_seen() -> None:
    house = a_house_at_rest()
    told = delivery(house, DELIVERED)
    moment, told["channel"] = told["planned_at"], "email"
    told["tries"] = [
        {"channel": channel, "state": state, "first_at": moment, "last_at": moment}
        for channel, state in (("whatsapp", "in_doubt"), ("sms", "refused"), ("email", "in_doubt"))
    ]
    assert breaches(house) == [f"message {DELIVERED} may have gone out by more than one channel: email, whatsapp"]


def test_a_planned_message_that_no_work_will_send_is_seen() -> None:
    house = a_house_at_rest()
    house.stored["notification"]["work"].clear()
    assert breaches(house) == [f"message {PLANNED} is planned, and no row of work will send it"]


def test_a_message_about_nothing_that_was_told_is_seen() -> None:
    house = a_house_at_rest()
    delivery(house, SKIPPED)["about"] = event_id(99)
    assert breaches(house) == [f"message {SKIPPED} is about event {event_id(99)}, which is on no topic"]


def test_a_message_about_what_notification_does_not_read_is_seen() -> None:
    house = a_house_at_rest()
    delivery(house, SKIPPED)["about"] = event_id(2)
    (breach,) = breaches(house)
    assert "is about case.assessed" in breach
