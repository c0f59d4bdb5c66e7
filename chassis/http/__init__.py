"""HTTP: the app factory, problems, access, idempotency, edits and pages."""
