"""make pictures: runs the browser tests, which photograph every page they look at, and keeps a chosen few for the docs.

docs/pictures/chosen.txt lists those by name, one a line: village-today-id-1280.
"""

import os
import shutil
import sys

import pytest

from deploy.embedded.places import CHECKOUT
from tests.browser.looking import PICTURES

ALL = CHECKOUT / "var" / "pictures"
KEPT = CHECKOUT / "docs" / "pictures"
CHOSEN = KEPT / "chosen.txt"


def main(arguments: list[str]) -> int:
    """Exit code of the tests; 1 as well when a chosen picture was not taken."""
    os.environ[PICTURES] = str(ALL)
    ended = int(pytest.main([str(CHECKOUT / "tests" / "browser"), "-n0", "-q", *arguments]))
    missing = []
    for name in CHOSEN.read_text().split():
        picture = ALL / f"{name}.png"
        if picture.exists():
            shutil.copy(picture, KEPT / picture.name)
        else:
            missing.append(name)
    sys.stdout.write(f"pictures: {len(list(ALL.glob('*.png')))} in {ALL.relative_to(CHECKOUT)}\n")
    for name in missing:
        sys.stdout.write(f"not taken: {name}, which docs/pictures/chosen.txt names\n")
    return ended or int(bool(missing))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
