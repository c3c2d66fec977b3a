"""How much text fits."""

_CHARACTERS_A_TOKEN = 3.0
_TOKENS_A_MESSAGE = 5
_BYTES_A_TOKEN = 4
_CUT = "\n[… the middle of this long message is left out here …]\n"


def estimate_tokens(text: str) -> int:
    """Return how many tokens a message of ``text`` costs, rather too many than too few.

    English prose runs at about 4.3 characters a token with the vocabularies of the
    models in our catalogue; 3.0 bytes leaves room for names, typos and other scripts.
    """
    return int(len(text.encode("utf-8", "replace")) / _CHARACTERS_A_TOKEN) + _TOKENS_A_MESSAGE


def measure_passage(text: str) -> int:
    """Return how many tokens ``text`` costs as one of several passages of a message.

    Closer than ``estimate_tokens``: one passage may cost more, several together do not.
    Everyday English has 4.4 bytes a token; no 25 turns drawn at random from talks of
    600 turns took more than this (Qwen2.5's vocabulary).
    """
    return len(text.encode("utf-8", "replace")) // _BYTES_A_TOKEN + 1


def clip_middle(text: str, tokens: int) -> str:
    """Return ``text`` if it fits into ``tokens``, else its beginning and its end."""
    if estimate_tokens(text) <= tokens:
        return text
    room = max(0, int((tokens - estimate_tokens(_CUT)) * _CHARACTERS_A_TOKEN)) // 2
    raw = text.encode("utf-8", "replace")
    head = raw[:room].decode("utf-8", "ignore")
    tail = raw[len(raw) - room :].decode("utf-8", "ignore")
    return head + _CUT + tail
