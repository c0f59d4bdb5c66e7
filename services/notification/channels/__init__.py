"""The ways to a citizen: one port, and an adapter for each kind of provider."""

from services.notification.channels.port import Channel, Parcel

__all__ = ["Channel", "Parcel"]
