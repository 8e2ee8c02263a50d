"""One enveloped GOST signature over a whole XML document, and everything that is not one."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from signing.accredited.xmldsig import (
    MAX_XML,
    AlgorithmRefusedError,
    DoctypeError,
    SignatureCountError,
    SignatureFormError,
    XmlChangedError,
    XmlSignatureError,
    XmlSignatureWrongError,
    XmlUnreadableError,
    verify_enveloped,
)
from signing.errors import TooLargeError
from signing.gost.backend import digest
from signing.gost.digests import DigestAlgorithm
from signing.gost.keys import KeyAlgorithm
from tests.gost_pki import GostHolder, new_key, root
from tests.xml_signer import (
    DS,
    ENVELOPED,
    EXCLUSIVE,
    INCLUSIVE,
    URN,
    W3C,
    XmlSigner,
    enclosed,
)

DOCUMENT = '<Список Id="a"><Центр>Первый</Центр><Центр>Второй</Центр></Список>'.encode()
XSI = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


@pytest.fixture(scope="module")
def holder() -> GostHolder:
    return root("Министерство")


@pytest.fixture
def signer(holder: GostHolder) -> XmlSigner:
    return XmlSigner(holder)


def test_what_was_signed_comes_back_with_the_signer(signer: XmlSigner) -> None:
    found = verify_enveloped(signer.signed(DOCUMENT))
    assert found.content == DOCUMENT
    assert found.signer.der == signer.holder.der
    assert found.certificates == ()


@pytest.mark.parametrize("prefix", [URN, W3C])
@pytest.mark.parametrize("bits", [256, 512])
def test_both_lengths_by_both_names(prefix: str, bits: int) -> None:
    kind = KeyAlgorithm.GOST_2012_256 if bits == 256 else KeyAlgorithm.GOST_2012_512
    signer = XmlSigner(
        root("Министерство", key=new_key(kind)),
        method=f"{prefix}gostr34102012-gostr34112012-{bits}",
        digest_method=f"{prefix}gostr34112012-{bits}",
    )
    assert verify_enveloped(signer.signed(DOCUMENT)).content == DOCUMENT


@pytest.mark.parametrize("transforms", [(ENVELOPED,), (ENVELOPED, INCLUSIVE)])
def test_canonical_xml_1_0_keeps_namespaces_that_nothing_uses(
    signer: XmlSigner, transforms: tuple[str, ...]
) -> None:
    document = f"<Список{XSI}><Центр></Центр></Список>".encode()
    signer = signer.changed(canonical=INCLUSIVE, transforms=transforms, namespaces=XSI)
    assert verify_enveloped(signer.signed(document)).content == document


def test_exclusive_canonical_xml_drops_them(signer: XmlSigner) -> None:
    document = "<Список><Центр></Центр></Список>".encode()
    signed = signer.signed(document).replace("<Список".encode(), f"<Список{XSI}".encode(), 1)
    assert verify_enveloped(signed).content == document


def test_a_file_may_be_written_differently_from_its_canonical_form(signer: XmlSigner) -> None:
    signed = signer.signed('<Список a="1" b="2">\n<Центр></Центр></Список>'.encode())
    written = signed.decode().replace('<Список a="1" b="2">\n', "<Список  b='2'\r\n  a='1' >\r\n")
    written = '<?xml version="1.0" encoding="windows-1251"?>\r\n' + written.replace(
        "<Центр></Центр>", "<!-- примечание --><Центр/>"
    )
    found = verify_enveloped(written.encode("windows-1251"))
    assert found.content == '<Список a="1" b="2">\n<Центр></Центр></Список>'.encode()


def test_text_behind_the_signature_is_signed_too(signer: XmlSigner) -> None:
    """Whether the signature stands first, in the middle or last, what is around it stays."""
    signature = signer.signature(b"<a>1<b></b>23<c></c>4</a>")
    before = b"<a>" + b"1<b></b>2" + signature + b"3<c></c>4</a>"
    assert verify_enveloped(before).content == b"<a>1<b></b>23<c></c>4</a>"
    first = b"<a>" + signature + b"1<b></b>23<c></c>4</a>"
    assert verify_enveloped(first).content == b"<a>1<b></b>23<c></c>4</a>"
    with pytest.raises(XmlChangedError):
        verify_enveloped(b"<a>1<b></b>2" + signature + b"!3<c></c>4</a>")


def test_a_reference_may_name_the_id_of_the_root(signer: XmlSigner) -> None:
    assert verify_enveloped(signer.changed(uri="#a").signed(DOCUMENT)).content == DOCUMENT


def test_processing_instructions_around_the_root_are_signed(signer: XmlSigner) -> None:
    document = b"<?before x?>\n<a></a>\n<?after y?>"
    signature = signer.signature(document)
    signed = b"<?before x?><a>" + signature + b"</a><?after y?>"
    assert verify_enveloped(signed).content == document
    with pytest.raises(XmlChangedError):
        verify_enveloped(b"<?before z?><a>" + signature + b"</a><?after y?>")


def test_the_signer_is_the_certificate_whose_key_made_the_value(signer: XmlSigner) -> None:
    other = root("Другой центр")
    signed = signer.signed(DOCUMENT, other.der)
    certificates = [base64.b64encode(each.der) for each in (signer.holder, other)]
    swapped = _swapped(signed, *certificates)
    for xml in (signed, swapped):
        found = verify_enveloped(xml)
        assert found.signer.der == signer.holder.der
        assert [each.der for each in found.certificates] == [other.der]


def _swapped(content: bytes, one: bytes, other: bytes) -> bytes:
    return content.replace(one, b"\0").replace(other, one).replace(b"\0", other)


# What must not pass.


def test_any_change_of_the_document_is_seen(signer: XmlSigner) -> None:
    signed = signer.signed(DOCUMENT)
    for old, new in (("Первый", "Пёрвый"), ('Id="a"', 'Id="b"'), ("Центр>П", "Центр> П")):
        with pytest.raises(XmlChangedError):
            verify_enveloped(signed.replace(old.encode(), new.encode(), 1))


def test_a_changed_digest_needs_a_new_signature(signer: XmlSigner) -> None:
    true, forged = (signer.signature(document) for document in (DOCUMENT, b"<a></a>"))
    old, new = (each.split(b"DigestValue>")[1] for each in (true, forged))
    with pytest.raises(XmlSignatureWrongError):
        verify_enveloped(enclosed(b"<a></a>", true.replace(old, new)))


def test_another_certificate_is_not_the_signer(signer: XmlSigner) -> None:
    other = root("Другой центр")
    signed = signer.signed(DOCUMENT)
    old, new = (base64.b64encode(each.der) for each in (signer.holder, other))
    with pytest.raises(XmlSignatureWrongError):
        verify_enveloped(signed.replace(old, new))


def test_a_key_of_the_other_length_is_not_the_signers(signer: XmlSigner) -> None:
    method = f"{URN}gostr34102012-gostr34112012-512"
    with pytest.raises(XmlSignatureWrongError):
        verify_enveloped(signer.changed(method=method).signed(DOCUMENT))


def test_a_bare_key_beside_the_certificate_is_not_used(signer: XmlSigner) -> None:
    signed = signer.signed(DOCUMENT)
    bare = signed.replace(
        b"<ds:KeyInfo>", b"<ds:KeyInfo><ds:KeyName>root</ds:KeyName><ds:KeyValue>AAAA</ds:KeyValue>"
    )
    assert verify_enveloped(bare).signer.der == signer.holder.der
    start, end = signed.index(b"<ds:X509Data>"), signed.index(b"</ds:KeyInfo>")
    with pytest.raises(SignatureFormError):
        verify_enveloped(signed[:start] + b"<ds:KeyValue>AAAA</ds:KeyValue>" + signed[end:])


def test_a_root_that_wraps_the_signed_one_is_refused(signer: XmlSigner) -> None:
    """The classical wrapping: the signed document, whole, below a root of the attacker's."""
    signed = signer.changed(uri="#a").signed(DOCUMENT)
    with pytest.raises(SignatureFormError):
        verify_enveloped(b"<evil>" + signed + b"</evil>")
    start, end = signed.index(b"<ds:Signature"), signed.index(b"</ds:Signature>") + 15
    bare, signature = signed[:start] + signed[end:], signed[start:end]
    for evil in (b"<evil>", b'<evil Id="a">'):
        with pytest.raises(SignatureFormError):
            verify_enveloped(evil + bare + signature + b"</evil>")
    with pytest.raises(SignatureFormError):
        verify_enveloped(
            bare.replace("</Список>".encode(), b"<x>" + signature + "</x></Список>".encode())
        )


