"""``companion serve``: the companion behind an endpoint that other programs can talk to."""

import asyncio
import os
import secrets
import socket
from typing import TYPE_CHECKING, Annotated

import typer

from companion.cli.output import print_notice
from companion.domain.errors import CompanionError

if TYPE_CHECKING:
    from companion.serving.talks import Talks

KEY_VARIABLE = "COMPANION_SERVE_KEY"
_MISSING = 'Serving needs starlette and uvicorn. Install them: pip install "companion[serve]"'
_LEAST_KEY = 16


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")
    ] = 8765,
    backend: Annotated[str | None, typer.Option(help="Who answers.")] = None,
    model: Annotated[str | None, typer.Option(help="Another model of that backend.")] = None,
) -> None:
    """Let other programs talk to her, with mood and memory, over the OpenAI chat protocol.

    They have to show a key: that in COMPANION_SERVE_KEY, or one that is made for this start.
    Ctrl-C ends it.
    """
    try:
        from companion.serving.app import make_app
        from companion.serving.server import Server
    except ImportError as error:
        raise CompanionError(_MISSING) from error
    from companion.assembly import open_companion
    from companion.installation import read_installation
    from companion.serving.talks import Talks

    key = _find_key()
    listener = _listen(host, port)
    try:
        talks = Talks(open_companion(read_installation(), backend, model))
        server = Server(make_app(talks, key), _say_goodbye)
        with asyncio.Runner() as runner:
            try:
                _announce(listener, key)
                runner.run(server.serve(sockets=[listener]))
            finally:
                runner.run(_leave(talks))
    finally:
        listener.close()


async def _leave(talks: "Talks") -> None:
    """Stop what is still being answered, so that what came of it is kept, and close her."""
    answering = asyncio.all_tasks() - {asyncio.current_task()}
    for task in answering:
        task.cancel()
    await asyncio.gather(*answering, return_exceptions=True)
    await talks.close()


def _say_goodbye() -> None:
    from companion.serving.server import PATIENCE_S

    print_notice(f"Goodbye. An answer under way has {PATIENCE_S} seconds to end.")


def _find_key() -> str:
    key = os.environ.get(KEY_VARIABLE, "").strip()
    if key and (len(key) < _LEAST_KEY or not key.isascii() or not key.isprintable()):
        raise CompanionError(
            f"The key in {KEY_VARIABLE} must have {_LEAST_KEY} plain characters or more. "
            "Leave it unset, and one is made."
        )
    return key or secrets.token_urlsafe(24)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no such port"
        raise CompanionError(
            f"{host}, port {port}, cannot be listened on ({reason}). Choose another --port."
        ) from error


def _announce(listener: socket.socket, key: str) -> None:
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    typer.echo(f"http://{shown}:{port}/v1")
    if not os.environ.get(KEY_VARIABLE, "").strip():
        print_notice(f"The key, for this start: {key}")
    if host not in ("127.0.0.1", "::1"):
        print_notice(
            "Others on your network can reach this, and what they say goes unencrypted. "
            "Whoever has the key can talk with her and hear what she remembers of you."
        )
