"""Making out a letter: when somebody who may first asks for it, once for each referral."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from chassis.area import Scope, district_of
from chassis.http.problems import Problem
from chassis.regions import KemendagriRegions
from chassis.store import AlreadyExists, Store, UnitOfWork
from contracts.events import ProgrammeMatch
from services.referral.domain.errors import UnknownProgramme
from services.referral.domain.programmes import Programme
from services.referral.domain.rules import DistrictRules
from services.referral.explanations import Explanations, Language
from services.referral.letters.letter import CODE_BYTES, Letter, LetterReason, LetterState, code_of, state_of
from services.referral.letters.store import LETTER_COUNTERS, LETTERS, LetterCounter, StoredLetter
from services.referral.reference import Reference
from services.referral.store import HANDLINGS, DeedKind, StoredHandling, StoredReferral


@dataclass(frozen=True)
class Chancery:
    """What a district needs to make out letters."""

    store: Store
    reference: Reference
    explanations: Explanations
    regions: KemendagriRegions
    public_url: str
    """Where people reach this service: printed on the letter."""

    async def letter_of(self, copy: StoredReferral) -> StoredLetter:
        """The letter of a referral, made out now if it never was.

        For a referral that the caller has found within their own area: the serial is the district's. Raises Problem
        409 for one that was withdrawn before a letter was made out.
        """
        district = Scope(district_of(copy.area))
        found = await self.store.reading(district, LETTERS).find(copy.id)
        if found is not None:
            return found
        if state_of(copy.status, open_=copy.open) is LetterState.WITHDRAWN:
            raise Problem(
                409,
                "no-letter",
                "This referral was withdrawn before a letter was made out. Nothing has to be done with it.",
            )

        async def deed(unit: UnitOfWork) -> StoredLetter:
            return await self._make_out(unit, copy)

        try:
            return await self.store.transact(district, deed)
        except AlreadyExists:
            # Asked for twice at once: whoever was second reads what the first made out.
            return await self.store.reading(district, LETTERS).get(copy.id)

    async def seal(self, letter: StoredLetter, pdf_hash: str) -> StoredLetter:
        """Note the hash of a letter's first setting; the first one stays."""

        async def deed(unit: UnitOfWork) -> StoredLetter:
            stored = await unit.of(LETTERS).get(letter.id)
            if stored.pdf_hash is not None:
                return stored
            return await unit.of(LETTERS).save(stored.model_copy(update={"pdf_hash": pdf_hash}))

        return await self.store.transact(Scope(letter.area), deed)

    async def _make_out(self, unit: UnitOfWork, copy: StoredReferral) -> StoredLetter:
        stored = await unit.of(HANDLINGS).get(copy.case_id)
        rules = self.reference.rules_at(copy.area, unit.now)
        serial = await _next_serial(unit, rules)
        code = code_of(secrets.token_bytes(CODE_BYTES))
        programme = _programme(rules, copy.referral.programme)
        match = next((one for one in stored.handling.matches if one.programme == copy.referral.programme), None)
        agency = rules.directory.agency(copy.agency)
        district = unit.scope.area
        letter = Letter(
            number=f"{district}/{rules.calendar.local_day(unit.now).year}/{serial:06d}",
            made_out_at=unit.now,
            zone=rules.calendar.zone,
            regency=self.regions.name(district) or district,
            village=village_in_words(copy.area, self.regions),
            agency=agency.name if agency else copy.agency,
            programme=programme.name if programme else copy.referral.programme,
            case_number=copy.case_number,
            reasons=self._reasons(match),
            thresholds_verified=programme.verified if programme else True,
            issued_at=copy.referral.issued_at,
            due_at=copy.referral.due_at,
            decided_at=max(_decisions_before(stored, copy), default=copy.referral.issued_at),
            code=code,
            confirmed_at=f"{self.public_url.rstrip('/')}/letters/{code}",
        )
        return await unit.of(LETTERS).add(StoredLetter(id=copy.id, area=district, letter=letter))

    def _reasons(self, match: ProgrammeMatch | None) -> tuple[LetterReason, ...]:
        return tuple(
            LetterReason(
                criterion=self.explanations.criterion(reason.criterion, Language.ID),
                explanation=self.explanations.explanation(reason.explanation, Language.ID),
            )
            for reason in (match.reasons if match else ())
        )


def village_in_words(area: str, regions: KemendagriRegions) -> str:
    """Desa Jambudipa, Kecamatan Warungkondang; the code where the list has no name."""
    village, sub_district = regions.name(area), regions.name(area.rpartition(".")[0])
    if village is None or sub_district is None:
        return area
    # Kemendagri codes: a village's last part begins with 1 for a kelurahan, with 2 for a desa.
    kind = "Kelurahan" if area.rpartition(".")[2].startswith("1") else "Desa"
    return f"{kind} {village}, Kecamatan {sub_district}"


def _programme(rules: DistrictRules, code: str) -> Programme | None:
    try:
        return rules.catalogue.programme(code)
    except UnknownProgramme:
        return None


def _decisions_before(stored: StoredHandling, copy: StoredReferral) -> list[datetime]:
    return [
        deed.at
        for deed in stored.history
        if deed.what is DeedKind.DECISION_APPROVED and deed.at <= copy.referral.issued_at
    ]


async def _next_serial(unit: UnitOfWork, rules: DistrictRules) -> int:
    district = unit.scope.area
    key = f"{district}-{rules.calendar.local_day(unit.now).year}"
    counters = unit.of(LETTER_COUNTERS)
    counter = await counters.find(key)
    if counter is None:
        counter = await counters.add(LetterCounter(id=key, area=district, serial=1))
    else:
        counter = await counters.save(counter.model_copy(update={"serial": counter.serial + 1}))
    return counter.serial
