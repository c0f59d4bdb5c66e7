"""What ends the story."""


class StoryBroke(Exception):
    """Something did not happen as the story has it; the message says what, and what was seen instead."""
