"""Services run inside the tests of this folder."""

from tests.harness.fixtures import issuer, settings_of, start, topics

__all__ = ["issuer", "settings_of", "start", "topics"]
