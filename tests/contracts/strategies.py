"""Any event that a writer could write, made from the models themselves."""

import types
from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin

from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo

from contracts import Event, EventData
from contracts.events import EVENTS

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
ids = st.from_regex(_UUID, fullmatch=True)
moments = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
areas = st.sampled_from(["", "32", "32.03", "32.03.02", "32.03.02.2002"])


@cache
def models_of(model: type[BaseModel]) -> st.SearchStrategy[BaseModel]:
    fields = {name: _values_of_field(field) for name, field in model.model_fields.items()}
    return st.builds(model, **fields)


@st.composite
def events(draw: Callable[..., Any], model: type[EventData] | None = None) -> Event[EventData]:
    data = draw(models_of(model or draw(st.sampled_from(EVENTS))))
    return Event.of(
        data,
        id=draw(ids),
        source=draw(st.sampled_from(["/districts/32.03/referral", "/agencies/cianjur-education"])),
        subject=draw(ids),
        time=draw(moments),
        sequence=draw(st.integers(min_value=1, max_value=2**31 - 1)),
        area=draw(areas),
        correlationid=draw(ids),
        causationid=draw(st.none() | ids),
        traceparent=draw(st.none() | st.from_regex(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", fullmatch=True)),
    )


def _values_of_field(field: FieldInfo) -> st.SearchStrategy[Any]:
    return _values_of(field.annotation, field.metadata)


def _values_of(annotation: Any, constraints: list[Any]) -> st.SearchStrategy[Any]:  # noqa: PLR0911 - one line a kind
    if hasattr(annotation, "__metadata__"):
        return _values_of(get_args(annotation)[0], [*constraints, *annotation.__metadata__])
    if get_origin(annotation) in {Union, types.UnionType}:
        return st.one_of([_values_of(option, constraints) for option in get_args(annotation)])
    if annotation is types.NoneType:
        return st.none()
    if get_origin(annotation) is tuple:
        return st.lists(_values_of(get_args(annotation)[0], []), max_size=2).map(tuple)
    if issubclass(annotation, Enum):
        return st.sampled_from(annotation)
    if issubclass(annotation, BaseModel):
        return models_of(annotation)
    if annotation is bool:
        return st.booleans()
    if annotation is int:
        lowest = next((c.ge for c in constraints if getattr(c, "ge", None) is not None), None)
        highest = next((c.le for c in constraints if getattr(c, "le", None) is not None), None)
        return st.integers(min_value=lowest, max_value=highest)
    if annotation is AwareDatetime:
        return moments
    if annotation is date:
        return st.dates()
    if annotation is str:
        pattern = next(c.pattern for c in constraints if getattr(c, "pattern", None))
        return st.from_regex(pattern, fullmatch=True, alphabet=st.characters(codec="ascii"))
    raise AssertionError(f"no values known for {annotation}: teach this module")
