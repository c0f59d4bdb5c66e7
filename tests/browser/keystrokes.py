"""What a deed costs a person's hand and head, counted while a test does it: the keystroke-level model.

Card, Moran and Newell, "The Keystroke-Level Model for User Performance Time with Interactive Systems" (1980).
"""

from dataclasses import dataclass

from playwright.async_api import Locator

KEY_SECONDS = 0.28
"""Somebody who does not type for a living."""
POINTING_SECONDS = 1.1
THOUGHT_SECONDS = 1.35


@dataclass
class Hand:
    """Uses a page and counts; each thing that is done begins with a thought. Waiting for the machine is not in it."""

    keys: int = 0
    pointings: int = 0
    thoughts: int = 0

    @property
    def seconds(self) -> float:
        return self.keys * KEY_SECONDS + self.pointings * POINTING_SECONDS + self.thoughts * THOUGHT_SECONDS

    def __str__(self) -> str:
        return (
            f"{self.seconds:.0f} s: {self.thoughts} steps, {self.pointings} pointings, "
            f"{self.keys} keys and clicks at a person's speed"
        )

    async def press(self, target: Locator) -> None:
        """A link, a button, a box."""
        self.thoughts += 1
        await self._point(target)

    async def write(self, field: Locator, text: str) -> None:
        await self.press(field)
        self.keys += len(text)
        await field.press_sequentially(text)

    async def choose(self, menu: Locator, value: str) -> None:
        """Opens a menu and points at one of its lines."""
        self.thoughts += 1
        self.pointings += 2
        self.keys += 2
        await menu.select_option(value)

    async def _point(self, target: Locator) -> None:
        self.pointings += 1
        self.keys += 1
        await target.click()
