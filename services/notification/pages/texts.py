"""/messages/templates: what citizens read, by message, channel and language."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from chassis.identity import Actor
from chassis.pages import language_of
from chassis.pages import lazy as _
from chassis.signin import signed_in_as
from contracts.vocabulary import MessageChannel
from services.notification.channels.whatsapp import TEMPLATE_PREFIX
from services.notification.domain.message import Message
from services.notification.domain.quiet import QuietHours
from services.notification.domain.segments import segments
from services.notification.letters import Letters
from services.notification.pages import PAGES, TEXT_READERS, words
from services.notification.previews import ADDRESSEE, AREA, CASE_NUMBER, SAMPLES
from services.notification.short_texts import ShortTexts
from services.notification.words import Language

LANGUAGES: Mapping[Language, str] = {Language.INDONESIAN: _("In Indonesian"), Language.ENGLISH: _("In English")}

Reader = Annotated[Actor, Depends(signed_in_as(*TEXT_READERS))]


@dataclass(frozen=True)
class Preview:
    """One text as a citizen would read it. `parts`: of an SMS; `name`: what a provider approves it as."""

    channel: MessageChannel
    text: str
    subject: str = ""
    parts: int = 0
    name: str = ""


class Texts:
    """Every text there is, with an invented citizen's case filled in."""

    def __init__(self) -> None:
        self._letters = Letters.load()
        self._short = {kind: ShortTexts.load(kind) for kind in (MessageChannel.WHATSAPP, MessageChannel.SMS)}

    def previews(self, message: Message, language: Language) -> tuple[Preview, ...]:
        texts = {
            kind: short.write(message, case_number=CASE_NUMBER, language=language, area=AREA).text
            for kind, short in self._short.items()
        }
        letter = self._letters.write(
            message, addressee=ADDRESSEE, case_number=CASE_NUMBER, language=language, area=AREA
        )
        whatsapp, sms = texts[MessageChannel.WHATSAPP], texts[MessageChannel.SMS]
        return (
            Preview(MessageChannel.WHATSAPP, whatsapp, name=f"{TEMPLATE_PREFIX}{message.template}"),
            Preview(MessageChannel.SMS, sms, parts=segments(sms)),
            Preview(MessageChannel.EMAIL, letter.text, subject=letter.subject),
        )


def text_routes(ready: Collection[MessageChannel], quiet: QuietHours) -> APIRouter:
    """`ready` are the channels this installation has a provider for."""
    router = APIRouter(include_in_schema=False)
    texts = Texts()

    @router.get("/messages/templates")
    async def look(request: Request, _actor: Reader, text: Language | None = None) -> Response:
        language = text or Language.spoken(language_of(request).value)
        return PAGES.show(
            request,
            "texts.html",
            language_shown=language,
            languages=LANGUAGES,
            previews=[(message.template, texts.previews(message, language)) for message in SAMPLES],
            ready=ready,
            quiet=quiet,
            words=words,
        )

    return router
