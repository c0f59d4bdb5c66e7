"""What ends the story."""


class StoryBroke(Exception):
    """Something did not happen as the story has it; the message says what, and what was seen instead."""


class NotThere(StoryBroke):
    """A service knows nothing of what was asked for: not yet, if it has still to hear of it."""
