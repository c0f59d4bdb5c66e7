"""What a reader may do next with a case; and if nothing, why not and who does."""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.identity import Actor, Role
from chassis.pages import lazy as _
from contracts.vocabulary import HandlingStatus
from services.referral.domain.deciding import NEXT_MOVE, OfficeMove
from services.referral.domain.handling import Handling

MOVER = {
    OfficeMove.RECOMMENDATION: Role.BACK_OFFICE,
    OfficeMove.REVIEW: Role.SUPERVISOR,
    OfficeMove.DECISION: Role.MANAGER,
}
DEEDS: Mapping[OfficeMove, tuple[str, str]] = {
    OfficeMove.RECOMMENDATION: (
        _("Draft the recommendation"),
        _("Say for every programme asked for whether it is referred, proposed or refused."),
    ),
    OfficeMove.REVIEW: (
        _("Review the draft"),
        _("Approve it for the manager, or return it with a reason."),
    ),
    OfficeMove.DECISION: (
        _("Decide"),
        _("See what will happen, then approve it, or return it with a reason."),
    ),
}
WAITS_FOR: Mapping[OfficeMove, str] = {
    OfficeMove.RECOMMENDATION: _("The back office drafts a recommendation next."),
    OfficeMove.REVIEW: _("The supervisor of the sub-district reviews the draft next."),
    OfficeMove.DECISION: _("The manager decides next."),
}
OWN_DRAFT: Mapping[OfficeMove, str] = {
    OfficeMove.REVIEW: _("You drafted this recommendation. Nobody approves their own draft: another supervisor does."),
    OfficeMove.DECISION: _("You drafted this recommendation. Nobody approves their own draft: another manager does."),
}
NOTHING: Mapping[HandlingStatus, str] = {
    HandlingStatus.DECIDED: _(
        "The office has nothing to do: the agencies have it. Their answers arrive by themselves."
    ),
    HandlingStatus.RESOLVED: _(
        "The case is resolved. The citizen may reopen it through the village until the day named."
    ),
    HandlingStatus.ENDED_IN_VILLAGE: _("The village ended the case. Only the village can reopen it."),
    HandlingStatus.WITHDRAWN: _("The case was withdrawn in the village. Nothing is left to do."),
}


@dataclass(frozen=True)
class Step:
    """`why` says what the step is, or why this reader has none. `label` and `href` are empty when they have none."""

    why: str
    label: str = ""
    href: str = ""


def next_step(handling: Handling, actor: Actor) -> Step:
    move = NEXT_MOVE.get(handling.status)
    if move is None:
        return Step(NOTHING.get(handling.status, _("The district is about to match the case with programmes.")))
    if not actor.has(MOVER[move]):
        return Step(WAITS_FOR[move])
    if is_own_draft(handling, actor) and move in OWN_DRAFT:
        return Step(OWN_DRAFT[move])
    label, why = DEEDS[move]
    return Step(why, label, f"/district/cases/{handling.case_id}/{move.value}")


def is_own_draft(handling: Handling, actor: Actor) -> bool:
    return handling.recommendation is not None and handling.recommendation.drafted_by == actor.id
