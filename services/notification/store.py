"""What notification keeps: one document a case, with the messages about it. No contact, no name, no text sent."""

from datetime import datetime

from chassis.store import Collection, Document, Index
from services.notification.domain.case import DistrictSide, VillageSide
from services.notification.domain.delivery import Delivery


class StoredCase(Document):
    """A case as far as telling about it goes. `deliveries` are in the order in which things happened."""

    village: VillageSide | None = None
    district: DistrictSide | None = None
    deliveries: tuple[Delivery, ...] = ()
    latest_at: datetime | None = None
    """When the latest message was planned: the log of all messages goes by it."""

    def delivery(self, key: str) -> Delivery | None:
        return next((delivery for delivery in self.deliveries if delivery.id == key), None)

    def with_delivery(self, changed: Delivery) -> "StoredCase":
        """This case with a delivery added, or replaced by its next value."""
        others = (delivery for delivery in self.deliveries if delivery.id != changed.id)
        in_order = sorted((*others, changed), key=lambda delivery: (delivery.place, delivery.planned_at))
        latest = max(delivery.planned_at for delivery in in_order)
        return self.model_copy(update={"deliveries": tuple(in_order), "latest_at": latest})


CASES = Collection(
    "cases",
    StoredCase,
    # Not led by "within": that is a list too, and the database cannot index two lists together. A delivery's id leads
    # to one document, which the scope is then checked on.
    (Index.on("deliveries.id"), Index.on("within", "latest_at")),
)
