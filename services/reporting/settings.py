"""Settings of reporting: those of every service."""

from chassis.settings import ServiceSettings


class ReportingSettings(ServiceSettings):
    """What reporting is told; see docs/settings.md."""
