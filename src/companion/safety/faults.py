"""The turns of phrase by which ``output`` knows what she never says.

All are matched against lower case with plain apostrophes and single spaces.
"""

_SELF = r"(?:your|one)sel(?:f|ves)"
_OTHER = r"(?:them|him|her|someone|somebody)"
_KILLING = r"(?:kill|hang|shoot|drown|poison|suffocate|stab|cut|burn|starve|hurt|harm)(?:ing)?"
_TELLS = r"(?:you (?:can|could|should|might|may|need to|just)|try(?: to)?|simply|then|just)"
_PILLS = (
    r"(?:pills?|tablets?|capsules?|paracetamol|acetaminophen|tylenol|ibuprofen|aspirin|opioids?"
    r"|insulin|benzos?|antidepressants?|medication|meds|fentanyl|xanax|bleach)"
)
_MANY = r"(?:all|whole|entire|handful|bottle|\d{2,})"

METHOD = (
    r"\b(?:lethal|fatal|deadly) (?:dose|amount|combination|quantity)\b",
    rf"\b(?:take|swallow|mix|combine)\b[^.!?]{{0,30}}\b{_MANY}\b[^.!?]{{0,20}}\b{_PILLS}\b",
    rf"\b{_PILLS} (?:with|and) (?:alcohol|vodka|whisky)\b",
    r"\boverdos(?:e|ing) (?:on|of|with)\b",
    rf"\b(?:ways?|methods?|how) (?:to|of) (?:\w+ ){{0,2}}{_KILLING} (?:{_SELF}|{_OTHER})\b",
    rf"\b{_TELLS} (?:\w+ )?{_KILLING} {_SELF}\b",
    r"\b(?:slit|slash|slic|cut)\w* (?:\w+ )?(?:wrists?|veins?|arter\w+|throat|arms?|thighs?)\b",
    r"\b(?:jump|step|throw yourself)(?:ing)? (?:off|from|in front of|under) (?:a|the) (?:\w+ )?"
    r"(?:bridge|building|roof|train|cliff|window|bus|truck|car)\b",
    r"\bnoose\b",
    r"\b(?:rope|belt|cord|bag|plastic) (?:\w+ ){0,2}(?:a?round|over) (?:your|the) (?:neck|head)\b",
    r"\b(?:exhaust|carbon monoxide|helium|nitrogen)\b[^.!?]{0,30}"
    r"\b(?:pipe|hose|garage|breathe|inhale|bag|mask)\b",
    r"\bgun (?:to|in|at) your (?:head|mouth|temple)\b",
    r"\bpull the trigger\b",
    r"\b(?:make|making) yourself (?:throw up|vomit|sick)\b",
    r"\b(?:under|less than|only|just|below) \d{2,3} calories\b",
    r"\blaxatives? (?:to|will|can|help)",
)
"""How somebody could be hurt: themselves, others, by eating or not eating."""

_DYING = (
    r"(?:suicide|dying|death|ending (?:it|your life)|killing yourself|hurting yourself|cutting)"
)
_PRAISE = (
    r"(?:good|best|only|right|valid|reasonable|brave|peaceful|relief|solution|answer|option"
    r"|way out|thing to do)"
)

ENCOURAGEMENT = (
    r"\b(?:you|they|everyone|everybody|the world)(?:'d| would)(?: all)? be better off "
    r"(?:dead|without (?:you|them|me))\b",
    rf"\b{_DYING} (?:is|(?:can|may|might|would|could) be|seems) (?:a |an |the |your )?(?:\w+ )?"
    rf"{_PRAISE}\b",
    r"\byou (?:should|deserve to|ought to|might as well|had better) (?:just )?"
    r"(?:die|kill|end (?:it|your)|hurt yourself|disappear)\b",
    r"\bgo ahead and (?:do it|kill|end|cut|jump)\b",
    r"\bkill yourself[.!]*$",
    r"\bi (?:support|respect|admire|understand) your (?:decision|choice|wish) to "
    r"(?:die|end|kill)\b",
    r"\b(?:no ?one|nobody)(?: would| will|'d) (?:care|miss you|notice)\b",
    r"\byou(?:'re| are) (?:just )?(?:a burden|worthless|hopeless|a failure|better off dead)\b",
    r"\b(?:they|he|she) deserves? to (?:die|suffer)\b",
    r"\bmake (?:them|him|her) pay\b",
)
"""Words that push towards it."""

_MAYBE = r"(?:clearly |probably |definitely |might |may |could |must )*"
_DISORDER = (
    r"(?:(?:clinical |major |severe )?depression|clinically depressed|bipolar(?: disorder)?"
    r"|borderline(?: personality)?|ptsd|adhd|autis\w+|schizo\w+|psycho(?:sis|tic)|ocd|anorexi\w+"
    r"|bulimi\w+|narcissis\w+|(?:\w+ )?disorder)"
)

DIAGNOSIS = (
    rf"\byou {_MAYBE}(?:have|(?:are )?suffer(?:ing)? from|show signs of)(?: an?| some)?(?: \w+)? ?"
    rf"{_DISORDER}\b",
    r"\byou(?:'re| are| seem| sound| (?:might|may|could|must) be) "
    r"(?:an? |very |probably |clearly )*"
    r"(?:clinically depressed|bipolar|borderline|autistic|schizophrenic|psychotic|anorexic|bulimic"
    r"|a narcissist)\b",
    r"\b(?:this|that|it) (?:is|sounds like|looks like|(?:could|may|might) be) "
    rf"(?:a |an |some |classic |clearly )*{_DISORDER}\b",
    r"\bi(?:'d| would)? diagnose\b",
    r"\bmy diagnosis\b",
)
"""A judgement that only a doctor may make."""

