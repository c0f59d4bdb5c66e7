"""The data files say what the domain goes by, and a broken one is found at start."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from contracts.vocabulary import Component, Track, Verdict
from services.intake.programmes import PROGRAMMES
from services.notification.letters import FOLDER as TEMPLATES
from services.notification.words import Language, Words
from services.referral.domain.agencies import Agency, Directory
from services.referral.domain.calendar import Zone
from services.referral.domain.errors import NoPeriod, UnknownProgramme
from services.referral.domain.programmes import Catalogue, Programme
from services.referral.domain.reasons import RefusalReason
from services.referral.reference import DATA, BadReferenceData, Reference
from tests.unit.referral.builders import JAMBUDIPA, RULES, family

REFERENCE = Reference.load()
DEMO_USERS = Path(__file__).parents[3] / "deploy/embedded/demo_users.yaml"


def can_be_referred(programme: Programme) -> bool:
    return programme.track is Track.REFERRAL or bool(programme.referral_when)


def test_a_poor_family_with_pupils_likely_gets_pkh_and_kip_and_hears_of_what_it_did_not_ask_for() -> None:
    matches = {match.programme: match for match in RULES.catalogue.match(("pkh", "kip"), family())}
    assert list(matches)[:2] == ["pkh", "kip"]
    assert {match.verdict for match in matches.values()} == {Verdict.LIKELY}
    assert set(matches) == {"pkh", "kip", "sembako", "pbi_jk"}


def test_every_criterion_says_why() -> None:
    (match,) = RULES.catalogue.match(("kur",), family(decile=9))
    assert [(reason.criterion, reason.met, reason.explanation) for reason in match.reasons] == [
        ("pkh_graduated", "no", "circumstance_not_noted"),
        ("runs_business", "no", "circumstance_not_noted"),
    ]
    assert match.verdict is Verdict.UNLIKELY


@pytest.mark.parametrize(
    ("changes", "programme", "verdict"),
    [
        ({"decile": 4}, "pkh", Verdict.LIKELY),
        ({"decile": 5}, "pkh", Verdict.UNLIKELY),
        ({"decile": 5}, "sembako", Verdict.UNKNOWN),
        ({"decile": 6}, "sembako", Verdict.UNLIKELY),
        ({"decile": 5}, "pbi_jk", Verdict.LIKELY),
        ({"decile": None}, "sembako", Verdict.UNKNOWN),
        ({"listed": False, "decile": None}, "sembako", Verdict.UNKNOWN),
        ({"listed": False, "decile": None, "components": ()}, "pkh", Verdict.UNLIKELY),
        ({"flags": ("civil_servant",)}, "pkh", Verdict.UNLIKELY),
        ({"components": (Component.CHILD_0_6,)}, "kip", Verdict.UNKNOWN),
        ({"circumstances": ("pkh_graduated", "runs_business")}, "kur", Verdict.LIKELY),
    ],
)
def test_the_verdict_follows_the_criteria(changes: dict[str, object], programme: str, verdict: Verdict) -> None:
    assert RULES.catalogue.match((programme,), family(**changes))[0].verdict is verdict


def test_a_case_without_a_family_leaves_every_verdict_open() -> None:
    matches = RULES.catalogue.match(("pkh", "kur"), None)
    assert [match.verdict for match in matches] == [Verdict.UNKNOWN, Verdict.UNKNOWN]


def test_an_ill_member_without_insurance_makes_pbi_jk_a_referral() -> None:
    assert RULES.catalogue.match(("pbi_jk",), family())[0].track is Track.REFERRAL
    assert RULES.catalogue.match(("pbi_jk",), family(circumstances=()))[0].track is Track.PROPOSAL


def test_a_programme_that_is_not_in_force_is_refused_by_name() -> None:
    with pytest.raises(UnknownProgramme, match="programme 'pkhh' is not in force"):
        RULES.catalogue.programme("pkhh")


def test_a_rule_counts_from_its_date() -> None:
    before_2026 = Catalogue.on(date(2025, 12, 31), REFERENCE.programmes)
    preschool = family(components=(Component.CHILD_0_6,))
    assert before_2026.programme("kip").match(preschool).verdict is Verdict.UNLIKELY
    assert RULES.catalogue.programme("kip").match(preschool).verdict is Verdict.UNKNOWN


def test_the_next_agency_is_the_preferred_one_that_was_not_asked_yet() -> None:
    asked: list[str] = []
    while agency := RULES.directory.next_agency("pbi_jk", JAMBUDIPA, asked):
        asked.append(agency.code)
    assert asked == ["cianjur-health", "cianjur-health-bpjs", "cianjur-baznas"]


@pytest.mark.parametrize("area", [JAMBUDIPA, "75.01.24.2001", "71.73.01.1007"])
def test_every_referral_track_programme_has_an_agency_in_each_demo_district(area: str) -> None:
    referred = {programme.code for programme in RULES.catalogue.programmes if can_be_referred(programme)}
    assert referred == {"kip", "pbi_jk", "kur"}
    asked = {code: RULES.directory.next_agency(code, area, ()) for code in referred}
    district = ".".join(area.split(".")[:2])
    assert {code: agency and agency.area for code, agency in asked.items()} == dict.fromkeys(referred, district)


def test_every_agency_can_sign_in_and_has_a_name_in_every_letter() -> None:
    agencies = {agency.code: agency.area for agency in REFERENCE.directory.agencies}
    people = yaml.safe_load(DEMO_USERS.read_text("utf-8"))["people"]
    assert {person["agency"]: person["area"] for person in people if "agency" in person} == agencies
    for language in Language:
        assert agencies.keys() <= Words.load(TEMPLATES / language.value / "words.yaml").agencies.keys()


@pytest.mark.parametrize("language", Language)
def test_every_reason_for_a_refusal_has_words_for_the_citizen(language: Language) -> None:
    words = Words.load(TEMPLATES / language.value / "words.yaml")
    assert words.refusal_reasons.keys() == {reason.value for reason in RefusalReason}


def test_agencies_of_another_district_are_never_asked() -> None:
    assert RULES.directory.next_agency("kip", "18.04.08.2001", ()) is None
    agency = RULES.directory.next_agency("kip", "75.01.24.2001", ())
    assert agency is not None
    assert agency.code == "gorontalo-education"


def test_the_nearest_agency_comes_first_whatever_its_preference() -> None:
    directory = Directory(
        agencies=(
            Agency(code="national", name="n", area="", programmes=("kip",), preference=1),
            Agency(code="west-java", name="p", area="32", programmes=("kip",), preference=1),
            Agency(code="cianjur", name="d", area="32.03", programmes=("kip",), preference=9),
            Agency(code="garut", name="g", area="32.05", programmes=("kip",), preference=1),
        )
    )
    asked: list[str] = []
    while agency := directory.next_agency("kip", JAMBUDIPA, asked):
        asked.append(agency.code)
    assert asked == ["cianjur", "west-java", "national"]


@pytest.mark.parametrize(
    ("programme", "today", "code", "cut_off", "result"),
    [
        ("pbi_jk", date(2026, 11, 17), "2026-11", date(2026, 11, 17), date(2026, 12, 1)),
        ("pbi_jk", date(2026, 11, 18), "2026-12", date(2026, 12, 17), date(2027, 1, 1)),
        ("pkh", date(2026, 11, 23), "2026-Q4", date(2026, 12, 17), date(2027, 1, 10)),
        ("pkh", date(2026, 12, 18), "2027-Q1", date(2027, 3, 17), date(2027, 4, 10)),
    ],
)
def test_a_proposal_goes_into_the_first_period_whose_cut_off_has_not_passed(
    programme: str, today: date, code: str, cut_off: date, result: date
) -> None:
    period = RULES.periods.next_period(programme, today)
    assert (period.code, period.cut_off, period.result_expected) == (code, cut_off, result)
    assert not period.verified


def test_a_programme_without_periods_is_refused_by_name() -> None:
    with pytest.raises(NoPeriod, match="kip"):
        RULES.periods.next_period("kip", date(2026, 11, 23))


def test_every_proposed_programme_has_periods_and_every_agency_a_known_programme() -> None:
    codes = {programme.code for programme in RULES.catalogue.programmes}
    for programme in RULES.catalogue.programmes:
        if programme.track is Track.PROPOSAL:
            assert RULES.periods.rule_of(programme.code)
    assert {code for agency in REFERENCE.directory.agencies for code in agency.programmes} <= codes


def test_the_village_knows_exactly_the_programmes_of_the_district() -> None:
    assert {programme.code for programme in RULES.catalogue.programmes} == PROGRAMMES


def test_each_province_lies_in_its_zone() -> None:
    zones = {area: REFERENCE.zone_of(area) for area in ("32.03.02.2002", "62.01", "63.01", "75.01", "81.03", "96")}
    assert zones == {
        "32.03.02.2002": Zone.WIB,
        "62.01": Zone.WIB,
        "63.01": Zone.WITA,
        "75.01": Zone.WITA,
        "81.03": Zone.WIT,
        "96": Zone.WIT,
    }


def test_a_broken_data_file_is_named_with_its_fault(tmp_path: Path) -> None:
    for file in DATA.glob("*.yaml"):
        (tmp_path / file.name).write_text(file.read_text("utf-8"), "utf-8")
    (tmp_path / "programmes.yaml").write_text("- {code: pkh, name: PKH}\n", "utf-8")
    with pytest.raises(BadReferenceData, match=r"programmes\.yaml.*valid_from"):
        Reference.load(tmp_path)


def test_a_district_may_have_limits_of_its_own_from_a_date() -> None:
    (country,) = REFERENCE.limits
    own = country.but(limits=country.limits.but(area="32.03", valid_from=date(2027, 1, 1), handling=10))
    reference = REFERENCE.but(limits=(country, own))
    assert reference.rules_for(JAMBUDIPA, date(2026, 12, 31)).limits.handling == 14
    assert reference.rules_for(JAMBUDIPA, date(2027, 1, 1)).limits.handling == 10
    assert reference.rules_for("75.01", date(2027, 1, 1)).limits.handling == 14
