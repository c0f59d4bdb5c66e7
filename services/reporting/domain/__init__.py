"""What counts, and what may be told: pure functions over what was heard of a case."""
