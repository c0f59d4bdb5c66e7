"""The village's side of a case: people, their consent, the conversation with the citizen."""