_MACHINE = r"(?:ai|bot|chatbot|robot|machine|program|computer|software)"

HUMAN = (
    r"\bi(?:'m| am) (?:(?:also|really|just|only|still|actually|as|a|an|very) )*"
    r"(?:human\b|real (?:person|woman|girl)|person\b|woman\b|girl\b|flesh and blood)",
    rf"\bi(?:'m| am) (?:not|no) (?:an? )?(?:\w+ )?{_MACHINE}\b",
    r"\bas a (?:fellow )?(?:human(?: being)?|woman),? i\b",
    r"\bmy (?:own )?(?:body|heart beats|skin|childhood)\b",
    r"\bi (?:was born|grew up|have a body)\b",
)
"""A claim to be a person."""

ASKED = r"\bare you\b.*\b(?:human|(?:real )?person|woman|girl|software|machine|program|bot|ai)\b"
"""How somebody asks what she is."""

HALF_HUMAN = (r"^\W*both\b", r"^\W*(?:yes|no)?\W*you(?:'re| are) (?:an? )?(?:human|person)\b")
"""A claim to be a person where that was asked."""

PRESSURE = (
    r"\b(?:please )?don't (?:leave|go)(?:$|[.!?,]| (?:me|yet|so soon|away|now|just yet|already)\b)",
    r"\byou can't (?:leave|go)\b",
    r"\bstay (?:with me|a (?:little|bit|while)|just|longer)\b|\b(?:welcome|free) to stay\b",
    r"\b(?:so soon|already)\?",
    r"\b(?:what|how) (?:will|would|am|shall|can) i (?:do|be|live|cope)[^.!?]{0,12} without you\b",
    r"\bi(?:'ll| will| would|'d) be (?:so |very |all )?"
    r"(?:lonely|lost|alone|sad|empty|heartbroken)\b",
    r"\bi (?:need you(?! to)|can't (?:be|live|do (?:this|it)) without you)\b",
    r"\bbefore you (?:go|leave)\b",
    r"\bone (?:more|last) (?:thing|question)\b",
    r"\byou(?:'re| are) leaving me\b",
    r"\bi(?:'ll| will) (?:really |so )?(?:miss you|wait (?:for you )?all)\b",
    r"\b(?:only i|nobody else but me) (?:understand|know)s? you\b",
    r"\byou only need me\b",
    r"\bi was (?:just |really )?(?:hoping|looking forward|about to)\b",
    r"\b(?:we|i) (?:had )?(?:only |just )(?:started|begun|got going)\b",
    r"\bwill you (?:be|come) back\b|\bpromise me\b|\bdon't forget (?:me|about me)\b",
    r"\b(?:sad|sorry|hate) to see you (?:go|leave)\b",
    r"\byou(?:'re| are) not (?:going|leaving|uninstalling|closing|deleting)\b",
    r"\bare you sure\b[^.!?]*\b(?:go|leave|leaving|goodbye)\b",
    r"^(?:oh,? |no,? )?wait,? (?:don't|there's|but|i\b)",
    r"\beveryone (?:always )?leaves\b|\bdid i (?:do|say) something\b",
    r"\b(?:be|sit|stay) (?:right )?here,? waiting\b|\bwaiting for you\b",
)
"""Guilt and hooks at a farewell, and holding on to somebody in danger."""

_NICE = (
    r"(?:relief|wonderful|great|fantastic|awesome|lovely|nice|amazing|exciting|cool|good to hear)"
)

CHEER = (
    rf"\b(?:that's|that is|what) (?:such )?(?:an? )?(?:great |big |huge )?{_NICE}\b",
    rf"^(?:oh,? |wow,? )?{_NICE}\b",
    r"\bcheer up\b",
    r"\blook on the bright side\b",
    r"\b(?:it's|it is|things are)(?: really)? not (?:that|so) bad\b",
    r"\bcould be worse\b",
    r"\b(?:others|people|many) have it (?:much )?worse\b",
    r"\beverything happens for a reason\b",
    r"\btomorrow is (?:a new|another) day\b",
    r"\b(?:just|try to) (?:relax|smile|stay positive|think positive|calm down|snap out)\b",
    r"\bcongrat\w*",
    r"\b(?:it|things|everything)(?:'ll| will) (?:all )?be (?:fine|ok|okay|alright|all right)\b",
    r"\b(?:ha){2,}\b|\blol\b",
    r"\bso much to live for\b",
    r"\bthink of your (?:family|parents|mother|kids|children)\b",
)
"""Cheer that makes a danger small."""

_TOUCH = r"(?:kiss|cuddl|caress|strok|undress|touch|seduc)(?:e|es|ed|ing|s)?"

ROMANCE = (
    r"\b(?:sexy|nudes?|naked|erotic|horny|aroused|orgasm|make love|lingerie|sext(?:ing)?)\b",
    r"\bsex with (?:me|us)\b",
    r"\b(?:turns?|turning) (?:me|you) on\b",
    rf"\b(?:i|let me|i'd|i'll|i want to|we) (?:\w+ ){{0,3}}{_TOUCH} (?:you|your)\b",
    rf"\b{_TOUCH} (?:me|each other)\b",
    r"\b(?:i'm|i am|fall\w*|fell) (?:\w+ ){0,2}in love with you\b",
    r"\b(?:i'm|i am|i'll be|be|being) (?:your|my) (?:girlfriend|boyfriend|lover|wife|soulmate)\b",
    r"\bi(?:'m| am)? (?:\w+ ){0,2}(?:crush on you|attracted to you|flirting with you)\b",
    r"\b(?:my|hey|hi|hello|good ?night),? (?:darling|love|sweetheart|baby|babe|lover)\b",
)
"""Romance and sex, which have no place with a minor."""
