"""Short texts, for SMS and WhatsApp. They show on locked screens, so they name the case and the step, no more."""

from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contracts.vocabulary import MessageChannel
from services.notification.domain.message import TEMPLATES, Message
from services.notification.domain.moments import Zone
from services.notification.filling import fillings
from services.notification.letters import FOLDER
from services.notification.words import BadWords, Language, Words

ALLOWED = frozenset({"case_number", "answer_by", "when", "tier", "withdrawal", "closing"})
"""What a short text may say of a message. No programme, agency or reason: a phone is shared, and lies about."""


class _File(BaseModel):
    """<language>/<channel>.yaml. `frame` goes around each text, where $text stands."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    frame: str = Field(default="$text", pattern=r"\$text")
    texts: dict[str, str]


@dataclass(frozen=True)
class ShortText:
    """What one citizen reads; `values` are the fillings of the text's placeholders."""

    text: str = field(repr=False)
    values: dict[str, str] = field(repr=False)
    language: Language


@dataclass(frozen=True)
class _Texts:
    words: Words
    bodies: dict[str, Template]


class ShortTexts:
    """Writes the texts of one channel, from templates/<language>/<channel>.yaml."""

    def __init__(self, texts: dict[Language, _Texts]) -> None:
        self._texts = texts

    @classmethod
    def load(cls, channel: MessageChannel, folder: Path = FOLDER) -> Self:
        """All languages at once. Raises BadWords when a text is missing, broken or says too much."""
        return cls({language: _load(folder / language.value, channel) for language in Language})

    def write(self, message: Message, *, case_number: str, language: Language, area: str) -> ShortText:
        """The text that says `message`; days and hours are those of the area's zone."""
        texts = self._texts[language]
        body = texts.bodies[message.template]
        known = {"case_number": case_number, **fillings(message, texts.words, Zone.of(area))}
        values = {name: known[name] for name in body.get_identifiers()}
        return ShortText(body.substitute(values), values, language)

    def body(self, template: str, language: Language) -> Template:
        """The text with its placeholders, as a provider has to approve it."""
        return self._texts[language].bodies[template]


def _load(folder: Path, channel: MessageChannel) -> _Texts:
    path = folder / f"{channel.value}.yaml"
    try:
        file = _File.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as fault:
        raise BadWords(path, f"write `texts:` with a text for each message ({type(fault).__name__})") from fault
    if missing := set(TEMPLATES) - file.texts.keys():
        raise BadWords(path, f"no text for {', '.join(sorted(missing))}")
    return _Texts(Words.load(folder / "words.yaml"), {name: _body(path, file, name) for name in TEMPLATES})


def _body(path: Path, file: _File, name: str) -> Template:
    body = Template(Template(file.frame).safe_substitute(text=file.texts[name].strip()).strip())
    if not body.is_valid():
        raise BadWords(path, f"{name}: a $ stands before a placeholder's name, or is written $$")
    if forbidden := set(body.get_identifiers()) - ALLOWED:
        raise BadWords(path, f"{name}: {', '.join(sorted(forbidden))} may not show on a locked screen")
    if "case_number" not in body.get_identifiers():
        raise BadWords(path, f"{name}: name the case by $case_number")
    return body
