"""Which language a page comes in."""

import pytest
from fastapi import Request

from chassis.pages import Language, language_of


@pytest.mark.parametrize(
    ("query", "cookie", "accepted", "wanted"),
    [
        ("", "", "", Language.INDONESIAN),
        ("lang=en", "language=id", "id", Language.ENGLISH),
        ("", "language=en", "id", Language.ENGLISH),
        ("", "", "en-GB,en;q=0.9,id;q=0.8", Language.ENGLISH),
        ("", "", "fr-FR, id;q=0.5", Language.INDONESIAN),
        ("lang=xx", "language=yy", "en", Language.ENGLISH),
        ("", "", "fr", Language.INDONESIAN),
    ],
)
def test_the_chosen_one_else_the_remembered_else_the_first_that_is_understood(
    query: str, cookie: str, accepted: str, wanted: Language
) -> None:
    headers = [(b"cookie", cookie.encode()), (b"accept-language", accepted.encode())]
    assert language_of(Request({"type": "http", "query_string": query.encode(), "headers": headers})) is wanted
