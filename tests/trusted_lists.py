"""A ministry for tests: a root, an authority of its own, a signer, and lists signed by it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.x509.oid import NameOID

from signing.accredited.qualified_trust import MINISTRY_OGRN
from signing.certificates import Certificate
from signing.revocation.crls import RevocationList, load_crl
from tests import gost_pki
from tests.gost_pki import GostHolder
from tests.pki import OGRN
from tests.xml_signer import XmlSigner

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
MINISTRY = {
    NameOID.COMMON_NAME: "Испытательное министерство",
    NameOID.ORGANIZATION_NAME: "Испытательное министерство",
    OGRN: MINISTRY_OGRN,
}
Status = tuple[str, str]
"""What the accreditation is («Действует» …) and since when."""

IN_FORCE: Status = ("Действует", "2012-09-01T00:00:00+04:00")


@dataclass(frozen=True)
class Entry:
    """One authority of a list."""

    certificates: tuple[bytes, ...]
    name: str = "Испытательный центр"
    status: Status = IN_FORCE
    history: tuple[Status, ...] = (IN_FORCE,)
    ogrn: str = "1021600000001"
    inn: str = "1600000001"

    @property
    def xml(self) -> str:
        """The element in canonical form."""
        certificates = "".join(
            f"<ДанныеСертификата><Отпечаток>00</Отпечаток><Данные>{b64encode(der).decode()}"
            "</Данные></ДанныеСертификата>"
            for der in self.certificates
        )
        history = "".join(_status(each) for each in self.history)
        return (
            f"<УдостоверяющийЦентр><Название>{self.name}</Название>"
            "<ЭлектроннаяПочта>ca@example.org</ЭлектроннаяПочта>"
            "<Адрес><Страна>RU</Страна><Город>Лесной</Город></Адрес>"
            "<ПрограммноАппаратныеКомплексы><ПрограммноАппаратныйКомплекс>"
            "<Псевдоним>ПАК</Псевдоним><КлючиУполномоченныхЛиц><Ключ>"
            "<ИдентификаторКлюча>00</ИдентификаторКлюча>"
            "<АдресаСписковОтзыва><Адрес>http://example.org/ca.crl</Адрес></АдресаСписковОтзыва>"
            f"<Сертификаты>{certificates}</Сертификаты></Ключ></КлючиУполномоченныхЛиц>"
            "</ПрограммноАппаратныйКомплекс></ПрограммноАппаратныеКомплексы>"
            f"<ИНН>{self.inn}</ИНН><ОГРН>{self.ogrn}</ОГРН><РеестровыйНомер>1</РеестровыйНомер>"
            f"{_status(self.status)}<ИсторияСтатусовАккредитации>{history}"
            "</ИсторияСтатусовАккредитации></УдостоверяющийЦентр>"
        )


def _status(status: Status) -> str:
    what, since = status
    return (
        f"<СтатусАккредитации><Статус>{what}</Статус><ДействуетС>{since}</ДействуетС>"
        "</СтатусАккредитации>"
    )


def list_xml(
    entries: Iterable[Entry], version: str = "100", date: str = "2026-11-19T10:00:00+03:00"
) -> bytes:
    """A list without a signature, in canonical form."""
    return (
        "<АккредитованныеУдостоверяющиеЦентры>"
        f"<Версия>{version}</Версия><Дата>{date}</Дата>"
        + "".join(entry.xml for entry in entries)
        + "</АккредитованныеУдостоверяющиеЦентры>"
    ).encode()


@dataclass(frozen=True)
class Ministry:
    """The root, the ministry's authority below it, and who signs the lists."""

    root: GostHolder
    authority: GostHolder
    signer: GostHolder

    @classmethod
    def open(cls, name: str = "") -> Ministry:
        root = gost_pki.root(f"Корень {name}".strip())
        authority = root.authority(f"Центр министерства {name}".strip(), MINISTRY_OGRN)
        return cls(root, authority, authority.person(MINISTRY))

    @property
    def roots(self) -> tuple[Certificate, ...]:
        return (self.root.certificate,)

    @property
    def crls(self) -> tuple[RevocationList, ...]:
        """Lists that revoke nobody."""
        return (load_crl(self.root.crl()), load_crl(self.authority.crl()))

    def signed(self, document: bytes) -> bytes:
        """The document signed as the ministry does, with an own authority's certificate."""
        signed = XmlSigner(self.signer).signed(document, self.authority.der)
        return signed.replace(b"<", b"<?xml version='1.0' encoding='utf-8'?>\n<", 1)

    def list(self, *entries: Entry, **fields: str) -> bytes:
        """A signed list of these authorities."""
        return self.signed(list_xml(entries, **fields))
