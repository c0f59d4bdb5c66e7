"""GET /v1/figures: what each reader is told, and what is refused."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.reporting.app import DEFINITION
from tests.harness.builders import JAMBUDIPA
from tests.harness.fixtures import Start
from tests.harness.service import RunningService
from tests.harness.tokens import Issuer
from tests.integration.reporting.cases import hear, recorded
from tests.unit.reporting.builders import a_whole_case, answered_at_the_desk

CIPANAS = "32.03.05.2001"
BANDUNG = "32.04.01.2001"
TOMOHON = "71.73.01.1007"
PERIOD = {"from": "2026-11-01", "to": "2026-11-30"}
DISTRICT = ("manager", "32.03")
PROVINCE = ("province_reviewer", "32")
COUNTRY = ("analyst", "")


@pytest.fixture
async def reporting(start: Start) -> RunningService:
    """12 wishes and 3 enquiries in one village, 7 in its neighbour, 2 in the next district, 6 on another island."""
    service = await start(DEFINITION)
    await hear(
        service,
        *recorded(12),
        *recorded(3, kind="enquiry"),
        *recorded(7, area=CIPANAS, sector="health"),
        *recorded(2, area=BANDUNG),
        *recorded(6, area=TOMOHON),
    )
    return service


async def ask(service: RunningService, issuer: Issuer, reader: tuple[str, str], **query: str) -> dict[str, Any]:
    role, area = reader
    answer = await service.api.get("/v1/figures", params=PERIOD | query, headers=issuer.bearer(role, area=area))
    assert answer.status_code == 200, answer.text
    figures: dict[str, Any] = answer.json()
    return figures


def counts(figures: dict[str, Any], name: str = "recorded") -> dict[str, int | None]:
    return {row["group"]: row["counts"][name] for row in figures["rows"]}


async def test_a_district_is_told_small_figures_about_itself(reporting: RunningService, issuer: Issuer) -> None:
    figures = await ask(reporting, issuer, DISTRICT, by="kind")
    assert counts(figures) == {"enquiry": 3, "participation": 19}
    assert figures["total"]["counts"]["recorded"] == 22
    assert figures["small_cells"] == "told"


@pytest.mark.parametrize(
    ("by", "told"),
    [
        ("area", {"32.03.02": 15, "32.03.05": 7}),
        ("sector", {"health": 7, "social_assistance": 15}),
        ("outcome", {"none_yet": 22}),
        ("period", {"2026-11": 22}),
    ],
)
async def test_figures_are_broken_down_by_what_is_asked(
    reporting: RunningService, issuer: Issuer, by: str, told: dict[str, int]
) -> None:
    assert counts(await ask(reporting, issuer, DISTRICT, by=by)) == told


async def test_a_sub_district_is_broken_down_by_village(reporting: RunningService, issuer: Issuer) -> None:
    assert counts(await ask(reporting, issuer, DISTRICT, by="area", area="32.03.02")) == {JAMBUDIPA: 15}


async def test_figures_by_programme_count_wishes(reporting: RunningService, issuer: Issuer) -> None:
    figures = await ask(reporting, issuer, DISTRICT, by="programme")
    assert figures["of"] == "programmes"
    assert counts(figures, "asked") == {"kip": 22, "pkh": 22}


async def test_above_the_district_a_small_row_and_its_neighbour_are_left_out(
    reporting: RunningService, issuer: Issuer
) -> None:
    figures = await ask(reporting, issuer, PROVINCE, by="kind", area="32.03")
    assert counts(figures) == {"enquiry": None, "participation": None}
    assert all(row["suppressed"] for row in figures["rows"])
    assert figures["total"]["counts"]["recorded"] == 22
    assert figures["small_cells"] == "left_out"


async def test_a_small_district_is_not_told_and_no_total_gives_it_away(
    reporting: RunningService, issuer: Issuer
) -> None:
    figures = await ask(reporting, issuer, PROVINCE, by="area")
    assert counts(figures) == {"32.03": 22, "32.04": None}
    assert figures["total"]["counts"]["recorded"] == 22, "24 would tell the 2 of the small district"
    assert figures["total"]["suppressed"]


async def test_nothing_an_analyst_can_ask_and_subtract_gives_a_small_district_away(
    reporting: RunningService, issuer: Issuer
) -> None:
    told = set()
    for by in ("area", "kind", "sector", "outcome", "period"):
        for area in ("", "32", "32.03", "71"):
            if (by, area) == ("area", "32.03"):
                continue  # refused: finer than a district
            told.add((area, (await ask(reporting, issuer, COUNTRY, by=by, area=area))["total"]["counts"]["recorded"]))
    assert told == {("", 28), ("32", 22), ("32.03", 22), ("71", 6)}
    assert (await ask(reporting, issuer, COUNTRY, area="32.04"))["total"]["counts"]["recorded"] is None


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2026-11-02"},
        {"to": "2026-11-29"},
        {"area": "32.03.02"},
        {"area": JAMBUDIPA},
        {"area": "32.03", "by": "area"},
    ],
)
async def test_above_the_district_finer_periods_and_areas_are_refused(
    reporting: RunningService, issuer: Issuer, query: dict[str, str]
) -> None:
    answer = await reporting.api.get("/v1/figures", params=PERIOD | query, headers=issuer.bearer("analyst", area=""))
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:puskesos:problem:figures-too-fine"


async def test_a_district_may_ask_for_a_single_day(reporting: RunningService, issuer: Issuer) -> None:
    day = {"from": "2026-11-16", "to": "2026-11-16"}
    assert (await ask(reporting, issuer, DISTRICT, **day))["total"]["counts"]["recorded"] == 22
    before = {"from": "2026-11-15", "to": "2026-11-15"}
    assert (await ask(reporting, issuer, DISTRICT, **before))["total"]["counts"]["recorded"] == 0


async def test_a_case_recorded_after_midnight_where_it_was_recorded_counts_for_that_day(
    start: Start, issuer: Issuer
) -> None:
    service = await start(DEFINITION)
    late = datetime(2026, 11, 16, 17, 30, tzinfo=UTC)  # 00:30 on the 17th in Cianjur
    await hear(service, *recorded(1, recorded_at=late))
    day = {"from": "2026-11-17", "to": "2026-11-17"}
    assert (await ask(service, issuer, DISTRICT, **day))["total"]["counts"]["recorded"] == 1


async def test_a_case_that_ended_moves_its_figures_and_brings_a_duration(start: Start, issuer: Issuer) -> None:
    service = await start(DEFINITION)
    await hear(service, *a_whole_case())
    figures = await ask(service, issuer, DISTRICT, by="outcome")
    assert counts(figures) == {"partly_given": 1}
    assert counts(figures, "confirmed") == {"partly_given": 1}
    assert 3 < figures["total"]["median_days"] <= 7
    programmes = {row["group"]: row["counts"] for row in (await ask(service, issuer, DISTRICT, by="programme"))["rows"]}
    assert programmes["kip"]["given"] == 1
    assert programmes["pkh"]["proposed"] == 1


async def test_a_case_answered_at_the_desk_is_counted_apart(start: Start, issuer: Issuer) -> None:
    service = await start(DEFINITION)
    await hear(service, *answered_at_the_desk())
    assert counts(await ask(service, issuer, DISTRICT, by="outcome")) == {"answered_at_desk": 1}


@pytest.mark.parametrize(
    ("reader", "asked", "status"),
    [
        (("manager", "32.03"), "32.03", 200),
        (("manager", "32.03"), "32.04", 404),
        (("manager", "32.03"), "32", 404),
        (("manager", "32.03"), "32.030", 422),
        (("province_reviewer", "32"), "71.73", 404),
        (("auditor", ""), "71.73", 200),
        (("analyst", ""), "99.99", 200),
        (("front_office", JAMBUDIPA), JAMBUDIPA, 403),
        (("facilitator", JAMBUDIPA), JAMBUDIPA, 403),
        (("agency", "32.03"), "32.03", 403),
        (("operator", ""), "32.03", 403),
        (("inspectorate", "32.03"), "32.03", 403),
    ],
)
async def test_who_may_read_which_area(
    reporting: RunningService, issuer: Issuer, reader: tuple[str, str], asked: str, status: int
) -> None:
    answer = await reporting.api.get(
        "/v1/figures", params=PERIOD | {"area": asked}, headers=issuer.bearer(reader[0], area=reader[1])
    )
    assert answer.status_code == status, answer.text


async def test_nobody_reads_without_a_token_or_an_area(reporting: RunningService, issuer: Issuer) -> None:
    assert (await reporting.api.get("/v1/figures")).status_code == 401
    answer = await reporting.api.get("/v1/figures", headers=issuer.bearer("manager"))
    assert answer.json()["type"] == "urn:puskesos:problem:area-needed"


async def test_a_period_that_ends_before_it_begins_is_refused(reporting: RunningService, issuer: Issuer) -> None:
    upside_down = {"from": "2026-11-30", "to": "2026-11-01"}
    answer = await reporting.api.get("/v1/figures", params=upside_down, headers=issuer.bearer("manager", area="32.03"))
    assert answer.json()["type"] == "urn:puskesos:problem:period-upside-down"
