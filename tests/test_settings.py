from pathlib import Path

import pytest
from pydantic import ValidationError

from companion.domain.errors import SettingsError
from companion.settings import change_setting, load_settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.toml"


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_without_a_file_everything_has_a_value(file: Path) -> None:
    settings = load_settings(file, {})
    assert (settings.persona, settings.backend) == ("samantha", "local")
    assert settings.backend_table("local") == {"kind": "local"}


def test_the_environment_wins(file: Path) -> None:
    write(file, 'persona = "theo"\nbackend = "home"')
    assert load_settings(file, {"COMPANION_PERSONA": "ada"}).persona == "ada"
    assert load_settings(file, {"COMPANION_PERSONA": ""}).persona == "theo"
    assert load_settings(file, {}).backend == "home"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("persona = ", "not valid TOML"),
        ("persona = 3", "persona: Input should be a valid string"),
        ('colour = "red"', "colour is not a setting that I know"),
        ('[chat]\ntheme = "pink"', "chat.theme"),
        ("backends = 3", "backends"),
    ],
)
def test_a_broken_file_is_one_clear_line(file: Path, text: str, says: str) -> None:
    write(file, text)
    with pytest.raises(SettingsError, match=says) as caught:
        load_settings(file, {})
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_text_is_explained(file: Path) -> None:
    write(file, "")
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(file, {})


def test_changing_one_setting_keeps_the_rest(file: Path) -> None:
    write(file, '# mine\npersona = "theo"  # for now\n\n[backends.home]\nkind = "openai"\n')
    change_setting(file, ("backend",), "home")
    change_setting(file, ("backends", "local", "model"), "tiny")
    text = file.read_text()
    assert "# mine" in text
    assert "# for now" in text
    settings = load_settings(file, {})
    assert (settings.persona, settings.backend) == ("theo", "home")
    assert settings.backends["local"] == {"model": "tiny"}
    assert settings.backends["home"] == {"kind": "openai"}


def test_a_change_that_would_break_the_file_is_refused(file: Path) -> None:
    change_setting(file, ("persona",), "theo")
    before = file.read_text()
    with pytest.raises(SettingsError):
        change_setting(file, ("surprise",), "x")
    assert file.read_text() == before


def test_an_unknown_backend_names_the_known(file: Path) -> None:
    write(file, '[backends.home]\nkind = "openai"\n')
    with pytest.raises(SettingsError, match="Known: home, local"):
        load_settings(file, {}).backend_table("nowhere")


def test_the_name_local_means_this_machine(file: Path) -> None:
    write(file, '[backends.local]\nkind = "openai"\n')
    with pytest.raises(SettingsError, match="another name"):
        load_settings(file, {}).backend_table("local")


def test_settings_do_not_change(file: Path) -> None:
    with pytest.raises(ValidationError):
        load_settings(file, {}).persona = "theo"
