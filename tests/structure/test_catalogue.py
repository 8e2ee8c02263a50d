"""Every sentence of the code has its words, and no words are left over."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
ROOMS = ("marshrut", "web", "queues", "workflow", "templates_docs", "signing")
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
KEYWORDS = {"N_": None, "_": None, "ngettext": (1, 2), "plural": (1, 2)}
JINJA_OPTIONS = {"**/templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}

PLACEHOLDER = re.compile(r"(?<!\{)\{([a-z_]+)\}(?!\})")

Sentence = str | tuple[str, ...]


def _sentences_of_the_code() -> dict[Sentence, str]:
    """Return each msgid (a pair for plurals) with the first place that says it."""
    found: dict[Sentence, str] = {}
    for room in ROOMS:
        extracted = extract_from_dir(
            str(ROOT / room), METHODS, options_map=JINJA_OPTIONS, keywords=KEYWORDS
        )
        for file, line, msgid, _comments, _context in extracted:
            found.setdefault(msgid, f"{room}/{file}:{line}")
    return found


def _catalogue_files() -> Iterator[tuple[Path, Catalog]]:
    for path in sorted((ROOT / "web" / "translations" / "ru").glob("*.po")):
        with path.open("rb") as file:
            yield path, read_po(file, locale="ru", abort_invalid=True)


def _translations() -> dict[Sentence, tuple[str, tuple[str, ...]]]:
    """Return msgid -> file and translated forms; a sentence that is not final has no forms."""
    known: dict[Sentence, tuple[str, tuple[str, ...]]] = {}
    for path, catalogue in _catalogue_files():
        for message in catalogue:
            if message.id:
                forms = message.string if message.pluralizable else (message.string,)
                final = () if message.fuzzy or not all(forms) else tuple(forms)
                # Code may mark the two forms of a plural apart and join them later.
                parts = message.id if isinstance(message.id, tuple) else ()
                known |= dict.fromkeys((message.id, *parts), (path.name, final))
    return known


def _placeholders(sentence: str) -> set[str]:
    return set(PLACEHOLDER.findall(sentence))


def _is_said(msgid: Sentence, said: Container[Sentence], parts: Container[str]) -> bool:
    if isinstance(msgid, tuple):
        return msgid in said or all(part in said for part in msgid)
    return msgid in said or msgid in parts


def test_code_has_sentences_in_python_and_in_pages() -> None:
    places = _sentences_of_the_code().values()
    assert any(".py:" in place for place in places)
    assert any(".html:" in place for place in places)


def test_every_sentence_is_translated() -> None:
    known = _translations()
    missing = [
        f"{place}: {msgid!r}"
        for msgid, place in _sentences_of_the_code().items()
        if not known.get(msgid, ("", ()))[1]
    ]
    assert not missing, "no Russian words for:\n" + "\n".join(missing)


def test_no_translation_is_left_over() -> None:
    said = _sentences_of_the_code()
    parts = {part for msgid in said if isinstance(msgid, tuple) for part in msgid}
    unused = [
        f"{file}: {msgid!r}"
        for msgid, (file, _) in _translations().items()
        if not _is_said(msgid, said, parts)
    ]
    assert not unused, "nothing says any more:\n" + "\n".join(unused)


def test_translations_have_the_same_placeholders() -> None:
    wrong = []
    for msgid, (file, forms) in _translations().items():
        wanted = _placeholders(msgid[-1] if isinstance(msgid, tuple) else msgid)
        wrong += [f"{file}: {form!r}" for form in forms if _placeholders(form) != wanted]
    assert not wrong, "other placeholders than the msgid:\n" + "\n".join(wrong)


def test_sentence_with_placeholders_can_be_filled_in() -> None:
    for forms in (forms for _file, forms in _translations().values()):
        for form in forms:
            names = _placeholders(form)
            # Without parameters a sentence is shown as it stands, braces and all.
            filled = form.format(**dict.fromkeys(names, "…")) if names else form
            assert not names or "…" in filled


def test_plurals_have_the_three_russian_forms() -> None:
    plurals = [forms for msgid, (_, forms) in _translations().items() if isinstance(msgid, tuple)]
    assert plurals
    assert all(len(forms) == 3 for forms in plurals)


def _is_latin(text: str) -> bool:
    has_latin = any("a" <= sign <= "z" for sign in text)
    return has_latin and not any("а" <= sign <= "я" for sign in text)


@pytest.mark.parametrize("path", [path for path, _ in _catalogue_files()], ids=lambda p: p.name)
def test_words_of_a_file_are_said_in_russian_letters(path: Path) -> None:
    catalogue = dict(_catalogue_files())[path]
    latin = [
        message.id
        for message in catalogue
        if message.id and _is_latin(PLACEHOLDER.sub("", str(message.string)).lower())
    ]
    assert not latin, f"{path.name}: still in Latin letters: {latin}"
