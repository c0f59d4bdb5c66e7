"""Who asks: bearer tokens of a configured issuer, turned into an Actor; and our own token for other services."""

from chassis.identity.actor import Actor, Role
from chassis.identity.client import ServiceTokens, TokenUnavailable
from chassis.identity.tokens import InvalidToken, IssuerUnavailable, TokenVerifier

__all__ = [
    "Actor",
    "InvalidToken",
    "IssuerUnavailable",
    "Role",
    "ServiceTokens",
    "TokenUnavailable",
    "TokenVerifier",
]
