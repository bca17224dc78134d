"""All inflected forms of an English word, so that matching needs no lemmatizer.

Forms are over-generated on purpose: "deployes" harms nobody, a missing "deploying" does.
"""

from functools import cache

_IRREGULAR_SETS = """
arise arose arisen|be am is are was were been being|bear bore borne bears|become became
begin began begun beginning|bind bound|break broke broken|bring brought|build built|buy bought
choose chose chosen|come came|deal dealt|do does did done doing|draw drew drawn|drive drove driven
fall fell fallen|feel felt|fight fought|find found|fly flew flown flies
forbid forbade forbidden forbidding|forgo forwent forgone|get got gotten getting|give gave given
go goes went gone|grow grew grown|have has had having|hear heard|hold held|keep kept|know knew known
lay laid|lead led|learn learnt learned|leave left|lend lent|lie lay lain lying|lose lost|make made
mean meant|meet met|overcome overcame|oversee oversaw overseen|pay paid|put puts putting|read
rise rose risen|run ran running|say said|see saw seen|seek sought|sell sold|send sent|set setting
show shown showed|sit sat sitting|speak spoke spoken|spend spent|stand stood|strike struck
take took taken|teach taught|tell told|think thought|throw threw thrown|undertake undertook undertaken
understand understood|upset upsetting|uphold upheld|win won winning|withdraw withdrew withdrawn
withhold withheld|write wrote written|bid bidding|cut cutting|let letting|split splitting|cast|cost
hit hitting|man men|woman women|child children|person people persons|half halves|life lives|crisis crises
basis bases|analysis analyses|criterion criteria|datum data|medium media|agenda agendas|headquarters
series|means|staff|personnel|aircraft|memorandum memoranda memorandums|addendum addenda|forum fora forums
policeman policemen|this these|that those|leave leaves|echelon echelons|die died dying|tie tied tying
refer referred referring|prefer preferred preferring|transfer transferred transferring
confer conferred conferring|defer deferred deferring|occur occurred occurring|permit permitted permitting
commit committed committing|submit submitted submitting|admit admitted admitting|omit omitted omitting
remit remitted remitting|equip equipped equipping|control controlled controlling
patrol patrolled patrolling|compel compelled compelling|regret regretted regretting|begin beginning
format formatted formatting|concur concurred concurring|incur incurred incurring|deter deterred deterring
""".replace("\n", "|").split("|")

_IRREGULAR: dict[str, frozenset[str]] = {}
for _line in _IRREGULAR_SETS:
    if _words := _line.split():
        _IRREGULAR[_words[0]] = _IRREGULAR.get(_words[0], frozenset()) | frozenset(_words)

_VOWELS = "aeiou"
_SPELLINGS = (
    ("ise", "ize"),
    ("yse", "yze"),
    ("isation", "ization"),
    ("our", "or"),
    ("ence", "ense"),
    ("tre", "ter"),
)


@cache
def forms_of(word: str) -> frozenset[str]:
    """Return the word, in lower case, with its inflected forms and its British and American spellings."""
    return frozenset(form for spelling in _spellings(word.lower()) for form in _inflect(spelling))


def _spellings(word: str) -> set[str]:
    found = {word}
    for british, american in _SPELLINGS:
        for one, other in ((british, american), (american, british)):
            if word.endswith(one) and len(word) > len(one) + 2:
                found.add(word[: -len(one)] + other)
    return found


def _inflect(word: str) -> set[str]:
    found = {word, word + "s", *_IRREGULAR.get(word, ())}
    if len(word) < 3:
        return found
    if word[-1] == "y" and word[-2] not in _VOWELS:
        found |= {word[:-1] + "ies", word[:-1] + "ied", word + "ing"}
    elif word[-1] == "e":
        found |= {word + "d", word[:-1] + "ing"}
        if word.endswith(("ee", "oe", "ye")):
            found.add(word + "ing")
    else:
        found |= {word + "ed", word + "ing"}
        if word.endswith(("s", "x", "z", "ch", "sh", "o")):
            found.add(word + "es")
        doubling = word[-1] not in "aeiouwxyh" and word[-2] in _VOWELS and word[-3] not in _VOWELS
        if doubling and (len(word) <= 4 or word[-1] == "l"):
            found |= {word + word[-1] + "ed", word + word[-1] + "ing"}
    return found
