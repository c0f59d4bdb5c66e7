"""What providers report later, as they document it (reported/): believed with their signature only."""

import hmac
import json
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha1, sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from pydantic import SecretStr

from services.notification.channels.reports import Forged, Reports, Told
from services.notification.channels.sms_reports import SmsReports
from services.notification.channels.whatsapp_reports import WhatsAppReports

REPORTED = Path(__file__).parent / "reported"
TOKEN, APP_SECRET = "sms-token", "whatsapp-app-secret"
READERS: dict[str, Reports] = {
    "sms": SmsReports(SecretStr(TOKEN)),
    "whatsapp": WhatsAppReports("106540352242922", SecretStr(APP_SECRET), SecretStr("agreed upon")),
}
Change = Callable[[Told], Told]


def signed(name: str, reported: dict[str, Any]) -> Told:
    """The report as the provider sends it, signed as its documentation says."""
    address = reported["address"]
    if name == "sms":
        text = address + "".join(f"{key}{reported['form'][key]}" for key in sorted(reported["form"]))
        signature = b64encode(hmac.new(TOKEN.encode(), text.encode(), sha1).digest()).decode()
        return Told(address, {"x-twilio-signature": signature}, urlencode(reported["form"]).encode())
    body = json.dumps(reported["json"]).encode()
    signature = "sha256=" + hmac.new(APP_SECRET.encode(), body, sha256).hexdigest()
    return Told(address, {"x-hub-signature-256": signature}, body)


def reports(name: str) -> dict[str, dict[str, Any]]:
    return {file.stem: json.loads(file.read_text("utf-8")) for file in sorted((REPORTED / name).glob("*.json"))}


@pytest.mark.parametrize(
    ("name", "reported"),
    [pytest.param(name, one, id=f"{name}-{what}") for name in READERS for what, one in reports(name).items()],
)
def test_a_report_is_understood_as_documented(name: str, reported: dict[str, Any]) -> None:
    assert READERS[name].lost(signed(name, reported)) == tuple(reported["lost"])


def test_twilios_own_example_of_a_signature_is_right() -> None:
    """From twilio.com/docs/usage/security, with the token 12345."""
    address = "https://mycompany.com/myapp.php?foo=1&bar=2"
    form = {
        "Digits": "1234",
        "To": "+18005551212",
        "From": "+14158675309",
        "Caller": "+14158675309",
        "CallSid": "CA1234567890ABCDE",
    }
    told = Told(address, {"x-twilio-signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="}, urlencode(form).encode())
    assert SmsReports(SecretStr("12345")).lost(told) == ()
    with pytest.raises(Forged):
        SmsReports(SecretStr("12346")).lost(told)


CHANGES: dict[str, Change] = {
    "without a signature": lambda told: Told(told.address, {}, told.body),
    "with another signature": lambda told: Told(told.address, dict.fromkeys(told.headers, "sha256=é"), told.body),
    "with a changed body": lambda told: Told(told.address, told.headers, told.body.replace(b"failed", b"fialed")),
    "with bytes that are no text": lambda told: Told(told.address, told.headers, told.body + b"\xff"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("name", READERS)
def test_a_forged_report_is_refused(name: str, change: Change) -> None:
    with pytest.raises(Forged):
        READERS[name].lost(change(signed(name, reports(name)["failed"])))


def test_a_report_on_one_message_says_nothing_of_another() -> None:
    told = signed("sms", reports("sms")["failed"])
    with pytest.raises(Forged):
        READERS["sms"].lost(Told(told.address.replace("7e10", "7e11"), told.headers, told.body))


def test_what_is_signed_and_of_an_unknown_kind_is_left_alone() -> None:
    for said in ({"entry": "none"}, {"entry": [{"changes": [{"value": {"statuses": [{"state": "lost"}]}}]}]}, {}):
        assert READERS["whatsapp"].lost(signed("whatsapp", {"address": "", "json": said})) == ()


def test_what_is_strange_about_one_report_hides_no_other() -> None:
    reported = reports("whatsapp")["failed"]
    (change,) = reported["json"]["entry"][0]["changes"]
    strange = [{"status": "failed", "biz_opaque_callback_data": None}, {"status": 7}, "failed", None]
    change["value"]["statuses"] = [*strange, *change["value"]["statuses"]]
    assert READERS["whatsapp"].lost(signed("whatsapp", reported)) == tuple(reported["lost"])


def test_the_address_is_shown_to_be_ours_to_who_knows_the_word() -> None:
    whatsapp = READERS["whatsapp"]
    assert isinstance(whatsapp, WhatsAppReports)
    assert whatsapp.challenged("subscribe", "agreed upon")
    for mode, token in (("subscribe", "another"), ("subscribe", ""), ("unsubscribe", "agreed upon"), ("", "é")):
        assert not whatsapp.challenged(mode, token)
