"""Which part of a long conversation is on the screen's scroll."""

from companion.domain.message import Message, Role

PAGE = 15
MOST = 80


class Window:
    """A stretch of messages: all that are known, and those of them that are shown.

    What is known always reaches to the newest message; what is shown need not.
    Older messages than those known may still be on disk.
    """

    def __init__(self, messages: list[Message], *, more: bool) -> None:
        self.known = list(messages)
        self.more_on_disk = more
        self.first = 0
        self.last = len(messages)

    @property
    def at_newest(self) -> bool:
        """Whether nothing newer than what is shown exists."""
        return self.last == len(self.known)

    @property
    def full(self) -> bool:
        """Whether more at one edge would mean less at the other."""
        return self.last - self.first >= MOST

    @property
    def at_oldest_known(self) -> bool:
        """Whether everything older that is known is shown."""
        return self.first == 0

    def learn_older(self, messages: list[Message], *, more: bool) -> None:
        """Take in older messages from disk; they are not shown yet."""
        self.known[:0] = messages
        self.first += len(messages)
        self.last += len(messages)
        self.more_on_disk = more

    def show_older(self) -> list[Message]:
        """Move the upper edge up by a page and return what came into view."""
        start = max(0, self.first - PAGE)
        shown = self.known[start : self.first]
        self.first = start
        return shown

    def show_newer(self) -> list[Message]:
        """Move the lower edge down by a page and return what came into view."""
        end = min(len(self.known), self.last + PAGE)
        shown = self.known[self.last : end]
        self.last = end
        return shown

    def show_around(self, place: int, count: int) -> list[Message]:
        """Move both edges so that the message at ``place`` is in the middle; return what shows."""
        self.first = max(0, min(place - count // 2, len(self.known) - count))
        self.last = min(len(self.known), self.first + count)
        return self.known[self.first : self.last]

    def let_go_newest(self) -> int:
        """Give up what is too much at the lower edge; return how many messages."""
        surplus = max(0, self.last - self.first - MOST)
        self.last -= surplus
        return surplus

    def let_go_oldest(self) -> int:
        """Give up what is too much at the upper edge; return how many messages."""
        surplus = max(0, self.last - self.first - MOST)
        self.first += surplus
        return surplus

    def append(self, message: Message) -> None:
        """Take in and show a new message; the newest must be shown already."""
        self.known.append(message)
        self.last += 1

    def drop_after_last_of_user(self, *, inclusive: bool) -> int:
        """Forget the end of the conversation from the user's last message on.

        Returns how many messages were shown of it.
        """
        count = 0
        for message in reversed(self.known):
            if message.role is Role.USER:
                count += inclusive
                break
            count += 1
        else:
            return 0
        del self.known[len(self.known) - count :]
        shown = max(0, self.last - len(self.known))
        self.last -= shown
        return shown
