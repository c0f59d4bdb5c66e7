"""Asking intake how to reach a citizen: for one purpose, for one fact, each time anew. Nothing of it is kept."""

from typing import Literal

import httpx
from opentelemetry.trace import SpanKind, Tracer
from pydantic import BaseModel, ConfigDict, Field

from chassis.identity import ServiceTokens, TokenUnavailable
from chassis.telemetry.propagation import TRACEPARENT, traceparent_of
from contracts.fields import CaseNumber
from contracts.vocabulary import DeliveryFailure, MessageChannel
from services.notification.outcomes import NotNow, Undeliverable
from services.notification.words import Language

TIMEOUT_SECONDS = 5.0
NO_CHANNEL = "none"
_PROBLEM = "urn:puskesos:problem:"


class Contact(BaseModel):
    """How to reach a citizen, for the moment of one message."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    addressee: str = Field(default="", repr=False)
    email: str | None = Field(default=None, repr=False)
    phone: str | None = Field(default=None, repr=False)
    channel: str = MessageChannel.EMAIL.value
    """What an intake says that does not name the order of channels yet."""
    channels: tuple[MessageChannel, ...] | None = None
    language: str = Language.INDONESIAN.value
    case_number: CaseNumber

    @property
    def order(self) -> tuple[MessageChannel, ...]:
        """The channels to try, as the citizen wants it."""
        if self.channels is not None:
            return self.channels
        return () if self.channel == NO_CHANNEL else (MessageChannel.EMAIL,)

    @property
    def spoken(self) -> Language:
        return Language.spoken(self.language)


class _Asking(BaseModel):
    purpose: Literal["inform_citizen"] = "inform_citizen"
    causing_event: str


class _ProblemType(BaseModel):
    type: str = ""


class Contacts:
    """Intake's contact API, asked with this service's own token. Each asking is logged there."""

    def __init__(self, intake_url: str, tokens: ServiceTokens, tracer: Tracer) -> None:
        self._tokens = tokens
        self._tracer = tracer
        self._client = httpx.AsyncClient(base_url=intake_url, timeout=TIMEOUT_SECONDS)

    async def of(self, case_id: str, causing_event: str) -> Contact:
        """The contact of a case's citizen. Raises NotNow when it cannot be asked, Undeliverable when there is none."""
        path = f"/v1/complaints/{case_id}/contact"
        with self._tracer.start_as_current_span(
            "POST /v1/complaints/{case_id}/contact",
            kind=SpanKind.CLIENT,
            attributes={"http.request.method": "POST", "peer.service": "intake", "puskesos.case": case_id},
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                token = await self._tokens.token()
                answer = await self._client.post(
                    path,
                    content=_Asking(causing_event=causing_event).model_dump_json(),
                    headers={
                        "Content-Type": "application/json",
                        "Authorization": f"Bearer {token}",
                        TRACEPARENT: traceparent_of(),
                    },
                )
            except (httpx.HTTPError, TokenUnavailable) as fault:
                raise NotNow("intake, or the issuer of our token, does not answer") from fault
            span.set_attribute("http.response.status_code", answer.status_code)
            if answer.status_code == httpx.codes.UNAUTHORIZED:
                self._tokens.forget(token)
            return _read(answer)

    async def close(self) -> None:
        await self._client.aclose()


def _read(answer: httpx.Response) -> Contact:
    if answer.is_success:
        try:
            return Contact.model_validate_json(answer.content)
        except ValueError as fault:
            raise NotNow("intake's answer cannot be read; is it a version we know?") from fault
    code = _problem_code(answer)
    if answer.status_code == httpx.codes.NOT_FOUND and code is not None:
        raise Undeliverable(DeliveryFailure.NO_CONTACT)
    if answer.status_code in (httpx.codes.CONFLICT, httpx.codes.GONE) and code is not None:
        raise Undeliverable(DeliveryFailure.CONTACT_REFUSED)
    # Everything else is no answer about this citizen: an outage, or settings that an operator can mend meanwhile.
    raise NotNow(f"intake answered {answer.status_code}")


def _problem_code(answer: httpx.Response) -> str | None:
    """The code of intake's refusal; None when the answer is not intake's own, such as a proxy's page."""
    try:
        kind = _ProblemType.model_validate_json(answer.content).type
    except ValueError:
        return None
    return kind.removeprefix(_PROBLEM) if kind.startswith(_PROBLEM) else None
