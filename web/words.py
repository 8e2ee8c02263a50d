"""The translation catalogue: English sentences of the code in the words of the office.

The catalogue is a folder of gettext `.po` files, one for each room, merged and compiled in
memory: an installation has no compile step that could be forgotten.
"""

from __future__ import annotations

import gettext
import io
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

TRANSLATIONS = Path(__file__).parent / "translations"


class CatalogueError(Exception):
    """Two files of the catalogue translate the same sentence differently."""

    code = "catalogue.conflict"


class Words:
    """Turns an English msgid and its named parameters into the sentence a person reads."""

    def __init__(self, translations: gettext.NullTranslations) -> None:
        self.translations = translations

    def text(self, msgid: str, /, **params: object) -> str:
        """Return the translated sentence with its `{name}` placeholders filled.

        A sentence that is not in the catalogue comes out in English rather than not at all;
        nothing said (a refusal without advice) stays nothing.
        """
        if not msgid:
            return ""  # gettext keeps the header of the catalogue under the empty msgid
        sentence = self.translations.gettext(msgid)
        return sentence.format(**params) if params else sentence

    def plural(self, one: str, many: str, number: int, /, **params: object) -> str:
        """Return the form of the sentence that goes with `number`, with `{n}` filled."""
        return self.translations.ngettext(one, many, number).format(n=number, **params)


@cache
def russian() -> Words:
    """Return the Russian words, read once in a process."""
    return load(TRANSLATIONS / "ru")


def load(folder: Path) -> Words:
    """Merge the `.po` files of `folder`; raise CatalogueError when two of them disagree."""
    merged = Catalog(locale="ru", domain="marshrut")
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="ru"):
                if not message.id:
                    continue
                known = merged.get(message.id)
                if known is not None and known.string != message.string:
                    raise CatalogueError(f"{path.name}: {message.id!r} is translated twice")
                merged[message.id] = message
    compiled = io.BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return Words(gettext.GNUTranslations(compiled))
