"""The list of what the story's people were told: every writing request to a service, and nothing else."""

import asyncio
from pathlib import Path

import httpx
import pytest

from audit.told import read_told
from deploy.demo.told import client

CASE = "019a8c5e-7d31-7c4b-9b1f-2f6f0a1f7e11"


async def answering(status: int | None) -> asyncio.Server:
    """A service that answers everything with this status; None: it hangs up instead."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if status is not None:
            writer.write(f"HTTP/1.1 {status} said\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}".encode())
            await writer.drain()
        writer.close()

    return await asyncio.start_server(answer, "127.0.0.1")


def address(server: asyncio.Server) -> str:
    host, port = server.sockets[0].getsockname()[:2]
    return f"http://{host}:{port}"


@pytest.mark.parametrize(("status", "noted"), [(201, 201), (409, 409), (None, None)])
async def test_a_writing_request_is_noted_with_its_answer_or_none(
    tmp_path: Path, status: int | None, noted: int | None
) -> None:
    told = tmp_path / "told.jsonl"
    async with await answering(status) as server, client({"intake": address(server)}, told) as http:
        try:
            await http.post(f"{address(server)}/v1/complaints", json={"case_id": CASE})
        except httpx.TransportError:
            assert status is None
    (line,) = read_told(told)
    assert (line.method, line.path, line.status, line.resource_id) == ("POST", "/v1/complaints", noted, CASE)


async def test_reading_and_what_is_asked_of_others_is_not_noted(tmp_path: Path) -> None:
    told = tmp_path / "told.jsonl"
    async with (
        await answering(200) as server,
        await answering(200) as other,
        client({"intake": address(server)}, told) as http,
    ):
        await http.get(f"{address(server)}/v1/complaints")
        await http.post(f"{address(other)}/token")
    assert not told.exists()


async def test_a_service_that_is_not_there_was_asked_nothing(tmp_path: Path) -> None:
    told = tmp_path / "told.jsonl"
    async with await answering(200) as server:
        gone = address(server)
    async with client({"intake": gone}, told) as http:
        with pytest.raises(httpx.ConnectError):
            await http.post(f"{gone}/v1/complaints", json={"case_id": CASE})
    assert not told.exists()