@pytest.mark.parametrize("name", ["Id", "ID", "id", "xml:id"])
def test_an_id_that_stands_twice_is_refused(signer: XmlSigner, name: str) -> None:
    document = f'<Список Id="a"><Центр {name}="a"></Центр></Список>'.encode()
    with pytest.raises(SignatureFormError):
        verify_enveloped(signer.changed(uri="#a").signed(document))


@pytest.mark.parametrize(
    "uri",
    ["#b", "#", "#xpointer(/)", "#xpointer(id('a'))", "http://example.org/a.xml", "a.xml", "#a#b"],
)
def test_a_reference_to_anything_but_the_root_is_refused(signer: XmlSigner, uri: str) -> None:
    document = '<Список Id="a"><Центр Id="b"></Центр></Список>'.encode()
    with pytest.raises(SignatureFormError):
        verify_enveloped(signer.changed(uri=uri).signed(document))


def test_a_reference_without_uri_is_refused(signer: XmlSigner) -> None:
    with pytest.raises(SignatureFormError):
        verify_enveloped(_form(signer, lambda info: info.replace(' URI=""', "")))


@pytest.mark.parametrize(
    "transforms",
    [
        (),
        (EXCLUSIVE,),
        (EXCLUSIVE, ENVELOPED),
        (ENVELOPED, ENVELOPED),
        (ENVELOPED, EXCLUSIVE, INCLUSIVE),
        (ENVELOPED, f"{EXCLUSIVE}WithComments"),
        (ENVELOPED, f"{INCLUSIVE}#WithComments"),
        (ENVELOPED, "http://www.w3.org/TR/1999/REC-xpath-19991116"),
        (ENVELOPED, "http://www.w3.org/2002/06/xmldsig-filter2"),
        (ENVELOPED, "http://www.w3.org/TR/1999/REC-xslt-19991116"),
        (ENVELOPED, f"{DS}base64"),
        (ENVELOPED, "urn://smev-gov-ru/xmldsig/transform"),
    ],
)
def test_other_transforms_are_refused(signer: XmlSigner, transforms: tuple[str, ...]) -> None:
    with pytest.raises(AlgorithmRefusedError):
        verify_enveloped(signer.changed(transforms=transforms).signed(DOCUMENT))


