"""Letters to citizens: a message, a name and a language become a subject and a text."""

from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Self

from services.notification.domain.message import TEMPLATES, Message
from services.notification.domain.moments import Zone
from services.notification.filling import fillings
from services.notification.words import BadWords, Language, Words

FOLDER = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Letter:
    """What one citizen reads. Its text names a person: it is sent, never stored or logged."""

    subject: str = field(repr=False)
    text: str = field(repr=False)
    language: Language


@dataclass(frozen=True)
class _Texts:
    words: Words
    frame: Template
    subjects: dict[str, Template]
    bodies: dict[str, Template]


class Letters:
    """Writes letters from the texts under `templates/<language>/`.

    `<template>.txt`: the subject on the first line, an empty line, the body. `frame.txt` greets and takes leave around
    it. The subject shows on locked screens, so it names the case's number and nothing of what it is about.
    """

    def __init__(self, texts: dict[Language, _Texts]) -> None:
        self._texts = texts

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Self:
        """All languages at once. Raises BadWords when a text is missing or broken."""
        return cls({language: _load(folder / language.value) for language in Language})

    def write(self, message: Message, *, addressee: str, case_number: str, language: Language, area: str) -> Letter:
        """The letter that says `message`; days and hours are those of the area's zone."""
        texts = self._texts[language]
        known = {"case_number": case_number, **fillings(message, texts.words, Zone.of(area))}
        body = texts.bodies[message.template].substitute(known)
        # The name comes last and is filled in once: a "$" in it is a character, not a placeholder.
        text = texts.frame.substitute(addressee=_one_line(addressee), case_number=case_number, text=body)
        return Letter(texts.subjects[message.template].substitute(known), text, language)


def _one_line(name: str) -> str:
    return " ".join(name.split())


def _load(folder: Path) -> _Texts:
    subjects: dict[str, Template] = {}
    bodies: dict[str, Template] = {}
    for name in TEMPLATES:
        file = folder / f"{name}.txt"
        subject, _, body = _read(file).partition("\n\n")
        if not body.strip() or "\n" in subject:
            raise BadWords(file, "write the subject on the first line, an empty line, then the text")
        subjects[name], bodies[name] = Template(subject), Template(body.strip())
    frame = Template(_read(folder / "frame.txt"))
    return _Texts(Words.load(folder / "words.yaml"), frame, subjects, bodies)


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise BadWords(file, "cannot be read") from fault
