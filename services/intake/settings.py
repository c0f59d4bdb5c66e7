"""Settings of intake, beside those of every service."""

from pydantic import Field, SecretStr, field_validator

from chassis.settings import ServiceSettings
from services.intake.domain.profile import SHORTEST_SECRET_BYTES


class IntakeSettings(ServiceSettings):
    """`family_key_secret` makes the families' pseudonyms and keys the codes on receipts. Another secret cuts every
    family from its history at the district and voids the codes: keep it with the backups, and never share it with the
    district."""

    family_key_secret: SecretStr
    invented_people_allowed: bool = Field(default=False, description="accept NIKs of serial 0000; demonstrations only")

    @field_validator("family_key_secret")
    @classmethod
    def _long_enough(cls, secret: SecretStr) -> SecretStr:
        # A secret that can be guessed lets anyone who has the pseudonyms find every family by trying.
        if len(secret.get_secret_value().encode()) < SHORTEST_SECRET_BYTES:
            raise ValueError(f"Needs at least {SHORTEST_SECRET_BYTES} random bytes, such as openssl rand -hex 32 makes")
        return secret
