"""Cursor pages: stable while others write, and as quick on the last page as on the first."""

from collections.abc import Callable
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field

from chassis.store import Page
from chassis.store.documents import D

T = TypeVar("T", bound=BaseModel)

Cursor = Annotated[str | None, Query(description="next_cursor of the page before")]
Limit = Annotated[int, Query(ge=1, le=200, description="items a page")]


class PageOf(BaseModel, Generic[T]):
    """One page of a list."""

    items: list[T]
    next_cursor: str | None = Field(description="ask again with cursor=this; null at the end")

    @classmethod
    def showing(cls, page: Page[D], show: Callable[[D], T]) -> "PageOf[T]":
        return cls(items=[show(item) for item in page.items], next_cursor=page.next_cursor)
