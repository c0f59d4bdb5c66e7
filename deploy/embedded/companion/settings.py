"""Settings of the companion: environment, prefix PUSKESOS_COMPANION_."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from deploy.embedded.places import Places, default_places
from deploy.embedded.ports import LOOPBACK


class CompanionSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="PUSKESOS_COMPANION_", frozen=True)

    http_host: str = LOOPBACK
    http_port: int = 8800
    smtp_port: int = 8825
    var: Path = default_places().var

    @property
    def places(self) -> Places:
        return Places(self.var)
