"""The ministry's pages: figures, the cases behind them, surges and downloads, as each reader sees them."""

import csv
import html
import io
import re
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio

from chassis.clock import SettableClock
from chassis.http.app import create_app
from chassis.service import Runtime
from contracts.events import CaseEscalated
from services.reporting.app import DEFINITION
from services.reporting.settings import ReportingSettings
from tests.harness.builders import JAMBUDIPA, an_event
from tests.harness.service import RunningService
from tests.harness.signed_in import browsing
from tests.harness.tokens import AUDIENCE, ISSUER, Issuer
from tests.integration.reporting.cases import hear, recorded
from tests.unit.reporting.builders import CASE, REFERRAL_SOURCE, a_handling_state, a_whole_case

pytestmark = pytest.mark.asyncio(loop_scope="module")

BANDUNG = "32.04.01.2001"
SUKABUMI = "32.02.01.2001"
NOVEMBER = {"period": "2026-11"}
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
NOW = datetime.now(UTC)
"""The database forgets what surges are counted by after some days of its own clock."""
PASSED_UP = "019a8c5e-7d31-7c4b-9b1f-2f6f0a1f7eff"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reporting(mongodb_uri: str, issuer: Issuer) -> AsyncIterator[RunningService]:
    """Reporting without a broker: it hears what it is handed. 10 wishes, 3 enquiries and a whole case in Cianjur, 7
    wishes in Bandung, 2 in Sukabumi, and one case of Bandung that was passed up.
    """
    settings = ReportingSettings(
        kafka_bootstrap_servers="127.0.0.1:1",
        mongodb_uri=mongodb_uri,
        mongodb_database=f"t{uuid.uuid4().hex[:10]}_reporting",
        oidc_issuer=ISSUER,
        oidc_audience=AUDIENCE,
        oidc_jwks_url=issuer.jwks_url,
        log_level="WARNING",
        trace_page="http://traces.test/zipkin/traces/{trace}",
    )
    runtime = Runtime(DEFINITION, settings, clock=SettableClock(NOW))
    app = create_app(runtime)
    await runtime.open()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://reporting.test") as api:
        service = RunningService(runtime, app, api)
        (passed_up,) = recorded(1, area=BANDUNG)
        await hear(
            service,
            *recorded(10),
            *recorded(3, kind="enquiry"),
            *a_whole_case(),
            *recorded(7, area=BANDUNG),
            *recorded(2, area=SUKABUMI),
            passed_up.model_copy(update={"subject": PASSED_UP, "correlationid": PASSED_UP}),
            an_event(
                CaseEscalated(cause="decision", to_tier="province", handling=a_handling_state(tier="province")),
                case=PASSED_UP,
                source=REFERRAL_SOURCE,
                area=BANDUNG,
                traceparent=f"00-{TRACE}-00f067aa0ba902b7-01",
            ),
        )
        yield service
    await runtime.close()


async def get(
    service: RunningService, issuer: Issuer, reader: tuple[str, str], path: str, **query: str
) -> httpx.Response:
    """One page as someone with this role and area gets it, in English."""
    role, area = reader
    async with browsing(service, issuer, role, area=area) as browser:
        return await browser.get(path, params=query or None)


