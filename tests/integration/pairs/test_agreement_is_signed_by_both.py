"""The additional agreement (D13) is a gate of the order: concluded when both have signed it.

ТК РФ, ст. 351.8: content, term and form of the work stand in the contract or in an agreement to
it; ст. 22.3: the employer signs it with a qualified signature.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from marshrut.demonstration.town import done
from tests.integration.pairs.deeds import (
    SCHOOL,
    SINCE,
    UNTIL,
    experienced,
    life,
    on_day,
    order_agreed,
    order_begun,
    proposed,
    refused,
    requested,
    signed_paper,
)
from tests.integration.security.own_authority import OwnAuthority, handed_in
from tests.integration.workflow.acts import entries, fixed, load, sign, signed, state
from tests.told_once import told_once
from tests.world import World
from workflow.domain.documents import Document
from workflow.domain.pairs import PairStatus
from workflow.domain.refusals import Refusal
from workflow.domain.registers import EntryState
from workflow.domain.regulations import SignatureKind
from workflow.domain.routes import DocumentState
from workflow.domain.signatures import SignatureStatus
from workflow.usecases.fix import fix
from workflow.usecases.pairs.request import note_contract_clause
from workflow.usecases.prepare import save_facts, start_document, submit
from workflow.usecases.sign_simply import begin_simple_signing

MENTOR, MENTEE = "zotova", "golubeva"
LAW = "ТК РФ, ст. 351.8"
CONTRACT = "трудовой договор от 1 сентября 2020 г. № 14, п. 2.7"
SAID = {
    "contract_date": date(2020, 9, 1),
    "contract_number": "14",
    "paid": False,
    "no_pay_ground": "пункта 3.4 положения об оплате труда",
}


@pytest.fixture
@told_once
def consented(kedrovsk: World) -> UUID:
    """Mentor and mentee have consented; the terms stand nowhere yet."""
    experienced(kedrovsk, MENTOR, in_field=18)
    experienced(kedrovsk, MENTEE, pedagogical=1)
    case_id = requested(kedrovsk, MENTEE)
    proposed(kedrovsk, case_id, MENTOR)
    signed_paper(kedrovsk, case_id, "D09", MENTOR, mentees_elsewhere=0)
    signed_paper(kedrovsk, case_id, "D10", MENTEE)
    return case_id


@pytest.fixture
def keys(kedrovsk: World) -> dict[str, OwnAuthority]:
    """Authorities for advanced and for qualified signatures; the world trusts both."""
    made = {
        "advanced": OwnAuthority.trusted(kedrovsk, "advanced"),
        "qualified": OwnAuthority.trusted(kedrovsk, "qualified", SignatureKind.QUALIFIED),
    }
    for authority in made.values():
        authority.new_list()
    return made


def agreement(world: World, case_id: UUID, **facts: object) -> Document:
    """The agreement, numbered and ready to be signed by both."""
    services, clerk = world.services, world.actor("titova")
    document = done(start_document(services, clerk, case_id, "D13"))
    saved = done(save_facts(services, clerk, document.id, {**document.facts, **SAID, **facts}))
    assert saved.problems == ()
    world.work()
    done(submit(services, clerk, document.id))
    world.work()
    return fixed(world, document.id, SCHOOL)


def signs(world: World, document: Document, authority: OwnAuthority, who: str) -> None:
    signature = done(
        handed_in(world, load(world, document.id), authority.key(who, place=SCHOOL), who=who)
    )
    assert signature.status is SignatureStatus.ACCEPTED, signature.explanation
    world.work()


def ordered(world: World, case_id: UUID) -> UUID:
    """An order that the curator has agreed."""
    order = order_begun(world, case_id)
    order_agreed(world, order.id)
    return order.id


def refused_to_number(world: World, order_id: UUID) -> Refusal:
    clerk = world.actor("titova")
    return refused(world, lambda: fix(world.services, clerk, order_id))


def in_force(world: World, order_id: UUID) -> Document:
    fixed(world, order_id, SCHOOL)
    signed(world, order_id, SCHOOL)
    assert state(world, order_id) is DocumentState.IN_FORCE
    return load(world, order_id)


def row_of(order: Document) -> dict[str, object]:
    rows = order.facts["lines"]
    assert isinstance(rows, tuple)
    return dict(rows[0])


@pytest.mark.parametrize("first", ["mentor", "head"])
def test_one_signature_is_none_whoever_signs_first(
    kedrovsk: World, consented: UUID, keys: dict[str, OwnAuthority], first: str
) -> None:
    paper = agreement(kedrovsk, consented)
    unsigned = ordered(kedrovsk, consented)
    missing = refused_to_number(kedrovsk, unsigned)
    assert (missing.code, missing.article) == ("line.agreement", LAW)

    turns = [("advanced", MENTOR), ("qualified", "sedova")]
    if first == "head":
        turns.reverse()
    signs(kedrovsk, paper, keys[turns[0][0]], turns[0][1])
    assert state(kedrovsk, paper.id) is DocumentState.TO_SIGN
    half = refused_to_number(kedrovsk, unsigned)
    assert (half.code, half.article) == ("line.agreement", LAW)
    assert life(kedrovsk, consented).status is PairStatus.MATCHING

    signs(kedrovsk, paper, keys[turns[1][0]], turns[1][1])
    assert state(kedrovsk, paper.id) is DocumentState.IN_FORCE
    in_force(kedrovsk, ordered(kedrovsk, consented))
    assert life(kedrovsk, consented).status is PairStatus.WAITING_TO_BEGIN


def test_the_order_cites_the_agreement_that_stands_in_its_register(
    kedrovsk: World, consented: UUID, keys: dict[str, OwnAuthority]
) -> None:
    paper = agreement(kedrovsk, consented)
    signs(kedrovsk, paper, keys["advanced"], MENTOR)
    signs(kedrovsk, paper, keys["qualified"], "sedova")
    (entry,) = (e for e in entries(kedrovsk, "agreements", SCHOOL) if e.document_id == paper.id)
    assert (entry.number, entry.state) == ("1-дс", EntryState.REGISTERED)
    order = in_force(kedrovsk, ordered(kedrovsk, consented))
    cited = str(row_of(order)["agreement"]).replace("\xa0", " ")
    assert cited == "от 4 мая 2026 г. № 1-дс"
    assert not row_of(order)["clause"]


def test_an_order_agreed_before_the_agreement_does_not_get_a_number_without_citing_it(
    kedrovsk: World, consented: UUID, keys: dict[str, OwnAuthority]
) -> None:
    order_id = ordered(kedrovsk, consented)
    assert refused_to_number(kedrovsk, order_id).code == "line.agreement"
    paper = agreement(kedrovsk, consented)
    signs(kedrovsk, paper, keys["advanced"], MENTOR)
    signs(kedrovsk, paper, keys["qualified"], "sedova")
    assert refused_to_number(kedrovsk, order_id).code == "line.changed"


def test_a_simple_signature_concludes_no_agreement(kedrovsk: World, consented: UUID) -> None:
    paper = agreement(kedrovsk, consented)
    assert paper.manifest is not None
    digest = paper.manifest.digest
    for who in (MENTOR, "sedova"):
        actor = kedrovsk.actor(who)
        weak = refused(
            kedrovsk,
            lambda actor=actor: begin_simple_signing(  # type: ignore[misc]  # bound now
                kedrovsk.services, actor, paper.id, digest
            ),
        )
        assert weak.article == ("ТК РФ, ст. 22.3")


def test_the_employers_qualified_signature_is_made_with_no_key_kept_here(
    kedrovsk: World, consented: UUID
) -> None:
    paper = agreement(kedrovsk, consented)
    kept = sign(kedrovsk, paper.id, SCHOOL)
    assert isinstance(kept, Refusal)
    assert (kept.code, kept.article) == ("sign.key_on_server", "ТК РФ, ст. 22.3")


@pytest.mark.parametrize(
    ("changed", "says"),
    [({"until": date(2026, 12, 31)}, "another term"), ({}, "")],
)
def test_an_agreement_for_a_shorter_term_is_for_another_term(
    kedrovsk: World,
    consented: UUID,
    keys: dict[str, OwnAuthority],
    changed: dict[str, object],
    says: str,
) -> None:
    paper = agreement(kedrovsk, consented, **changed)
    signs(kedrovsk, paper, keys["advanced"], MENTOR)
    signs(kedrovsk, paper, keys["qualified"], "sedova")
    order_id = ordered(kedrovsk, consented)
    if not says:
        in_force(kedrovsk, order_id)
        return
    answer = refused_to_number(kedrovsk, order_id)
    assert (answer.code, says in answer.msgid) == ("line.agreement", True)


def test_a_clause_of_the_contract_stands_in_for_the_agreement(
    kedrovsk: World, consented: UUID
) -> None:
    done(note_contract_clause(kedrovsk.services, kedrovsk.actor("titova"), consented, CONTRACT))
    order = in_force(kedrovsk, ordered(kedrovsk, consented))
    assert (row_of(order)["clause"], row_of(order)["agreement"]) == (CONTRACT, "")
    assert life(kedrovsk, consented).spells[0].until == UNTIL


def test_an_agreement_that_is_no_longer_wanted_may_wait_beside_a_clause(
    kedrovsk: World, consented: UUID, keys: dict[str, OwnAuthority]
) -> None:
    """A half-signed agreement keeps nobody back once the contract itself has the terms."""
    paper = agreement(kedrovsk, consented)
    signs(kedrovsk, paper, keys["advanced"], MENTOR)
    done(note_contract_clause(kedrovsk.services, kedrovsk.actor("titova"), consented, CONTRACT))
    in_force(kedrovsk, ordered(kedrovsk, consented))
    on_day(kedrovsk, SINCE)
    assert life(kedrovsk, consented).status is PairStatus.RUNNING
