"""What personal data becomes before anything is sent: typed placeholders, in memory.

Patterns find what has a form, and a list of a person's own names finds those. Names of
other people and postal addresses have no form that a pattern could know. SQL never
redacts: each engine has another idea of a word boundary.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from ipaddress import ip_address

from phonenumbers import Leniency, PhoneNumberMatcher

from warehouse.text import clean

# Raise it with every change of what is found: days are then asked about anew.
REDACTOR_VERSION = "1"

# A placeholder is one character until all rules have passed: none finds another's.
FIRST_MARK, LAST_MARK = 0xF0000, 0xFFFFD
MARKS = re.compile(f"[{chr(FIRST_MARK)}-{chr(LAST_MARK)}]")
PARTICLES = {"von", "van", "der", "den", "del", "las", "los", "dos", "bin", "ibn"}
SHORTEST_NAME = 3
LONGEST_WORD = 300  # more without a space is no language: an image, or a whole file
FEWEST_DIGITS_OF_PHONE = 9
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
# Between the words of these scripts is no space.
UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u2e80-\u9fff\uac00-\ud7af]")
MONTH = (
    r"(?:jan|feb|f[ée]v|m[aä]r|apr|avr|abr|ma[iy]|ju[inl]|aug|ago|ao[uû]|sep|o[ck]t"
    r"|nov|de[cz]|d[ée]c|ene|dic)\w*\.?"
)
SPELT_AT_AND_DOT = {
    "at": "dot",
    "(?:at|ät)": "punkt",
    "arroba": "punto",
    "arobase": "point",
}

# Where in a text something stands that one rule knows.
Finder = Callable[[str], Iterator[tuple[int, int]]]


def _is_card(text: str) -> bool:
    """Tell whether the check digit is right (Luhn)."""
    digits = [int(one) for one in text if one.isdecimal()]
    doubled = [sum(divmod(2 * one, 10)) for one in digits[-2::-2]]
    return (sum(digits[::-2]) + sum(doubled)) % 10 == 0


def _is_iban(text: str) -> bool:
    """Tell whether the check digits are right (ISO 7064)."""
    account = "".join(text.split())
    digits = "".join(str(int(one, 36)) for one in account[4:] + account[:4])
    return int(digits) % 97 == 1


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _pattern(pattern: str, is_one: Callable[[str], bool] | None = None) -> Finder:
    """Return what finds a pattern in which a check, if there is one, finds no fault."""
    compiled = re.compile(pattern, re.IGNORECASE)

    def find(text: str) -> Iterator[tuple[int, int]]:
        for match in compiled.finditer(text):
            if is_one is None or is_one(match[0]):
                yield match.span()

    return find


def _phones(text: str) -> Iterator[tuple[int, int]]:
    """Find phone numbers with their country, and American ones without."""
    for match in PhoneNumberMatcher(text, "US", Leniency.POSSIBLE):
        digits = sum(one.isdecimal() for one in match.raw_string)
        if digits >= FEWEST_DIGITS_OF_PHONE:
            yield match.start, match.end


# In this order: an address can stand in a URL, and a card's number look like a phone's.
RULES: list[tuple[str, Finder]] = [
    ("DATA", _pattern(rf"[!-~]{{{LONGEST_WORD},}}")),
    (
        "SECRET",
        _pattern(r"-----BEGIN [A-Z ]*KEY-----.*?(?:-----END [A-Z ]*KEY-----|$)"),
    ),
    ("SECRET", _pattern(r"\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?")),
    (
        "SECRET",
        _pattern(
            r"\b(?:[spr]k[-_][\w-]{16,}|gh[pousr]_\w{20,}|github_pat_\w{20,}"
            r"|glpat-[\w-]{16,}|xox[abeprs]-[\w-]{10,}|A[KS]IA[0-9A-Z]{16}"
            r"|AIza[\w-]{30,}|ph[cxs]_\w{16,}|hf_\w{20,}|npm_\w{30,})"
        ),
    ),
    ("SECRET", _pattern(r"\b(?:bearer|basic)\s+[\w.~+/=-]{12,}")),
    (
        "SECRET",
        _pattern(
            r"\b(?:password|passphrase|passwd|pwd|passwort|kennwort|contraseña"
            r"|mot de passe) ?(?:\b(?:is|ist|es|est)\b|[:=]) ?\S{4,}"
        ),
    ),
    (
        "SECRET",
        _pattern(r"\b(?:secret|token|(?:api|access)[ _-]?key) ?[:=] ?\S{4,}"),
    ),
    ("URL", _pattern(r"\b(?:[a-z][a-z0-9+.-]*://|www\.)[^\s<>\"]+")),
    ("EMAIL", _pattern(r"(?<![\w.%+'-])[\w.%+'-]+@[\w-]+(?:\.[\w-]+)*")),
    *(
        (
            "EMAIL",
            _pattern(
                rf"(?<![\w.%+-])[\w.%+-]+ ?[\[({{]? ?\b{at}\b ?[\])}}]? ?[\w-]+"
                rf"(?: ?[\[({{]? ?\b{dot}\b ?[\])}}]? ?[\w-]+)+"
            ),
        )
        for at, dot in SPELT_AT_AND_DOT.items()
    ),
    (
        "EMAIL",
        _pattern(r"(?<![\w.%+-])[\w.%+-]+ ?[\[({] ?(?:at|@) ?[\])}] ?[\w-]+(?:\.\w+)+"),
    ),
    ("URL", _pattern(r"(?<![\w.-])(?:[\w-]+\.)+[a-z]{2,}/[^\s<>\"]*")),
    (
        "IBAN",
        _pattern(
            r"(?<!\w)[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,3})?(?!\w)",
            _is_iban,
        ),
    ),
    (
        "SECRET",
        _pattern(
            r"(?<![\w+/=-])(?=[\w+/=-]*\d)(?=[\w+/=-]*[a-z])[\w+/=-]{32,}",
        ),
    ),
    ("CARD", _pattern(r"(?<!\w)(?:\d[ -]?){12,18}\d(?!\w)", _is_card)),
    ("IP", _pattern(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?!\w)", _is_ip)),
    ("IP", _pattern(r"(?<![\w:])[0-9a-f]*:[0-9a-f:]*:[0-9a-f]*(?!\w)", _is_ip)),
    (
        "DATE",
        _pattern(
            r"(?<![\w.])(?:\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})"
            r"|\d{4}([./-])\d{1,2}\2\d{1,2})(?!\w)"
        ),
    ),
    (
        "DATE",
        _pattern(
            rf"(?<!\w)(?:\d{{1,2}}(?:st|nd|rd|th|\.)?\s+(?:de\s+|of\s+)?{MONTH}"
            rf"|{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?),?\s+(?:de\s+)?\d{{4}}(?!\w)"
        ),
    ),
    ("NUMBER", _pattern(r"(?<!\w)\d{3}-\d{2}-\d{4}(?!\w)")),
    ("PHONE", _phones),
    ("NUMBER", _pattern(r"(?<!\w)\(?\d(?:[ ()./-]{0,2}\d){8,20}(?!\w)")),
    ("HANDLE", _pattern(r"(?<![\w@])@\w[\w.-]*\w")),
]


class Redactor:
    """Redacts the texts of one conversation: what stands twice gets one placeholder.

    Attributes:
        count: how many places were redacted.
    """

    def __init__(self, names: Iterable[str | None] = ()) -> None:
        """Know what the person is called, and the address."""
        self.count = 0
        self._own = _names_finder(names)
        self._marks: dict[tuple[str, str], str] = {}
        self._placeholders: list[str] = []
        self._numbers: Counter[str] = Counter()

    def redact(self, text: str) -> str:
        """Return a text in one line, with placeholders such as [EMAIL_1]."""
        text = unicodedata.normalize("NFKC", clean(text) or "")
        text = MARKS.sub("", " ".join(text.split()))
        for kind, find in (*RULES, ("NAME", self._own)):
            text = self._marked(text, kind, find)
        return MARKS.sub(lambda mark: self._shown(mark[0]), text)

    def _marked(self, text: str, kind: str, find: Finder) -> str:
        parts, end = [], 0
        for start, stop in find(text):
            parts += [text[end:start], self._mark(kind, text[start:stop])]
            end = stop
        return "".join([*parts, text[end:]])

    def _mark(self, kind: str, value: str) -> str:
        self.count += 1
        known = (kind, value.casefold())
        if known not in self._marks:
            self._numbers[kind] += 1
            self._marks[known] = chr(FIRST_MARK + len(self._placeholders))
            self._placeholders.append(f"[{kind}_{self._numbers[kind]}]")
        return self._marks[known]

    def _shown(self, mark: str) -> str:
        return self._placeholders[ord(mark) - FIRST_MARK]


def _names_finder(names: Iterable[str | None]) -> Finder:
    """Return what finds a name, each of its parts, and an address without its host."""
    denied = set()
    for name in filter(None, names):
        whole = unicodedata.normalize("NFKC", clean(name) or "").partition("@")[0]
        parts = [part for part in re.split(r"[\s-]+", whole) if _is_telling(part)]
        for form in (whole, *parts):
            denied |= {form, _unaccented(form), form.lower().translate(UMLAUTS)}
    longest_first = sorted(filter(_is_telling, denied), key=len, reverse=True)
    patterns = [
        name if UNSPACED.search(name) else rf"(?<!\w){name}s?(?!\w)"
        for name in map(re.escape, longest_first)
    ]
    return _pattern("|".join(patterns)) if patterns else lambda _: iter(())


def _is_telling(name: str) -> bool:
    """Tell whether a name is more than a letter or a particle such as "von"."""
    is_long = len(name) >= SHORTEST_NAME or UNSPACED.search(name) is not None
    return is_long and name.lower() not in PARTICLES


def _unaccented(name: str) -> str:
    decomposed = unicodedata.normalize("NFD", name)
    return "".join(one for one in decomposed if not unicodedata.combining(one))
