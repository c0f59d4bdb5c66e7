"""How a citizen is told: chosen on their own page, and at the window when a case is recorded or later."""

from tests.integration.intake.builders import Window, a_family, mother
from tests.integration.intake.pages.browsing import at_the_window, forms_of, kept, outside, text_of
from tests.integration.intake.pages.test_case import recorded
from tests.integration.intake.pages.test_citizen import enter, receipt
from tests.integration.intake.pages.test_recording import MOTHER, NEW

BY_PHONE_AND_MAIL = {"preferred": "email", "email": "ibu@rekaan.example", "phone": "+628123456789"}


async def test_a_citizen_chooses_the_order_of_channels_and_may_opt_out(window: Window, village: str) -> None:
    family = a_family(mother(contact=BY_PHONE_AND_MAIL))
    case = await recorded(window, village, family=family)
    case_id = case.rsplit("/", 1)[-1]
    number, code = await receipt(window, village, case)
    form = f"/case/{number}/messages"
    async with outside(window) as citizen:
        stranger = await citizen.open(form)
        assert "/case" in forms_of(stranger)
        assert form not in forms_of(stranger)
        await enter(citizen, number, code)
        page = await citizen.open(form)
        assert [forms_of(page)[form][name] for name in ("first", "second", "third")] == [
            ["email"],
            ["whatsapp"],
            ["sms"],
        ]
        assert "ibu@rekaan.example" not in page.text
        assert "+628123456789" not in page.text

        unsaid = await citizen.fill(page, form, first="")
        assert unsaid.status_code == 422
        assert "Choose the way to try first." in text_of(unsaid)

        after = await citizen.follow(
            await citizen.fill(page, form, first="sms", second="email", third="", language="en")
        )
        assert "From now on you are told as you chose." in text_of(after)
        assert "The citizen chose how to be told" in text_of(after)
        given = (await window.ask_contact(case_id)).json()
        assert (given["channels"], given["language"]) == (["sms", "email"], "en")

        stale = await citizen.fill(page, form, first="whatsapp", second="", third="", idempotency_key="another")
        assert stale.status_code == 412
        out = await citizen.follow(await citizen.fill(await citizen.open(form), form, wants="no"))
        assert "You get no messages any more." in text_of(out)
        assert (await window.ask_contact(case_id)).status_code == 409
        assert forms_of(await citizen.open(form))[form]["wants"] == ["no"]


async def test_who_gave_no_contact_is_told_where_to_give_one(window: Window, village: str) -> None:
    number, code = await receipt(window, village, await recorded(window, village, reporter=None))
    async with outside(window) as citizen:
        await enter(citizen, number, code)
        page = await citizen.open(f"/case/{number}/messages")
        assert "Give one at your village" in text_of(page)
        refused = await citizen.client.post(f"/case/{number}/messages", data={"first": "sms", "edition": "0"})
        assert refused.status_code in (412, 422)


async def test_a_citizen_who_chooses_messages_after_taking_the_agreement_back_agrees_to_them(
    window: Window, village: str
) -> None:
    case = await recorded(window, village)
    number, code = await receipt(window, village, case)
    async with at_the_window(window, village) as clerk:
        await clerk.follow(await clerk.fill(await clerk.open(case), f"{case}/no-messages"))
    async with outside(window) as citizen:
        await enter(citizen, number, code)
        page = await citizen.open(f"/case/{number}/messages")
        assert forms_of(page)[f"/case/{number}/messages"]["wants"] == ["no"]
        assert "Who chooses them here agrees to them." in text_of(page)
        await citizen.follow(await citizen.fill(page, f"/case/{number}/messages", wants="yes"))
    assert (await window.ask_contact(case.rsplit("/", 1)[-1])).status_code == 200


async def test_silence_about_messages_is_no_agreement_to_them(window: Window, village: str) -> None:
    case = await recorded(window, village)
    number, code = await receipt(window, village, case)
    async with at_the_window(window, village) as clerk:
        await clerk.follow(await clerk.fill(await clerk.open(case), f"{case}/no-messages"))
    form = f"/case/{number}/messages"
    async with outside(window) as citizen:
        await enter(citizen, number, code)
        unsaid = await citizen.fill(await citizen.open(form), form, wants="")
        assert unsaid.status_code == 422
        assert "Choose whether you want messages." in text_of(unsaid)
    assert (await window.ask_contact(case.rsplit("/", 1)[-1])).status_code == 409


