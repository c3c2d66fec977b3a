"""From the words that a rule matched to what is remembered."""

import re
from collections.abc import Mapping
from datetime import date

from companion.memory.day_words import MONTHS
from companion.memory.noticing.days import Days
from companion.memory.noticing.persons import to_third
from companion.memory.noticing.rules import DAY, kin_names, word_list

_TAIL = re.compile(
    r"(?:[\s-]+(?:now|too|again|any ?more|no longer|so much|very much|a lot|these days"
    r"|lately|at the moment|right now"
    r"|currently|though|tho|actually|really|anyways?|by the way|btw|tonight"
    r"|more than anything|as well|always|already|just|also|on|in|at|for|with|to|of|the|a|my|from"
    r"|please|honestly|lol|sometimes|right|there|here|about|is|are|tbh|by|then|still|either|yet|haha|xd|ever"
    r"|around))+$",
    re.IGNORECASE,
)
_EMOJI = re.compile(r"[\s\u2600-\u27bf\ufe0f\U0001f000-\U0001faff)(:]+$")


def tidy(words: str) -> str:
    """Return matched words without days, adverbs and prepositions at their end."""
    words = " ".join(words.replace(DAY, " ").split())
    return _TAIL.sub("", _EMOJI.sub("", words)).strip(" '-*_~")


def collect(match: re.Match[str], days: Days | None) -> dict[str, str]:
    """Return what a rule's templates may speak of: its groups, tidied and told of "them"."""
    groups = {name: words or "" for name, words in match.groupdict().items()}
    fields = {"what": ""} | {name: to_third(tidy(words)) for name, words in groups.items()}
    for name in ("name", "called", "new", "old", "place"):
        if name in fields:
            # A name is no pronoun, whatever it looks like.
            fields[name] = tidy(groups[name])
            fields[name.capitalize()] = fields[name].title()
    if fields.get("event", "")[1:2].islower():
        # It begins the sentence.
        fields["event"] = fields["event"][0].lower() + fields["event"][1:]
    return fields | _kin_fields(fields) | _other_fields(groups, fields) | _day_fields(fields, days)


def _kin_fields(fields: Mapping[str, str]) -> dict[str, str]:
    said = fields.get("kin", "").lower()
    kin = kin_names().get(said, said)
    name, called = (fields.get("name") or "").lower(), fields.get("called") or ""
    return {
        "kin": kin,
        "who": kin if kin in word_list("single") else f"{kin}:{name}",
        "kin_or_partner": kin or "partner",
        "relative": f"{kin} {called}" if called else kin,
        "relative_slot": f"{kin} {called}" if called and kin not in word_list("single") else kin,
        "one_kin": fields.get("kins", "").lower().rstrip("s"),
        "lives": "live" if said.endswith("s") and said not in kin_names() else "lives",
    }


def _other_fields(groups: Mapping[str, str], fields: Mapping[str, str]) -> dict[str, str]:
    role = fields.get("role", "")
    article = "an" if role[:1].lower() in tuple("aeiou") else "a"
    which = fields.get("which", "")
    what, language = fields.get("what") or "", groups.get("language") or ""
    return {
        "a_role": f"{article} {role}",
        "which": f"{which} " if which else "",
        "wish": f"{fields.get('what2', '')} in {language}" if language else f"no {what}",
    }


def _day_fields(fields: Mapping[str, str], days: Days | None) -> dict[str, str]:
    kin = kin_names().get(fields.get("kin", "").lower(), "")
    born: date | None = days.since if days else None
    return {
        "whose": f"{kin}'s " if kin else "",
        "Whose": f"Their {kin}'s" if kin else "Their",
        "month_day": f"{born:%m-%d}" if born else "",
        "day_month": f"{born.day} {MONTHS[born.month - 1]}" if born else "",
    }
