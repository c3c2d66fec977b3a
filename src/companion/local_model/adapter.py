"""Which adapter changes how an embedded model talks."""

from pathlib import Path

from companion.local_model.catalogue import CatalogueEntry

SHIPPED, NONE = "shipped", "none"


def find_adapter(entry: CatalogueEntry, chosen: str) -> Path | None:
    """Return the GGUF file of the adapter that is ``chosen`` for a model, if there is one.

    ``chosen`` is ``shipped`` for ours, where we have one for this model, ``none``, or a path.
    """
    if chosen == NONE:
        return None
    if chosen == SHIPPED:
        return entry.adapter.path if entry.adapter else None
    return Path(chosen).expanduser()
