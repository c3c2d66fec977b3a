from pathlib import Path

from companion.mood import network
from companion.mood.lexicon import table
from companion.mood.model import Model

DATA = Path(network.__file__).with_name("data")


def test_all_data_stay_small() -> None:
    assert sum(file.stat().st_size for file in DATA.iterdir() if file.is_file()) <= 1_500_000


def test_licences_are_beside_the_data() -> None:
    assert "CC BY-SA 4.0" in (DATA / "affect.LICENSE.md").read_text(encoding="utf-8")
    assert "CC BY 4.0" in (DATA / "emotions.LICENSE.md").read_text(encoding="utf-8")


def test_the_model_judges_words() -> None:
    model = Model()
    assert max(model.emotions(["thank", "you"]).items(), key=lambda pair: pair[1])[0] == "gratitude"
    assert model.feel(["what", "a", "wonderful", "day"]).valence > 0
    assert model.feel(["they", "killed", "him"]).valence < 0


def test_affect_stands_on_the_words_of_the_emotions() -> None:
    model = Model()
    lent = list(model.network.rows)[:1000]
    assert list(model.affect.rows)[:1000] == lent
    assert model.affect.width == model.network.width + model.affect.vectors.shape[1]
    assert len(model.affect.rows) == len(model.affect.vectors)


def test_word_lists_can_be_read() -> None:
    for name in ("phrases", "idioms", "sarcasm", "people", "emoji", "languages", "feelings"):
        assert table(name)