def test_parameters_of_a_transform_are_refused(signer: XmlSigner) -> None:
    """An XPath inside an allowed name, or a list of prefixes, would change what is digested."""
    parameter = "<ds:XPath>not(ancestor-or-self::Центр)</ds:XPath></ds:Transform></ds:Transforms>"
    with pytest.raises(SignatureFormError):
        verify_enveloped(
            _form(signer, lambda info: info.replace("</ds:Transform></ds:Transforms>", parameter))
        )


@pytest.mark.parametrize(
    "changes",
    [
        {"method": f"{URN}gostr34102001-gostr3411"},
        {"method": f"{W3C}gostr34102001-gostr3411"},
        {"method": f"{W3C}rsa-sha256"},
        {"method": f"{DS}hmac-sha1"},
        {"digest_method": f"{URN}gostr3411"},
        {"digest_method": f"{DS}sha1"},
        {"canonical": f"{EXCLUSIVE}WithComments"},
        {"canonical": "http://www.w3.org/2006/12/xml-c14n11"},
        {"canonical": ENVELOPED},
    ],
)
def test_other_algorithms_are_refused(signer: XmlSigner, changes: dict[str, str]) -> None:
    with pytest.raises(AlgorithmRefusedError):
        verify_enveloped(signer.changed(**changes).signed(DOCUMENT))


