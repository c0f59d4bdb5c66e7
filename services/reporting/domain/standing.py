"""Where a case stands, from the latest state of the village and the latest state of the district."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from contracts.events import ComplaintState, HandlingState, Resolution
from contracts.vocabulary import ClosedBy, ComplaintStatus, HandlingStatus


class Standing(StrEnum):
    """Exactly one holds of every case, so that they add up to the cases recorded."""

    OPEN = "open"
    WAITING_FOR_CITIZEN = "waiting_for_citizen"
    ANSWERED_AT_DESK = "answered_at_desk"
    WITHDRAWN = "withdrawn"
    RESOLVED = "resolved"  # by the district; the citizen may still reopen it
    CONFIRMED = "confirmed"  # the citizen said that it was solved: only this counts as solved
    CLOSED_BY_SILENCE = "closed_by_silence"

    @property
    def in_hand(self) -> bool:
        """Whether somebody still has to act on the case, in the village or at the district."""
        return self in (Standing.OPEN, Standing.WAITING_FOR_CITIZEN)


_BY_VILLAGE = {
    ComplaintStatus.WAITING_FOR_CITIZEN: Standing.WAITING_FOR_CITIZEN,
    ComplaintStatus.ANSWERED: Standing.ANSWERED_AT_DESK,
    ComplaintStatus.WITHDRAWN: Standing.WITHDRAWN,
}
_BY_DISTRICT = {
    HandlingStatus.ENDED_IN_VILLAGE: Standing.ANSWERED_AT_DESK,
    HandlingStatus.WITHDRAWN: Standing.WITHDRAWN,
}


def resolution_in_force(complaint: ComplaintState | None, handling: HandlingState | None) -> Resolution | None:
    """The district's resolution, unless either side has begun a later round since."""
    resolution = handling.resolution if handling else None
    if resolution is None:
        return None
    begun = max(complaint.round if complaint else 0, handling.round if handling else 0)
    return resolution if resolution.round >= begun else None


def standing_of(
    complaint: ComplaintState | None, handling: HandlingState | None, closings: Mapping[int, ClosedBy]
) -> Standing:
    """The village leads, because the citizen speaks to the village; the district's word counts while it is open."""
    if complaint is not None and complaint.status in _BY_VILLAGE:
        # A pause heard before the resolution that ended it is not the last word.
        if complaint.status is not ComplaintStatus.WAITING_FOR_CITIZEN or not resolution_in_force(complaint, handling):
            return _BY_VILLAGE[complaint.status]
    elif complaint is not None and complaint.status is ComplaintStatus.CLOSED:
        confirmed = closings.get(complaint.round) is ClosedBy.CONFIRMATION
        return Standing.CONFIRMED if confirmed else Standing.CLOSED_BY_SILENCE
    elif complaint is None and handling is not None and handling.status in _BY_DISTRICT:
        return _BY_DISTRICT[handling.status]
    return Standing.RESOLVED if resolution_in_force(complaint, handling) else Standing.OPEN


def ended_at(standing: Standing, complaint: ComplaintState | None, resolution: Resolution | None) -> datetime | None:
    """When the citizen's wish was answered: at the desk or by the district. None for what was not, or was withdrawn."""
    if standing is Standing.ANSWERED_AT_DESK:
        return complaint.ended_at if complaint else None
    return resolution.resolved_at if resolution is not None and standing is not Standing.WITHDRAWN else None
