"""What the guides rest on."""

from pathlib import Path

from PIL import Image

from tests.browser.pictures import KEPT, LARGEST_BYTES, light, shown


def test_every_picture_that_a_document_shows_is_there_and_light_and_no_other() -> None:
    kept = {picture.name: picture.stat().st_size for picture in KEPT.glob("*.png")}
    assert kept.keys() == shown().keys()
    assert {name for name, size in kept.items() if size >= LARGEST_BYTES} == set()


def test_of_a_page_that_is_too_long_a_guide_shows_the_beginning(tmp_path: Path) -> None:
    page = Image.new("RGB", (1280, 5000), "white")
    page.paste("navy", (0, 0, 1280, 100))
    page.save(tmp_path / "long.png")
    (tmp_path / "light.png").write_bytes(light(tmp_path / "long.png"))
    with Image.open(tmp_path / "light.png") as drawn:
        assert (drawn.width, drawn.height) == (1280, 2343)
        assert drawn.convert("RGB").getpixel((5, 5)) == (0, 0, 128)