def words(page: httpx.Response) -> str:
    """What a reader sees, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def rows(answer: httpx.Response) -> dict[str, dict[str, str]]:
    """A downloaded table, by the code of its rows."""
    return {row["Code"]: row for row in csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")))}


DISTRICT, COUNTRY, PROVINCE = ("manager", "32.03"), ("analyst", ""), ("province_reviewer", "32")


@pytest.mark.parametrize(
    ("reader", "area"),
    [
        (COUNTRY, "Indonesia"),
        (("auditor", ""), "Indonesia"),
        (PROVINCE, "Jawa Barat"),
        (DISTRICT, "Kabupaten Cianjur"),
        (("verifier", "32.03"), "Kabupaten Cianjur"),
    ],
)
async def test_the_first_page_of_every_reader_is_the_figures_of_their_area(
    reporting: RunningService, issuer: Issuer, reader: tuple[str, str], area: str
) -> None:
    assert (await get(reporting, issuer, reader, "/")).headers["location"] == "/figures"
    page = await get(reporting, issuer, reader, "/figures", **NOVEMBER)
    assert page.status_code == 200
    assert f"<h1>{area}</h1>" in page.text


@pytest.mark.parametrize(
    ("reader", "address", "status"),
    [
        (("front_office", JAMBUDIPA), "/figures", 403),
        (("operator", ""), "/cases", 403),
        (DISTRICT, "/figures?area=32.04", 404),
        (DISTRICT, "/figures?area=32", 404),
        (PROVINCE, "/figures/surges?area=71", 404),
        (COUNTRY, "/figures?area=32.03.02", 422),
        (COUNTRY, "/figures?period=between&from=2026-11-02&to=2026-11-30", 422),
        (DISTRICT, "/figures?period=between&from=2026-11-20&to=2026-11-02", 422),
        (DISTRICT, "/figures?period=2026-13", 422),
        (COUNTRY, "/cases?area=32.03.02", 422),
        (COUNTRY, "/cases?from=2026-11-16&to=2026-11-16", 422),
        (COUNTRY, "/figures/kind.csv?area=32&only=sector:health", 404),
        (DISTRICT, "/cases/019a8c5e-0000-7c4b-9b1f-2f6f0a1f7e11", 404),
    ],
)
async def test_who_may_see_what(
    reporting: RunningService, issuer: Issuer, reader: tuple[str, str], address: str, status: int
) -> None:
    page = await get(reporting, issuer, reader, address)
    assert page.status_code == status
    assert page.headers["content-type"].startswith("text/html")


async def test_a_stranger_is_asked_to_sign_in_first(reporting: RunningService) -> None:
    async with browsing(reporting) as stranger:
        page = await stranger.get("/figures", params=NOVEMBER)
    assert page.status_code == 303
    assert page.headers["location"].startswith("/sign-in")


async def test_a_district_reads_its_own_small_figures_and_is_led_to_their_cases(
    reporting: RunningService, issuer: Issuer
) -> None:
    answer = await get(reporting, issuer, DISTRICT, "/figures/kind.csv", **NOVEMBER)
    assert {code: row["Recorded"] for code, row in rows(answer).items()} == {"enquiry": "3", "participation": "11"}
    page = await get(reporting, issuer, DISTRICT, "/figures", **NOVEMBER)
    assert "2 Messages sent to citizens" in words(page)
    assert "1 Messages that reached nobody" in words(page)
    link = re.findall(r'href="(/cases\?[^"]*kind=enquiry[^"]*)">', page.text)[0]
    listed = await get(reporting, issuer, DISTRICT, html.unescape(link))
    assert len(set(re.findall(r'href="/cases/([0-9a-f-]{36})"', listed.text))) == 3


async def test_above_the_district_small_figures_are_left_out_of_page_and_download(
    reporting: RunningService, issuer: Issuer
) -> None:
    answer = await get(reporting, issuer, PROVINCE, "/figures/area.csv", **NOVEMBER)
    assert {code: row["Recorded"] for code, row in rows(answer).items()} == {"32.03": "14", "32.04": "8", "32.02": ""}
    assert rows(answer)["32.02"]["Small cells left out"] == "yes"
    page = await get(reporting, issuer, PROVINCE, "/figures", **NOVEMBER)
    assert "left out" in words(page)
    assert "≥ 22" in words(page)
    assert "/cases/" not in page.text


async def test_one_kind_alone_adds_nothing_to_what_is_told_of_kinds(reporting: RunningService, issuer: Issuer) -> None:
    """The 3 enquiries of Cianjur are a small cell, and with them its 11 wishes; Bandung's 8 are told."""
    only = {**NOVEMBER, "only": "kind:participation"}
    answer = await get(reporting, issuer, PROVINCE, "/figures/area.csv", **only)
    assert {code: row["Recorded"] for code, row in rows(answer).items()} == {"32.03": "", "32.04": "8", "32.02": ""}
    own = await get(reporting, issuer, DISTRICT, "/figures/area.csv", **only)
    assert {code: row["Recorded"] for code, row in rows(own).items()} == {"32.03.02": "11"}


