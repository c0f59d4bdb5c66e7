"""What the story prints, and what of it must be the same each time it is played."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.markup import escape

from deploy.demo.facts import Fact


@dataclass
class Timeline:
    """Prints as the story goes. `lines` keeps it without ids, times and links: equal for every good run."""

    console: Console
    traces: str
    lines: list[str] = field(default_factory=list)

    def chapter(self, title: str) -> None:
        self.lines.append(f"# {title}")
        self.console.rule(f"[bold]{escape(title)}", align="left")

    def deed(self, who: str, what: str) -> None:
        self.lines.append(f"{who}: {what}")
        self.console.print(f"[bold cyan]{escape(who):<28}[/] {escape(what)}", soft_wrap=True)

    def facts(self, facts: Sequence[Fact]) -> None:
        for fact in facts:
            readers = ", ".join(fact.readers)
            self.lines.append(f"  {fact.topic} -> {readers}")
            self.console.print(f"{'':<28} [green]{fact.topic}[/] [dim]→ {readers}[/]", soft_wrap=True)
            if fact.trace_id:
                link = f"{self.traces}/zipkin/traces/{fact.trace_id}"
                self.console.print(f"{'':<28} [dim]{link}[/]", soft_wrap=True)

    def told(self, whom: str, subject: str, case_number: str) -> None:
        self.lines.append(f"  told {whom}: {subject.replace(case_number, '(case number)')}")
        self.console.print(f"{'':<28} [yellow]✉ {escape(whom)}[/] {escape(subject)}", soft_wrap=True)

    def seen(self, what: str) -> None:
        self.lines.append(f"  {what}")
        self.console.print(f"{'':<28} {escape(what)}", soft_wrap=True)
