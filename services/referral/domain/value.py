"""The base of what the district keeps: immutable values that check themselves whenever they are made or
changed.
"""

from typing import Any, Self

from contracts.fields import Closed


class Value(Closed):
    """Immutable and closed: a misspelt field is an error, never silently dropped."""

    def but(self, **changes: Any) -> Self:
        """The same value with some fields changed, validated again.

        `model_copy` would take any change unchecked, and would keep microseconds that a store cuts off.
        """
        return type(self).model_validate({**dict(self), **changes})
