"""Asking a provider over HTTP: what a fault on the way says about whether the message was taken."""

from collections.abc import Callable, Set

import httpx
from opentelemetry.trace import SpanKind, Tracer
from pydantic import ValidationError

from services.notification.outcomes import NotNow, Refused

TIMEOUT_SECONDS = 10.0
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class Provider:
    """One provider's API. Its requests name people in their bodies only, never in an address."""

    def __init__(
        self,
        name: str,
        base_url: str,
        tracer: Tracer,
        *,
        auth: httpx.Auth | None = None,
        headers: dict[str, str] | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._name = name
        self._tracer = tracer
        self._client = httpx.AsyncClient(
            base_url=base_url, auth=auth, headers=headers, timeout=TIMEOUT_SECONDS, transport=transport
        )

    async def post(self, path: str, case_id: str, **body: object) -> httpx.Response:
        """The provider's answer, which may be a refusal. Raises NotNow when there is none, or only a gateway's."""
        with self._tracer.start_as_current_span(
            f"send {self._name}",
            kind=SpanKind.CLIENT,
            attributes={"peer.service": self._name, "puskesos.case": case_id},
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                answer = await self._client.post(path, **body)  # type: ignore[arg-type]
            except NEVER_SENT as fault:
                raise NotNow(f"the provider of {self._name} cannot be reached ({type(fault).__name__})") from None
            except httpx.HTTPError as fault:
                raise self._doubt(type(fault).__name__) from None
            span.set_attribute("http.response.status_code", answer.status_code)
        if answer.is_server_error and answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            raise self._doubt(str(answer.status_code))
        return answer

    def accept(self, answer: httpx.Response, code_of: Callable[[bytes], int | None], final: Set[int]) -> None:
        """Nothing when the message was taken. `code_of` reads a refusal's code; `final` are those about the recipient.

        Raises Refused for those, NotNow for all others: an operator, or time, can mend them.
        """
        if answer.is_success:
            return
        try:
            code = code_of(answer.content)
        except ValidationError:
            code = None
        if code in final:
            raise Refused
        raise NotNow(f"the provider of {self._name} answered {answer.status_code}, code {code}")

    def _doubt(self, what: str) -> NotNow:
        return NotNow(f"the provider of {self._name} gave no clear answer ({what})", maybe_taken=True)

    async def close(self) -> None:
        await self._client.aclose()
