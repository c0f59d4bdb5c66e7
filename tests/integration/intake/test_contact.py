"""A citizen's contact: handed to a service by purpose, and every asking is written down."""

from datetime import timedelta

from chassis.clock import SettableClock
from chassis.outbox.outgoing import new_id
from tests.integration.intake.builders import MONDAY, NEXT_VILLAGE, Window, a_complaint, a_family, child, mother


async def test_a_service_learns_how_to_reach_the_citizen(window: Window) -> None:
    case = await window.recorded()
    answer = await window.ask_contact(case["case_id"])
    assert answer.json() == {
        "addressee": "Ibu Rekaan",
        "email": "ibu@rekaan.example",
        "phone": None,
        "channel": "email",
        "channels": ["email"],
        "language": "id",
        "case_number": case["case_number"],
    }


async def test_who_prefers_a_telephone_is_reached_by_it(window: Window) -> None:
    by_phone = mother(contact={"preferred": "whatsapp", "phone": "+628123456789", "language": "en"})
    case = (await window.recorded(family=a_family(by_phone)))["case_id"]
    answer = (await window.ask_contact(case)).json()
    assert (answer["channel"], answer["phone"], answer["email"], answer["language"]) == (
        "phone",
        "+628123456789",
        None,
        "en",
    )


async def test_without_a_contact_nothing_goes_out_and_the_name_neither(window: Window) -> None:
    silent = a_family(mother(nik="3203025705910000", contact=None), legal_bases=[])
    cases = [
        (await window.recorded(family=silent))["case_id"],
        (await window.recorded(reporter=None))["case_id"],
        (await window.recorded(family=None, reporter=None, subject_kind="community"))["case_id"],
    ]
    for case in cases:
        answer = await window.ask_contact(case)
        assert (answer.status_code, answer.json()["channel"]) == (200, "none")
        assert (answer.json()["addressee"], answer.json()["email"], answer.json()["phone"]) == ("", None, None)
        assert "Rekaan" not in answer.text


async def test_consent_taken_back_withholds_the_contact_and_the_asking_is_still_written_down(window: Window) -> None:
    case = await window.recorded()
    mother_id = case["reporter"]["person_id"]
    body = {"person_id": mother_id, "purposes": ["notify"]}
    after = await window.post(case["case_id"], "consent-withdrawals", body)
    assert after.status_code == 200, after.text
    (consent,) = [one for one in after.json()["reporter"]["legal_bases"] if one["purpose"] == "notify"]
    assert consent["withdrawn_at"] is not None
    refused = await window.ask_contact(case["case_id"])
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:puskesos:problem:contact-withheld")
    assert "rekaan" not in refused.text.lower()
    (access,) = (await window.get(f"/{case['case_id']}/accesses")).json()["items"]
    assert access["answer"] == "withheld"
    timeline = (await window.progress(case["case_id"]))["timeline"]
    assert timeline[-1]["what"] == "consent.withdrawn"
    again = await window.post(case["case_id"], "consent-withdrawals", body)
    assert (again.status_code, again.json()["type"]) == (409, "urn:puskesos:problem:no-consent-to-take-back")


async def test_consent_is_taken_back_by_people_of_the_case_only(window: Window) -> None:
    case = await window.recorded()
    elsewhere = (await window.recorded(family=a_family(mother(nik="3203025705910000"))))["reporter"]["person_id"]
    for stranger in (elsewhere, new_id()):
        body = {"person_id": stranger, "purposes": ["notify"]}
        answer = await window.post(case["case_id"], "consent-withdrawals", body)
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:puskesos:problem:not-in-the-case")


async def test_consent_that_ran_out_withholds_the_contact(window: Window, clock: SettableClock) -> None:
    until_tomorrow = {
        "member": 0,
        "purpose": "notify",
        "basis": "consent",
        "proof": "signed_form",
        "expires_on": "2026-11-24",
    }
    case = (await window.recorded(family=a_family(legal_bases=[until_tomorrow])))["case_id"]
    assert (await window.ask_contact(case)).status_code == 200
    clock.move_to(MONDAY + timedelta(days=2))
    assert (await window.ask_contact(case)).status_code == 409


async def test_a_child_is_written_to_with_the_guardians_consent_only(window: Window) -> None:
    young = child(contact={"preferred": "email", "email": "anak@rekaan.example"})
    alone = [{"member": 0, "purpose": "notify", "basis": "consent", "proof": "signed_form"}]
    refused = await window.record(a_complaint(family=a_family(young, mother(contact=None), legal_bases=alone)))
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:puskesos:problem:unsound-basis")
    by_mother = [{**alone[0], "guardian": 1}]
    case = await window.recorded(family=a_family(young, mother(contact=None), legal_bases=by_mother))
    assert (await window.ask_contact(case["case_id"])).json()["addressee"] == "Anak Kedua"


