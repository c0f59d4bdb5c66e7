"""What every page of the village goes by: store, rules, and the values that its templates share."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial

from fastapi import Request
from starlette.responses import HTMLResponse

from chassis.area import Tier, tier_of
from chassis.http.access import scope_of
from chassis.http.idempotency import create_once, key_of_form
from chassis.identity import Actor
from chassis.pages import Form, Pages
from chassis.regions import KemendagriRegions
from chassis.store import Store, UnitOfWork
from services.intake.api.access import DESK
from services.intake.commands.desk import Desk
from services.intake.domain.local_day import zone_of
from services.intake.next_step import next_step, results_to_come
from services.intake.pages import labels
from services.intake.pages.labels import Labels, of_code
from services.intake.pages.telling import told_step


@dataclass(frozen=True)
class House:
    """One service's pages with what they stand on. `public_url` is where citizens' browsers find them."""

    pages: Pages
    store: Store
    desk: Desk
    regions: KemendagriRegions
    public_url: str | None

    def show(
        self, request: Request, template: str, status: int = 200, *, form: Form | None = None, **values: object
    ) -> HTMLResponse:
        """A page whose template knows the village's words: `word(labels.KINDS, code)`, `options(labels.KINDS)`."""
        say = partial(self.pages.text, request)

        def word(words: Labels, code: str | None) -> str:
            return say(of_code(words, code)) if code else ""

        def options(words: Labels, only: Iterable[str] | None = None) -> list[tuple[str, str]]:
            return [(str(code), say(words[code])) for code in (words if only is None else only)]

        return self.pages.show(
            request,
            template,
            status,
            form=form,
            labels=labels,
            word=word,
            options=options,
            now=self.store.clock.now(),
            next_of=lambda stored, to_citizen=False: told_step(next_step(stored), say, to_citizen=to_citizen),
            results_to_come=results_to_come,
            zone_of=zone_of,
            **values,
        )

    def place(self, actor: Actor) -> str:
        """What the actor's area is called."""
        area = scope_of(actor).area
        return self.regions.name(area) or area

    def villages(self, actor: Actor) -> tuple[tuple[str, str], ...]:
        """The villages an actor may record in."""
        return self.regions.villages_in(scope_of(actor).area)

    async def do_once(
        self, request: Request, actor: Actor, form: Form, area: str, deed: Callable[[UnitOfWork], Awaitable[str]]
    ) -> str:
        """A deed that a double submit does once; returns the id of the case. Raises what the deed raises."""
        key = key_of_form(request, actor, form.values)
        case_id, _ = await create_once(self.store, scope_of(actor), key, area, deed)
        return case_id


def may_act(actor: Actor) -> bool:
    return actor.has(*DESK)


def own_village(actor: Actor) -> str | None:
    """The village of an actor who works for one."""
    area = scope_of(actor).area
    return area if tier_of(area) is Tier.VILLAGE else None
