"""A service's own database behind one door: units of work, area-scoped repositories, migrations, leases."""

from chassis.store.client import Store
from chassis.store.conditions import Condition, before, differs, equals, one_of
from chassis.store.copies import Copy
from chassis.store.documents import Collection, Document, Index
from chassis.store.errors import (
    AlreadyExists,
    LeaseLost,
    NotFound,
    StaleEdit,
    StoreError,
    StoreUnavailable,
    WorkTakenOver,
)
from chassis.store.migrations import Migration, Rewriting
from chassis.store.paging import BadCursor, Order
from chassis.store.repository import Page, Reader, Repository
from chassis.store.unit_of_work import UnitOfWork
from chassis.store.work import Task, Work

__all__ = [
    "AlreadyExists",
    "BadCursor",
    "Collection",
    "Condition",
    "Copy",
    "Document",
    "Index",
    "LeaseLost",
    "Migration",
    "NotFound",
    "Order",
    "Page",
    "Reader",
    "Repository",
    "Rewriting",
    "StaleEdit",
    "Store",
    "StoreError",
    "StoreUnavailable",
    "Task",
    "UnitOfWork",
    "Work",
    "WorkTakenOver",
    "before",
    "differs",
    "equals",
    "one_of",
]
