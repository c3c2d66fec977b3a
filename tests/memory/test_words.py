import sqlite3

from companion.memory.related import related_words
from companion.memory.stemming import stem
from companion.memory.words import forms_of, split_words, term_of, terms_of

TEXT = """
The ponies were hopping happily through the caresses of feudalism, relational electricity and
adjustable replacements; troubled by falling, filing, failing and hissing skies, they agreed on
formalized rationalizations. Controlling rolls, probate rates and ceasing analogies decided
the vietnamization of hopefulness, goodness, irritants, adoption, communism, angularity,
effectiveness and bowdlerized allowance. Café Zürich naïve 北京 привет 42nd a be see it's o'clock
"""


def test_words_are_those_of_the_index() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE said USING fts5("
        "text, tokenize='porter unicode61 remove_diacritics 2')"
    )
    connection.execute("CREATE VIRTUAL TABLE words USING fts5vocab(said, instance)")
    connection.execute("INSERT INTO said VALUES (?)", (TEXT,))
    indexed = [row[0] for row in connection.execute("SELECT term FROM words ORDER BY offset")]
    connection.close()
    assert [stem(word) for word in split_words(TEXT)] == indexed


def test_forms_of_a_word_count_as_one() -> None:
    assert term_of("went") == term_of("going") == term_of("go")
    assert {"go", "went", "gone", "going"} <= forms_of("going")
    assert terms_of("When did the children go?") == terms_of("A child went")


def test_everyday_words_know_their_relatives() -> None:
    assert "dog" in related_words(term_of("pets"))
    assert "guitar" in related_words(term_of("instrument"))
    assert related_words("quaternion") == ()
