"""Copies for queries: the last of several counts."""

from chassis.store import Collection, Copy, Document
from chassis.store.copies import replacements


class Line(Document):
    text: str


LINES, OTHERS = Collection("lines", Line), Collection("others", Line)


def copy(collection: Collection[Line], key: str, text: str) -> Copy:
    return Copy(collection, Line(id=key, area="32.03", text=text))


def test_of_several_copies_with_one_id_only_the_last_is_written() -> None:
    changes = replacements([copy(LINES, "a", "old"), copy(LINES, "b", "b"), copy(LINES, "a", "new")])
    (writes,) = changes.values()
    assert [(write._filter, write._doc["text"]) for write in writes] == [({"_id": "a"}, "new"), ({"_id": "b"}, "b")]
    assert all(write._upsert for write in writes)


def test_copies_of_different_collections_are_kept_apart_and_can_be_read_by_area() -> None:
    changes = replacements([copy(LINES, "a", "here"), copy(OTHERS, "a", "there")])
    assert {name: writes[0]._doc["text"] for name, writes in changes.items()} == {"lines": "here", "others": "there"}
    assert changes["lines"][0]._doc["within"] == ["", "32", "32.03"]
