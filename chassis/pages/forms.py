"""What a person typed into a form: read once, checked, and shown again as it was typed when it is not accepted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from chassis.http.problems import Problem
from chassis.pages.catalogue import lazy as _

M = TypeVar("M", bound=BaseModel)

MOST_FIELDS = 500
REASONS: Mapping[str, str] = {
    "missing": _("Fill this in."),
    "string_too_short": _("Fill this in."),
    "string_too_long": _("This is too long."),
    "string_pattern_mismatch": _("This is not written as it should be."),
    "enum": _("Choose one of those listed."),
    "literal_error": _("Choose one of those listed."),
    "int_parsing": _("Write a whole number."),
    "int_from_float": _("Write a whole number."),
    "float_parsing": _("Write a number."),
    "bool_parsing": _("Choose yes or no."),
    "date_from_datetime_parsing": _("Write a day as year-month-day, such as 2026-08-03."),
    "date_parsing": _("Write a day as year-month-day, such as 2026-08-03."),
    "datetime_from_date_parsing": _("Write a day as year-month-day, such as 2026-08-03."),
    "greater_than_equal": _("This number is too small."),
    "greater_than": _("This number is too small."),
    "less_than_equal": _("This number is too large."),
    "less_than": _("This number is too large."),
    "too_short": _("Choose at least one."),
    "uuid_parsing": _("This is not written as it should be."),
}
OTHERWISE = _("This was not accepted. Look at it once more.")


class WrongInput(Exception):
    """What was typed cannot be taken: show the page again with status 422 and this form, which says why."""


@dataclass
class Form:
    """Field by field what was typed, and why a field was refused. `posted` is false for a page first shown."""

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    posted: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    """Field -> text, in the order the summary shows them; "" is the form as a whole."""

    @classmethod
    async def read(cls, request: Request) -> "Form":
        """The posted fields, trimmed; files are left to the route."""
        posted = await request.form(max_fields=MOST_FIELDS)
        values: dict[str, list[str]] = {}
        for name, value in posted.multi_items():
            if isinstance(value, str):
                values.setdefault(name, []).append(value.strip())
        form = cls(values, posted=True)
        request.state.posted = form  # for the page that says why nothing came of it
        return form

    def text(self, name: str, default: str = "") -> str:
        """One field's text; `default` when it was not sent."""
        return (self.values.get(name) or [default])[0]

    def texts(self, name: str) -> tuple[str, ...]:
        """All texts sent under one name, without empty ones."""
        return tuple(value for value in self.values.get(name, ()) if value)

    def refuse(self, name: str, reason: str) -> None:
        """Say why a field is not accepted, in a text marked by `lazy`; only the first reason of a field counts."""
        self.errors.setdefault(name, reason)

    def into(self, model: type[M], *, several: Iterable[str] = ()) -> M:
        """The fields as a model; empty ones as not sent. `several` are the fields that may have many values.

        Raises WrongInput with this form's errors filled.
        """
        many = set(several)
        given: dict[str, object] = {
            name: list(self.texts(name)) if name in many else self.text(name)
            for name in self.values
            if name in many or self.text(name)
        }
        try:
            return model.model_validate(given)
        except ValidationError as invalid:
            for error in invalid.errors(include_input=False, include_url=False, include_context=False):
                name = str(error["loc"][0]) if error["loc"] else ""
                self.refuse(name, REASONS.get(error["type"], OTHERWISE))
            raise WrongInput from None

    def take(self, problem: Problem) -> None:
        """Show a command's refusal in this form: at the fields it names, else for the form as a whole."""
        for fault in problem.errors:
            self.refuse(fault.field.rsplit(".", maxsplit=1)[-1], fault.message)
        if not problem.errors:
            self.refuse("", problem.detail)

    def check(self) -> None:
        """Raise WrongInput when anything was refused."""
        if self.errors:
            raise WrongInput
