"""The key of a posted form: the same form sent twice is one wish, a changed one is another."""

from collections.abc import Mapping, Sequence

from fastapi import Request

from chassis.http.idempotency import IdempotencyKey, key_of_form
from chassis.identity import Actor

TYPED = {"idempotency_key": ["k"], "ruling": ["approve"], "kept": ["a", "b"]}


def key(values: Mapping[str, Sequence[str]], *, who: str = "mia", path: str = "/district/cases/1") -> IdempotencyKey:
    request = Request({"type": "http", "method": "POST", "path": path, "headers": [], "query_string": b""})
    return key_of_form(request, Actor(who, frozenset(), None), values)


def test_the_same_form_sent_twice_is_one_wish() -> None:
    assert key(TYPED) == key(dict(reversed(TYPED.items())))


def test_another_person_page_or_key_is_another_wish() -> None:
    others = (key(TYPED, who="ani"), key(TYPED, path="/district/cases/2"), key(TYPED | {"idempotency_key": ["l"]}))
    assert len({key(TYPED).id, *(other.id for other in others)}) == 4


def test_the_same_key_with_something_else_typed_is_noticed() -> None:
    other = key(TYPED | {"kept": ["a"]})
    assert other.id == key(TYPED).id
    assert other.body_hash != key(TYPED).body_hash


def test_a_form_without_a_key_is_a_wish_of_its_own_each_time() -> None:
    assert key({"ruling": ["approve"]}).id != key({"ruling": ["approve"]}).id
