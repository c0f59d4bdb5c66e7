"""Settings of reporting: those of every service, and where traces are looked at."""

from pydantic import Field

from chassis.settings import ServiceSettings


class ReportingSettings(ServiceSettings):
    """What reporting is told; see docs/settings.md."""

    trace_page: str | None = Field(
        default=None,
        pattern=r"^https?://\S*\{trace\}\S*$",
        description="address of one trace in the trace viewer, {trace} standing for its id",
    )
