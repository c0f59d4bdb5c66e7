"""What the figures' page is asked for: an area, a period, and perhaps only one kind, sector or programme."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chassis.area import AREA_PATTERN, Scope
from chassis.pages import lazy as _
from services.reporting.domain.periods import MONTHS_BY_DEFAULT, Period, last_months, period_of
from services.reporting.pages.words import KINDS, SECTORS
from services.reporting.queries import By, Only, reads_above_district

BETWEEN = "between"
Typed = Annotated[str, StringConstraints(max_length=80)]
_EARLIEST, _LATEST = date(2000, 1, 1), date(2999, 12, 31)
_CODE = re.compile(r"[a-z0-9_-]{1,64}", re.ASCII)

NO_SUCH_PERIOD = _("Choose a period from the list.")
NO_SUCH_DAY = _("Write both days as year-month-day, such as 2026-08-03.")
UPSIDE_DOWN = _("The period ends before it begins. Swap the two days.")
NO_WHOLE_MONTHS = _(
    "Above the district figures are told for whole months: ask from the first day of a month to the last day of one."
)
NO_SUCH_CHOICE = _("Choose a kind, a sector or a programme from the list.")


@dataclass(frozen=True)
class Asked:
    """`period_code` is as chosen: empty for the last twelve months, `between` for days."""

    area: str
    period: Period
    period_code: str = ""
    only: Only | None = None
    faults: Mapping[str, str] = field(default_factory=dict)
    """Field -> what is wrong with what was chosen; then the period is the one by default."""

    def query(self, **changed: str) -> str:
        """As the query of an address, with some of it changed."""
        fields = {"area": self.area, "period": self.period_code}
        if self.period_code == BETWEEN:
            fields |= {"from": self.period.start.isoformat(), "to": self.period.end.isoformat()}
        if self.only is not None:
            fields["only"] = f"{self.only.by.value}:{self.only.value}"
        return urlencode({name: value for name, value in (fields | changed).items() if value})

    def cases_query(self, **more: str) -> str:
        """The cases behind these figures, as the query of an address."""
        fields = {"area": self.area, "from": self.period.start.isoformat(), "to": self.period.end.isoformat()}
        if self.only is not None:
            fields[self.only.by.value] = self.only.value
        return urlencode({name: value for name, value in (fields | more).items() if value})


class Choices(BaseModel):
    """What a reader chose in the form, as typed. An empty area is the reader's own."""

    model_config = ConfigDict(frozen=True)

    area: str = Field(default="", pattern=AREA_PATTERN)
    period: Typed = ""
    from_: Typed = Field(default="", alias="from")
    to: Typed = ""
    only: Typed = ""
    excel: Typed = ""


def asked(scope: Scope, area: str, today: date, chosen: Choices) -> Asked:
    """What was chosen, as far as it can be: `faults` says what cannot."""
    faults: dict[str, str] = {}
    code = chosen.period
    by_default = last_months(today, MONTHS_BY_DEFAULT)
    period = by_default
    if code == BETWEEN:
        period = _between(scope, chosen, faults) or by_default
    elif code:
        named = period_of(code)
        if named is None or not _EARLIEST <= named.start <= _LATEST:
            faults["period"] = NO_SUCH_PERIOD
        else:
            period = named
    only = _only(chosen.only, faults)
    return Asked(area, period, "" if "period" in faults or "from" in faults else code, only, faults)


def _between(scope: Scope, chosen: Choices, faults: dict[str, str]) -> Period | None:
    try:
        period = Period(date.fromisoformat(chosen.from_), date.fromisoformat(chosen.to))
    except ValueError:
        faults["from"] = NO_SUCH_DAY
        return None
    if not _EARLIEST <= period.start <= _LATEST or not _EARLIEST <= period.end <= _LATEST:
        faults["from"] = NO_SUCH_DAY
    elif period.end < period.start:
        faults["from"] = UPSIDE_DOWN
    elif reads_above_district(scope) and period.whole_months is None:
        faults["from"] = NO_WHOLE_MONTHS
    return None if "from" in faults else period


def _only(chosen: str, faults: dict[str, str]) -> Only | None:
    if not chosen:
        return None
    by, _colon, value = chosen.partition(":")
    known = {By.KIND.value: KINDS, By.SECTOR.value: SECTORS}
    if (by in known and value in known[by]) or (by == By.PROGRAMME.value and _CODE.fullmatch(value)):
        return Only(By(by), value)
    faults["only"] = NO_SUCH_CHOICE
    return None
