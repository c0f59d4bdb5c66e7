"""Filling the page on which a case is recorded: room for members, and what is known here already."""

from chassis.pages import Form
from services.intake.domain.people import Contact
from services.intake.pages.how_told import NO_MESSAGES, ONLY, SECOND, THIRD
from services.intake.searching import KnownFamily
from services.intake.told import MOST_MEMBERS

ROWS_AT_FIRST = 3
"""The person who came, and two more."""
NOT_LISTED, LISTED = "not_listed", "listed"
"""What the page says of the registry where there is no decile."""


def row_count(form: Form) -> int:
    """How many members the page has room for."""
    typed = form.text("rows")
    asked = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else ROWS_AT_FIRST
    return max(ROWS_AT_FIRST, min(asked, MOST_MEMBERS))


def with_values(form: Form, **changed: str | list[str]) -> Form:
    """The form as if this had been typed too."""
    values = {name: [text] if isinstance(text, str) else text for name, text in changed.items()}
    return Form({**form.values, **values}, posted=True)


def with_known(form: Form, known: KnownFamily) -> Form:
    """The form with what is known here of the person and the family; the person who came is the first."""
    people = [known.person, *(one for one in known.members if one.id != known.person.id)][:MOST_MEMBERS]
    values: dict[str, str | list[str]] = {"rows": str(max(len(people), row_count(form)))}
    for place, one in enumerate(people):
        person = one.person
        values |= {
            f"m{place}_id": one.id,
            f"m{place}_nik": person.nik or "",
            f"m{place}_absence": person.nik_absence or "",
            f"m{place}_name": person.name,
            f"m{place}_born": f"{person.born:%d-%m-%Y}" if person.born else "",
            f"m{place}_sex": person.sex or "",
            f"m{place}_relation": person.relation or "",
            f"m{place}_conditions": list(person.conditions),
        }
    registry = known.family.registry
    values |= {
        "card": known.family.card or "",
        "registry": str(registry.decile) if registry.decile else LISTED if registry.listed else NOT_LISTED,
        "circumstances": list(known.family.circumstances),
    }
    contact = known.person.person.contact
    if contact is not None:
        values |= {
            "tell_by": contact.preferred if known.person.person.wants_messages else NO_MESSAGES,
            **_order(contact),
            "phone": contact.phone or "",
            "email": contact.email or "",
            "language": contact.language,
        }
    return with_values(form, **values)


def _order(contact: Contact) -> dict[str, str | list[str]]:
    if contact.otherwise is None:
        return {SECOND: "", THIRD: ""}
    second, third, *_ = (*contact.otherwise, "", "")
    return {SECOND: second or ONLY, THIRD: third}