async def test_figures_are_compared_with_the_period_before(reporting: RunningService, issuer: Issuer) -> None:
    answer = await get(reporting, issuer, DISTRICT, "/figures/sector.csv", **NOVEMBER)
    assert rows(answer)["social_assistance"]["Change since the period before"] == "13"
    months = await get(reporting, issuer, DISTRICT, "/figures/period.csv", period="2026")
    assert rows(months)["2026-11"]["Change since the period before"] == "14"


async def test_programmes_asked_for_and_got(reporting: RunningService, issuer: Issuer) -> None:
    found = rows(await get(reporting, issuer, DISTRICT, "/figures/programme.csv", **NOVEMBER))
    assert (found["kip"]["Programme"], found["kip"]["Asked for"], found["kip"]["Given or enrolled"]) == (
        "KIP / PIP",
        "14",
        "1",
    )


async def test_a_download_for_excel_says_that_it_is_utf_8(reporting: RunningService, issuer: Issuer) -> None:
    plain = await get(reporting, issuer, DISTRICT, "/figures/area.csv", **NOVEMBER)
    excel = await get(reporting, issuer, DISTRICT, "/figures/area.csv", **NOVEMBER, excel="yes")
    assert excel.content == "\ufeff".encode() + plain.content
    assert excel.headers["content-disposition"] == 'attachment; filename="area-32-03-2026-11-01-2026-11-30.csv"'


async def test_a_case_shows_its_timeline_with_a_way_to_each_trace(reporting: RunningService, issuer: Issuer) -> None:
    page = await get(reporting, issuer, COUNTRY, f"/cases/{PASSED_UP}")
    assert f'href="http://traces.test/zipkin/traces/{TRACE}"' in page.text
    assert "Passed up to: Province" in words(page)
    assert "Kabupaten Bandung, Jawa Barat" in words(page)
    assert BANDUNG not in page.text


async def test_above_the_district_only_cases_passed_up_are_listed(reporting: RunningService, issuer: Issuer) -> None:
    page = await get(reporting, issuer, COUNTRY, "/cases", **{"from": "2026-11-01", "to": "2026-11-30"})
    assert set(re.findall(r'href="/cases/([0-9a-f-]{36})"', page.text)) == {PASSED_UP, CASE}
    assert "November 2026" in words(page)


async def test_filters_find_cases_by_what_they_are(reporting: RunningService, issuer: Issuer) -> None:
    async def found(**query: str) -> int:
        page = await get(reporting, issuer, DISTRICT, "/cases", **query)
        return len(set(re.findall(r'href="/cases/([0-9a-f-]{36})"', page.text)))

    assert await found() == 14
    assert await found(status="confirmed") == 1
    assert await found(kind="enquiry", status="in_hand") == 3
    assert await found(sector="education") == 1
    assert await found(programme="kip", outcome="partly_given") == 1
    assert await found(overdue="yes") == 0
    assert await found(**{"from": "2026-11-17"}) == 0


async def test_a_surge_is_shown_where_it_is_and_to_those_above_by_district_and_rounded(
    reporting: RunningService, issuer: Issuer
) -> None:
    lately: dict[str, Any] = {"kind": "grievance", "recorded_at": NOW, "occurred_at": NOW - timedelta(minutes=5)}
    await hear(reporting, *recorded(10, **lately))
    own = words(await get(reporting, issuer, DISTRICT, "/figures/surges"))
    assert "Jambudipa, Warungkondang Going on Grievance Social assistance 10 about 0" in own
    above = words(await get(reporting, issuer, COUNTRY, "/figures/surges"))
    assert "No surge" in above, "10 in the hour are not yet one for a whole district"
    await hear(reporting, *recorded(7, area="32.03.05.2001", **lately))
    above = words(await get(reporting, issuer, COUNTRY, "/figures/surges"))
    assert "Kabupaten Cianjur, Jawa Barat Going on Grievance Social assistance at least ≥ 15" in above


async def test_pages_speak_indonesian_first(reporting: RunningService, issuer: Issuer) -> None:
    async with browsing(reporting, issuer, "analyst", area="") as browser:
        page = await browser.get("/figures", params=NOVEMBER, headers={"Accept-Language": ""})
        assert "Kasus yang tercatat dari 1 November 2026 sampai 30 November 2026" in words(page)
        assert "disamarkan" in words(page)
