"""Matches of a family's needs to programmes, explained in words."""

from pydantic import BaseModel, Field

from contracts.events import CriterionReason, ProgrammeMatch
from contracts.vocabulary import CriterionMet, Track, Verdict
from services.referral.explanations import Explanations, Language


class ReasonView(BaseModel):
    """One criterion, and why it is met or not."""

    criterion: str = Field(examples=["decile"])
    criterion_text: str = Field(examples=["Peringkat kesejahteraan (desil)"])
    met: CriterionMet
    explanation: str = Field(examples=["decile_within_limit"])
    text: str = Field(examples=["Desil keluarga memenuhi batas program."])

    @classmethod
    def of(cls, reason: CriterionReason, explanations: Explanations, language: Language) -> "ReasonView":
        return cls(
            criterion=reason.criterion,
            criterion_text=explanations.criterion(reason.criterion, language),
            met=reason.met,
            explanation=reason.explanation,
            text=explanations.explanation(reason.explanation, language),
        )


class MatchView(BaseModel):
    """A programme the family asked for, or likely gets without having asked. A verdict is not a promise."""

    programme: str = Field(examples=["pkh"])
    verdict: Verdict
    track: Track = Field(description="How it is got: an agency is asked, or it is proposed for a period")
    reasons: tuple[ReasonView, ...]

    @classmethod
    def of(cls, match: ProgrammeMatch, explanations: Explanations, language: Language) -> "MatchView":
        return cls(
            programme=match.programme,
            verdict=match.verdict,
            track=match.track,
            reasons=tuple(ReasonView.of(reason, explanations, language) for reason in match.reasons),
        )
