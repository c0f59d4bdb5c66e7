"""The page on which a case is recorded: from what was typed to what the command is told."""

from dataclasses import dataclass, field
from datetime import date

from pydantic import ValidationError

from chassis.pages import Form, WrongInput
from contracts.vocabulary import ComplaintKind, IntakeChannel, SubjectKind
from services.intake.commands.desk import Desk
from services.intake.documents import missing
from services.intake.domain.consent import LegalBasis, Purpose
from services.intake.domain.nik import ImpossibleNik, NikAbsence
from services.intake.domain.people import Contact, RegistryEntry
from services.intake.pages.filling import NOT_LISTED, row_count
from services.intake.pages.how_told import (
    NO_CONSENT,
    NO_MESSAGES,
    ONLY,
    SECOND,
    THIRD,
    channels_in,
    email_in,
    phone_in,
)
from services.intake.pages.recording_reasons import (
    FUTURE_DAY,
    NIK_OR_WHY,
    NO_PROGRAMME,
    NO_SUCH_DAY,
    NOBODY,
    OTHERWISE,
    REASONS,
    WRONG_DAY,
)
from services.intake.pages.refusals import NIK_FAULTS
from services.intake.pages.written_day import NoSuchDay, NotADay, written_day
from services.intake.told import FamilyFacts, ToldBasis, ToldComplaint, ToldFamily, ToldMember

MEMBER_FIELDS = ("nik", "absence", "name", "born", "sex", "relation", "conditions")
SAYS_SOMEBODY = ("nik", "name", "born")
DECILES = tuple(str(decile) for decile in range(1, 11))
CONTACT_FIELDS = ("tell_by", SECOND, THIRD, "phone", "email", "consent")


