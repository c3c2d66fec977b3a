"""Two themes of our own: a warm room in the evening, and the same room by day."""

from textual.theme import Theme

DARK = Theme(
    name="dark",
    primary="#e8937c",
    secondary="#cf8f9b",
    accent="#f2ac93",
    foreground="#efe4dc",
    background="#1d1817",
    surface="#282120",
    panel="#332a28",
    success="#a3b98a",
    warning="#e6b877",
    error="#ee8a80",
    dark=True,
    variables={
        "quiet": "#a8968d",
        "theirs": "#b97e75",
        "block-cursor-background": "#e8937c",
        "block-cursor-foreground": "#1d1817",
        "block-cursor-text-style": "none",
        "input-cursor-background": "#f2ac93",
        "input-cursor-foreground": "#1d1817",
        "input-selection-background": "#e8937c 35%",
        "screen-selection-background": "#e8937c 35%",
        "scrollbar": "#4a3d3a",
        "scrollbar-hover": "#6b5751",
        "scrollbar-active": "#e8937c",
        "scrollbar-background": "#1d1817",
        "scrollbar-background-hover": "#1d1817",
        "scrollbar-background-active": "#1d1817",
    },
)

LIGHT = Theme(
    name="light",
    primary="#b3492f",
    secondary="#96536a",
    accent="#a8432b",
    foreground="#43322c",
    background="#fcf6f1",
    surface="#f5eae2",
    panel="#ecddd2",
    success="#55703a",
    warning="#8a5a12",
    error="#b3261e",
    dark=False,
    variables={
        "quiet": "#7c665d",
        "theirs": "#cf9a8a",
        "block-cursor-background": "#b3492f",
        "block-cursor-foreground": "#fcf6f1",
        "block-cursor-text-style": "none",
        "input-cursor-background": "#b3492f",
        "input-cursor-foreground": "#fcf6f1",
        "input-selection-background": "#b3492f 25%",
        "screen-selection-background": "#b3492f 25%",
        "scrollbar": "#dfcabd",
        "scrollbar-hover": "#c9ab9b",
        "scrollbar-active": "#b3492f",
        "scrollbar-background": "#fcf6f1",
        "scrollbar-background-hover": "#fcf6f1",
        "scrollbar-background-active": "#fcf6f1",
    },
)

THEMES = (DARK, LIGHT)
