"""A machine-readable power of attorney as programs write it; people and organisations invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

NUMBER = "4f1c2d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f"
CODE = "EDU_01_001"


def attributes(values: dict[str, str]) -> str:
    """Attributes of an element; those without a value are left out."""
    return "".join(f" {name}={quoteattr(value)}" for name, value in values.items() if value)


@dataclass(frozen=True)
class SamplePerson:
    """A person of the power; a number that is "" is left out."""

    surname: str
    given: str
    patronymic: str
    inn: str
    snils: str
    title: str = ""

    def xml(self, tag: str) -> str:
        """The person as an element of the type СвФЛТип."""
        names = {"Фамилия": self.surname, "Имя": self.given, "Отчество": self.patronymic}
        own = {"ИННФЛ": self.inn, "СНИЛС": self.snils, "Должность": self.title}
        inner = f'<СведФЛ ДатаРожд="1980-01-01"><ФИО{attributes(names)}/></СведФЛ>'
        return f"<{tag}{attributes(own)}>{inner}</{tag}>"


HEAD = SamplePerson("Берёзкина", "Мария", "Ильинична", "160000000001", "112-233-445 95", "Директор")
DEPUTY = SamplePerson("Соснов", "Пётр", "Андреевич", "160000000002", "555-666-777 88")
ORGANISATION = {
    "НаимОрг": "МБОУ «Лесная школа»",
    "ИННЮЛ": "1600000001",
    "КПП": "160001001",
    "ОГРН": "1021600000001",
}
MACHINE = f'<МашПолн КодПолн="{CODE}" НаимПолн="Подписание кадровых документов"/>'


@dataclass(frozen=True)
class Sample:
    """What stands in the file; the defaults make a power that holds."""

    number: str = NUMBER
    issued: str = "2026-09-01"
    until: str = "2027-08-31"
    organisation: dict[str, str] = field(default_factory=lambda: dict(ORGANISATION))
    leaders: str = f'<ЛицоБезДов ПолнЮЛ="1">{HEAD.xml("СвФЛ")}</ЛицоБезДов>'
    representatives: tuple[str, ...] = (DEPUTY.xml("СведФизЛ"),)
    powers: str = MACHINE
    kind: str = "1"
    joint: str = "1"

    def facts(self, tag: str = "СвДов") -> str:
        """Number and dates."""
        values = {
            "ВидДовер": "1",
            "ПрПередов": "1",
            "ВнНомДовер": "12/2026",
            "НомДовер": self.number,
            "ДатаВыдДовер": self.issued,
            "СрокДейст": self.until,
        }
        return f"<{tag}{attributes(values)}><СведСист>Испытание</СведСист></{tag}>"

    def principal(self) -> str:
        """Who gives the power."""
        inner = f"<СвРосОрг{attributes(self.organisation)}/>{self.leaders}"
        flags = 'ЕИОУК="0" ЕИОФЛ="1" ЕИОИП="0"'
        return (
            '<СвДоверит ТипДоверит="1"><Доверит>'
            f"<РосОргДовер {flags}>{inner}</РосОргДовер></Доверит></СвДоверит>"
        )

    def people(self, tag: str = "СвУпПред") -> str:
        """Who receives it."""
        return "".join(
            f'<{tag} ТипПред="3"><Пред>{each}</Пред></{tag}>' for each in self.representatives
        )

    def rights(self) -> str:
        """What may be done."""
        return f'<СвПолн ТипПолн="{self.kind}" ПрСовмПолн="{self.joint}">{self.powers}</СвПолн>'

    def body(self) -> str:
        """The element Довер."""
        parts = (self.facts(), self.principal(), self.people(), self.rights())
        return f"<Довер>{''.join(parts)}</Довер>"

    def redelegation(self) -> str:
        """The element Передов: the powers of another file passed on."""
        parts = (self.facts("СвПереДовер"), self.people("СвПолучПолн"), self.rights())
        return f'<Передов ПрНалПередов="0">{"".join(parts)}</Передов>'

    def text(self) -> str:
        """The file without its first line."""
        return document(self.body())

    def xml(self, encoding: str = "UTF-8") -> bytes:
        """The file."""
        return encoded(self.text(), encoding)


def document(body: str, namespace: str = "urn://x-artefacts/EMCHD_1", form: str = "EMCHD_1") -> str:
    """The root element around a body."""
    values = {"xmlns": namespace, "ВерсФорм": form, "ПрЭлФорм": "00000000", "ИдФайл": "ON_EMCHD_1"}
    return f"<Доверенность{attributes(values)}><Документ>{body}</Документ></Доверенность>"


def encoded(text: str, encoding: str = "UTF-8") -> bytes:
    """The text as a file that declares its encoding."""
    return f'<?xml version="1.0" encoding="{encoding}"?>\n{text}'.encode(encoding)
