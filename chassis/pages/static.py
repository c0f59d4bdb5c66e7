"""Scripts and styles, named by their content, so that browsers keep them for good and a new release is seen at once."""

import json
import mimetypes
from functools import cache
from pathlib import Path

from fastapi import FastAPI
from starlette.responses import FileResponse, Response

from chassis.http.problems import Problem

FOLDER = Path(__file__).with_name("static")
FOR_GOOD = "public, max-age=31536000, immutable"
mimetypes.add_type("text/javascript", ".js")


class StaticMissing(Exception):
    """The front end was not built."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not among the built scripts and styles: run `make web` and start again")


@cache
def _manifest(changed_ns: int) -> dict[str, str]:
    return dict(json.loads((FOLDER / "manifest.json").read_text()))


def asset(name: str) -> str:
    """The address of a script or style by its plain name. Raises StaticMissing when it was not built."""
    try:
        return f"/static/{_manifest((FOLDER / 'manifest.json').stat().st_mtime_ns)[name]}"
    except (OSError, KeyError):
        raise StaticMissing(name) from None


def add_static(app: FastAPI) -> None:
    """Serve /static/."""

    @app.get("/static/{name}", include_in_schema=False)
    async def static(name: str) -> Response:
        file = FOLDER / name
        if file.parent != FOLDER or not file.is_file():
            raise Problem(404, "not-found", "There is no such file.")
        return FileResponse(file, headers={"Cache-Control": FOR_GOOD})
