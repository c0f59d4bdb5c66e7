"""The identity provider's realm: `realm.json` is its only source, for every installation (see realm.md)."""
