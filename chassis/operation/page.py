"""Rendering of the operator's pages: server-side, no script, everything of theirs inline."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chassis.operation.situation import OperationReport
from chassis.operation.words import Language, Words, words_of

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class Pages:
    """Templates in the house's frame. `folders` hold more templates than this room's own."""

    def __init__(self, *folders: Path) -> None:
        self._templates = Environment(
            loader=FileSystemLoader([*folders, Path(__file__).with_name("templates")]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def render(self, template: str, words: Words, **values: object) -> str:
        return self._templates.get_template(template).render(
            words=words,
            page=words.page,
            languages=tuple(Language),
            names={language: words_of(language).language_name for language in Language},
            **values,
        )

    def of_service(self, report: OperationReport, words: Words, *, hears: bool) -> str:
        return self.render("service.html", words, report=report, hears=hears)