@dataclass
class Reading:
    """Reads the form, and says everything that is wrong with it at once: who corrects one thing after the other keeps
    the citizen waiting. `may_notify`: the person who came is known to have agreed to messages.
    """

    form: Form
    desk: Desk
    area: str
    today: date
    may_notify: bool
    places: list[int] = field(default_factory=list)
    """Row on the page of each member told of, in their order."""

    @property
    def wants_messages(self) -> bool | None:
        """None where nothing was said: the page begins with no messages, and shows what was agreed to before only for
        a person who was looked up."""
        if self.form.text("tell_by") not in ("", NO_MESSAGES):
            return True
        return False if self.form.text("m0_id") else None

    def told(self) -> ToldComplaint:
        """What the form says. Raises WrongInput with the reason at each field."""
        members = self._members()
        about_people = self.form.text("subject_kind") in (SubjectKind.FAMILY, SubjectKind.PERSON)
        if about_people and (not self.places or self.places[0] != 0):
            self.form.refuse("m0_name", NOBODY)
        family = self._family(members)
        needs = self.form.texts("needs")
        if self.form.text("kind") == ComplaintKind.PARTICIPATION and not needs:
            self.form.refuse("needs", NO_PROGRAMME)
        urgent = self.form.text("fast_track") == "yes"
        if urgent and not self.form.text("fast_track_cause"):
            self.form.refuse("fast_track_cause", REASONS["fast_track_cause"])
        try:
            told = ToldComplaint.model_validate(
                {
                    "case_id": self.form.text("case_id"),
                    "area": self.area,
                    "kind": self.form.text("kind"),
                    "sector": self.form.text("sector"),
                    "subject_kind": self.form.text("subject_kind"),
                    "needs": needs,
                    "channel": self.form.text("channel") or IntakeChannel.DESK,
                    "fast_track": urgent,
                    "fast_track_cause": self.form.text("fast_track_cause") or None if urgent else None,
                    "story": self.form.text("story"),
                    "missing_documents": missing(needs, self.form.texts("brought")),
                    "family": family,
                    "reporter": 0 if members and self.places[0] == 0 else None,
                }
            )
        except ValidationError as invalid:
            self._refuse_all(invalid)
            raise WrongInput from None
        self.form.check()
        return told

    def _members(self) -> list[ToldMember]:
        members: list[ToldMember] = []
        for row in range(row_count(self.form)):
            if not any(self.form.text(f"m{row}_{name}") for name in SAYS_SOMEBODY):
                continue
            nik = self.form.text(f"m{row}_nik") or None
            absence = self.form.text(f"m{row}_absence") or None
            if nik is not None:
                self._check_nik(f"m{row}_nik", nik)
            elif absence is None:
                self.form.refuse(f"m{row}_nik", NIK_OR_WHY)
            said = {
                "person_id": self.form.text(f"m{row}_id") or None,
                "name": self.form.text(f"m{row}_name"),
                "nik": nik,
                "nik_absence": None if nik else absence or NikAbsence.NOT_AT_HAND,
                "born": self._day(f"m{row}_born"),
                "sex": self.form.text(f"m{row}_sex") or None,
                "relation": self.form.text(f"m{row}_relation") or None,
                "conditions": self.form.texts(f"m{row}_conditions"),
                "contact": self._contact() if row == 0 else None,
            }
            try:
                members.append(ToldMember.model_validate(said))
            except ValidationError as invalid:
                self._refuse_all(invalid, before=f"m{row}_")
            self.places.append(row)
        return members

    def _check_nik(self, name: str, nik: str) -> None:
        try:
            self.desk.nik(nik, self.today)
        except ImpossibleNik as impossible:
            self.form.refuse(name, NIK_FAULTS[impossible.fault])

    def _family(self, members: list[ToldMember]) -> ToldFamily | None:
        """The family, if anybody of it is named; what is said of it is looked at in any case."""
        shape = ToldFamily if members else FamilyFacts
        said = self.form.text("registry") or NOT_LISTED
        try:
            family = shape(
                card=_digits(self.form.text("card")) or None,
                members=tuple(members),
                registry=RegistryEntry(
                    listed=said != NOT_LISTED,
                    decile=int(said) if said in DECILES else None,
                    period=f"{self.today.year}-Q{(self.today.month + 2) // 3}",
                ),
                circumstances=self.form.texts("circumstances"),
                legal_bases=self._bases(members),
            )
        except ValidationError as invalid:
            self._refuse_all(invalid)
            return None
        return family if isinstance(family, ToldFamily) else None

    def _bases(self, members: list[ToldMember]) -> tuple[ToldBasis, ...]:
        proof = self.form.text("consent")
        if not members or members[0].contact is None or not proof:
            return ()
        said = {"member": 0, "purpose": Purpose.NOTIFY, "basis": LegalBasis.CONSENT, "proof": proof}
        return (ToldBasis.model_validate(said),)

    def _contact(self) -> Contact | None:
        if not self.wants_messages:
            return None
        only = self.form.text(SECOND) == ONLY
        channels = channels_in(self.form, ("tell_by",) if only else ("tell_by", SECOND, THIRD))
        phone, email = phone_in(self.form, channels), email_in(self.form, channels)
        if not self.form.text("consent") and not self.may_notify:
            self.form.refuse("consent", NO_CONSENT)
        if any(name in self.form.errors for name in CONTACT_FIELDS):
            return None
        try:
            return Contact.model_validate(
                {
                    "preferred": self.form.text("tell_by"),
                    # Not asked for an order: whatever else there is an address for.
                    "otherwise": channels[1:] if only or len(channels) > 1 else None,
                    "phone": phone,
                    "email": email,
                    "language": self.form.text("language") or "id",
                }
            )
        except ValidationError as invalid:
            self._refuse_all(invalid)
            return None

    def _day(self, name: str) -> date | None:
        typed = self.form.text(name)
        if not typed:
            return None
        try:
            day = written_day(typed)
        except NotADay:
            self.form.refuse(name, WRONG_DAY)
        except NoSuchDay:
            self.form.refuse(name, NO_SUCH_DAY)
        else:
            if day <= self.today:
                return day
            self.form.refuse(name, FUTURE_DAY)
        return None

    def _refuse_all(self, invalid: ValidationError, before: str = "") -> None:
        for error in invalid.errors(include_input=False, include_url=False, include_context=False):
            name = next((str(part) for part in reversed(error["loc"]) if isinstance(part, str)), "")
            shown = before + name if before and name in MEMBER_FIELDS else name
            self.form.refuse(shown, REASONS.get(name, OTHERWISE))


def _digits(typed: str) -> str:
    return "".join(one for one in typed if one not in " .-")
