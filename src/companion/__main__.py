"""``python -m companion`` and the ``companion`` command."""

import os
import sys
import traceback

from companion.cli.harmless_stream import guard_output
from companion.domain.errors import CompanionError


def main() -> None:
    """Run the program and end the process with its exit status."""
    # Whatever is written here is for the user's eyes only.
    os.umask(0o077)
    guard_output()
    sys.exit(_run())


def _run() -> int:
    try:
        _dispatch()
    except CompanionError as error:
        sys.stderr.write(f"companion: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone; Python would complain once more at exit.
        sys.stderr.close()
        return 1
    except Exception as error:  # noqa: BLE001 - the one place where nothing may pass
        sys.stderr.write(f"companion: {_keep_traceback(error)}\n")
        return 1
    return 0


def _dispatch() -> None:
    if len(sys.argv) == 1:
        # The chat must paint at once; it does not need the command line's parser.
        from companion.cli.chat import open_chat

        open_chat()
    else:
        from companion.cli.main import run

        run()


def _keep_traceback(error: Exception) -> str:
    from companion.locations import find_locations, make_private

    log = find_locations().log_file
    sentence = f"Something went wrong that was not foreseen ({error.__class__.__name__})."
    try:
        make_private(log.parent)
        with log.open("a", encoding="utf-8") as file:
            traceback.print_exception(error, file=file)
    except OSError:
        return f"{sentence} {error}"
    return f"{sentence} Nothing that was kept is lost; the details are in {log}."


if __name__ == "__main__":
    main()
