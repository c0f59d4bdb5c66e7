"""The outbox: what a deed tells is stored with the deed, and published afterwards by one leased relay."""
