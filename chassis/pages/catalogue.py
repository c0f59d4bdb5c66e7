"""Texts and their translations. Texts are written in English; an Indonesian catalogue stands in locale/id.po."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.pofile import read_po

from chassis.pages.language import Language


def lazy(text: str) -> str:
    """Mark a text in Python code for the catalogue; the template that shows it translates it with `_()`."""
    return text


@dataclass(frozen=True)
class Catalogue:
    """One language's texts. A text without a translation stays as it was written."""

    language: Language
    texts: dict[str, str] = field(default_factory=dict)

    @staticmethod
    def of(language: Language, folders: Sequence[Path]) -> "Catalogue":
        """From the locale folders of `folders`; the first that has a text gives it."""
        texts: dict[str, str] = {}
        for folder in reversed(folders):
            file = folder / "locale" / f"{language.value}.po"
            if file.exists():
                with file.open("rb") as lines:
                    for message in read_po(lines, locale=language.value):
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