def test_a_refusal_prints_no_characters_that_steer_a_screen(signer: XmlSigner) -> None:
    strange = "urn:\u202e&#9;" + "x" * 1000
    with pytest.raises(AlgorithmRefusedError) as refused:
        verify_enveloped(signer.changed(canonical=strange).signed(DOCUMENT))
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 300


def test_there_is_exactly_one_signature(signer: XmlSigner) -> None:
    signed = signer.signed(DOCUMENT)
    with pytest.raises(SignatureCountError):
        verify_enveloped(DOCUMENT)
    with pytest.raises(SignatureCountError):
        verify_enveloped(enclosed(signed, signer.signature(DOCUMENT)))
    with pytest.raises(SignatureCountError):
        verify_enveloped(enclosed(signed, b'<Signature xmlns="urn:other"/>'))
    with pytest.raises(SignatureFormError):
        verify_enveloped(enclosed(DOCUMENT, b'<Signature xmlns="urn:other"/>'))


def test_there_is_exactly_one_reference(signer: XmlSigner) -> None:
    def twice(info: str) -> str:
        start, end = info.index("<ds:Reference"), info.index("</ds:SignedInfo>")
        return info[:end] + info[start:end] + info[end:]

    with pytest.raises(SignatureFormError):
        verify_enveloped(_form(signer, twice))


def test_an_object_in_the_signature_is_refused(signer: XmlSigner) -> None:
    signed = signer.signed(DOCUMENT)
    for place in (b"</ds:Signature>", b"<ds:KeyInfo>", b"<ds:SignedInfo>"):
        with pytest.raises(SignatureFormError):
            verify_enveloped(signed.replace(place, b"<ds:Object>x</ds:Object>" + place))


def test_a_manifest_in_place_of_the_reference_is_refused(signer: XmlSigner) -> None:
    with pytest.raises(SignatureFormError):
        verify_enveloped(_form(signer, lambda info: info.replace("ds:Reference", "ds:Manifest")))


def test_a_comment_in_a_text_does_not_cut_it(signer: XmlSigner) -> None:
    """Comments are not signed; whoever reads up to the first one would read another text."""
    signed = signer.signed("<a><ОГРН>1047702026701</ОГРН></a>".encode())
    cut = signed.replace(b"1047702026701", b"1047<!-- -->702026701")
    assert "<ОГРН>1047702026701</ОГРН>".encode() in verify_enveloped(cut).content


@pytest.mark.parametrize("node", [b"<!-- -->", b"<?pi?>"])
def test_a_comment_in_the_signature_is_refused(signer: XmlSigner, node: bytes) -> None:
    signed = signer.signed(DOCUMENT)
    for place in (b"</ds:DigestValue>", b"</ds:SignatureValue>", b"</ds:X509Certificate>"):
        with pytest.raises(SignatureFormError):
            verify_enveloped(signed.replace(place, node + place))


def test_what_is_not_in_the_signed_bytes_does_not_come_back(signer: XmlSigner) -> None:
    signed = b"<!-- <evil/> -->" + signer.changed(uri="#a").signed(DOCUMENT) + b"<?evil?>"
    assert verify_enveloped(signed).content == DOCUMENT


