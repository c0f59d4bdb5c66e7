"""Pages: templates in the house's frame, in the reader's language, under a strict policy."""

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse, RedirectResponse
from uuid_utils import uuid7

from chassis.http.problems import Problem
from chassis.identity import Actor, Role
from chassis.pages.catalogue import Catalogue
from chassis.pages.catalogue import lazy as _
from chassis.pages.formats import Formats
from chassis.pages.forms import Form
from chassis.pages.frame import NavItem, PageFrame
from chassis.pages.language import Language, language_of, remember_language
from chassis.pages.notices import Notice, keep_notice, kept_notice
from chassis.pages.static import asset

HERE = Path(__file__).parent
HOUSE = (HERE, HERE.parent / "operation", HERE.parent / "dead_letters")
"""Folders of templates that every service has."""
OPERATORS_WAYS = (
    NavItem(_("Operation"), "/operation", (Role.OPERATOR,)),
    NavItem(_("Dead letters"), "/operation/dead-letters", (Role.OPERATOR,)),
)
"""Behind a service's own ways."""


@dataclass(frozen=True)
class Rendering:
    """One page while it is rendered: its form, and the labels of the fields met so far."""

    form: Form
    labels: dict[str, str] = field(default_factory=dict)

    def finished(self, html: str) -> str:
        """The summary of a refusal stands before the fields it names: their labels are put in at the end."""
        for name, label in self.labels.items():
            html = html.replace(_place_of(name), f"{escape(label)}: ")
        return html


# Components look here, so that no template has to hand the form on.
_NOW: ContextVar[Rendering] = ContextVar("rendering")


def _current_form() -> Form:
    return _NOW.get().form


def _place_of(name: str) -> str:
    return f"<!--label of {escape(name)}-->"


def _label_of(name: str) -> Markup:
    return Markup(_place_of(name))  # noqa: S704 - the name is escaped


def _note_label(name: str, label: str) -> str:
    _NOW.get().labels[name] = label
    return ""


def policy(*form_targets: str) -> str:
    """The Content-Security-Policy of pages: everything from here; forms may lead to the issuer, and back."""
    targets = " ".join(["'self'", *form_targets])
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self'; form-action {targets}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


class Pages:
    """One service's pages. `folder` has templates/ and locale/id.po; `title` is the service's name to people."""

    def __init__(
        self, service: str, folder: Path | None, navigation: Sequence[NavItem] = (), *, title: str = "Puskesos"
    ) -> None:
        self.service = service
        self.navigation = (*navigation, *OPERATORS_WAYS)
        self.title = title
        folders = [folder, *HOUSE] if folder is not None else [*HOUSE]
        self._catalogues = {language: Catalogue.of(language, folders) for language in Language}
        self._environments = {
            language: _environment(folders, catalogue) for language, catalogue in self._catalogues.items()
        }

    def show(
        self, request: Request, template: str, status: int = 200, *, form: Form | None = None, **values: object
    ) -> HTMLResponse:
        """A page. `form` is what was typed, shown again with its errors; else what sign-in kept, if it kept any."""
        language = language_of(request)
        actor = getattr(request.state, "actor", None)
        kept: Mapping[str, Sequence[str]] | None = getattr(request.state, "kept", None)
        shown_form = form or (Form(kept, posted=True) if kept is not None else Form())
        frame = PageFrame(
            title=self.title,
            language=language,
            path=request.url.path,
            query=tuple(request.query_params.multi_items()),
            navigation=tuple(item for item in self.navigation if item.is_for(actor)),
            actor=actor,
            person=getattr(request.state, "person", None),
            kept=kept is not None,
            notice=kept_notice(request, self._notice_cookie),
        )
        rendering = Rendering(shown_form)
        before = _NOW.set(rendering)
        try:
            template_of = self._environments[language].get_template
            html = rendering.finished(template_of(template).render(page=frame, form=shown_form, **values))
        finally:
            _NOW.reset(before)
        targets: Sequence[str] = getattr(request.app.state, "form_targets", ())
        response = HTMLResponse(html, status, headers={"Content-Security-Policy": policy(*targets)})
        remember_language(request, response)
        if frame.notice is not None:
            response.delete_cookie(self._notice_cookie)
        return response

    def see(self, address: str, *, notice: str | None = None, **values: object) -> RedirectResponse:
        """See another page (303), where `notice`, a text marked by `lazy`, is shown once with `values` filled in.

        The notice travels in a cookie: nothing of a person may be in it.
        """
        response = RedirectResponse(address, 303)
        if notice is not None:
            keep_notice(
                response, self._notice_cookie, Notice(notice, {name: str(value) for name, value in values.items()})
            )
        return response

    def home(self, actor: Actor) -> RedirectResponse:
        """To the first page for this actor's roles; 403 when there is none here."""
        first = next((item for item in self.navigation if item.roles and item.is_for(actor)), None)
        if first is None:
            raise Problem(403, "no-page-for-role", "Nothing here is for your role. Ask your office which page you use.")
        return RedirectResponse(first.href, 303)

    def text(self, request: Request, text: str, **values: object) -> str:
        """A text of the catalogue in the request's language, for what is no template, such as a download."""
        translated = self._catalogues[language_of(request)].gettext(text)
        return translated % values if values else translated

    def knows(self, text: str) -> bool:
        """Whether it is a text of the pages, which can be said in every language."""
        return text in self._catalogues[Language.INDONESIAN].texts

    @property
    def _notice_cookie(self) -> str:
        return f"{self.service}_notice"


def _environment(folders: Sequence[Path], catalogue: Catalogue) -> Environment:
    environment: Any = Environment(
        loader=FileSystemLoader([folder / "templates" for folder in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    environment.install_gettext_callables(catalogue.gettext, catalogue.ngettext, newstyle=True)
    environment.policies["ext.i18n.trimmed"] = True
    environment.filters |= Formats(catalogue.language).filters()
    environment.globals |= {
        "asset": asset,
        "current_form": _current_form,
        "label_of": _label_of,
        "note_label": _note_label,
        "new_key": lambda: str(uuid7()),
        "language": catalogue.language,
    }
    return environment  # type: ignore[no-any-return]
