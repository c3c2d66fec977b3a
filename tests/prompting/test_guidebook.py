"""Strategies and exemplars, as they are read and chosen."""

from pathlib import Path

import pytest

from companion.domain.errors import PromptError
from companion.domain.guidance import Guidance, Stage, Strategy
from companion.domain.model import ModelProfile
from companion.domain.mood import Affect, Appraisal
from companion.prompting.budget import estimate_tokens
from companion.prompting.exemplars import load_exemplars
from companion.prompting.guidebook import load_guidebook
from companion.prompting.strategies import load_strategies
from fakes import feel

PROMPTS = Path(__file__).parents[2] / "prompts"
SAD = Guidance(Strategy.REFLECT, Stage.EXPLORE, "")


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_small_model_is_told_in_brief() -> None:
    guidebook = load_guidebook([PROMPTS])
    brief = guidebook.instruct(SAD, ModelProfile(brief=True))
    assert estimate_tokens(brief) < 40
    assert len(guidebook.instruct(SAD, ModelProfile())) > len(brief)


def test_being_unsure_has_words_of_its_own() -> None:
    guidebook = load_guidebook([PROMPTS])
    unsure = Guidance(Strategy.ASK, Stage.EXPLORE, "", unsure=True)
    assert guidebook.instruct(unsure, ModelProfile(brief=True)) == (
        guidebook.strategies["unsure"].brief
    )


def test_the_nearest_come_last_and_fit() -> None:
    profile = ModelProfile(exemplars=3)
    shown = load_guidebook([PROMPTS]).show("my dog died yesterday", feel("sad"), SAD, profile)
    assert 2 <= len(shown) <= 3
    assert "dog" in shown[-1].user
    assert sum(estimate_tokens(e.user) + estimate_tokens(e.reply) for e in shown) <= 240


def test_a_large_model_needs_none() -> None:
    assert load_guidebook([PROMPTS]).show("hello", feel("sad"), SAD, ModelProfile()) == ()


def test_a_message_of_strange_letters_finds_some_by_mood() -> None:
    shown = load_guidebook([PROMPTS]).show("😭" * 500, feel("sad"), SAD, ModelProfile(exemplars=2))
    assert {exemplar.feeling for exemplar in shown} == {"sadness"}


def test_where_nothing_is_near_nothing_is_shown() -> None:
    profile = ModelProfile(exemplars=2)
    lost = Appraisal({}, (), Affect(), 0.0, 0.0, known=False)
    assert load_guidebook([PROMPTS]).show("zzz qqq", lost, SAD, profile) == ()


def test_a_bank_of_ones_own_wins_file_by_file(tmp_path: Path) -> None:
    table = 'feeling = "grief"\nstrategy = "sit"\nuser = "the owl died"\nreply = "The owl."\n'
    write(tmp_path, "exemplars/grief.toml", f"[[exemplar]]\n{table}")
    bank = load_exemplars([tmp_path, PROMPTS])
    assert bank.nearest("the owl died", {}, Strategy.SIT, 1, 99)[0].reply == "The owl."


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("strategies.toml", '[ask]\nbrief = "Ask {{who}}"', r"strategies.toml:2: nothing fills"),
        ("strategies.toml", "[ask", "not valid TOML"),
        ("strategies.toml", '[ask]\nbrief = "x"', "full: Field required"),
        ("strategies.toml", '[ask]\nbrief = "x"\nfull = "x"', "each strategy needs one table"),
        ("strategies.toml", 'ask = "x"', "valid dictionary"),
        ("exemplars/a.toml", "[[exemplar]", "not valid TOML"),
        ("exemplars/a.toml", '[[exemplar]]\nfeeling = "joy"', "exemplar.0.strategy"),
        (
            "exemplars/a.toml",
            '[[exemplar]]\nfeeling = "hunger"\nstrategy = "ask"\nuser = "x"\nreply = "y"',
            "hunger is none of the 28",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(
    tmp_path: Path, name: str, text: str, complaint: str
) -> None:
    write(tmp_path, name, text)
    load = load_strategies if name == "strategies.toml" else load_exemplars
    with pytest.raises(PromptError, match=complaint):
        load([tmp_path])