@pytest.mark.parametrize(
    "doctype",
    [
        b"<!DOCTYPE a>",
        b'<!DOCTYPE a [<!ENTITY e "x">]>',
        b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">',
        b'<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;&l;"><!ENTITY n "&m;&m;&m;">]>',
        b'<!DOCTYPE a [<!ATTLIST a Id ID "a">]>',
    ],
)
def test_a_doctype_is_refused(signer: XmlSigner, doctype: bytes) -> None:
    with pytest.raises(DoctypeError):
        verify_enveloped(doctype + signer.signed(DOCUMENT))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-7", "koi8-r"])
def test_a_doctype_cannot_hide_in_another_encoding(signer: XmlSigner, encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a><a/>'
    with pytest.raises((XmlUnreadableError, DoctypeError)):
        verify_enveloped(text.encode(encoding))


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"text",
        b"<a>",
        b"<a></b>",
        b"<a/><b/>",
        b"\xff\xfe",
        b"<a>" * 300 + b"</a>" * 300,
        b"<a>&e;</a>",
        b"<a>\xff</a>",
        b"<a>&#0;</a>",
    ],
)
def test_what_is_no_xml_is_refused(xml: bytes) -> None:
    with pytest.raises(XmlUnreadableError):
        verify_enveloped(xml)


def test_a_namespace_with_a_relative_name_has_no_canonical_form(signer: XmlSigner) -> None:
    signed = signer.signed(b'<a xmlns="rel"></a>')
    with pytest.raises(XmlUnreadableError):
        verify_enveloped(signed)


def test_a_namespace_declared_anew_does_not_make_another_element_the_signature(
    signer: XmlSigner,
) -> None:
    signed = signer.signed(DOCUMENT)
    other = f'<ds:Signature xmlns:ds="{DS}">'.encode()
    with pytest.raises(SignatureFormError):
        verify_enveloped(signed.replace(other, b'<ds:Signature xmlns:ds="urn:other">'))
    inner = signed.replace(b"<ds:KeyInfo>", b'<ds:KeyInfo xmlns:ds="urn:other">')
    with pytest.raises(XmlSignatureError):
        verify_enveloped(inner)


def test_what_canonical_xml_would_inherit_is_refused(signer: XmlSigner) -> None:
    signed = signer.signed(DOCUMENT)
    with pytest.raises(SignatureFormError):
        verify_enveloped(signed.replace(b'Id="a"', b'Id="a" xml:lang="ru"'))


def test_too_much_is_refused_before_it_is_read() -> None:
    with pytest.raises(TooLargeError):
        verify_enveloped(b" " * (MAX_XML + 1))


def test_a_signature_stuffed_with_elements_is_refused(signer: XmlSigner) -> None:
    signed = signer.signed(DOCUMENT)
    stuffing = b"<ds:KeyName></ds:KeyName>" * 100
    with pytest.raises(SignatureFormError):
        verify_enveloped(signed.replace(b"<ds:KeyInfo>", b"<ds:KeyInfo>" + stuffing))


@pytest.mark.parametrize("value", [b"", b"!!!!", b"AAAA", b"AAA"])
def test_broken_values_are_refused(signer: XmlSigner, value: bytes) -> None:
    signed = signer.signed(DOCUMENT)
    for name in (b"DigestValue", b"SignatureValue"):
        start = signed.index(b"<ds:" + name) + len(name) + 5
        end = signed.index(b"</ds:" + name)
        with pytest.raises(XmlSignatureError):
            verify_enveloped(signed[:start] + value + signed[end:])


def _form(signer: XmlSigner, change: Callable[[str], str]) -> bytes:
    """DOCUMENT with a signature that holds over its changed SignedInfo."""
    value = digest(DigestAlgorithm.STREEBOG_256, DOCUMENT)
    return enclosed(DOCUMENT, signer.signature_over(change(signer.signed_info(value))))
