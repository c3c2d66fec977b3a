"""Keys of servers in the keyring of the system: sent to the server, written nowhere else."""

import sys
from pathlib import Path

import pytest

from cli.test_portable import companion, refuse, run
from loopback_server import LoopbackServer, good, refused
from memory_keyring import MemoryKeyring

KEY = b"sk-marked-5e55f00d\n"
TABLE = """
# what I like
[backends.near]
kind = "openai"
model = "m"
base_url = "{url}"
retries = 0
"""


def set_up(home: Path, url: str) -> Path:
    (home / "config").mkdir(parents=True)
    (home / "config/settings.toml").write_text(TABLE.format(url=url))
    return home


def trial(home: Path) -> str:
    """Return what trying out the server tells."""
    return companion(home, "backends", "test", "near", "--quick")[1]


def test_a_key_is_kept_sent_and_taken_out(
    tmp_path: Path, system_keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LoopbackServer(good("Hello.")) as server:
        home = set_up(tmp_path, server.base_url)
        said = run(home, "backends", "key", "near", given=KEY)
        assert said == "The keyring has the key of near.\n"
        said += trial(home)
        said += run(home, "backends", "list", "--json")
        assert {each.headers["authorization"] for each in server.requests} == {
            f"Bearer {KEY.decode().strip()}"
        }
        settings = home / "config/settings.toml"
        settings.write_text(settings.read_text() + 'api_key_env = "NEAR_KEY"\n')
        monkeypatch.setenv("NEAR_KEY", "from-the-environment")
        trial(home)
        assert server.requests[-1].headers["authorization"] == "Bearer from-the-environment"
    assert "# what I like" in settings.read_text()
    assert KEY.strip().decode() not in said
    assert not [each for each in home.rglob("*") if each.is_file() and KEY[:9] in each.read_bytes()]
    assert run(home, "backends", "key", "near", "--forget").endswith("no more.\n")
    assert system_keyring.kept == {}
    assert "api_key_keyring = false" in settings.read_text()


def test_what_is_wrong_is_said_in_one_line(
    tmp_path: Path, system_keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LoopbackServer(refused(401)) as server:
        home = set_up(tmp_path, server.base_url)
        assert "companion backends key near" in trial(home)
        for given in (b"", b"sk-\xe2\x80\xa6\n", b"sk\x07\n"):
            assert "That is no key" in refuse(home, "backends", "key", "near", given=given)
        assert "local takes no key" in refuse(home, "backends", "key", "local", given=KEY)
        assert "no backend called far" in refuse(home, "backends", "key", "far", given=KEY)
        assert system_keyring.kept == {}
        run(home, "backends", "key", "near", given=KEY)
        told = trial(home)
        assert "did not accept the key in the keyring" in told
        system_keyring.locked = True
        assert "Failed to unlock the collection" in trial(home)
        monkeypatch.setitem(sys.modules, "keyring", None)
        assert "pip install 'companion[keyring]'" in trial(home)
        assert companion(home, "backends", "list")[0] == 0


def test_nobody_looks_into_the_keyring_for_a_server_without_a_key(
    tmp_path: Path, system_keyring: MemoryKeyring
) -> None:
    system_keyring.locked = True
    with LoopbackServer(good("Hello.")) as server:
        trial(set_up(tmp_path, server.base_url))
        assert "authorization" not in server.requests[-1].headers
