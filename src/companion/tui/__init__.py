"""The chat screen."""

import os

# How long a terminal may take between Escape and the rest of a key's sequence, in
# milliseconds. Textual reads it when it is imported; its 100 would make Escape slow.
os.environ.setdefault("ESCDELAY", "25")
