"""The conversation as one scroll, of which only a part is mounted."""

from collections.abc import Awaitable, Callable, Sequence

from textual.containers import VerticalScroll
from textual.widget import Widget

from companion.domain.message import Message, Role
from companion.tui.widgets.message_view import MessageView
from companion.tui.widgets.streaming_reply import StreamingReply
from companion.tui.window import Window

FIRST_LOOK = 30
_FAR = 500
_GAP = 1

LoadOlder = Callable[[int, int], Awaitable[list[Message]]]


class ConversationView(VerticalScroll, can_focus=False):
    """Shows messages, brings older and newer ones while the user scrolls, follows her."""

    def __init__(self) -> None:
        super().__init__(id="conversation")
        self._window = Window([], more=False)
        self._load_older: LoadOlder | None = None
        self._moving = False
        self.reply: StreamingReply | None = None

    @property
    def messages(self) -> Sequence[Message]:
        """The messages that are known, oldest first."""
        return self._window.known

    async def show(self, messages: list[Message], load_older: LoadOlder) -> None:
        """Show the end of a conversation."""
        self._load_older = load_older
        self._window = Window(messages, more=len(messages) >= FIRST_LOOK)
        self.reply = None
        with self.app.batch_update():
            await self.remove_children()
            await self.mount_all(map(MessageView, messages))
            self.anchor()
        await self._fill()

    async def on_resize(self) -> None:
        """Fill a view that has become taller than what is mounted."""
        await self._fill()

    async def add(self, message: Message) -> None:
        """Add a message at the end and go there."""
        await self.go_to_newest()
        self._window.append(message)
        await self.mount(MessageView(message))
        await self._let_go_oldest()

    async def tell(self, notice: Message) -> None:
        """Add words of the program at the end, where they move nothing that is being read."""
        if not self._window.at_newest:
            self._window.known.append(notice)
            return
        self._window.append(notice)
        await self.mount(MessageView(notice), before=self.reply)
        await self._let_go_oldest()

    async def begin_reply(self) -> StreamingReply:
        """Make room for a reply that is about to come."""
        await self.go_to_newest()
        self.reply = StreamingReply()
        await self.mount(self.reply)
        return self.reply

    async def end_reply(self, message: Message | None) -> None:
        """Put the finished reply where it was streamed, or take it away."""
        with self.app.batch_update():
            if message is not None:
                self._window.append(message)
                await self.mount(MessageView(message))
            if self.reply is not None:
                await self.reply.remove()
                self.reply = None
        await self._let_go_oldest()

    async def drop_after_last_of_user(self, *, inclusive: bool) -> None:
        """Take away the end of the conversation, from the user's last message on."""
        await self.go_to_newest()
        count = self._window.drop_after_last_of_user(inclusive=inclusive)
        if count:
            await self.remove_children(list(self.children)[-count:])

    async def go_to(self, message_id: int) -> bool:
        """Bring a message into view and mark it; return whether it is said on this branch.

        Not while she talks: her reply is the last of what is mounted.
        """
        place = await self._find(message_id)
        if place is None:
            return False
        with self.app.batch_update():
            self.release_anchor()
            await self.remove_children()
            views = [MessageView(each) for each in self._window.show_around(place, FIRST_LOOK)]
            await self.mount_all(views)
        view = next(each for each in views if each.message.id == message_id)
        view.add_class("-marked")
        self.call_after_refresh(self.scroll_to_widget, view, animate=False)
        return True

    async def _find(self, message_id: int) -> int | None:
        """Return the place of a message among all that are known, after loading older ones."""
        window = self._window
        while window.known and window.known[0].id > message_id and window.more_on_disk:
            await self._learn_older(_FAR)
        places = [place for place, each in enumerate(window.known) if each.id == message_id]
        return places[0] if places else None

    async def go_to_newest(self) -> None:
        """Show the end of the conversation and stay there."""
        if not self._window.at_newest:
            newest = self._window.known[-FIRST_LOOK:]
            window = Window(self._window.known, more=self._window.more_on_disk)
            window.first = len(window.known) - len(newest)
            self._window = window
            with self.app.batch_update():
                await self.remove_children()
                await self.mount_all(map(MessageView, newest))
        self.anchor()

    def page(self, direction: int) -> None:
        """Scroll by a page, up with -1 and down with 1."""
        step = max(1, self.container_size.height - 2)
        self.scroll_to(y=self.scroll_y + direction * step, animate=False)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Bring what the user scrolls towards."""
        super().watch_scroll_y(old_value, new_value)
        if not self._window.at_newest:
            # The end of what is mounted is not the end of the conversation: stay.
            self.release_anchor()
        if not self._moving and self._wanted(old_value, new_value):
            self._moving = True
            self.call_later(self._move)

    @property
    def _has_older(self) -> bool:
        return not self._window.at_oldest_known or self._window.more_on_disk

    @property
    def _has_room(self) -> bool:
        return self._height_of(self.children) < self.size.height

    async def _fill(self) -> None:
        while self._has_older and not self._window.full and self._has_room:
            await self._bring_older()

    def _wanted(self, old: float, new: float) -> bool:
        height = self.container_size.height
        if new < old:
            return self._has_older and new < height
        return not self._window.at_newest and new > self.max_scroll_y - height

    async def _move(self) -> None:
        try:
            if self.scroll_y < self.container_size.height:
                await self._bring_older()
            elif not self._window.at_newest:
                await self._bring_newer()
        finally:
            self._moving = False

    async def _bring_older(self) -> None:
        window = self._window
        if window.at_oldest_known and window.more_on_disk:
            await self._learn_older(FIRST_LOOK)
        views = [MessageView(message) for message in window.show_older()]
        if not views:
            return
        with self.app.batch_update():
            await self.mount_all(views, before=0)
            self._hold_still(self._height_of(views))
            # While she talks her reply is the last child, and following it is near.
            surplus = 0 if self.reply else window.let_go_newest()
            if surplus:
                await self.remove_children(list(self.children)[-surplus:])

    async def _learn_older(self, count: int) -> None:
        window = self._window
        older = await self._load_older(window.known[0].id, count) if self._load_older else []
        window.learn_older(older, more=len(older) >= count)

    async def _bring_newer(self) -> None:
        views = [MessageView(message) for message in self._window.show_newer()]
        with self.app.batch_update():
            await self.mount_all(views)
            await self._let_go_oldest()

    async def _let_go_oldest(self) -> None:
        surplus = self._window.let_go_oldest()
        if surplus:
            gone = list(self.children)[:surplus]
            with self.app.batch_update():
                if not self.is_following:
                    self._hold_still(-self._height_of(gone))
                await self.remove_children(gone)

    @property
    def is_following(self) -> bool:
        """Whether the end of the conversation is in view."""
        return self._window.at_newest and self.scroll_y >= self.max_scroll_y

    def _height_of(self, views: Sequence[Widget]) -> int:
        width = self.scrollable_content_region.width
        heights = (
            view.get_content_height(self.size, self.app.size, width - view.gutter.width)
            for view in views
        )
        return sum(heights) + _GAP * len(views)

    def _hold_still(self, added_above: int) -> None:
        """Keep what is in view where it is, in the same layout that moves the rest.

        Setting ``scroll_y`` in the ordinary way would cut it to the old height.
        """
        target = max(0, self.scroll_y + added_above)
        self.set_reactive(Widget.scroll_y, target)
        self.set_reactive(Widget.scroll_target_y, target)


def said_by_user(messages: Sequence[Message]) -> list[str]:
    """Return what the user said, oldest first."""
    return [message.text for message in messages if message.role is Role.USER]
