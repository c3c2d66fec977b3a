"""Summaries as Markdown: each sentence with the messages that it came from."""

from collections.abc import Iterator, Sequence

from companion.domain import memory_records as more
from companion.domain.records import Record


def write_summaries(rest: Sequence[Record]) -> Iterator[str]:
    """Yield the summaries among ``rest``, and what was known of the user."""
    summaries = [each for each in rest if isinstance(each, more.SummaryRecord)]
    if not summaries:
        return
    sentences = _find_sentences(rest)
    yield "## In short\n\n"
    for each in summaries:
        what = f"Conversation {each.conversation_id}" if each.conversation_id else "What she knows"
        maker = "a language model" if each.made_by == "llm" else "your own words"
        yield f"**{what}** (messages {each.first_id} to {each.last_id}, {maker})\n\n"
        yield "".join(sentences.get(each.id, ())) + "\n"


def _find_sentences(rest: Sequence[Record]) -> dict[int, list[str]]:
    sources: dict[int, list[str]] = {}
    found: dict[int, list[str]] = {}
    for each in rest:
        if isinstance(each, more.SummarySourceRecord):
            sources.setdefault(each.sentence_id, []).append(str(each.message_id))
    for each in rest:
        if isinstance(each, more.SummarySentenceRecord):
            told = ", ".join(sources.get(each.id, ()))
            found.setdefault(each.summary_id, []).append(f"- {each.text} (from message {told})\n")
    return found
