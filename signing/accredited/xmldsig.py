"""One enveloped XML signature with GOST R 34.10-2012 over a whole document (W3C XML-DSig).

Deliberately small: what it does not know it refuses. The document has one Signature, a child of
its root; one Reference to the root; the transforms and algorithms below and no others. The caller
gets the canonical bytes that were digested, and reads everything from those, never from the file:
what was not signed is not in them, wherever it stood.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Container, Sequence
from dataclasses import dataclass

from lxml import etree

from signing.certificates import Certificate, load_certificate
from signing.errors import MEGABYTE, SigningError, refuse_larger
from signing.gost.backend import backend
from signing.gost.backend import digest as digest_of
from signing.gost.digests import DigestAlgorithm
from signing.gost.encoding import read_public_key
from signing.gost.errors import GostError
from signing.gost.keys import KeyAlgorithm
from signing.words import N_, harmless

MAX_XML = 50 * MEGABYTE
MAX_SIGNATURE_ELEMENTS = 64
MAX_CERTIFICATES = 8
ENCODINGS = frozenset({"utf-8", "windows-1251"})
"""Both write markup in ASCII, so that a DOCTYPE is seen before anything is parsed."""

DS = "http://www.w3.org/2000/09/xmldsig#"
ENVELOPED = f"{DS}enveloped-signature"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
CANONICAL_FORMS = (INCLUSIVE, EXCLUSIVE)
TRANSFORMS = {
    (ENVELOPED,): INCLUSIVE,  # XML-DSig, 4.4.3.2: what no transform makes bytes, C14N 1.0 does
    (ENVELOPED, INCLUSIVE): INCLUSIVE,
    (ENVELOPED, EXCLUSIVE): EXCLUSIVE,
}
"""The chains of transforms that are accepted, each with the canonical form it ends in."""

_URN = "urn:ietf:params:xml:ns:cpxmlsec:algorithms:"
_W3C = "http://www.w3.org/2001/04/xmldsig-more#"
DIGESTS = {
    f"{prefix}gostr34112012-{bits}": kind
    for prefix in (_URN, _W3C)
    for bits, kind in ((256, DigestAlgorithm.STREEBOG_256), (512, DigestAlgorithm.STREEBOG_512))
}
SIGNATURES = {
    f"{prefix}gostr34102012-gostr34112012-{bits}": kind
    for prefix in (_URN, _W3C)
    for bits, kind in ((256, KeyAlgorithm.GOST_2012_256), (512, KeyAlgorithm.GOST_2012_512))
}
"""The names of draft-chudov-cryptopro-cpxmldsig and those in the manner of RFC 4051, seen in use.

Those of GOST R 34.10-2001 are not here: nothing is accepted that was signed with it.
"""

_DECLARATION = re.compile(rb"<\?xml\s[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"'][^>]*\?>")
_UTF8_MARK = b"\xef\xbb\xbf"
_XML_NAMESPACE = "{http://www.w3.org/XML/1998/namespace}"
_ID_NAMES = ("Id", "ID", "id", f"{_XML_NAMESPACE}id")


class XmlSignatureError(SigningError):
    """The signature of an XML file cannot be accepted."""

    code = "xmldsig.error"
    msgid = N_("The signature of the XML file cannot be accepted.")


class XmlUnreadableError(XmlSignatureError):
    """The bytes are not well-formed XML in UTF-8 or windows-1251 within the parser's bounds."""

    code = "xmldsig.unreadable"
    msgid = N_("The file is not an XML file that can be read.")


class DoctypeError(XmlSignatureError):
    """The file declares a document type, and with it entities or attributes by default."""

    code = "xmldsig.doctype"
    msgid = N_("The XML file has definitions of its own (DOCTYPE); such files are not read.")


class SignatureCountError(XmlSignatureError):
    """There is no signature or more than one."""

    code = "xmldsig.signature_count"
    msgid = N_("The XML file must hold exactly one signature; it holds {count}.")


class SignatureFormError(XmlSignatureError):
    """The signature is built in a way that is not accepted; `what` names the place."""

    code = "xmldsig.form"
    msgid = N_("The signature of the XML file is built in a way that is not accepted ({what}).")


class AlgorithmRefusedError(XmlSignatureError):
    """An algorithm is not among those that are accepted."""

    code = "xmldsig.algorithm"
    msgid = N_("The signature of the XML file uses what is not accepted: {algorithm}.")


class XmlChangedError(XmlSignatureError):
    """The digest of the document is not the one that was signed."""

    code = "xmldsig.changed"
    msgid = N_("The XML file was changed after it was signed.")


