"""What a citizen is told about their case, and what became of each message."""
