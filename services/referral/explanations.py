"""Why a family gets a programme or does not, in words: data/explanations.yaml in the reader's language."""

from enum import StrEnum
from pathlib import Path

from services.referral.domain.value import Value
from services.referral.reference import DATA, read_checked


class Language(StrEnum):
    ID = "id"
    EN = "en"


class Text(Value):
    """One text in every language."""

    id: str
    en: str

    def in_language(self, language: Language) -> str:
        return self.id if language is Language.ID else self.en


class Explanations(Value):
    """Texts by code."""

    criteria: dict[str, Text]
    explanations: dict[str, Text]

    @classmethod
    def load(cls, folder: Path = DATA) -> "Explanations":
        """Raises BadReferenceData with the file and the fault."""
        return read_checked(folder / "explanations.yaml", cls)

    def criterion(self, code: str, language: Language) -> str:
        """The code itself when no text is known: a case may be older or newer than the file."""
        return _word(self.criteria, code, language)

    def explanation(self, code: str, language: Language) -> str:
        return _word(self.explanations, code, language)


def _word(texts: dict[str, Text], code: str, language: Language) -> str:
    text = texts.get(code)
    return text.in_language(language) if text is not None else code