class XmlSignatureWrongError(XmlSignatureError):
    """No certificate that came with the signature has the key that made its value."""

    code = "xmldsig.value"
    msgid = N_("The signature of the XML file was not made with the key of its certificate.")


@dataclass(frozen=True)
class SignedXml:
    """What was signed (canonical XML, UTF-8), by whose key, and the other certificates with it.

    Nothing is said of the signer: whether the certificate is to be trusted is asked elsewhere.
    """

    content: bytes
    signer: Certificate
    certificates: tuple[Certificate, ...]


@dataclass(frozen=True)
class _SignedInfo:
    content: bytes
    method: KeyAlgorithm
    uri: str
    canonical_form: str
    digest: DigestAlgorithm
    digest_value: bytes


def verify_enveloped(xml: bytes) -> SignedXml:
    """Verify the signature of `xml`; raises XmlSignatureError or TooLargeError over 50 MB."""
    root = parse_strictly(xml)
    signature = _the_signature(root)
    info = _read_signed_info(root, signature)
    signer, others = _signer(signature, info)
    _refuse_other_targets(root, info.uri)
    content = _without(root, signature, info.canonical_form, whole_file=not info.uri)
    if not hmac.compare_digest(digest_of(info.digest, content), info.digest_value):
        raise XmlChangedError
    return SignedXml(content, signer, others)


