"""A conversation as Markdown: the branch that is shown, then the others."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from companion.domain import records
from companion.domain.records import MessageRecord, MoodRecord, Record

_WHO = {"user": "You", "assistant": "She"}
_JUDGES = {"model": "the mood model", "llm": "a language model", "user": "your own word"}
_OF_TALK = (records.ImportedConversationRecord, records.SpeakerRecord)
_DONE = ("answered", "complete")


class Talk:
    """Gathers the records of one conversation and writes them."""

    def __init__(self, conversation: records.ConversationRecord, zone: tzinfo | None) -> None:
        self._conversation = conversation
        self._zone = zone
        self._messages: dict[int, MessageRecord] = {}
        self._about: dict[int, list[str]] = {}
        self._loose: list[str] = []

    def add(self, record: Record) -> bool:
        """Take a record in if it is of this conversation."""
        match record:
            case MessageRecord():
                self._messages[record.id] = record
            case MoodRecord(message_id=int(number)):
                self._tell_about(number, tell_mood(record))
            case records.GuidanceRecord():
                told = f"Strategy: {record.strategy}, because {record.reason}"
                self._tell_about(record.message_id, told)
            case records.ImportedMessageRecord():
                self._tell_about(record.message_id, f"Imported; said by {record.speaker or '?'}")
            case records.DraftRecord():
                self._loose.append(f"Not sent yet: {record.text}")
            case records.UserNameRecord():
                self._loose.append(f"You asked to be called {record.name}.")
            case _:
                return isinstance(record, _OF_TALK)
        return True

    def _tell_about(self, message_id: int, line: str) -> None:
        self._about.setdefault(message_id, []).append(line)

    def write(self) -> Iterator[str]:
        """Yield the conversation."""
        about = self._conversation
        yield f"## {about.title or 'Nothing said yet'}\n\n"
        yield f"Conversation {about.id}, with {about.persona}, from {self._tell(about.created_at)}."
        yield "\n\n"
        shown = self._find_branch()
        for number in shown:
            yield from self._write_message(self._messages[number])
        others = [each for number, each in self._messages.items() if number not in set(shown)]
        if others:
            yield "### Other branches\n\n"
        for each in others:
            after = f", after message {each.parent_id}" if each.parent_id else ""
            yield from self._write_message(each, after)
        yield from (f"{line}\n\n" for line in self._loose)

    def _find_branch(self) -> list[int]:
        branch: list[int] = []
        number = self._conversation.head_id
        while number is not None and number in self._messages:
            branch.append(number)
            number = self._messages[number].parent_id
        return branch[::-1]

    def _write_message(self, message: MessageRecord, where: str = "") -> Iterator[str]:
        who, at = _WHO[message.role], self._tell(message.created_at)
        state = "" if message.status in _DONE else f", {message.status}"
        yield f"**{who}** ({at}, message {message.id}{where}{state})\n\n"
        if message.text:
            yield f"{message.text}\n\n"
        about = list(self._about.get(message.id, ()))
        if message.note:
            about.append(f"Told with it: {' '.join(message.note.split())}")
        if message.forgotten:
            about.append("Not recalled: you asked to forget it")
        if about:
            yield "\n".join(f"> {line}  " for line in about) + "\n\n"

    def _tell(self, moment: str) -> str:
        at = datetime.fromisoformat(moment).astimezone(self._zone)
        return f"{at.day} {at:%B %Y, %H:%M}"


def tell_mood(mood: MoodRecord) -> str:
    """Return a line about an appraisal, with its source."""
    felt = mood.word or ", ".join(mood.labels) or "nothing in particular"
    seen = " … ".join(mood.evidence)
    why = f", from “{seen}”" if seen else ""
    sure = "" if mood.source == "user" else f", {mood.confidence:.0%} sure"
    return f"Mood: {felt} ({_JUDGES[mood.source]}{sure}{why})"
