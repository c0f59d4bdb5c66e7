"""Programmes, and how a family's needs are matched to them. Rules are data: dated, with a source,
explained.
"""

from datetime import date

from pydantic import Field

from contracts.events import CriterionReason, FamilyProfile, ProgrammeMatch
from contracts.fields import Code
from contracts.vocabulary import Circumstance, CriterionMet, Track, Verdict
from services.referral.domain.criteria import Criterion, Explanation
from services.referral.domain.errors import UnknownProgramme
from services.referral.domain.value import Value


class Programme(Value):
    """One programme as its rule stands from `valid_from` until the next entry of the same code."""

    code: Code
    name: str
    valid_from: date
    source: str
    verified: bool
    """False: a threshold follows practice, not a regulation; a screen must say so."""
    track: Track
    referral_when: tuple[Circumstance, ...] = ()
    """Circumstances in which a programme otherwise proposed goes to an agency (a PBI-JK reactivation)."""
    criteria: tuple[Criterion, ...] = Field(min_length=1)

    def match(self, family: FamilyProfile | None) -> ProgrammeMatch:
        """Likely when every criterion is met, unlikely when one is not, else unknown: verdicts, not
        promises.
        """
        reasons = tuple(criterion.judge(family) for criterion in self.criteria)
        met = {reason.met for reason in reasons}
        if CriterionMet.NO in met:
            verdict = Verdict.UNLIKELY
        elif CriterionMet.UNKNOWN in met:
            verdict = Verdict.UNKNOWN
        else:
            verdict = Verdict.LIKELY
        return ProgrammeMatch(programme=self.code, verdict=verdict, track=self._track_for(family), reasons=reasons)

    def _track_for(self, family: FamilyProfile | None) -> Track:
        if family is not None and set(self.referral_when) & set(family.circumstances):
            return Track.REFERRAL
        return self.track


class Catalogue(Value):
    """The programmes in force on one day, each once."""

    programmes: tuple[Programme, ...]

    @classmethod
    def on(cls, day: date, entries: tuple[Programme, ...]) -> "Catalogue":
        in_force: dict[str, Programme] = {}
        for entry in sorted(entries, key=lambda entry: entry.valid_from):
            if entry.valid_from <= day:
                in_force[entry.code] = entry
        return cls(programmes=tuple(in_force.values()))

    def programme(self, code: str) -> Programme:
        """Raises UnknownProgramme."""
        for programme in self.programmes:
            if programme.code == code:
                return programme
        raise UnknownProgramme(code, (programme.code for programme in self.programmes))

    def match(self, needs: tuple[str, ...], family: FamilyProfile | None) -> tuple[ProgrammeMatch, ...]:
        """A match for every need in the order asked, then for programmes nobody asked for that are likely.

        Families rarely know what they may get: leaving out the unasked would repeat the exclusion this exists
        to end. A need that is no programme in force is matched as unknown: the case needs a person all the more.
        """
        in_force = {programme.code: programme for programme in self.programmes}
        asked = tuple(
            in_force[need].match(family) if need in in_force else _not_in_catalogue(need)
            for need in dict.fromkeys(needs)
        )
        unasked = tuple(programme.match(family) for programme in self.programmes if programme.code not in needs)
        return asked + tuple(match for match in unasked if match.verdict is Verdict.LIKELY)


def _not_in_catalogue(need: str) -> ProgrammeMatch:
    """What a district helps with outside the national programmes is got by referral (domain.md section 7)."""
    reason = CriterionReason(
        criterion="programme", met=CriterionMet.UNKNOWN, explanation=Explanation.PROGRAMME_NOT_IN_CATALOGUE.value
    )
    return ProgrammeMatch(programme=need, verdict=Verdict.UNKNOWN, track=Track.REFERRAL, reasons=(reason,))
