"""Services run inside the tests of this folder."""

from tests.harness.fixtures import issuer, settings_of, start, topics
from tests.harness.keycloak import keycloak

__all__ = ["issuer", "keycloak", "settings_of", "start", "topics"]
