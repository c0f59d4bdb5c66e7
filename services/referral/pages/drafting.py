"""Drafting a recommendation: which choices a programme leaves, and what was chosen."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from chassis.pages import Form
from chassis.pages import lazy as _
from contracts.events import NeedDecision, ProgrammeMatch
from contracts.vocabulary import DecisionKind, Track, Verdict
from services.referral.domain.handling import Handling
from services.referral.domain.reasons import RefusalReason
from services.referral.domain.rules import DistrictRules

BY_TRACK = {Track.REFERRAL: DecisionKind.REFER, Track.PROPOSAL: DecisionKind.PROPOSE}


@dataclass(frozen=True)
class Choice:
    """One programme of the form. `asked`: the citizen asked for it, so it has to be decided on."""

    match: ProgrammeMatch
    asked: bool
    possible: tuple[DecisionKind, ...]
    suggested: DecisionKind | None
    """What the draft said that was returned; else the way to what the family likely gets."""
    suggested_reason: str | None = None

    @property
    def programme(self) -> str:
        return self.match.programme

    @property
    def decision_field(self) -> str:
        return f"decision-{self.programme}"

    @property
    def reason_field(self) -> str:
        return f"reason-{self.programme}"

    @property
    def likely_unasked(self) -> bool:
        """Shown beside what was asked for: families rarely know what they may get."""
        return not self.asked and self.match.verdict is Verdict.LIKELY


def choices_of(handling: Handling, rules: DistrictRules) -> tuple[Choice, ...]:
    """What was asked for, in its order, then every other programme in force, by the family's facts of now."""
    needs = tuple(dict.fromkeys(handling.complaint.needs))
    in_force = {programme.code for programme in rules.catalogue.programmes}
    asked = rules.catalogue.match(needs, handling.complaint.family)[: len(needs)]
    others = (
        programme.match(handling.complaint.family)
        for programme in rules.catalogue.programmes
        if programme.code not in needs
    )
    choices = (
        *(_asked(match, known=match.programme in in_force) for match in asked),
        *(Choice(match, False, (BY_TRACK[match.track],), None) for match in others),
    )
    return tuple(_as_drafted_before(choice, handling) for choice in choices)


def _as_drafted_before(choice: Choice, handling: Handling) -> Choice:
    before = handling.recommendation.decisions if handling.recommendation else ()
    said = next((decision for decision in before if decision.programme == choice.programme), None)
    if said is None or said.decision not in choice.possible:
        return choice
    return replace(choice, suggested=said.decision, suggested_reason=said.reason)


def _asked(match: ProgrammeMatch, *, known: bool) -> Choice:
    # What no catalogue has can only be refused: there is nobody to refer it to, and no period.
    if not known:
        return Choice(match, True, (DecisionKind.REFUSE,), DecisionKind.REFUSE)
    way = BY_TRACK[match.track]
    suggested = way if match.verdict is Verdict.LIKELY else None
    return Choice(match, True, (way, DecisionKind.REFUSE), suggested)


def drafted(form: Form, choices: tuple[Choice, ...]) -> tuple[NeedDecision, ...]:
    """The decisions that the form holds. Raises WrongInput with what is missing, field by field."""
    decisions = tuple(_decisions(form, choices))
    if not decisions and not form.errors:
        form.refuse("", _("Recommend something for at least one programme."))
    form.check()
    return decisions


def _decisions(form: Form, choices: tuple[Choice, ...]) -> Iterator[NeedDecision]:
    for choice in choices:
        chosen = form.text(choice.decision_field)
        decision = next((kind for kind in choice.possible if kind.value == chosen), None)
        if decision is None and choice.asked:
            form.refuse(choice.decision_field, _("Choose what to do about this programme: the citizen asked for it."))
        reason = form.text(choice.reason_field)
        if decision is DecisionKind.REFUSE and reason not in set(RefusalReason):
            form.refuse(choice.reason_field, _("Say why it is refused: the citizen will read it."))
        elif decision is not None:
            yield NeedDecision(
                programme=choice.programme,
                decision=decision,
                reason=reason if decision is DecisionKind.REFUSE else None,
            )
