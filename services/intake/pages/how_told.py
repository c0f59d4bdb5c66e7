"""How a citizen wants to be told, as the forms of the window and of their own page ask it."""

from lokal import normalize_phone

from chassis.pages import Form
from chassis.pages import lazy as _
from contracts.vocabulary import MessageChannel
from services.intake.domain.consent import NoLegalBasis, Purpose, basis_for
from services.intake.domain.people import TRIED_OTHERWISE, Contact, Language
from services.intake.pages.house import House
from services.intake.store import StoredPerson

YES, NO = "yes", "no"
NO_MESSAGES = "none"
ONLY = "only"
"""No other way than the first."""
SECOND, THIRD = "second", "third"
ORDER = ("first", SECOND, THIRD)
CHOOSE_FIRST = _("Choose the way to try first.")
ONCE_EACH = _("Choose each way once.")
PHONE = _("Write a telephone number such as 0812 3456 7890.")
NO_CONSENT = _("Ask whether we may write, and say how the citizen agreed; or choose no messages.")
EMAIL = _("Write an e-mail address such as name@example.id.")


def channels_in(form: Form, names: tuple[str, ...] = ORDER) -> tuple[MessageChannel, ...]:
    """The channels chosen in these fields, in their order; what is wrong is said in the form."""
    chosen: list[MessageChannel] = []
    for name in names:
        typed = form.text(name)
        if typed not in TRIED_OTHERWISE:
            if name == ORDER[0]:
                form.refuse(name, CHOOSE_FIRST)
            continue
        if (channel := MessageChannel(typed)) in chosen:
            form.refuse(name, ONCE_EACH)
        else:
            chosen.append(channel)
    return tuple(chosen)


def phone_in(form: Form, channels: tuple[MessageChannel, ...]) -> str | None:
    """The telephone number in international form; refused in the form when it is none, or one is needed."""
    typed = form.text("phone")
    phone = normalize_phone(typed) if typed else None
    needed = MessageChannel.SMS in channels or MessageChannel.WHATSAPP in channels
    if (typed or needed) and phone is None:
        form.refuse("phone", PHONE)
    return phone


def email_in(form: Form, channels: tuple[MessageChannel, ...]) -> str | None:
    """The e-mail address; refused in the form when one is needed and there is none."""
    if MessageChannel.EMAIL in channels and not form.text("email"):
        form.refuse("email", EMAIL)
    return form.text("email") or None


def language_in(form: Form) -> Language:
    return Language.ENGLISH if form.text("language") == Language.ENGLISH else Language.INDONESIAN


def reachable(contact: Contact) -> tuple[MessageChannel, ...]:
    """Every channel there is an address for, the citizen's own order first."""
    all_there_are = contact.but(otherwise=None).channels
    return (*contact.channels, *(channel for channel in all_there_are if channel not in contact.channels))


def has_agreed(house: House, person: StoredPerson) -> bool:
    """Whether messages to the person rest on an agreement that is in force, or on another basis."""
    try:
        basis_for(Purpose.NOTIFY, person.id, person.bases, house.store.clock.now())
    except NoLegalBasis:
        return False
    return True