def parse_strictly(xml: bytes) -> etree._Element:
    """Return the root of `xml`: no document type, no entities, no network, no great depth.

    Raises XmlUnreadableError, DoctypeError, and TooLargeError over 50 MB.
    """
    refuse_larger(xml, MAX_XML)
    _demand_plain_markup(xml)
    try:
        root = etree.fromstring(xml, strict_parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise XmlUnreadableError from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise DoctypeError
    return root


def strict_parser() -> etree.XMLParser:
    """Return a parser that fetches nothing, expands nothing and mends nothing."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        collect_ids=False,
    )


def _demand_plain_markup(xml: bytes) -> None:
    """Refuse encodings in which a DOCTYPE could hide from a search for its bytes."""
    declared = _DECLARATION.match(xml.removeprefix(_UTF8_MARK))
    encoding = declared[1].decode().lower() if declared else "utf-8"
    if encoding not in ENCODINGS or b"\0" in xml or xml.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise XmlUnreadableError
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise DoctypeError


def _the_signature(root: etree._Element) -> etree._Element:
    found = list(root.iter("{*}Signature"))
    if len(found) != 1:
        raise SignatureCountError(count=len(found))
    signature = found[0]
    if signature.tag != f"{{{DS}}}Signature" or signature.getparent() is not root:
        raise SignatureFormError(what="Signature")
    for count, node in enumerate(signature.iter(), start=1):
        if not isinstance(node.tag, str) or count > MAX_SIGNATURE_ELEMENTS:
            raise SignatureFormError(what="Signature")  # a comment splits a text in two
    return signature


def _read_signed_info(root: etree._Element, signature: etree._Element) -> _SignedInfo:
    """Read and hold to the allowed form everything that says what is signed and how."""
    signed_info, _, _ = _children(signature, ("SignedInfo", "SignatureValue", "KeyInfo"))
    _refuse_inherited(root, signature, signed_info)
    form, method, reference = _children(
        signed_info, ("CanonicalizationMethod", "SignatureMethod", "Reference")
    )
    uri = reference.get("URI")
    if uri is None or set(reference.keys()) - {"URI", "Id"}:
        raise SignatureFormError(what="Reference")
    transforms, digest, value = _children(reference, ("Transforms", "DigestMethod", "DigestValue"))
    names = tuple(_algorithm(each) for each in _transforms(transforms))
    if names not in TRANSFORMS:
        raise AlgorithmRefusedError(algorithm=harmless(" ".join(names))[:200])
    return _SignedInfo(
        content=_canonical(signed_info, _known(form, CANONICAL_FORMS)),
        method=SIGNATURES[_known(method, SIGNATURES)],
        uri=uri,
        canonical_form=TRANSFORMS[names],
        digest=DIGESTS[_known(digest, DIGESTS)],
        digest_value=_base64(value),
    )


def _refuse_inherited(*elements: etree._Element) -> None:
    """Refuse xml:lang and its like above SignedInfo: C14N 1.0 would copy them down into it."""
    for element in elements:
        if any(str(name).startswith(_XML_NAMESPACE) for name in element.attrib):
            raise SignatureFormError(what="xml:")


def _transforms(transforms: etree._Element) -> list[etree._Element]:
    found = list(transforms)
    if any(each.tag != f"{{{DS}}}Transform" for each in found) or _has_text(transforms):
        raise SignatureFormError(what="Transforms")
    return found


def _children(element: etree._Element, names: Sequence[str]) -> list[etree._Element]:
    """Return the children of `element`, which are exactly these, in this order, and no text."""
    found = list(element)
    if [each.tag for each in found] != [f"{{{DS}}}{name}" for name in names] or _has_text(element):
        raise SignatureFormError(what=etree.QName(element).localname)
    return found


def _has_text(element: etree._Element) -> bool:
    texts = (element.text, *(child.tail for child in element))
    return any(text and text.strip() for text in texts)


def _algorithm(element: etree._Element) -> str:
    """Return the Algorithm of a method that has no parameters."""
    if len(element) or (element.text or "").strip() or element.keys() != ["Algorithm"]:
        raise SignatureFormError(what=etree.QName(element).localname)
    return str(element.get("Algorithm"))


def _known(element: etree._Element, known: Container[str]) -> str:
    name = _algorithm(element)
    if name not in known:
        raise AlgorithmRefusedError(algorithm=harmless(name)[:200])
    return name


def _base64(element: etree._Element) -> bytes:
    if len(element):
        raise SignatureFormError(what=etree.QName(element).localname)
    try:
        return base64.b64decode("".join((element.text or "").split()), validate=True)
    except ValueError as error:
        raise SignatureFormError(what=etree.QName(element).localname) from error


def _canonical(what: etree._Element | etree._ElementTree[etree._Element], form: str) -> bytes:
    """Return the canonical form of a file or of a part with the namespaces in its scope.

    A file whose namespaces have relative names has none (C14N 1.0, 1.3).
    """
    try:
        return etree.tostring(what, method="c14n", exclusive=form == EXCLUSIVE, with_comments=False)
    except etree.C14NError as error:
        raise XmlUnreadableError from error


def _signer(
    signature: etree._Element, info: _SignedInfo
) -> tuple[Certificate, tuple[Certificate, ...]]:
    """Return the certificate whose key made the value, and the others beside it."""
    _, value_element, key_info = _children(signature, ("SignedInfo", "SignatureValue", "KeyInfo"))
    value = _base64(value_element)
    certificates = _certificates(key_info)
    digest = digest_of(info.method.digest, info.content)
    for certificate in certificates:
        if _made_with_key_of(certificate, info.method, digest, value):
            others = tuple(each for each in certificates if each != certificate)
            return certificate, others
    raise XmlSignatureWrongError


def _certificates(key_info: etree._Element) -> tuple[Certificate, ...]:
    """Return the certificates in KeyInfo, the only thing in it that is read.

    A bare key or a name proves nothing, so that it may stand beside them.
    """
    found = list(key_info.iterfind(f"{{{DS}}}X509Data/{{{DS}}}X509Certificate"))
    if not 0 < len(found) <= MAX_CERTIFICATES:
        raise SignatureFormError(what="X509Certificate")
    return tuple(dict.fromkeys(load_certificate(_base64(each)) for each in found))


def _made_with_key_of(
    certificate: Certificate, method: KeyAlgorithm, digest: bytes, value: bytes
) -> bool:
    try:
        key = read_public_key(certificate.public_key_der)
        if key.algorithm is not method:
            return False
        backend().verify(key, digest, value)
    except GostError:  # a value that is wrong, or a key that is none
        return False
    return True


def _refuse_other_targets(root: etree._Element, uri: str) -> None:
    """Let the Reference name nothing but the root: the empty URI, or its Id, given once."""
    if not uri:
        return
    wanted = uri[1:]
    bearers = [
        element
        for element in root.iter(etree.Element)
        if any(element.get(name) == wanted for name in _ID_NAMES)
    ]
    if not uri.startswith("#") or not wanted or bearers != [root]:
        raise SignatureFormError(what="Reference")


def _without(
    root: etree._Element, signature: etree._Element, form: str, *, whole_file: bool
) -> bytes:
    """Take the signature out of the tree and return the canonical form of what is left.

    The text behind the signature stays. With the empty URI the processing instructions before and
    after the root are signed too (C14N 1.0, 2.1).
    """
    behind = signature.tail or ""
    before = signature.getprevious()
    if before is None:
        root.text = (root.text or "") + behind
    else:
        before.tail = (before.tail or "") + behind
    root.remove(signature)
    return _canonical(root.getroottree() if whole_file else root, form)
