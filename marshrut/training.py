"""The training authorities of an installation: made with its database, never committed.

Keys, certificates and lists made here say «УЧЕБНЫЙ» in their bytes. There are two authorities,
one standing for advanced and one for qualified signatures, so that both can be practised.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from signing.certificates import load_certificate
from signing.keys import SigningKey
from signing.training.authority import Issued, TrainingCA
from signing.training.certificates import KeyAlgorithm
from signing.training.examples import make_examples
from signing.training.subjects import OrganisationFacts, SubjectFacts
from signing.trust import TrustAnchor, TrustStore
from signing.trust_folder import save_trust_folder
from signing.verdicts import SignatureKind
from workflow.store.unit_of_work import Transaction
from workflow.usecases.installation import TrainingRoot, keep_training_crls
from workflow.usecases.services import Services

#: The folder of the authorities beside the installation's keys.
AUTHORITIES = "training"
#: In that folder: the key by which timestamps are given, with its certificate (PKCS#12).
TIMESTAMPS_KEY = "timestamps.p12"
GOST = KeyAlgorithm.GOST_2012_256
KINDS = (SignatureKind.ADVANCED, SignatureKind.QUALIFIED)
AUTHORITY_YEARS = 10
CERTIFICATE_YEARS = 3
CRL_LIVES = timedelta(days=7)
CRL_RENEWED_AFTER = timedelta(days=1)
BEFORE = timedelta(days=400)


@dataclass(frozen=True)
class Holder:
    """For whom a training certificate is issued; `organisation` for a head's."""

    last: str
    given: str
    snils: str
    inn: str
    post: str
    organisation: str = ""
    organisation_short: str = ""
    ogrn: str = ""
    organisation_inn: str = ""


