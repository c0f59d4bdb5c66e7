"""Every read model equals a fresh rebuild: broken on purpose in each service, and seen."""

import copy
from collections.abc import Callable

import pytest

from tests.unit.audit.story import ASSESSED, CASE
from tests.unit.audit.world import World, a_house_at_rest

OLD = ASSESSED.model_dump(mode="json")


def intake_hears_nothing_newer(house: World) -> None:
    house.row("intake", "complaints")["handling"] = OLD


def intake_changes_a_case_and_tells_nobody(house: World) -> None:
    house.row("intake", "complaints")["complaint"]["status"] = "withdrawn"


def intake_notes_an_event_twice(house: World) -> None:
    timeline = house.row("intake", "complaints")["timeline"]
    timeline.append(timeline[-1])


def referral_has_another_picture_of_the_village(house: World) -> None:
    house.row("referral", "handlings")["handling"]["complaint"]["needs"] = ["pkh"]


def referral_forgets_an_answer(house: World) -> None:
    house.row("referral", "handlings")["handling"]["referrals"][0]["status"] = "issued"


def referral_counts_a_fact_of_the_village_twice(house: World) -> None:
    house.row("referral", "handlings")["handling"]["village"] *= 2


def an_agencys_list_is_behind(house: World) -> None:
    house.row("referral", "referrals")["status"] = "issued"


def a_copy_is_missing(house: World) -> None:
    house.stored["referral"]["referrals"].clear()


def notification_is_behind(house: World) -> None:
    house.row("notification", "cases")["district"]["status"] = "assessed"


def reporting_is_behind(house: World) -> None:
    house.row("reporting", "cases")["case"]["handling"] = OLD


def reporting_counts_a_message_twice(house: World) -> None:
    house.row("reporting", "cases")["case"]["delivered"] = 2


def a_timeline_shows_an_event_twice(house: World) -> None:
    timeline = house.row("reporting", "cases")["case"]["timeline"]
    timeline.append(timeline[0])


def a_timeline_is_out_of_order(house: World) -> None:
    house.row("reporting", "cases")["case"]["timeline"].reverse()


def a_figure_moved_twice(house: World) -> None:
    house.row("reporting", "case_figures")["recorded"] = 2


def a_case_stands_in_two_places(house: World) -> None:
    house.row("reporting", "case_figures")["withdrawn"] = 1


def a_need_is_not_counted(house: World) -> None:
    del house.row("reporting", "programme_figures")["referred"]


def a_figure_counts_a_case_that_is_not_there(house: World) -> None:
    figure = {**house.row("reporting", "case_figures"), "_id": "elsewhere", "area": "75.01.24.2001"}
    house.stored["reporting"]["case_figures"].append(figure)


def a_case_is_missing_at_the_centre(house: World) -> None:
    house.stored["reporting"]["cases"].clear()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (intake_hears_nothing_newer, "intake, case {case}: the district's state is not the newest told"),
        (
            intake_changes_a_case_and_tells_nobody,
            "intake, case {case}: the complaint is not what its newest event says",
        ),
        (intake_notes_an_event_twice, "intake, case {case}: events in the timeline: 1 too many, 0 missing"),
        (
            referral_has_another_picture_of_the_village,
            "referral, case {case}: the village's state is not the newest told",
        ),
        (referral_forgets_an_answer, "referral, case {case}: its referrals are not what its newest event says"),
        (
            referral_counts_a_fact_of_the_village_twice,
            "referral, case {case}: facts of the village: 1 too many, 0 missing",
        ),
        (an_agencys_list_is_behind, "is not its original"),
        (a_copy_is_missing, "is not its original"),
        (notification_is_behind, "notification, case {case}: how far the case is, is not the newest told"),
        (reporting_is_behind, "reporting, case {case}: the district's state is not the newest told"),
        (reporting_counts_a_message_twice, "reporting, case {case}: the messages differ"),
        (a_timeline_shows_an_event_twice, "reporting, case {case}: its timeline has 8 events, 7 were told"),
        (a_timeline_is_out_of_order, "reporting, case {case}: its timeline has 7 events, 7 were told, or their order"),
        (a_figure_moved_twice, "recorded is 2, its cases add 1"),
        (a_case_stands_in_two_places, "withdrawn is 1, its cases add 0"),
        (a_need_is_not_counted, "referred is 0, its cases add 1"),
        (
            a_figure_counts_a_case_that_is_not_there,
            "75.01.24.2001, 2026-11-16, participation, social_assistance, none_yet: recorded is 1",
        ),
        (a_case_is_missing_at_the_centre, "reporting, case {case}: there is no such case"),
    ],
)
def test_what_is_not_as_a_rebuild_would_make_it_is_seen(wrong: Callable[[World], None], said: str) -> None:
    house = a_house_at_rest()
    wrong(house)
    breaches = house.findings()["read models"].breaches
    assert any(said.format(case=CASE) in breach for breach in breaches), breaches


def test_a_case_that_no_event_tells_of_is_seen() -> None:
    house = a_house_at_rest()
    house.stored["notification"]["cases"].append({"_id": "another", "area": "32.03.02.2002"})
    assert house.findings()["read models"].breaches == ["notification, case another: no event tells of it"]


def test_what_a_service_set_aside_it_need_not_show() -> None:
    house = a_house_at_rest()
    house.row("reporting", "cases")["case"]["timeline"].pop()
    house.stored["reporting"]["dead_letters"].append(
        {"_id": house.place_of("notification.failed"), "reason": "handler_failed"}
    )
    read_models = house.findings()["read models"]
    assert read_models.breaches == []
    assert read_models.counted["cases with dead letters, not compared"] == 1


def rebuilt(house: World, number: int) -> None:
    """Another generation of reporting's read models, equal to the first."""
    reporting = house.stored["reporting"]
    for name in ("cases", "case_figures", "programme_figures"):
        reporting[f"{name}.g{number}"] = copy.deepcopy(reporting[name])


def test_a_generation_that_is_being_built_is_no_second_reader() -> None:
    house = a_house_at_rest()
    rebuilt(house, 2)
    house.row("reporting", "cases.g2")["case"]["handling"] = OLD
    house.stored["reporting"]["generations"].append({"_id": "building", "number": 2})
    assert house.broken() == set()


def test_only_the_live_generation_counts() -> None:
    house = a_house_at_rest()
    rebuilt(house, 3)
    house.row("reporting", "cases")["case"]["handling"] = OLD
    house.stored["reporting"]["generations"].append({"_id": "live", "number": 3})
    assert house.broken() == set()
    house.row("reporting", "cases.g3")["case"]["handling"] = OLD
    assert house.broken() == {"read models"}


def test_a_case_that_was_erased_at_the_centre_is_neither_compared_nor_counted() -> None:
    house = a_house_at_rest()
    nothing: dict[str, object] = {
        "complaint": None,
        "complaint_sequence": 0,
        "handling": None,
        "handling_sequence": 0,
        "closings": [],
    }
    house.row("reporting", "cases").update(
        erased={"at": "2026-11-20T00:00:00Z", "reason": "asked_for"},
        case={**nothing, "delivered": 0, "failed": 0, "timeline": []},
    )
    for figures in ("case_figures", "programme_figures"):
        house.stored["reporting"][figures].clear()
    assert house.broken() == set()
