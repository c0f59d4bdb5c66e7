"""The demonstration's clock, post office and operator's page."""

import smtplib
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import anyio
import pytest
from fastapi.testclient import TestClient

from chassis.clock import DemoClock, SystemClock
from deploy.embedded.companion.app import create_app
from deploy.embedded.companion.settings import CompanionSettings
from deploy.embedded.endpoints import Endpoints, KafkaEndpoint, Pages, write_endpoints
from deploy.embedded.ports import any_free_port
from deploy.embedded.services import SERVICES


@pytest.fixture
def settings(tmp_path: Path) -> CompanionSettings:
    return CompanionSettings(var=tmp_path, smtp_port=any_free_port())


@pytest.fixture
def companion(settings: CompanionSettings) -> Iterator[TestClient]:
    with TestClient(create_app(settings)) as client:
        yield client


def test_services_see_the_clock_that_was_moved(companion: TestClient, settings: CompanionSettings) -> None:
    clock = DemoClock(settings.places.demo_clock)
    reading = companion.post("/clock", json={"forward_seconds": 3600}).json()
    assert reading["offset_seconds"] == 3600
    assert clock.now() - SystemClock().now() == pytest.approx(timedelta(hours=1), abs=timedelta(seconds=5))


def test_three_working_days_end_on_a_working_day_after_closing(companion: TestClient) -> None:
    before = datetime.fromisoformat(companion.get("/clock").json()["now"])
    after = datetime.fromisoformat(
        companion.post("/clock", json={"forward_working_days": 3}).json()["now"]
    ) + timedelta(hours=7)
    assert after - before > timedelta(days=2)
    assert after.weekday() < 5
    assert (after.hour, after.minute) == (16, 1)


@pytest.mark.parametrize("body", [{}, {"forward_seconds": 1, "forward_working_days": 1}, {"forward_seconds": -1}])
def test_the_clock_moves_forward_by_one_measure_only(companion: TestClient, body: dict[str, int]) -> None:
    assert companion.post("/clock", json=body).status_code == 422
    assert companion.get("/clock").json()["offset_seconds"] == 0


async def test_a_mail_sent_is_kept_for_its_recipient(companion: TestClient, settings: CompanionSettings) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "puskesos@demo.invalid", "ibu@demo.invalid", "Pengaduan Anda"
    mail.set_content("Pengaduan Anda diterima, terima kasih \u2713")

    def send() -> None:
        with smtplib.SMTP(settings.http_host, settings.smtp_port) as post:
            post.send_message(mail)

    await anyio.to_thread.run_sync(send)
    (kept,) = companion.get("/mail", params={"to": "IBU@demo.invalid"}).json()
    assert kept["subject"] == "Pengaduan Anda"
    assert "terima kasih \u2713" in kept["text"]
    assert companion.get("/mail", params={"to": "another@demo.invalid"}).json() == []


@pytest.mark.usefixtures("nobody_answers")
def test_the_home_page_tells_whom_to_be_and_where_the_token_is(companion: TestClient) -> None:
    page = companion.get("/")
    assert page.status_code == 200
    assert "manager.cianjur" in page.text
    assert "http://127.0.0.1:1/token" in page.text
    assert "unsafe-eval" not in page.headers["Content-Security-Policy"]


@pytest.fixture
def nobody_answers(tmp_path: Path) -> None:
    """A folder whose stack says that everything runs, at addresses where nobody answers."""
    endpoints = Endpoints(
        ready=True,
        pages=Pages(
            home="http://h/",
            identity="k",
            intake="i",
            referral="r",
            notification="n",
            reporting="m",
            traces="http://127.0.0.1:1/",
        ),
        apis={kind.name: "http://127.0.0.1:1" for kind in SERVICES},
        kafka=KafkaEndpoint(bootstrap_servers="127.0.0.1:1"),
        mongodb={kind.name: "mongodb://127.0.0.1:1/x?journal=true" for kind in SERVICES},
        issuer="http://127.0.0.1:1/realms/puskesos",
        token_url="http://127.0.0.1:1/token",
        client_id="x",
        users=(),
    )
    write_endpoints(tmp_path / "endpoints.json", endpoints)


@pytest.mark.usefixtures("nobody_answers")
@pytest.mark.parametrize(("lang", "silent"), [("en", "Does not answer"), ("id", "Tidak menjawab")])
def test_the_page_of_the_whole_system_names_every_service_and_server_that_does_not_answer(
    companion: TestClient, lang: str, silent: str
) -> None:
    answer = companion.get("/operation", params={"lang": lang})
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    for kind in SERVICES:
        assert kind.name in answer.text
    servers = 4  # Kafka, the one database server they share, Zipkin, Keycloak
    assert answer.text.count(silent) == len(SERVICES) + servers


def test_a_page_asked_for_while_the_system_starts_calls_nothing_broken(companion: TestClient) -> None:
    page = companion.get("/operation?lang=en").text
    assert "It is starting, or being stopped" in page
    assert page.count("Not yet") == len(SERVICES)
    assert "Does not answer" not in page


@pytest.mark.usefixtures("nobody_answers")
def test_the_home_page_leads_to_the_operators_page(companion: TestClient) -> None:
    assert 'href="http://h/operation"' in companion.get("/").text
