"""The types of single values on the wire: ids, codes, areas, times, and the mark of personal data.

Every text field has a shape (a pattern, a format or an enumeration): free text never travels in an event, and
`python -m contracts check` refuses a field that could carry it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    GetJsonSchemaHandler,
    StringConstraints,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

PERSONAL_DATA_KEYWORD = "x-personal-data"


class PersonalDataClass(StrEnum):
    """What a field says about a person. Only `pseudonym` may ever be in an event."""

    NOTHING = "nothing"  # its name sounds like it, its content is not
    PSEUDONYM = "pseudonym"  # leads to a person or a family only through its owner's key
    CONTACT = "contact"
    IDENTITY = "identity"
    FREE_TEXT = "free_text"


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Marks a field: `Annotated[str, PersonalData(PersonalDataClass.PSEUDONYM)]`."""

    kind: PersonalDataClass

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The mark travels in the schema, where readers and the check can see it."""
        return {**handler(schema), PERSONAL_DATA_KEYWORD: self.kind.value}


def _to_utc_milliseconds(moment: datetime) -> datetime:
    """UTC, cut to the millisecond, all that MongoDB keeps: finer times would differ after a visit there."""
    utc = moment.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


UtcTime = Annotated[AwareDatetime, AfterValidator(_to_utc_milliseconds)]
"""A moment; any offset is accepted and becomes UTC; a time without an offset is refused."""

Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
"""A UUID in lower case (ids are compared as text). Ours are UUIDv7, so that they sort by time."""

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
"""A word of an open catalogue: programme, agency, criterion, explanation, clock, template, answer."""

Area = Annotated[str, StringConstraints(pattern=r"^([0-9]{2}([.][0-9]{2}([.][0-9]{2}([.][0-9]{4})?)?)?)?$")]
"""Kemendagri code: village 32.03.02.2002, sub-district 32.03.02, district 32.03, province 32, country ""."""

Source = Annotated[str, StringConstraints(pattern=r"^(/[a-z0-9][a-z0-9.-]{0,63}){2,4}$")]
"""Who says it: /districts/32.03/referral, /agencies/cianjur-education."""

CaseNumber = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9A-Z][0-9A-Z./-]{5,39}$"),
    PersonalData(PersonalDataClass.PSEUDONYM),
]
"""What a citizen reads over the phone; intake makes and checks it."""

RegistryPeriod = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-Q[1-4]$")]
"""The quarter of the registry's refresh: 2026-Q3."""

ProposalPeriod = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(Q[1-4]|0[1-9]|1[0-2])$")]
"""The month or quarter a proposal is batched in: 2026-12, 2027-Q1."""

EventType = Annotated[str, StringConstraints(pattern=r"^puskesos([.][a-z][a-z0-9_-]{0,63}){1,6}[.]v[1-9][0-9]{0,3}$")]
"""puskesos.<topic>.v<major>; partner topics without the agency: puskesos.partner.referral.issued.v1."""

FamilyKey = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,64}$"),
    PersonalData(PersonalDataClass.PSEUDONYM),
]
"""Names a family to the district without saying who it is; only intake can turn it back."""


class Closed(BaseModel):
    """A part of an event: immutable, and closed for whoever writes it.

    `decode` reads the same models open: fields of a newer minor are ignored.
    Inputs stay out of error messages, because those end in logs.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        json_schema_serialization_defaults_required=True,  # a writer writes every field, null included
    )
