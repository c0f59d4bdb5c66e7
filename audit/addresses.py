"""Where the system to audit is: said on the command line, or by the `endpoints.json` of a stack that runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

SERVICES = ("intake", "referral", "notification", "reporting")


class WrongWords(Exception):
    """What was asked cannot be done as it was said; the message says what to say instead."""


@dataclass(frozen=True)
class Addresses:
    """Kafka's bootstrap servers, the installation's topic prefix, and a URI with a database for each service."""

    kafka: str
    mongodb: Mapping[str, str]
    topic_prefix: str = ""


class _Kafka(BaseModel):
    bootstrap_servers: str


class _Endpoints(BaseModel):
    """What the audit needs of the file; the rest is for others."""

    model_config = ConfigDict(extra="ignore")

    ready: bool
    kafka: _Kafka
    mongodb: dict[str, str]


def addresses_from(file: Path, topic_prefix: str = "") -> Addresses:
    """The addresses of the stack that wrote this file. Raises WrongWords."""
    try:
        told = _Endpoints.model_validate_json(file.read_bytes())
    except OSError as error:
        raise WrongWords(
            f"{file} cannot be read ({error.strerror}): start the system with `make run`, or name its addresses with "
            "--kafka and --mongodb"
        ) from error
    except ValidationError as error:
        raise WrongWords(f"{file} does not say where Kafka and the databases are") from error
    if not told.ready:
        raise WrongWords(f"the system of {file} does not run: start it with `make run`")
    return of(told.kafka.bootstrap_servers, told.mongodb, topic_prefix)


def of(kafka: str, mongodb: Mapping[str, str], topic_prefix: str = "") -> Addresses:
    """Raises WrongWords unless every service's database is named: a law cannot be judged by half."""
    missing = [service for service in SERVICES if service not in mongodb]
    if missing:
        raise WrongWords(f"no database is named for {', '.join(missing)}: say --mongodb {missing[0]}=URI")
    return Addresses(kafka, {service: mongodb[service] for service in SERVICES}, topic_prefix)
