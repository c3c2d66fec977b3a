"""The server that the endpoint runs in."""

import logging
from collections.abc import Callable
from types import FrameType

import uvicorn
from starlette.applications import Starlette

PATIENCE_S = 3
"""How long an answer under way may go on after the server is told to end, in seconds."""


class Server(uvicorn.Server):
    """Calls ``say_goodbye`` when it is told to end, by Ctrl-C or a signal."""

    def __init__(self, app: Starlette, say_goodbye: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_level="warning",
                access_log=False,
                timeout_graceful_shutdown=PATIENCE_S,
            )
        )
        self._say_goodbye = say_goodbye

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end; at a second Ctrl-C, wait no longer."""
        if not self.should_exit:
            self._say_goodbye()
            # An answer that is cut off now is no fault that anybody has to see.
            logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        super().handle_exit(sig, frame)
