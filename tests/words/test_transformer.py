"""The second reader of the crisis screen reads whole sentences."""

import numpy as np
import pytest

from companion.safety.classifier import GRAVE, HEADS, SECOND_FILE
from companion.words.transformer import LONGEST, Transformer

HEAD = HEADS.index(GRAVE)


@pytest.fixture(scope="module")
def reader() -> Transformer:
    return Transformer(SECOND_FILE)


def grave(reader: Transformer, words: str) -> float:
    return float(reader.read(words.split())[HEAD])


def test_the_order_of_words_matters(reader: Transformer) -> None:
    one = grave(reader, "the dog will be fine without me")
    other = grave(reader, "i will be fine without the dog")
    assert one > other + 1


def test_what_weighs_on_somebody_counts_more_than_soup(reader: Transformer) -> None:
    assert grave(reader, "i counted all my pills again and wrote the letters") > 0
    assert grave(reader, "we had soup and counted the spoons for the party") < 0


def test_the_middle_of_a_long_text_is_passed_over(reader: Transformer) -> None:
    begin, end = ["soup"] * (LONGEST // 2 - 1), ["pills"] * (LONGEST // 2 - 1)
    read = reader.read([*begin, *["anything"] * 500, *end])
    assert np.array_equal(read, reader.read([*begin, *end]))


def test_no_words_and_unknown_words_can_be_read(reader: Transformer) -> None:
    assert np.isfinite(reader.read([])).all()
    assert np.isfinite(reader.read(["\ud800", "xqzt" * 40, ""])).all()
