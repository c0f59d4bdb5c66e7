"""The code on a receipt, and the visit it opens."""

from datetime import timedelta

import pytest

from services.intake.domain.citizen_code import VISIT, Visit, code_of, digest_of, same_digest
from tests.unit.intake.builders import CASE, JAMBUDIPA, MONDAY, SECRET, id_of


def test_a_code_is_read_as_people_write_it() -> None:
    kept = digest_of("0A1B-2CD3", CASE, SECRET)
    for said in ("0a1b2cd3", " oa1b 2cd3 ", "OAiB-2cd3", "0alb.2cd3"):
        assert same_digest(digest_of(said, CASE, SECRET), kept)


@pytest.mark.parametrize("said", ["", "0A1B-2CD4", "0A1B-2CD", "0A1B-2CD33"])
def test_another_code_is_another(said: str) -> None:
    assert not same_digest(digest_of(said, CASE, SECRET), digest_of("0A1B-2CD3", CASE, SECRET))


def test_the_digest_of_one_case_is_no_use_for_another() -> None:
    assert digest_of("0A1B-2CD3", CASE, SECRET) != digest_of("0A1B-2CD3", id_of(7), SECRET)


def test_codes_are_all_different_and_easily_read() -> None:
    codes = {code_of(id_of(number), CASE, SECRET) for number in range(200)}
    assert len(codes) == 200
    assert not set("".join(codes)) & set("ILOU")


def test_a_receipt_made_again_has_its_code_and_of_another_case_or_house_none_is_known_by_it() -> None:
    code = code_of(id_of(1), CASE, SECRET)
    assert code == code_of(id_of(1), CASE, SECRET)
    assert code not in {code_of(id_of(1), id_of(7), SECRET), code_of(id_of(1), CASE, b"another secret")}


def test_a_visit_is_believed_as_it_was_sealed_and_only_until_its_end() -> None:
    digest = digest_of("0A1B-2CD3", CASE, SECRET)
    carried = Visit.beginning(CASE, JAMBUDIPA, MONDAY).sealed(digest, SECRET)
    visit = Visit.claimed(carried, MONDAY + VISIT - timedelta(seconds=1))
    assert visit is not None
    assert visit.sealed_as(carried, digest, SECRET)
    assert Visit.claimed(carried, MONDAY + VISIT) is None


def test_a_visit_changed_by_its_bearer_or_by_a_new_code_is_not_believed() -> None:
    digest = digest_of("0A1B-2CD3", CASE, SECRET)
    carried = Visit.beginning(CASE, JAMBUDIPA, MONDAY).sealed(digest, SECRET)
    to_another_case = carried.replace(CASE, id_of(7))
    forged = Visit.claimed(to_another_case, MONDAY)
    assert forged is not None
    assert not forged.sealed_as(to_another_case, digest, SECRET)
    renewed = digest_of(code_of(id_of(1), CASE, SECRET), CASE, SECRET)
    visit = Visit.claimed(carried, MONDAY)
    assert visit is not None
    assert not visit.sealed_as(carried, renewed, SECRET)


@pytest.mark.parametrize("carried", ["", "a~b", "a~b~c~d", "a~b~99999999999999999999~d", "ü~~1~"])
def test_what_is_no_visit_is_none(carried: str) -> None:
    assert Visit.claimed(carried, MONDAY) is None
