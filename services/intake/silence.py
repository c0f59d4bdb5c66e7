"""The work of closing a case about which the citizen said nothing more."""

from datetime import timedelta

from chassis.store import Work
from services.intake.domain.complaint import Complaint, HeardResolution

CLOSE_SILENT_CASE = "close-silent-case"
FIRST_MOMENT_AFTER = timedelta(milliseconds=1)
"""The citizen may reopen up to and including the last moment."""


def closing_of_silent_case(complaint: Complaint, resolution: HeardResolution) -> Work:
    """One row a case: a later resolution moves it."""
    return Work(
        kind=CLOSE_SILENT_CASE,
        key=complaint.case_id,
        area=complaint.area,
        due_at=resolution.reopen_until + FIRST_MOMENT_AFTER,
        subject=complaint.case_id,
    )
