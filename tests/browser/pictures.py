"""make pictures: runs the browser tests, which photograph every page they look at, and keeps those the docs show."""

import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from deploy.embedded.places import CHECKOUT
from tests.browser.looking import PICTURES

ALL = CHECKOUT / "var" / "pictures"
KEPT = CHECKOUT / "docs" / "pictures"
SHOWN = re.compile(r"pictures/([\w-]+\.png)")


def shown() -> dict[str, Path]:
    """The pictures that README and docs show, and one document that does."""
    documents = [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").rglob("*.md"))]
    return {name: document for document in documents for name in SHOWN.findall(document.read_text(encoding="utf-8"))}


def main(arguments: list[str]) -> int:
    """Exit code of the tests; 1 as well when a picture that a document shows was not taken."""
    os.environ[PICTURES] = str(ALL)
    ended = int(pytest.main([str(CHECKOUT / "tests" / "browser"), "-n0", "-q", *arguments]))
    KEPT.mkdir(exist_ok=True)
    missing = {name: document for name, document in shown().items() if not (ALL / name).exists()}
    for name in shown().keys() - missing.keys():
        shutil.copy(ALL / name, KEPT / name)
    sys.stdout.write(f"pictures: {len(list(ALL.glob('*.png')))} in {ALL.relative_to(CHECKOUT)}\n")
    for name, document in missing.items():
        sys.stdout.write(f"not taken: {name}, which {document.relative_to(CHECKOUT)} shows\n")
    return ended or int(bool(missing))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
