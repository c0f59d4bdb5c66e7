"""make catalogues: gathers the texts of pages, room by room, into locale/id.po, where their Indonesian is written.

A room is the chassis, a service, or a folder of the demonstration's companion. What the chassis says already is not
asked of the others again.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po

from chassis.pages.catalogue import BadCatalogue, read_catalogue
from chassis.pages.language import Language

ROOT = Path(__file__).parents[2]
LANGUAGE = Language.INDONESIAN.value
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy": None, "NavItem": None, "Problem": (3,)}
OPTIONS: Mapping[str, str] = {
    "trimmed": "true",
    "newstyle_gettext": "true",
    "silent": "false",
    "extensions": "jinja2.ext.do",
}
HEADER = f"""\
# What the pages say in Indonesian. `make catalogues` adds what is new and takes out what nobody says any more.
msgid ""
msgstr ""
"Language: {LANGUAGE}\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|</?\w+")


@dataclass(frozen=True)
class Room:
    """A folder whose pages share one catalogue."""

    name: str
    folder: Path
    catalogue: Path

    def texts(self) -> Catalog:
        """All texts marked in its code and templates, each with the files that say it."""
        found = _empty()
        for file in sorted(self.folder.rglob("*.py")):
            if "api" in file.relative_to(self.folder).parts:
                continue  # what programs are told, no page shows
            self._gather(found, file, "python", {})
        for file in sorted(self.folder.rglob("templates/**/*.html")):
            self._gather(found, file, "jinja2.ext:babel_extract", OPTIONS)
        return found

    def translated(self) -> Catalog:
        """What is written in its catalogue now. Raises BadCatalogue."""
        return read_catalogue(self.catalogue, Language.INDONESIAN) if self.catalogue.exists() else _empty()

    def _gather(self, found: Catalog, file: Path, method: str, options: Mapping[str, str]) -> None:
        with file.open("rb") as lines:
            for _, text, _, context in extract(method, lines, KEYWORDS, options=options):
                found.add(text, locations=[(file.relative_to(ROOT).as_posix(), 0)], context=context)


def _empty() -> Catalog:
    # Babel alone would give Indonesian two plural forms.
    return read_po(BytesIO(HEADER.encode()), locale=LANGUAGE)


def rooms() -> list[Room]:
    """The chassis first; a service when it has pages; the pages of the demonstration."""
    chassis = Room("chassis", ROOT / "chassis", ROOT / "chassis/pages/locale" / f"{LANGUAGE}.po")
    services = [
        Room(folder.parent.name, folder.parent, folder / "locale" / f"{LANGUAGE}.po")
        for folder in sorted((ROOT / "services").glob("*/pages"))
    ]
    companion = [
        Room(f"companion-{folder.name}", folder, folder / "locale" / f"{LANGUAGE}.po")
        for folder in sorted((ROOT / "deploy/embedded/companion").iterdir())
        if (folder / "templates").is_dir()
    ]
    return [chassis, *services, *companion]


def wanted(room: Room) -> Catalog:
    """The texts a room has to translate: its own without those of the chassis."""
    texts = room.texts()
    if room.name != "chassis":
        for message in rooms()[0].texts():
            if message.id:
                texts.delete(message.id)
    return texts


def update(room: Room) -> list[str]:
    """Write the room's catalogue anew, keeping what was translated; returns the texts still without Indonesian."""
    texts, before = wanted(room), room.translated()
    for message in texts:
        kept = before.get(message.id) if message.id else None
        unsaid = ("",) if isinstance(message.id, tuple | list) else ""
        message.string = kept.string if kept is not None and not kept.fuzzy else unsaid
    room.catalogue.parent.mkdir(parents=True, exist_ok=True)
    with room.catalogue.open("wb") as lines:
        lines.write(HEADER.encode())
        write_po(lines, texts, width=120, omit_header=True, include_lineno=False, sort_by_file=True)
    return [str(message.id) for message in texts if message.id and not _said(message)]


def faults(room: Room) -> Iterator[str]:
    """What is wrong with the room's catalogue, a sentence each."""
    texts, written = wanted(room), room.translated()
    for message in texts:
        if not message.id:
            continue
        translation = written.get(message.id)
        if translation is None or not _said(translation):
            yield f"without Indonesian: {message.id!r} ({message.locations[0][0]})"
        elif translation.fuzzy:
            yield f"fuzzy, so nobody has looked at it: {message.id!r}"
        elif set(PLACEHOLDER.findall(_joined(message.id))) != set(PLACEHOLDER.findall(_joined(translation.string))):
            yield f"other placeholders or tags than its English: {message.id!r}"
    for message in written:
        if message.id and texts.get(message.id) is None:
            yield f"said by nobody any more: {message.id!r}"


def _said(message: Message) -> bool:
    return bool(_joined(message.string).strip())


def _joined(text: object) -> str:
    return " ".join(text) if isinstance(text, tuple | list) else str(text or "")


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit codes: 0 all said, 1 while texts are without Indonesian or a catalogue cannot be read, 2 wrong words."""
    argparse.ArgumentParser(
        prog="python -m chassis.pages.texts",
        description="Gather the texts of all pages into locale/id.po, room by room, and name those without Indonesian.",
        epilog="exit codes: 0 all are said in Indonesian; 1 some are not, or a catalogue cannot be read; 2 wrong words",
    ).parse_args(arguments)
    try:
        missing = {room: update(room) for room in rooms()}
    except BadCatalogue as bad:
        sys.stderr.write(f"{bad}\n")
        return 1
    for room, texts in missing.items():
        sys.stdout.write(f"{room.catalogue.relative_to(ROOT)}: {len(texts)} without Indonesian\n")
        sys.stdout.writelines(f"  {text}\n" for text in texts)
    return 1 if any(missing.values()) else 0


if __name__ == "__main__":
    raise SystemExit(main())
