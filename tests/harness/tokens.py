"""Tokens signed by the test itself, with a key the service is told to trust."""

import json
import time
from dataclasses import dataclass
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

ISSUER = "https://issuer.test"
AUDIENCE = "puskesos"


@dataclass(frozen=True)
class Issuer:
    """An issuer that exists only as a key and a JWKS file."""

    key: ECKey
    jwks_file: Path

    @staticmethod
    def make(folder: Path) -> "Issuer":
        key = ECKey.generate_key("P-256", auto_kid=True)
        file = folder / "jwks.json"
        file.write_text(json.dumps(KeySet([key]).as_dict(private=False)))
        return Issuer(key, file)

    @property
    def jwks_url(self) -> str:
        return self.jwks_file.as_uri()

    def token(
        self,
        *roles: str,
        area: str | None = None,
        agency: str | None = None,
        subject: str = "someone",
        issuer: str = ISSUER,
        audience: str = AUDIENCE,
        lives_seconds: int = 3600,
    ) -> str:
        claims: dict[str, object] = {
            "iss": issuer,
            "aud": audience,
            "sub": subject,
            "roles": list(roles),
            "exp": int(time.time()) + lives_seconds,
        }
        claims |= {"area": area} if area is not None else {}
        claims |= {"agency": agency} if agency is not None else {}
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims, self.key)

    def bearer(self, *roles: str, **claims: str) -> dict[str, str]:
        """The Authorization header of someone with these roles; claims: area, agency, subject."""
        return {"Authorization": f"Bearer {self.token(*roles, **claims)}"}  # type: ignore[arg-type]
