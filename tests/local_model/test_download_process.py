import pytest

from companion.local_model.download_process import explain


@pytest.mark.parametrize(
    ("complaint", "reason"),
    [
        ("/usr/bin/python: No module named pip", "pip is missing"),
        ("ERROR: [Errno 28] No space left on device", "the disk is full"),
        ("WARNING: Retrying after 'SSLError(...)'\nERROR: No matching distribution", "certificate"),
        ("WARNING: 'NewConnectionError'\nERROR: No matching distribution found", "no connection"),
        ("ERROR: 401 Client Error: Unauthorized for url", "a login"),
        ("LocalEntryNotFoundError: cannot find the requested files", "no connection"),
        ("ERROR: No matching distribution found for x==1", "not to be had"),
        ("some words\nERROR: a thing that nobody foresaw\n\n", "a thing that nobody foresaw"),
        ("", "without a word"),
    ],
)
def test_a_complaint_becomes_a_reason(complaint: str, reason: str) -> None:
    assert reason in explain(complaint)
