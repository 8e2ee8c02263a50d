"""Simple signatures behind the port SimpleSeals: the domain's statements, the engine's seals."""

from __future__ import annotations

from signing.errors import SigningError
from signing.simple.installation_seal import installation_seal
from signing.simple.statement import Statement, open_seal, seal
from web.words import Words
from workflow.domain.refusals import N_, Refusal
from workflow.domain.simple_signatures import (
    Authentication,
    SimpleAct,
    SimpleStatement,
    StatedFile,
)
from workflow.ports import OpenedSeal
from workflow.usecases.wording import day_in_words

_SENTENCES = {
    SimpleAct.SIGN: N_(
        "I, {person}, {post} ({organisation}), sign with a simple electronic signature: {document}"
        " (files: {count}). Ground: the agreement of {dated} No. {number}."
    ),
    SimpleAct.ACKNOWLEDGE: N_(
        "I, {person}, {post} ({organisation}), have read, and confirm it with a simple electronic"
        " signature: {document} (files: {count}). Ground: the agreement of {dated} No. {number}."
    ),
}


class Seals:
    """Seals of the installation with this secret (32 bytes); sentences from the catalogue."""

    def __init__(self, secret: bytes, words: Words) -> None:
        self._secret = secret
        self._words = words

    def sentence(self, statement: SimpleStatement) -> str:
        """See `workflow.ports.SimpleSeals`."""
        return self._words.text(
            _SENTENCES[statement.act],
            person=statement.person,
            post=statement.post,
            organisation=statement.organisation,
            document=statement.document,
            count=len(statement.files),
            dated=day_in_words(statement.agreed_on),
            number=statement.agreement,
        )

    def seal(self, statement: SimpleStatement) -> bytes:
        """See `workflow.ports.SimpleSeals`."""
        return seal(_to_engine(statement), installation_seal(self._secret, statement.training))

    def open(self, sealed: bytes) -> OpenedSeal | Refusal:
        """See `workflow.ports.SimpleSeals`."""
        try:
            opened = open_seal(sealed)
        except SigningError as error:
            return Refusal(error.code, error.msgid, params=error.params)
        own = self.fingerprint(opened.statement.training) == opened.fingerprint
        return OpenedSeal(_to_domain(opened.statement), opened.fingerprint, own)

    def fingerprint(self, training: bool) -> str:
        """See `workflow.ports.SimpleSeals`."""
        return installation_seal(self._secret, training).certificate.fingerprint


def _to_engine(statement: SimpleStatement) -> Statement:
    recognised = statement.authentication
    return Statement(
        act=statement.act.value,
        document=statement.document,
        manifest=statement.manifest,
        files=tuple((file.name, file.sha256) for file in statement.files),
        person=statement.person,
        post=statement.post,
        organisation=statement.organisation,
        inn=statement.inn,
        ogrn=statement.ogrn,
        agreement=statement.agreement,
        agreed_on=statement.agreed_on,
        text=statement.text,
        challenge=statement.challenge,
        password=recognised.password,
        second_factor=recognised.second_factor,
        session=recognised.session,
        signed_at=statement.signed_at,
        training=statement.training,
    )


def _to_domain(statement: Statement) -> SimpleStatement:
    return SimpleStatement(
        act=SimpleAct(statement.act),
        document=statement.document,
        manifest=statement.manifest,
        files=tuple(StatedFile(name, sha256) for name, sha256 in statement.files),
        person=statement.person,
        post=statement.post,
        organisation=statement.organisation,
        inn=statement.inn,
        ogrn=statement.ogrn,
        agreement=statement.agreement,
        agreed_on=statement.agreed_on,
        text=statement.text,
        challenge=statement.challenge,
        authentication=Authentication(
            statement.password, statement.second_factor, statement.session
        ),
        signed_at=statement.signed_at,
        training=statement.training,
    )
