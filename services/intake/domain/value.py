"""The base of what the village keeps: immutable values that check themselves whenever they are made or changed."""

from typing import Any, Self

from contracts.fields import Closed


class Value(Closed):
    """Immutable and closed. Fields about a person are declared `repr=False`: objects land in logs."""

    def but(self, **changes: Any) -> Self:
        """The same value with some fields changed, validated again (`model_copy` takes any change unchecked)."""
        return type(self).model_validate({**dict(self), **changes})
