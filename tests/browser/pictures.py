"""make pictures: runs the browser tests, which photograph every page they look at, and keeps those the docs show."""

import os
import re
import sys
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from deploy.embedded.places import CHECKOUT
from tests.browser.looking import PICTURES

ALL = CHECKOUT / "var" / "pictures"
KEPT = CHECKOUT / "docs" / "pictures"
SHOWN = re.compile(r"pictures/([\w-]+\.png)")
LARGEST_BYTES = 120_000
"""A guide with its pictures has to open on the line of a village."""
MOST_PIXELS = 3_000_000
"""Of a page that is longer, a guide shows the beginning."""
COLOURS = (256, 128, 64)
"""What a page is drawn with: few hues, and the edges of letters. Fewer where the file would be too large."""


def shown() -> dict[str, Path]:
    """The pictures that README and docs show, and one document that does."""
    documents = [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").rglob("*.md"))]
    return {name: document for document in documents for name in SHOWN.findall(document.read_text(encoding="utf-8"))}


def light(picture: Path) -> bytes:
    """The picture as the docs keep it, a PNG of few colours. Raises ValueError when it is too large even so."""
    with Image.open(picture) as taken:
        page = taken.convert("RGB")
    page = page.crop((0, 0, page.width, min(page.height, MOST_PIXELS // page.width)))
    for colours in COLOURS:
        # Undithered: dots in flat areas would be seen, and weigh.
        drawn = page.quantize(colours, Image.Quantize.MEDIANCUT, kmeans=1, dither=Image.Dither.NONE)
        file = BytesIO()
        drawn.save(file, "PNG", optimize=True)
        if file.tell() < LARGEST_BYTES:
            return file.getvalue()
    raise ValueError(f"{picture.name} takes over {LARGEST_BYTES} bytes: show another page, or a smaller one")


def main(arguments: list[str]) -> int:
    """Exit code of the tests; 1 as well when a picture that a document shows was not taken."""
    os.environ[PICTURES] = str(ALL)
    ended = int(pytest.main([str(CHECKOUT / "tests" / "browser"), "-n0", "-q", *arguments]))
    KEPT.mkdir(exist_ok=True)
    missing = {name: document for name, document in shown().items() if not (ALL / name).exists()}
    for name in shown().keys() - missing.keys():
        (KEPT / name).write_bytes(light(ALL / name))
    sys.stdout.write(f"pictures: {len(list(ALL.glob('*.png')))} in {ALL.relative_to(CHECKOUT)}\n")
    for name, document in missing.items():
        sys.stdout.write(f"not taken: {name}, which {document.relative_to(CHECKOUT)} shows\n")
    return ended or int(bool(missing))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
