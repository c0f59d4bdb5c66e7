"""/operation/dead-letters: operators look at dead letters, try them again, have them handled, or discard them."""

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from chassis.dead_letters.box import Choice, DeadLetterBox, NoSuchLetter
from chassis.dead_letters.envelope import Envelope, trace_of
from chassis.dead_letters.letter import DeadLetter, SettledLetter
from chassis.dead_letters.reasons import reason_of
from chassis.dead_letters.replaying import Replaying
from chassis.http.idempotency import key_of_form
from chassis.http.problems import Problem
from chassis.identity import Actor, Role
from chassis.pages import Form, Pages, WrongInput
from chassis.pages import lazy as _
from chassis.signin import signed_in_as

if TYPE_CHECKING:
    from chassis.service import Runtime

HOME = "/operation/dead-letters"
RUN = f"{HOME}/replay"
ON_A_PAGE = 50
Operator = Annotated[Actor, Depends(signed_in_as(Role.OPERATOR))]


class Discarding(BaseModel):
    """Why a letter is taken away."""

    because: str = Field(max_length=300)


def dead_letter_router(runtime: "Runtime[Any]") -> APIRouter:
    """The pages of one service."""
    router = APIRouter(prefix=HOME, include_in_schema=False)
    service, store = runtime.definition.name, runtime.store
    box = DeadLetterBox(store)

    def pages(request: Request) -> Pages:
        shown: Pages = request.app.state.pages
        return shown

    def replaying() -> Replaying:
        if runtime.replaying is None:
            raise Problem(409, "hears-nothing", _("This service hears no events: there is nothing to handle again."))
        return runtime.replaying

    def trace_address(*traceparents: str | None) -> str | None:
        trace = next((trace for traceparent in traceparents if (trace := trace_of(traceparent))), None)
        return runtime.settings.trace_page.replace("{trace}", trace) if runtime.settings.trace_page and trace else None

    @router.get("")
    async def browse(
        request: Request, _actor: Operator, reason: str = "", topic: str = "", cursor: str | None = None
    ) -> Response:
        choice = Choice(reason=reason or None, topic=topic or None)
        found = await box.page(choice, cursor, ON_A_PAGE)
        return pages(request).show(
            request,
            "dead_letters.html",
            service=service,
            choice=choice,
            found=found,
            cursor=cursor,
            chosen=await box.count(choice),
            waiting=await box.count(Choice()),
            reasons=await box.tally("reason", Choice(topic=choice.topic)),
            topics=await box.tally("topic", Choice(reason=choice.reason)),
            words=reason_of(reason) if reason else None,
            run=await runtime.replaying.latest() if runtime.replaying else None,
        )

    @router.post("/replay")
    async def rehearse(request: Request, actor: Operator) -> Response:
        form = await Form.read(request)
        await replaying().rehearse(_choice(form), actor, key_of_form(request, actor, form.values))
        return pages(request).see(RUN)

    @router.get("/replay")
    async def watch(request: Request, _actor: Operator) -> Response:
        run = await replaying().latest()
        if run is None:
            return pages(request).see(HOME)
        return pages(request).show(request, "dead_letters_replay.html", service=service, run=run)

    @router.post("/replay/confirmation")
    async def confirm(request: Request, actor: Operator) -> Response:
        form = await Form.read(request)
        await replaying().confirm(form.text("run"), actor, key_of_form(request, actor, form.values))
        return pages(request).see(RUN)

    @router.get("/{key}")
    async def look(request: Request, _actor: Operator, key: str) -> Response:
        return await shown(request, key)

    @router.post("/{key}/discard")
    async def discard(request: Request, actor: Operator, key: str) -> Response:
        form = await Form.read(request)
        try:
            because = form.into(Discarding).because
        except WrongInput:
            return await shown(request, key, form, 422)
        try:
            await box.discard(key, because=because, by=actor.id, now=store.clock.now())
        except NoSuchLetter:
            # Sent twice, or somebody else decided meanwhile: its page says what became of it.
            return pages(request).see(f"{HOME}/{key}")
        return pages(request).see(
            HOME, notice=_("Discarded: %(letter)s. Why, and that it was you, is kept."), letter=key
        )

    async def shown(request: Request, key: str, form: Form | None = None, status: int = 200) -> Response:
        letter, envelope = await _find(box, key)
        return pages(request).show(
            request,
            "dead_letter.html",
            status,
            form=form,
            service=service,
            letter=letter,
            waits=isinstance(letter, DeadLetter),
            attributes=envelope.attributes,
            words=reason_of(letter.reason),
            trace=trace_address(letter.traceparent, envelope.traceparent),
        )

    return router


def _choice(form: Form) -> Choice:
    """One letter, or all of a reason and a topic; with nothing named all there are."""
    letter = form.text("letter")
    return Choice((letter,) if letter else (), form.text("reason") or None, form.text("topic") or None)


async def _find(box: DeadLetterBox, key: str) -> tuple[DeadLetter | SettledLetter, Envelope]:
    """A letter that lies there, or what is kept of one that does no more. Raises Problem 404."""
    try:
        letter = await box.show(key)
        return letter, Envelope.of(letter.value)
    except NoSuchLetter:
        pass
    try:
        return await box.settled(key), Envelope({})
    except NoSuchLetter:
        raise Problem(404, "no-such-letter", _("There never was a dead letter of this name here.")) from None
