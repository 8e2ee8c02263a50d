"""Powers of attorney of the town: written by heads, asked about, used; all through use cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from marshrut.demonstration.town import Inhabitant, done
from signing.keys import SigningKey, open_pkcs12
from signing.sign import sign_detached, sign_pdf
from signing.verdicts import SignatureKind
from tests.unit.signing.power_samples import MACHINE, NUMBER, Sample, SamplePerson
from tests.world import World, holder
from workflow.domain.documents import Document
from workflow.domain.powers import AnswerStatus, CodeMeaning, PowerAnswer, PowerOfAttorney
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import SignatureFormat
from workflow.domain.signatures import Signature
from workflow.usecases.installation import renew_training_crls
from workflow.usecases.powers.answers import record_answer
from workflow.usecases.powers.keep import keep_power
from workflow.usecases.powers.meaning import say_what_a_code_means
from workflow.usecases.record_signature import record_signature
from workflow.usecases.sign import begin_signing

CODE = "EDU_01_001"
DAY = timedelta(days=1)
TERM = timedelta(days=60)


@dataclass(frozen=True)
class Written:
    """A power of attorney as two files."""

    file: bytes
    signature: bytes


def named(person: Inhabitant) -> SamplePerson:
    """A person of the town as a power names them."""
    first, _, middle = person.given.partition(" ")
    return SamplePerson(person.last, first, middle, person.inn, person.snils)


def sample(
    world: World, head: str = "belova", deputy: str = "safina", place: str = "school-1"
) -> Sample:
    """The power of the place's head to its deputy, given today for a year."""
    where, today = world.place(place), world.clock().date()
    leader = named(world.person(head)).xml("СвФЛ")
    return Sample(
        issued=today.isoformat(),
        until=(today + 365 * DAY).isoformat(),
        organisation={"НаимОрг": where.short, "ИННЮЛ": where.inn, "ОГРН": where.ogrn},
        leaders=f'<ЛицоБезДов ПолнЮЛ="1">{leader}</ЛицоБезДов>',
        representatives=(named(world.person(deputy)).xml("СведФизЛ"),),
        powers=MACHINE,
    )


def key_of_head(
    world: World,
    head: str = "belova",
    place: str = "school-1",
    kind: SignatureKind = SignatureKind.QUALIFIED,
) -> SigningKey:
    """A key with a certificate of the organisation for somebody; new lists are made with it."""
    whose = holder(world.person(head), world.place(place))
    p12 = world.authorities.key_file(whose, "пароль", world.clock() - DAY, kind)
    renew(world)
    return open_pkcs12(p12, "пароль")


def written(world: World, what: Sample, key: SigningKey | None = None) -> Written:
    """The power signed by the head of school-1, or with another key."""
    content = what.xml()
    return Written(content, sign_detached(content, key or key_of_head(world), world.clock()))


def kept(
    world: World, power: Written, by: str = "zaytseva", place: str = "school-1"
) -> PowerOfAttorney | Refusal:
    """Handed in by the clerk of school-1, or by somebody else."""
    place_id = world.place(place).id
    return keep_power(world.services, world.actor(by), place_id, power.file, power.signature)


def answered(
    world: World,
    power: PowerOfAttorney,
    status: AnswerStatus = AnswerStatus.IN_FORCE,
    as_of: datetime | None = None,
    revoked_on: date | None = None,
    by: str = "zaytseva",
) -> PowerAnswer | Refusal:
    """The clerk asked the registry just now, or earlier."""
    return record_answer(
        world.services,
        world.actor(by),
        power.id,
        status,
        as_of or world.clock(),
        revoked_on,
        words="реестр доверенностей, поиск по номеру",
    )


def meaning(world: World, types: Iterable[str], by: str = "belova") -> CodeMeaning | Refusal:
    """The head says what the code of the samples lets one sign."""
    place_id = world.place("school-1").id
    return say_what_a_code_means(world.services, world.actor(by), place_id, CODE, types)


def in_use(world: World, what: Sample | None = None, asked: bool = True) -> PowerOfAttorney:
    """A power by which the deputy of school-1 signs orders that approve documents (D02)."""
    done(meaning(world, ["D02"]))
    power = done(kept(world, written(world, what or sample(world))))
    if asked:
        done(answered(world, power))
    return power


def own_key(world: World, who: str = "safina") -> SigningKey:
    """A key with a personal certificate, which names no organisation."""
    person = replace(
        holder(world.person(who), world.place("school-1")),
        organisation="",
        organisation_short="",
        ogrn="",
        organisation_inn="",
    )
    p12 = world.authorities.key_file(person, "пароль", world.clock() - DAY)
    renew(world)
    return open_pkcs12(p12, "пароль")


def renew(world: World) -> None:
    """New revocation lists, as after every certificate that is issued."""
    lists = world.authorities.crls(world.clock(), TERM)
    assert renew_training_crls(world.services, lists) is None


def signed_by_deputy(
    world: World, document: Document, key: SigningKey | None = None
) -> Signature | Refusal:
    """The deputy of school-1 signs in her own program and hands it in."""
    manifest = document.manifest
    assert manifest is not None
    deputy, services = world.actor("safina"), world.services
    begun = begin_signing(services, deputy, document.id, manifest.digest)
    if isinstance(begun, Refusal):
        return begun
    key = key or own_key(world)
    files = [services.blobs.get(file.pdf) for file in manifest.files]
    make = sign_pdf if begun.format is SignatureFormat.PADES else sign_detached
    outputs = [make(file, key, world.clock()) for file in files]
    return record_signature(services, deputy, begun.attempt.id, outputs)


def another(number: int, what: Sample) -> Sample:
    """The same with another number."""
    return replace(what, number=f"{NUMBER[:-1]}{number}")
