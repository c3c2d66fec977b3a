"""The network that moods and the crisis screen read with."""

import numpy as np
import pytest

from companion.safety.classifier import FILE, GRAVE, HEADS
from companion.words.network import LONGEST, Network

HEAD = HEADS.index(GRAVE)
WORDS = ["we", "had", "soup", ".", "then", "i", "counted", "all", "my", "pills", "again"]


@pytest.fixture(scope="module")
def network() -> Network:
    return Network(FILE)


def test_what_the_words_say_adds_up_to_the_output(network: Network) -> None:
    reading = network.read(WORDS)
    shares = network.trace(WORDS, HEAD)
    at_work = (reading.state > 0) * network.layers["out"][:, HEAD]
    of_no_word = network.bias["dense"] @ at_work + network.bias["out"][HEAD]
    assert sum(shares) + of_no_word == pytest.approx(float(reading.logits[HEAD]), abs=1e-3)
    assert len(shares) == len(WORDS)


def test_the_words_that_matter_have_the_larger_share(network: Network) -> None:
    shares = network.trace(WORDS, HEAD)
    assert sum(shares[:3]) < sum(shares[4:])


def test_the_middle_of_a_long_text_is_passed_over(network: Network) -> None:
    begin, end = ["soup"] * (LONGEST // 2), ["pills"] * (LONGEST // 2)
    read = network.read([*begin, *["anything"] * 500, *end]).logits
    assert np.allclose(read, network.read([*begin, *end]).logits)


def test_no_words_and_unknown_words_can_be_read(network: Network) -> None:
    assert np.isfinite(network.read([]).logits).all()
    assert np.isfinite(network.read(["\ud800", "xqzt" * 9, ""]).logits).all()
