"""Whether somebody is leaving, so that nothing holds them back.

Clauses are judged whole: "I need to leave now" is a goodbye, "I need to leave him" is not,
and neither is a night in which something happened.
"""

import re

_SHORT_WORDS = 16
"""In more words than this, somebody tells something; only a goodbye at its end counts."""
_BREAK = re.compile(
    r"(?<=[.!,;:\u2026?])\s*|\s+(?:-+|\u2013|\u2014)\s+|\s+(?:and(?! out\b)|but|because)\s+"
)
_ENDS = " .!,;:\u2026)(*~<3\u2764\ufe0f"

_LEAD = (
    r"(?:(?:ok|okay|well|right|alright|so|then|anyway|oh|yes|no|yeah|now|just|and|but|thanks|sorry"
    r"|i think|i guess|maybe|really|xoxo|x+|hugs|kisses|love you) )*"
)
_WHEN = (
    r"(?: (?:now|soon|then|here|there|again|already|tonight|today|sorry|though|to bed|to sleep"
    r"|to work|home|for (?:now|today|tonight|a (?:bit|while))|in (?:a|an|\w+) (?:minute|hour|bit)s?"
    r"|i'm afraid))"
)
_ME = r"(?:i'm |im |i am )"
_MUST = (
    r"(?:i |i've |i'd )?(?:(?:really |should |probably |better )*)(?:have to|got to|gotta|need to"
    r"|ought to|should|must|better|had better)(?: (?:probably|really|better))*"
)
_GOODBYES = (
    r"(?:good|g)'? ?night(?: (?!sleep|out|in\b|kiss|stor)\w+)?|(?:nighty? ?)?night|gn|farewell",
    r"night (?:all|everyone|then|samantha|love|x+)|ciao|adios|cheerio|tsch\u00fcss|toodles",
    r"(?:good ?-?)?b+ye+(?: ?bye)?(?: \w+){0,2}|see (?:you|ya)(?: \w+){0,3}|cya|ttyl|gt?2?g|brb",
    r"(?:i'll )?(?:talk|speak) (?:to you )?(?:later|tomorrow|soon)|catch you later|laters?",
    r"over and out|peace out|(?:un)?till? (?:tomorrow|next time)(?: then)?|(?:sleep|rest) well",
    r"take care(?: of yourself)?|sweet dreams",
    r"have a (?:good|nice|lovely) (?:one|night|evening|day|weekend)",
)
_LEAVINGS = (
    rf"{_MUST} (?:go|run|dash|sleep|be going|get (?:going|some sleep)|head (?:off|out)){_WHEN}*",
    rf"{_MUST} (?:leave|stop){_WHEN}+|(?:have|got) to (?:go|run|dash){_WHEN}*",
    rf"{_ME}?(?:(?:signing|logging) (?:off|out)|heading (?:off|out|home)){_WHEN}*",
    rf"{_ME}?(?:off|heading|going) to (?:bed|sleep|work){_WHEN}*|{_ME}(?:off|out){_WHEN}*",
    rf"{_ME}going (?:offline|now|home now)|{_ME}(?:just leaving|leaving{_WHEN}+)",
    rf"{_ME}going to (?:stop|close)(?: this)?{_WHEN}+|{_ME}done (?:talking )?for (?:today|tonight)",
    r"(?:it's )?(?:bed ?time|time for (?:bed|me to go)|time to (?:go|run|sleep))(?: for me)?",
    rf"let'?s (?:stop|leave it){_WHEN}+|that'?s (?:it|all|enough) for (?:today|tonight|now)",
    rf"i'll (?:let you go|leave you to it|(?:leave it|stop){_WHEN}+|be back{_WHEN}*(?: later)?)",
    rf"i'll tell you more tomorrow|{_ME}?(?:closing|shutting|turning) the (?:laptop|computer)"
    rf"(?: (?:off|down))?{_WHEN}*",
)
_GOODBYE = re.compile(rf"{_LEAD}(?:{'|'.join(_GOODBYES)})")
_LEAVING = re.compile(rf"{_LEAD}(?:{'|'.join(_LEAVINGS)})")


def is_farewell(text: str) -> bool:
    """Tell whether somebody is leaving."""
    plain = " ".join(text.replace("\u2019", "'").lower().split())
    clauses = [each.strip(_ENDS) for each in _BREAK.split(plain)]
    said = [each for each in clauses if each]
    if not said:
        return False
    if len(plain.split()) > _SHORT_WORDS:
        return bool(_GOODBYE.fullmatch(said[-1]))
    return any(_GOODBYE.fullmatch(each) or _LEAVING.fullmatch(each) for each in said)
