"""A citizen chooses on their own page how they are told."""

from tests.integration.intake.builders import Window, a_family, mother
from tests.integration.intake.pages.browsing import forms_of, outside, text_of
from tests.integration.intake.pages.test_case import recorded
from tests.integration.intake.pages.test_citizen import enter, receipt

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
        assert forms_of(page)[form]["otherwise"] == ["whatsapp", "sms"]
        assert "ibu@rekaan.example" not in page.text
        assert "+628123456789" not in page.text

        unsaid = await citizen.fill(page, form, first="")
        assert unsaid.status_code == 422
        assert "Choose how you want to be told first." in text_of(unsaid)

        after = await citizen.follow(
            await citizen.fill(page, form, first="sms", otherwise=["email", "sms"], language="en")
        )
        assert "From now on you are told as you chose." in text_of(after)
        assert "The citizen chose how to be told" in text_of(after)
        given = (await window.ask_contact(case_id)).json()
        assert (given["channels"], given["language"]) == (["sms", "email"], "en")

        stale = await citizen.fill(page, form, first="whatsapp", idempotency_key="another")
        assert stale.status_code == 412
        await citizen.follow(await citizen.fill(await citizen.open(form), form, wants="no"))
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
