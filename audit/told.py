"""The list of what clients were told: a line of JSON for each request, written by whoever sent it."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from audit.addresses import WrongWords

WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Told(BaseModel):
    """One request and its answer. `status` is null when no answer came: it may or may not have become a deed."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    method: str = Field(pattern=r"^[A-Z]+$")
    path: str = Field(pattern=r"^/")
    status: int | None
    resource_id: str | None = None

    @property
    def writes(self) -> bool:
        return self.method in WRITING

    @property
    def succeeded(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def uncertain(self) -> bool:
        """Nobody knows whether it was done: no answer, or a server that failed while answering."""
        return self.status is None or self.status >= 500


def read_told(file: Path) -> tuple[Told, ...]:
    """The list in this file. Raises WrongWords naming the line that cannot be read."""
    told: list[Told] = []
    try:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    told.append(_line(file, number, line))
    except (OSError, UnicodeDecodeError) as error:
        raise WrongWords(f"{file} cannot be read: {type(error).__name__}") from error
    return tuple(told)


def _line(file: Path, number: int, line: str) -> Told:
    try:
        return Told.model_validate_json(line)
    except ValidationError as error:
        raise WrongWords(
            f'{file}, line {number}: a line is {{"method": "POST", "path": "/v1/complaints", "status": 201, '
            '"resource_id": "..."}'
        ) from error