async def test_the_window_notes_at_any_time_how_a_citizen_is_reached_and_undoes_it(
    window: Window, village: str
) -> None:
    case = await recorded(window, village)
    case_id, form = case.rsplit("/", 1)[-1], f"{case}/reaching"
    async with at_the_window(window, village, "facilitator") as clerk:
        page = await clerk.open(form)
        assert forms_of(page)[form]["first"] == ["email"]
        assert "consent" not in forms_of(page)[form]

        twice = await clerk.fill(page, form, first="sms", second="sms")
        assert twice.status_code == 422
        assert "Write a telephone number such as" in text_of(twice)
        assert "Choose each way once." in text_of(twice)

        way = {"first": "whatsapp", "second": "email", "phone": "0812 3456 7890", "language": "en"}
        after = await clerk.follow(await clerk.fill(twice, form, **way))
        assert "The next message goes this way" in text_of(after)
        given = (await window.ask_contact(case_id)).json()
        assert (given["channels"], given["phone"], given["language"]) == (["whatsapp", "email"], "+6281234567890", "en")

        silent = await clerk.follow(await clerk.fill(await clerk.open(form), form, wants="no"))
        assert "The citizen wants no messages." in text_of(silent)
        assert (await window.ask_contact(case_id)).status_code == 409
        await clerk.follow(await clerk.fill(await clerk.open(form), form, wants="yes"))
        assert (await window.ask_contact(case_id)).json()["channels"] == ["whatsapp", "email"]


async def test_an_address_given_later_needs_the_citizens_agreement(window: Window, village: str) -> None:
    case = await recorded(window, village, family=a_family(mother(contact=None), legal_bases=[]))
    form = f"{case}/reaching"
    async with at_the_window(window, village) as clerk:
        page = await clerk.open(form)
        assert "wants" not in forms_of(page)[form]
        unasked = await clerk.fill(page, form, first="sms", phone="081234567890")
        assert unasked.status_code == 422
        assert "say how the citizen agreed" in text_of(unasked)
        after = await clerk.follow(await clerk.fill(unasked, form, consent="thumbprint"))
    assert (await window.ask_contact(case.rsplit("/", 1)[-1])).json()["channels"] == ["sms"]
    bases = (await kept(window, after))["reporter"]["legal_bases"]
    assert [basis["proof"] for basis in bases if basis["purpose"] == "notify"] == ["thumbprint"]


async def test_a_case_without_a_person_has_nobody_to_reach_and_readers_choose_nothing(
    window: Window, village: str
) -> None:
    nobody = await recorded(window, village, reporter=None)
    async with at_the_window(window, village) as clerk:
        assert "Nobody is told about this case" in text_of(await clerk.open(f"{nobody}/reaching"))
    async with at_the_window(window, village, "coordinator") as reader:
        await reader.open(f"{nobody}/reaching", 403)


async def test_the_order_is_asked_when_a_case_is_recorded_and_the_newest_word_counts_for_all_cases(
    window: Window, village: str
) -> None:
    way = {"tell_by": "sms", "phone": "081234567890", "email": "ibu@rekaan.example", "consent": "signed_form"}
    async with at_the_window(window, village) as clerk:

        async def record(**typed: str) -> str:
            page = await clerk.fill(await clerk.open(NEW), NEW, step="look_up", **MOTHER)
            case = await clerk.follow(await clerk.fill(page, NEW, step="record", **(MOTHER | typed)))
            return case.url.path.rsplit("/", 1)[-1]

        async def told_by(case_id: str) -> list[str]:
            channels: list[str] = (await window.ask_contact(case_id)).json()["channels"]
            return channels

        first = await record(**way, second="email")
        assert await told_by(first) == ["sms", "email"]
        assert await told_by(await record(second="only")) == ["sms"]
        assert await told_by(await record(second="", third="")) == ["sms", "whatsapp", "email"]

        unasked = await clerk.fill(await clerk.open(NEW), NEW, step="record", **MOTHER)
        assert unasked.status_code == 303
        assert await told_by(first) == ["sms", "whatsapp", "email"], (
            "nobody was looked up, and nothing said of messages"
        )

        silent = await record(tell_by="none")
        for case_id in (first, silent):
            assert (await window.ask_contact(case_id)).status_code == 409
        known = forms_of(await clerk.fill(await clerk.open(NEW), NEW, step="look_up", **MOTHER))[NEW]
        assert (known["tell_by"], known["phone"]) == (["none"], ["+6281234567890"])
        await record(tell_by="sms")
        assert await told_by(silent) == ["sms", "whatsapp", "email"]
