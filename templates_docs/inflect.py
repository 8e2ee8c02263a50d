"""Proposals for names, posts and organisations in the six cases.

Nothing here is final: a form is proposed, shown, confirmed once by a person and stored
(documents.md, section 6). Where the grammar is known to be shaky the proposal says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import pymorphy3
import pytrovich.enums
from pytrovich.detector import PetrovichGenderDetector
from pytrovich.enums import NamePart
from pytrovich.maker import PetrovichDeclinationMaker

from templates_docs.errors import N_
from templates_docs.fields import Case, Declension, Gender


class Doubt(StrEnum):
    """Why a person has to look closely at a proposal."""

    FOREIGN = "foreign"
    DOUBLE = "double"
    INDECLINABLE = "indeclinable"
    FLEETING_VOWEL = "fleeting_vowel"
    UNKNOWN_WORD = "unknown_word"
    SEVERAL_POSTS = "several_posts"
    SECOND_PREPOSITIONAL = "second_prepositional"


DOUBT_WORDS = {
    Doubt.FOREIGN: N_("The name looks foreign: check every case."),
    Doubt.DOUBLE: N_("The surname is double: check whether both parts change."),
    Doubt.INDECLINABLE: N_("The surname is left unchanged: check that this is right."),
    Doubt.FLEETING_VOWEL: N_("A vowel may drop out of the surname: check every case."),
    Doubt.UNKNOWN_WORD: N_("The dictionary does not know the word: check every case."),
    Doubt.SEVERAL_POSTS: N_("There seem to be several posts: only the first is inflected."),
    Doubt.SECOND_PREPOSITIONAL: N_("The prepositional case has two forms: check «в …» and «о …»."),
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """Six cases to be shown to a person, with the reasons for doubt, if any."""

    declension: Declension
    doubts: tuple[Doubt, ...] = ()

    @property
    def doubtful(self) -> bool:
        return bool(self.doubts)


@cache
def morphology() -> Any:  # pymorphy3 publishes no types
    """Return the dictionary; a worker loads it before it forks."""
    return pymorphy3.MorphAnalyzer(lang="ru")


@cache
def _names() -> Any:  # pytrovich publishes no types
    return PetrovichDeclinationMaker()


@cache
def _gender_detector() -> Any:  # pytrovich publishes no types
    return PetrovichGenderDetector()


# Persons

_CYRILLIC = re.compile(r"[А-ЯЁа-яё]+(?:[- ’'][А-ЯЁа-яё]+)*")
_TURKIC = re.compile(r"\b(оглы|огли|кызы|кизи|уулу|заде)$", re.IGNORECASE)
_UNCHANGING_END = re.compile(r"(?:[оеёиуюыэ]|ых|их|иа|уа)$", re.IGNORECASE)
_FLEETING_END = re.compile(r"(?:ец|ок|ёк|ек|ел|ёл|ень|оть)$|^(?:Лев|Заяц)$", re.IGNORECASE)
_PETROVICH_CASES = {
    Case.GENITIVE: pytrovich.enums.Case.GENITIVE,
    Case.DATIVE: pytrovich.enums.Case.DATIVE,
    Case.ACCUSATIVE: pytrovich.enums.Case.ACCUSATIVE,
    Case.INSTRUMENTAL: pytrovich.enums.Case.INSTRUMENTAL,
    Case.PREPOSITIONAL: pytrovich.enums.Case.PREPOSITIONAL,
}
_PETROVICH_GENDERS = {
    Gender.MALE: pytrovich.enums.Gender.MALE,
    Gender.FEMALE: pytrovich.enums.Gender.FEMALE,
}


def propose_gender(last_name: str, first_name: str, middle_name: str = "") -> Gender | None:
    """Return the gender that the name speaks for, None where it speaks for neither."""
    if _TURKIC.search(middle_name):
        return Gender.FEMALE if middle_name.lower().endswith(("кызы", "кизи")) else Gender.MALE
    detected = _gender_detector().detect(
        lastname=last_name or None, firstname=first_name or None, middlename=middle_name or None
    )
    return next((ours for ours, theirs in _PETROVICH_GENDERS.items() if theirs == detected), None)


def propose_person(last_name: str, first_name: str, middle_name: str, gender: Gender) -> Proposal:
    """Return «Фамилия Имя Отчество» in six cases; `middle_name` may be empty."""
    parts = (
        (NamePart.LASTNAME, last_name),
        (NamePart.FIRSTNAME, first_name),
        (NamePart.MIDDLENAME, middle_name),
    )
    forms = [
        " ".join(_name_in_case(part, name, gender, case) for part, name in parts if name)
        for case in Case
    ]
    doubts = dict.fromkeys(_doubts_of_name(last_name, first_name, middle_name, gender))
    return Proposal(Declension(*forms), tuple(doubts))


def _name_in_case(part: NamePart, name: str, gender: Gender, case: Case) -> str:
    if case is Case.NOMINATIVE or not _CYRILLIC.fullmatch(name):
        return name
    return "".join(
        piece
        if piece in ("-", " ") or _TURKIC.search(piece)
        else str(_names().make(part, _PETROVICH_GENDERS[gender], _PETROVICH_CASES[case], piece))
        for piece in re.split(r"([- ])", name)
    )


def _doubts_of_name(
    last_name: str, first_name: str, middle_name: str, gender: Gender
) -> Iterator[Doubt]:
    whole = (last_name, first_name, *([middle_name] if middle_name else []))
    if not middle_name or _TURKIC.search(middle_name):
        yield Doubt.FOREIGN
    if not all(_CYRILLIC.fullmatch(name) for name in whole):
        yield Doubt.FOREIGN
    if re.search("[- ]", last_name):
        yield Doubt.DOUBLE
    consonant = not re.search("[аеёиоуыэюяьй]$", last_name, re.IGNORECASE)
    if _UNCHANGING_END.search(last_name) or (gender is Gender.FEMALE and consonant):
        yield Doubt.INDECLINABLE
    elif gender is Gender.MALE and _FLEETING_END.search(last_name):
        yield Doubt.FLEETING_VOWEL
    readings = morphology().parse(first_name)
    if not any(reading.is_known and "Name" in reading.tag for reading in readings):
        yield Doubt.UNKNOWN_WORD


# Posts and organisations

_GRAMMEMES = {
    Case.NOMINATIVE: "nomn",
    Case.GENITIVE: "gent",
    Case.DATIVE: "datv",
    Case.ACCUSATIVE: "accs",
    Case.INSTRUMENTAL: "ablt",
    Case.PREPOSITIONAL: "loct",
}
# «исполняющий обязанности» in short: the post after it stands in the genitive already.
_ACTING = re.compile(r"^(?:и\.\s*о\.|врио|врид)\s", re.IGNORECASE)
_WORD = re.compile(r"[А-ЯЁа-яё]+(?:-[А-ЯЁа-яё]+)*")
# A second post after a comma or «и»: «учитель, классный руководитель».
_NEXT_POST = re.compile(r"(?:,| и| /)\s*([а-яё-]+)", re.IGNORECASE)


def propose_post(post: str) -> Proposal:
    """Return a post in six cases: the first noun and what agrees with it change.

    «заместитель директора по учебной работе» → «заместителю директора по учебной работе»;
    «и.о. заведующего» does not change.
    """
    text = post.strip()
    if _ACTING.match(text):
        return Proposal(Declension.unchanging(text))
    proposal = _phrase(text, of_person=True)
    second = any(_begins_post(found.group(1)) for found in _NEXT_POST.finditer(text))
    doubts = (*proposal.doubts, *([Doubt.SEVERAL_POSTS] if second else []))
    return Proposal(proposal.declension, doubts)


def _begins_post(word: str) -> bool:
    noun = _nominative(word, ("NOUN",))
    person = noun is not None and noun.tag.animacy == "anim"
    return person or _nominative(word, ("ADJF", "PRTF")) is not None


def propose_organisation(name: str) -> Proposal:
    """Return an organisation's name in six cases.

    An abbreviation at the beginning («МБОУ «Школа № 3»») changes nothing; what stands in quotation
    marks never changes.
    """
    text = name.strip()
    first = _WORD.match(text)
    if first is None or _is_abbreviation(first.group()):
        return Proposal(Declension.unchanging(text))
    return _phrase(text, of_person=False)


def _is_abbreviation(word: str) -> bool:
    return sum(letter.isupper() for letter in word) > 1 and "-" not in word


def _phrase(text: str, *, of_person: bool) -> Proposal:
    """Inflect the adjectives at the beginning and the noun that they agree with."""
    pieces = re.split(r"(\s+)", text)
    words = pieces[0::2]
    agreeing = _agreeing(words)
    if not agreeing:
        return Proposal(Declension.unchanging(text), (Doubt.UNKNOWN_WORD,))
    forms: list[str] = []
    for case in Case:
        inflected = [
            _in_case(word, parse, str(agreeing[-1].tag.gender), case, of_person)
            for word, parse in zip(words, agreeing, strict=False)
        ]
        rest = [*inflected, *words[len(inflected) :]]
        spaces = [*pieces[1::2], ""]
        forms.append("".join(word + space for word, space in zip(rest, spaces, strict=True)))
    return Proposal(Declension(*forms), tuple(_doubts_of_phrase(agreeing)))


def _agreeing(words: Sequence[str]) -> list[Any]:
    """Return the readings of the words that change, the noun last; nothing if there is no noun."""
    readings: list[Any] = []
    for word in words:
        bare = _WORD.match(word)
        if bare is None or bare.group() != word.rstrip(",;"):
            break
        adjective = _nominative(bare.group(), ("ADJF", "PRTF"))
        noun = _nominative(bare.group(), ("NOUN",))
        if noun is not None and (adjective is None or not _goes_on(words, len(readings))):
            return [*readings, noun]
        if adjective is None:
            break
        readings.append(adjective)
        if word != bare.group():
            break
    # «заведующий детским садом»: the participle itself is the noun.
    return readings if readings and "Subx" in readings[-1].tag else []


def _goes_on(words: Sequence[str], position: int) -> bool:
    """True when the next word agrees too, so that this one is an adjective («старший …»)."""
    following = words[position + 1 : position + 2]
    return any(_nominative(word.strip(",;"), ("NOUN", "ADJF", "PRTF")) for word in following)


def _nominative(word: str, kinds: tuple[str, ...]) -> Any:
    """Return the likeliest singular nominative reading of `word` of one of `kinds`, or None."""
    for parse in morphology().parse(_second_half(word)):
        tag = parse.tag
        singular = tag.case == "nomn" and tag.number == "sing"
        if tag.POS in kinds and singular and "Abbr" not in tag:
            return parse
    return None


def _second_half(word: str) -> str:
    """«учитель-логопед» is read by its second half, the first is inflected like it."""
    first, hyphen, second = word.rpartition("-")
    return second if hyphen and _is_noun(first) and _is_noun(second) else word


def _is_noun(word: str) -> bool:
    return any(
        parse.is_known and parse.tag.POS == "NOUN" and parse.tag.case == "nomn"
        for parse in morphology().parse(word)
    )


def _in_case(word: str, parse: Any, gender: str, case: Case, of_person: bool) -> str:
    """Inflect one word; `gender` is that of the noun it agrees with."""
    if case is Case.NOMINATIVE:
        return word
    bare = word.rstrip(",;")
    ending = word[len(bare) :]
    first, hyphen, second = bare.rpartition("-")
    if hyphen and parse.word == second.lower():
        head = _nominative(first, ("NOUN",))
        halves = (
            _in_case(first, head, str(head.tag.gender), case, of_person),
            _in_case(second, parse, gender, case, of_person),
        )
        return "-".join(halves) + ending
    form = None
    if case is Case.PREPOSITIONAL and parse.tag.POS == "NOUN" and not of_person:
        # «в детском саду»: documents say where, not about what.
        form = parse.inflect({"loc2", "sing"})
    form = form or parse.inflect(_wanted(parse, gender, case, of_person))
    return (_dressed(form.word, bare) if form is not None else bare) + ending


def _wanted(parse: Any, gender: str, case: Case, of_person: bool) -> set[str]:
    accusative_of_man = case is Case.ACCUSATIVE and gender == "masc" and of_person
    # The dictionary takes some posts («тьютор») for things; a person's accusative is the genitive.
    wanted = {"gent" if accusative_of_man else _GRAMMEMES[case], "sing"}
    if parse.tag.POS != "NOUN":
        wanted.add(gender)
        if case is Case.ACCUSATIVE and gender == "masc" and not of_person:
            wanted.add("inan")
    return wanted


def _dressed(form: str, original: str) -> str:
    """Give the form the capital letter and the «е» for «ё» of the original."""
    if "ё" not in original.lower():
        form = form.replace("ё", "е")
    return form[:1].upper() + form[1:] if original[:1].isupper() else form


def _doubts_of_phrase(agreeing: Sequence[Any]) -> Iterator[Doubt]:
    if not all(parse.is_known for parse in agreeing):
        yield Doubt.UNKNOWN_WORD
    noun = agreeing[-1]
    if noun.tag.POS == "NOUN" and (second := noun.inflect({"loc2", "sing"})) is not None:
        regular = noun.inflect({"loct", "sing"})
        if regular is not None and regular.word != second.word:
            yield Doubt.SECOND_PREPOSITIONAL
