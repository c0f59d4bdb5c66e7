"""Texts and their translations. Texts are written in English; an Indonesian catalogue stands in locale/id.po."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

from chassis.pages.language import Language


class BadCatalogue(Exception):
    """A catalogue cannot be read as it is written, or gives a text more forms than its language has."""

    def __init__(self, file: Path, why: PoFileError) -> None:
        super().__init__(f"{file}: {why}. Mend that line; Indonesian has one form for any count, msgstr[0]")


def lazy(text: str) -> str:
    """Mark a text in Python code for the catalogue; the template that shows it translates it with `_()`."""
    return text


def read_catalogue(file: Path, language: Language) -> Catalog:
    """A .po file. Raises BadCatalogue, where Babel would print a warning and leave the text out."""
    with file.open("rb") as lines:
        try:
            return read_po(lines, locale=language.value, abort_invalid=True)
        except PoFileError as fault:
            raise BadCatalogue(file, fault) from fault


@dataclass(frozen=True)
class Catalogue:
    """One language's texts. A text without a translation stays as it was written."""

    language: Language
    texts: dict[str, str] = field(default_factory=dict)

    @staticmethod
    def of(language: Language, folders: Sequence[Path]) -> "Catalogue":
        """From the locale folders of `folders`; the first that has a text gives it. Raises BadCatalogue."""
        texts: dict[str, str] = {}
        for folder in reversed(folders):
            file = folder / "locale" / f"{language.value}.po"
            if file.exists():
                for message in read_catalogue(file, language):
                    texts |= _texts(message.id, message.string)
        return Catalogue(language, texts)

    def gettext(self, text: str) -> str:
        return self.texts.get(text, text)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Indonesian has one form for any count, kept under the text for one."""
        return self.texts.get(one) or (one if count == 1 else many)


def _texts(text: object, translation: object) -> dict[str, str]:
    # Babel gives tuples where a text has a plural.
    original = text[0] if isinstance(text, tuple | list) else text
    translated = translation[0] if isinstance(translation, tuple | list) else translation
    return {str(original): str(translated)} if original and translated else {}
