"""How a word of the house becomes one for people."""

from collections.abc import Mapping

Labels = Mapping[str, str]
"""A word of the house -> what it is called, in a text of the catalogue."""


def of_code(labels: Labels, code: str | None) -> str:
    """The label of a word; a code that is not in the list is shown in plain letters."""
    if code is None:
        return ""
    return labels.get(code) or code.replace("_", " ").replace("-", " ").capitalize()
