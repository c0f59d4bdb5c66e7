"""The tally as tables: what was done in this campaign, and what all campaigns of the file come to."""

from collections.abc import Iterator

from rich.table import Table

from tests.faults.rig.disturbance import KILL
from tests.faults.rig.steps import SERVICES, Step
from tests.faults.tally import Sum, Tally


def tables(tally: Tally, seed: int) -> Iterator[Table]:
    this, whole = tally.of(seed), tally.whole()
    yield _kills(this, f"Kills of seed {seed}, by step and service")
    yield _others(this)
    yield _sums(this, whole, seed)


def _kills(total: Sum, title: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column("step")
    for service in SERVICES:
        table.add_column(service, justify="right")
    for step in (*Step, KILL):
        counts = [total.kills_at.get((service, step), 0) for service in SERVICES]
        table.add_row("at any moment" if step == KILL else step, *(str(count) if count else "·" for count in counts))
    return table


def _others(total: Sum) -> Table:
    table = Table(title="Other disturbances", title_justify="left", box=None, pad_edge=False, show_header=False)
    for name, count in sorted(total.others.items()):
        if name != KILL:
            table.add_row(name, str(count))
    return table


def _sums(this: Sum, whole: Sum, seed: int) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    table.add_column(f"seed {seed}", justify="right")
    table.add_column(f"whole tally, {len(whole.seeds)} seeds", justify="right")
    rows = (
        ("kills", "kills", "{:,}"),
        ("recovery, median", "recovery_median", "{:.1f} s"),
        ("recovery, longest", "recovery_longest", "{:.1f} s"),
        ("audits", "audits", "{:,}"),
        ("lost", "lost", "{:,}"),
        ("doubled", "doubled", "{:,}"),
        ("broken otherwise", "other", "{:,}"),
        ("stuck, or over 30 s", "stuck", "{:,}"),
        ("letters that came again under their id", "letters_repeated", "{:,}"),
    )
    for title, name, form in rows:
        table.add_row(title, form.format(getattr(this, name)), form.format(getattr(whole, name)))
    return table
