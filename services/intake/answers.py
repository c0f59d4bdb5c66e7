"""What the desk may answer at once. The code is told to the district and the ministry, so it comes from this list
and can never be a name or a number; the words to the citizen stay in the village."""

from enum import StrEnum


class DeskAnswer(StrEnum):
    EXPLAINED_REQUIREMENTS = "explained_requirements"
    EXPLAINED_SCHEDULE = "explained_schedule"
    TOLD_STATUS = "told_status"
    SHOWED_WHERE_TO_GO = "showed_where_to_go"
    DOCUMENT_ISSUED = "document_issued"
    NOTED_SUGGESTION = "noted_suggestion"
    NOT_ELIGIBLE = "not_eligible"
    OTHER = "other"