class TrainingAuthorities:
    """Both authorities, kept in a folder under a password (the installation's key at rest)."""

    def __init__(self, folder: Path, password: str, authorities: Mapping[str, TrainingCA]) -> None:
        self._folder = folder
        self._password = password
        self._authorities = dict(authorities)

    @classmethod
    def create(cls, folder: Path, password: str, now: datetime) -> TrainingAuthorities:
        """Make both authorities; FileExistsError when the folder has some already."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = {
            str(kind): TrainingCA.create(now, AUTHORITY_YEARS, kind, valid_from=now - BEFORE)
            for kind in KINDS
        }
        authorities = cls(folder, password, made)
        for name in made:
            if authorities._path(name).exists():
                raise FileExistsError(authorities._path(name))
        authorities.add_timestamps(now)
        return authorities

    @classmethod
    def load(cls, folder: Path, password: str) -> TrainingAuthorities:
        """Read what `create` made; raises TrainingVaultError for a wrong password."""
        read = {
            str(kind): TrainingCA.from_bytes((folder / f"{kind}.ca").read_bytes(), password)
            for kind in KINDS
        }
        return cls(folder, password, read)

    def add_timestamps(self, now: datetime) -> None:
        """Make the authority for timestamps that an installation of an earlier version lacks."""
        file = self._folder / TIMESTAMPS_KEY
        if not file.exists():
            until = now + timedelta(days=365 * CERTIFICATE_YEARS)
            issued = self._authorities[KINDS[0]].issue_for_timestamps(now - BEFORE, until)
            self._save()
            _write(file, issued.pkcs12(self._password))

    @staticmethod
    def exist(folder: Path) -> bool:
        return (folder / f"{KINDS[0]}.ca").exists()

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.ca"

    def _save(self) -> None:
        """Numbers of lists must never go back, so every change is written at once."""
        for name, authority in self._authorities.items():
            _write(self._path(name), authority.to_bytes(self._password))

    def roots(self) -> list[TrainingRoot]:
        """The anchors to be trusted by a training installation."""
        return [
            TrainingRoot(authority.root.certificate.public_bytes(Encoding.PEM), name)
            for name, authority in self._authorities.items()
        ]

    def crls(self, now: datetime, lives: timedelta = CRL_LIVES) -> list[bytes]:
        """New lists of all four authorities (roots and issuing), as of `now`."""
        lists = [
            make(now, now + lives)
            for authority in self._authorities.values()
            for make in (authority.root_crl, authority.crl)
        ]
        self._save()
        return lists

    def key_file(
        self,
        holder: Holder,
        password: str,
        now: datetime,
        kind: SignatureKind = KINDS[0],
        algorithm: KeyAlgorithm = KeyAlgorithm.ECDSA_P256,
    ) -> bytes:
        """Issue a certificate and return it with its key as PKCS#12."""
        return self._issue(holder, now, kind, algorithm).pkcs12(password)

    def gost_key(
        self,
        holder: Holder,
        now: datetime,
        kind: SignatureKind = KINDS[1],
        algorithm: KeyAlgorithm = KeyAlgorithm.GOST_2012_256,
    ) -> SigningKey:
        """Issue a certificate for a GOST key, which stands in for one in a certified program."""
        return self._issue(holder, now, kind, algorithm).signing_key()

    def _issue(
        self, holder: Holder, now: datetime, kind: SignatureKind, algorithm: KeyAlgorithm
    ) -> Issued:
        until = now + timedelta(days=365 * CERTIFICATE_YEARS)
        facts, since = subject_of(holder), now - timedelta(days=1)
        issued = self._authorities[kind].issue(facts, since, until, algorithm)
        self._save()
        return issued

    def practice_files(self, holder: Holder, password: str, now: datetime) -> Mapping[str, bytes]:
        """Key files to practise signing elsewhere with: good ones and ones that must be refused.

        New revocation lists have to be made afterwards: one of the certificates is revoked.
        """
        examples = make_examples(self._authorities[str(KINDS[0])], subject_of(holder), now)
        files = {
            "good-advanced": examples.good.pkcs12(password),
            "expired": examples.expired.pkcs12(password),
            "revoked": examples.revoked.pkcs12(password),
            "not-yet-valid": examples.not_yet_valid.pkcs12(password),
            "foreign": examples.foreign.pkcs12(password),
            "good-qualified": self.key_file(holder, password, now, KINDS[1]),
            "good-gost": self.key_file(holder, password, now, algorithm=GOST),
            "good-qualified-gost": self.key_file(holder, password, now, KINDS[1], GOST),
        }
        self._save()
        return files

    def save_trust(self, folder: Path) -> None:
        """Write the anchors as a folder for `marshrut verify --trust`."""
        anchors, below = [], []
        for name, authority in self._authorities.items():
            root = load_certificate(authority.root.certificate_der)
            anchors.append(TrustAnchor(root, SignatureKind.TRAINING, SignatureKind(name)))
            below.append(load_certificate(authority.issuing.certificate_der))
        save_trust_folder(TrustStore(anchors, below), folder, timestamping=anchors)


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_suffix(".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def renewal(
    services: Services, authorities: Callable[[], TrainingAuthorities]
) -> Callable[[Transaction], None]:
    """A question of the schedule: are the training lists older than a day? Then make new ones."""

    def ask(tx: Transaction) -> None:
        newest = max((c.this_update for c in tx.crls.newest_of_each()), default=None)
        now = services.clock()
        if newest is None or now - newest > CRL_RENEWED_AFTER:
            keep_training_crls(tx, services, authorities().crls(now))

    return ask


def subject_of(holder: Holder) -> SubjectFacts:
    """The certificate's subject: a person, or a legal entity's head."""
    organisation = (
        OrganisationFacts(
            holder.organisation, holder.organisation_short, holder.ogrn, holder.organisation_inn
        )
        if holder.ogrn
        else None
    )
    return SubjectFacts(
        surname=holder.last,
        given_name=holder.given,
        snils=holder.snils,
        inn=holder.inn,
        title=holder.post,
        organisation=organisation,
    )
