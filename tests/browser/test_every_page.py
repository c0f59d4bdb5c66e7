"""No page is forgotten. The tests of this file run after all others of the folder, see conftest."""

import ast
from pathlib import Path

import pytest

from chassis.http.app import create_app
from deploy.embedded.companion.app import create_app as create_companion
from deploy.embedded.companion.settings import CompanionSettings
from tests.browser.page_routes import SEEN, PageRoute, page_routes
from tests.browser.stand import Stand


def every_page(stand: Stand, var: Path) -> set[PageRoute]:
    pages = page_routes("companion", create_companion(CompanionSettings(var=var)))
    return pages.union(*(page_routes(name, create_app(runtime)) for name, runtime in stand.runtimes.items()))


def is_whole(session: pytest.Session) -> bool:
    """Whether all tests of this folder were chosen."""
    here = Path(__file__).parent
    written = {
        (file.name, one.name)
        for file in here.glob("test_*.py")
        for one in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(one, ast.AsyncFunctionDef | ast.FunctionDef) and one.name.startswith("test_")
    }
    chosen = {(item.path.name, item.name.partition("[")[0]) for item in session.items if item.path.parent == here}
    return written <= chosen


async def test_every_page_of_every_service_was_looked_at(
    stand: Stand, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if not is_whole(request.session):
        pytest.skip("only a part of the tests of pages was chosen")
    forgotten = every_page(stand, tmp_path) - SEEN
    assert not forgotten, f"nobody looked at {', '.join(map(str, sorted(forgotten)))}"
