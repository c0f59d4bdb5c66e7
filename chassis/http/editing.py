"""Edits that cannot overwrite each other: ETag and If-Match (RFC 9110) over a document's edition."""

from typing import Annotated

from fastapi import Depends, Header, Response

from chassis.http.problems import Problem
from chassis.store import Document

LONGEST_EDITION = 9  # digits; no document is edited a thousand million times


def tag(response: Response, document: Document) -> None:
    """Send the document's edition as ETag."""
    response.headers["ETag"] = f'"{document.edition}"'


def _required(
    if_match: Annotated[str | None, Header(description='The ETag last read, such as "3"')] = None,
) -> int:
    if if_match is None:
        raise Problem(
            428,
            "if-match-needed",
            "Send If-Match with the ETag you last read, so that nobody's change is overwritten.",
        )
    digits = if_match.strip().removeprefix("W/").strip('"')
    if not (digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_EDITION):
        raise Problem(412, "stale-edit", "If-Match is no ETag of this resource. Read it again and repeat your change.")
    return int(digits)


ExpectedEdition = Annotated[int, Depends(_required)]
"""The edition the caller's change rests on; 428 when the header is missing."""
