"""Every reason a family is given can be put into words, in both languages."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from contracts.vocabulary import Circumstance
from services.referral.domain.criteria import Explanation
from services.referral.explanations import Explanations, Language
from services.referral.reference import DATA, BadReferenceData, Reference

WORDS = Explanations.load()


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("code", Explanation)
def test_every_explanation_has_words(code: Explanation, language: Language) -> None:
    assert WORDS.explanation(code.value, language) != code.value


@pytest.mark.parametrize("language", Language)
def test_every_criterion_of_every_programme_has_words(language: Language) -> None:
    rules = Reference.load().rules_for("32.03", date(2026, 11, 23))
    codes = {reason.criterion for match in rules.catalogue.match(("no_such_thing",), None) for reason in match.reasons}
    codes |= {
        criterion.judge(None).criterion for programme in rules.catalogue.programmes for criterion in programme.criteria
    }
    codes |= {circumstance.value for circumstance in Circumstance}
    assert codes == set(WORDS.criteria)
    assert all(WORDS.criterion(code, language) != code for code in codes)


def test_the_languages_differ_and_an_unknown_code_is_shown_as_it_is() -> None:
    assert WORDS.explanation("not_in_registry", Language.ID).startswith("Keluarga belum terdata")
    assert WORDS.explanation("not_in_registry", Language.EN).startswith("The family is not in the registry")
    assert WORDS.explanation("of_a_later_release", Language.ID) == "of_a_later_release"


def test_a_text_missing_in_one_language_is_found_at_start(tmp_path: Path) -> None:
    content = yaml.safe_load((DATA / "explanations.yaml").read_text("utf-8"))
    del content["explanations"]["not_in_registry"]["id"]
    (tmp_path / "explanations.yaml").write_text(yaml.safe_dump(content), "utf-8")
    with pytest.raises(BadReferenceData, match=r"explanations\.not_in_registry\.id"):
        Explanations.load(tmp_path)