async def test_every_asking_is_shown_to_the_village_and_the_auditor(window: Window) -> None:
    case = (await window.recorded())["case_id"]
    for _ in range(3):
        await window.ask_contact(case)
    for role, area in (
        ("facilitator", "32.03.02.2002"),
        ("coordinator", "32.03.02.2002"),
        ("back_office", "32.03.02.2002"),
        ("auditor", ""),
    ):
        shown = await window.get(f"/{case}/accesses", role=role, area=area)
        assert (role, shown.status_code, len(shown.json()["items"])) == (role, 200, 3)
        assert "ekaan" not in shown.text
    first = (await window.get(f"/{case}/accesses?limit=2")).json()
    rest = (await window.get(f"/{case}/accesses?limit=2&cursor={first['next_cursor']}")).json()
    ids = [item["access_id"] for item in first["items"] + rest["items"]]
    assert (len(ids), len(set(ids)), rest["next_cursor"]) == (3, 3, None)
    (access, *_) = first["items"]
    assert (access["purpose"], access["answer"], access["asked_by"]) == ("inform_citizen", "given", "someone")


async def test_accesses_are_not_for_everybody(window: Window) -> None:
    case = (await window.recorded())["case_id"]
    for role in ("supervisor", "manager", "agency", "analyst", "service"):
        assert (role, (await window.get(f"/{case}/accesses", role=role, area="")).status_code) == (role, 403)
    assert (await window.get(f"/{case}/accesses", role="back_office", area="32.03")).status_code == 403
    assert (await window.get(f"/{case}/accesses", area=NEXT_VILLAGE)).status_code == 404
    assert (await window.get(f"/{new_id()}/accesses", role="auditor", area="")).status_code == 404


async def test_a_contact_is_for_services_with_a_purpose_and_a_causing_event_only(window: Window) -> None:
    case = (await window.recorded())["case_id"]
    for role in ("front_office", "facilitator", "coordinator", "manager", "auditor", "operator"):
        assert (role, (await window.ask_contact(case, role=role)).status_code) == (role, 403)
    assert (await window.ask_contact(case, area=NEXT_VILLAGE)).status_code == 404
    assert (await window.ask_contact(new_id())).status_code == 404
    for body in (
        {"purpose": "curiosity", "causing_event": new_id()},
        {"purpose": "inform_citizen"},
        {"purpose": "inform_citizen", "causing_event": "yesterday"},
    ):
        answer = await window.service.api.post(
            f"/v1/complaints/{case}/contact", json=body, headers=window.headers("contact:read", "")
        )
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:puskesos:problem:invalid-input")
    assert (await window.get(f"/{case}/accesses")).json()["items"] == []


BY_PHONE_AND_MAIL = {"preferred": "email", "email": "ibu@rekaan.example", "phone": "+628123456789"}


async def test_a_citizen_chooses_by_which_channels_and_in_which_language_they_are_told(window: Window) -> None:
    case = await window.recorded(family=a_family(mother(contact=BY_PHONE_AND_MAIL)))
    before = (await window.ask_contact(case["case_id"])).json()
    assert (before["channels"], before["language"]) == (["email", "whatsapp", "sms"], "id")

    chosen = {"channels": ["sms", "email"], "language": "en"}
    answer = await window.prefer(case["case_id"], chosen)
    assert answer.status_code == 200, answer.text
    assert answer.json()["reporter"]["wants_messages"] is True
    given = (await window.ask_contact(case["case_id"])).json()
    assert (given["channels"], given["channel"], given["language"]) == (["sms", "email"], "phone", "en")
    assert (await window.progress(case["case_id"]))["timeline"][-1]["what"] == "contact.preferred"


async def test_who_wants_no_messages_is_written_to_no_more_also_when_they_come_again(window: Window) -> None:
    case = await window.recorded()
    quiet = {"wants_messages": False, "channels": ["email"]}
    assert (await window.prefer(case["case_id"], quiet)).status_code == 200
    again = (await window.recorded())["case_id"]
    for case_id in (case["case_id"], again):
        refused = await window.ask_contact(case_id)
        assert (refused.status_code, refused.json()["type"]) == (409, "urn:puskesos:problem:contact-withheld")
    assert (await window.prefer(again, {"channels": ["email"]})).status_code == 200
    assert (await window.ask_contact(case["case_id"])).json()["channels"] == ["email"]


async def test_only_a_channel_that_reaches_the_citizen_can_be_chosen(window: Window) -> None:
    case = (await window.recorded())["case_id"]
    answer = await window.prefer(case, {"channels": ["email", "sms"]})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:puskesos:problem:unreachable-channel")
    assert "phone number" in answer.json()["detail"]
    for channels in ([], ["webhook"], ["email", "email"]):
        assert (await window.prefer(case, {"channels": channels})).status_code == 422
    silent = (await window.recorded(reporter=None))["case_id"]
    answer = await window.prefer(silent, {"channels": ["email"]})
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:puskesos:problem:no-contact-to-prefer")


async def test_preferences_are_chosen_at_the_desk_and_on_the_newest_picture(window: Window) -> None:
    case = (await window.recorded())["case_id"]
    body = {"channels": ["email"]}
    assert (await window.prefer(case, body, role="coordinator")).status_code == 403
    assert (await window.prefer(case, body, etag='"999"')).status_code == 412
