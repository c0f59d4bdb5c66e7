"""How many examples a property is tried with: few in every run, many when asked for.

`HYPOTHESIS_PROFILE=long make test ARGS=tests/unit` tries each property with `LONG` times as many.
"""

import os

from hypothesis import settings

LONG = 20
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "quick")

settings.register_profile("quick", deadline=None, print_blob=True)
settings.register_profile("long", deadline=None, print_blob=True, max_examples=100 * LONG)
settings.load_profile(PROFILE)


def examples(count: int, *, steps: int = 50) -> settings:
    """Settings for `count` examples (`steps` moves each, in a state machine), or many times that in a long run."""
    return settings(max_examples=count * (LONG if PROFILE == "long" else 1), stateful_step_count=steps)
