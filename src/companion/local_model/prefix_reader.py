"""Reading the unchanging part of a prompt before the user has said a word.

What a server holds in its cache after reading is kept in a file, so that the next
start takes milliseconds where reading takes seconds. The file holds no conversation,
only what stands in front of every one: persona, examples, the user's name.
"""

import hashlib
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

_KEPT_FILES = 4
"""A file takes about 28 kB a token with the default model."""


@dataclass(frozen=True, slots=True)
class PrefixReader:
    """Has the server at ``address`` read prefixes, and keeps them in ``folder``.

    ``identity`` names everything beside the text that a kept state depends on.
    """

    address: str
    api_key: str
    folder: Path
    identity: str

    def read_ahead(self, messages: object) -> None:
        """Bring ``messages`` into the server's cache. Raises ``OSError``.

        The server answers one request at a time: a real one that comes meanwhile
        waits. It begins with the same words, so what it waits for is not lost to it.
        """
        digest = hashlib.sha256(json.dumps([self.identity, messages]).encode()).hexdigest()
        kept = self.folder / f"{digest[:32]}.state"
        if kept.exists() and self._slot("restore", kept):
            kept.touch()
            return
        self._post(
            "/v1/chat/completions", {"messages": messages, "max_tokens": 1, "cache_prompt": True}
        )
        self._slot("save", kept)
        self._forget_old()

    def _slot(self, action: str, file: Path) -> bool:
        try:
            self._post(f"/slots/0?action={action}", {"filename": file.name})
        except urllib.error.HTTPError:
            file.unlink(missing_ok=True)
            return False
        return True

    def _forget_old(self) -> None:
        files = sorted(self.folder.glob("*.state"), key=lambda file: file.stat().st_mtime)
        for file in files[:-_KEPT_FILES]:
            file.unlink(missing_ok=True)

    def _post(self, path: str, body: object) -> None:
        request = urllib.request.Request(
            self.address + path,
            json.dumps(body).encode(),
            {"Authorization": f"Bearer {self.api_key}", "Content-Type": "application/json"},
        )
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(request) as reply:
            reply.read()
