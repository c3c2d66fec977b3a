from datetime import UTC, datetime
from pathlib import Path

import pytest

from companion.domain.errors import PromptError
from companion.domain.message import Message, PromptMessage, Role, Status
from companion.domain.model import ModelProfile
from companion.prompting.budget import clip_middle, estimate_tokens
from companion.prompting.compose import compose_prefix, compose_prompt
from companion.prompting.fill import check_placeholders, fill
from companion.prompting.frame import load_reply_frame
from companion.prompting.personas import list_personas, load_persona

OURS = Path(__file__).parents[2] / "prompts"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def messages(count: int, size: int = 40) -> list[Message]:
    roles = (Role.USER, Role.ASSISTANT)
    return [
        Message(n, 1, n - 1, n, roles[n % 2], f"{n} " + "x" * size, Status.COMPLETE, NOW)
        for n in range(count)
    ]


def test_what_is_put_in_is_not_read_again() -> None:
    assert fill("{{a}} {{ b }}", {"a": "{{b}}", "b": "2"}) == "{{b}} 2"


def test_an_unknown_placeholder_names_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=r"x.md:3: nothing fills \{\{nmae\}\}"):
        check_placeholders("one\ntwo\nthree {{nmae}}", {"name"}, "x.md")
    (tmp_path / "reply.md").write_text("{{persona}}\n=== what changes ===\n\n{{wehn}}\n")
    with pytest.raises(PromptError, match=r"reply.md:4: nothing fills \{\{wehn\}\}"):
        load_reply_frame([tmp_path])


def test_every_shipped_prompt_loads() -> None:
    load_reply_frame([OURS])
    personas = [load_persona([OURS], name) for name in list_personas([OURS])]
    assert "samantha" in [persona.id for persona in personas]


def test_the_users_own_file_wins(tmp_path: Path) -> None:
    own = tmp_path / "personas" / "samantha.toml"
    own.parent.mkdir()
    text = (OURS / "personas/samantha.toml").read_text()
    own.write_text(text.replace('name = "Samantha"', 'name = "Sam"'))
    assert load_persona([tmp_path, OURS], "samantha").name == "Sam"
    assert load_persona([OURS], "samantha").name == "Samantha"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name = ", "not valid TOML"),
        ('name = "X"', "summary"),
        ('surprise = "X"', "surprise|name"),
    ],
)
def test_a_broken_persona_is_explained(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "personas").mkdir()
    (tmp_path / "personas/x.toml").write_text(text)
    with pytest.raises(PromptError, match=says) as caught:
        load_persona([tmp_path], "x")
    assert "\n" not in str(caught.value).strip()


def test_an_unknown_persona_names_the_known() -> None:
    with pytest.raises(PromptError, match=r"Known: .*samantha"):
        load_persona([OURS], "nobody")


def test_a_persona_cannot_leave_its_folder() -> None:
    with pytest.raises(PromptError, match="no persona"):
        load_persona([OURS], "../personas/samantha")


def test_the_prefix_takes_as_many_examples_as_the_model_may_have() -> None:
    persona, frame = load_persona([OURS], "samantha"), load_reply_frame([OURS])
    for count in (0, 2):
        prefix = compose_prefix(persona, frame, ModelProfile(examples=count), "")
        assert len(prefix) == 1 + 2 * count
        assert "{{" not in prefix[0].content


def test_the_window_stays_where_it_is_for_several_turns() -> None:
    profile = ModelProfile(context_tokens=1200, reply_tokens=100)
    prefix = (PromptMessage(Role.SYSTEM, "Be brief."),)
    starts = []
    for count in range(61, 161, 2):
        prompt = compose_prompt(prefix, messages(count), profile)
        total = sum(estimate_tokens(message.content) for message in prompt.messages)
        assert total <= 1100
        assert [m.role for m in prompt.messages[1:3]] == [Role.USER, Role.ASSISTANT]
        starts.append(prompt.messages[1].content)
    assert len(set(starts)) <= len(starts) / 6


def test_a_conversation_that_fits_is_whole() -> None:
    prompt = compose_prompt((), messages(5), ModelProfile())
    assert [m.content[0] for m in prompt.messages] == list("01234")
    assert not prompt.clipped


def test_hashes_tell_prompts_apart() -> None:
    one, same = (compose_prompt((), messages(3), ModelProfile()) for _ in range(2))
    other = compose_prompt((), messages(5), ModelProfile())
    assert one.hash == same.hash != other.hash


def test_clipping_keeps_both_ends_and_the_budget() -> None:
    text = "BEGIN " + "ö" * 9000 + " END"
    clipped = clip_middle(text, 300)
    assert clipped.startswith("BEGIN")
    assert clipped.endswith("END")
    assert estimate_tokens(clipped) <= 300
    assert clip_middle("short", 300) == "short"
