"""What an issuer answers, as far as it is needed here."""

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field

from chassis.signin.sessions import Tokens

SHORTEST_TOKEN_SECONDS = 1
OTHERWISE_TOKEN_SECONDS = 60


class Metadata(BaseModel):
    """What an issuer says of itself, as far as it is needed here."""

    model_config = ConfigDict(frozen=True)

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    end_session_endpoint: str | None = None
    names_itself: bool = Field(default=False, alias="authorization_response_iss_parameter_supported")


class TokenAnswer(BaseModel):
    """RFC 6749, 5.1."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    access_token: str
    expires_in: int = OTHERWISE_TOKEN_SECONDS
    refresh_token: str | None = None
    id_token: str | None = None

    def tokens(self, now: datetime, former: Tokens | None = None) -> Tokens:
        """What it does not give anew stays as it was."""
        return Tokens(
            access=self.access_token,
            access_until=now + timedelta(seconds=max(self.expires_in, SHORTEST_TOKEN_SECONDS)),
            refresh=self.refresh_token or (former.refresh if former else None),
            id=self.id_token or (former.id if former else ""),
        )


class ErrorAnswer(BaseModel):
    """RFC 6749, 5.2."""

    error: str = ""
