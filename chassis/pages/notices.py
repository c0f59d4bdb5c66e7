"""A notice shown once on the next page, carried there in a cookie: a text of the catalogue and what fills it."""

import base64
import json
from dataclasses import asdict, dataclass, field

from fastapi import Request
from pydantic import TypeAdapter, ValidationError
from starlette.responses import Response

LIVES_SECONDS = 60


@dataclass(frozen=True)
class Notice:
    """`text` as in the catalogue, `values` for its %(names)s. Never of a person: it stands in a cookie."""

    text: str
    values: dict[str, str] = field(default_factory=dict)


_NOTICE = TypeAdapter(Notice)


def keep_notice(response: Response, cookie: str, notice: Notice) -> None:
    content = base64.urlsafe_b64encode(json.dumps(asdict(notice)).encode()).decode()
    response.set_cookie(cookie, content, max_age=LIVES_SECONDS, httponly=True, samesite="lax")


def kept_notice(request: Request, cookie: str) -> Notice | None:
    """The notice for this page; a cookie that does not read as one counts as none."""
    content = request.cookies.get(cookie)
    if not content:
        return None
    try:
        return _NOTICE.validate_json(base64.urlsafe_b64decode(content.encode()))
    except (ValidationError, ValueError):
        return None
