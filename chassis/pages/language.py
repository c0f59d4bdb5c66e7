"""The languages of the pages, and which one a request gets."""

from enum import StrEnum

from fastapi import Request
from starlette.responses import Response

COOKIE = "language"
REMEMBERED_SECONDS = 365 * 24 * 3600


class Language(StrEnum):
    """The first is everybody's who names none of them."""

    INDONESIAN = "id"
    ENGLISH = "en"

    @property
    def own_name(self) -> str:
        return {Language.INDONESIAN: "Indonesia", Language.ENGLISH: "English"}[self]

    @property
    def locale(self) -> str:
        """The locale of days and numbers: English as Indonesia writes it, the day before the month."""
        return {Language.INDONESIAN: "id_ID", Language.ENGLISH: "en_GB"}[self]


def _known(code: str | None) -> Language | None:
    return Language(code.lower()) if code is not None and code.lower() in set(Language) else None


def language_of(request: Request) -> Language:
    """By ?lang=, else the one remembered, else Accept-Language in its order, else Indonesian."""
    accepted = request.headers.get("accept-language", "").split(",")
    asked = (
        request.query_params.get("lang"),
        request.cookies.get(COOKIE),
        *(part.split(";")[0].strip()[:2] for part in accepted),
    )
    return next((language for code in asked if (language := _known(code))), Language.INDONESIAN)


def remember_language(request: Request, response: Response) -> None:
    """Keep what ?lang= chose for the pages to come."""
    if (chosen := _known(request.query_params.get("lang"))) is not None:
        response.set_cookie(COOKIE, chosen.value, max_age=REMEMBERED_SECONDS, samesite="lax", httponly=True)
