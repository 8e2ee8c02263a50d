"""Another school's documents are not found, whatever one asks; authority is asked for each time."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID, uuid4

import pytest

import workflow.usecases
import workflow.usecases.powers
from marshrut.demonstration.town import KEY_PASSWORD, done
from tests.integration.security.own_authority import begun
from tests.integration.workflow import acts
from tests.integration.workflow.acts import Story
from tests.powers import in_use
from tests.world import World
from workflow.domain.bulk_signing import BulkWay
from workflow.domain.documents import Verdict
from workflow.domain.mandates import Actor
from workflow.domain.paper_acts import InkEntry
from workflow.domain.powers import AnswerStatus
from workflow.domain.refusals import Refusal
from workflow.usecases.accept import accept, return_package
from workflow.usecases.acknowledge import (
    PaperEntry,
    SignedSheet,
    acknowledge,
    enter_acknowledgement,
    enter_sheet,
)
from workflow.usecases.acknowledge_simply import acknowledge_simply, begin_acknowledging
from workflow.usecases.agree import agree
from workflow.usecases.agreements import PaperAgreement, enter_agreement
from workflow.usecases.bulk_signing import (
    Visit,
    begin_bulk,
    confirm_in_browser,
    confirm_with_key,
    look_at,
    take_out,
)
from workflow.usecases.confirm_forms import confirm_forms
from workflow.usecases.deliver import deliver
from workflow.usecases.enter_statement import Handwritten, enter_statement
from workflow.usecases.errors import NotFoundError
from workflow.usecases.examine_again import examine_again
from workflow.usecases.fix import fix
from workflow.usecases.import_staff import confirm_import, drop_import, upload_staff
from workflow.usecases.open_case import open_case
from workflow.usecases.paper import (
    InkSignature,
    enter_ink_signature,
    enter_ink_signatures,
    enter_scan_again,
    put_back,
    put_on_paper,
)
from workflow.usecases.paperwork import introduce_electronic, keep_on_paper, switch_type
from workflow.usecases.powers.answers import record_answer
from workflow.usecases.powers.keep import keep_power
from workflow.usecases.powers.meaning import confirm_words, say_what_a_code_means
from workflow.usecases.prepare import save_facts, start_document, submit
from workflow.usecases.prove import Proof
from workflow.usecases.record_signature import record_signature
from workflow.usecases.register_existing import Scanned, register_existing
from workflow.usecases.resolve import resolve
from workflow.usecases.return_for_rework import return_for_rework
from workflow.usecases.send_again import send_again
from workflow.usecases.services import Services
from workflow.usecases.sign import begin_signing, sign_with_stored_key
from workflow.usecases.sign_by_hash import (
    begin_signing_by_hash,
    cancel_by_hash,
    record_by_hash,
)
from workflow.usecases.sign_in_bulk import begin_in_bulk, hand_in_to_bulk, sign_in_bulk
from workflow.usecases.sign_simply import begin_simple_signing, sign_simply
from workflow.usecases.staff import withdraw_mandate
from workflow.usecases.tasks import (
    PaperArrival,
    enter_paper_arrival,
    give_evidence,
    postpone,
    require_again,
    waive,
)

TODAY = date(2026, 5, 4)
SCAN = b"%PDF-1.4 scan"
SCANNED = Scanned("1", TODAY, "Приказ", "Белова Я.Н.", "директор", "scan.pdf", SCAN)
ARRIVAL = PaperArrival(TODAY, "Дорожная карта", "1", TODAY, "scan.pdf", SCAN)
WORKERS = [(1, ["Фамилия", "Имя", "Должность"]), (2, ["Никитина", "Ольга", "учитель"])]
PROOF = Proof("пароль", "000000")
PAPER = PaperEntry(uuid4(), Verdict.ABSENT, TODAY)

Act = Callable[[Services, Actor, UUID], object]

ON_DOCUMENTS: Mapping[str, Act] = {
    "save_facts": lambda s, who, one: save_facts(s, who, one, {}),
    "submit": submit,
    "agree": lambda s, who, one: agree(s, who, one, ""),
    "return_for_rework": lambda s, who, one: return_for_rework(s, who, one, "Так надо"),
    "fix": fix,
    "begin_signing": lambda s, who, one: begin_signing(s, who, one, ""),
    "begin_signing_by_hash": lambda s, who, one: begin_signing_by_hash(s, who, one, "", b""),
    "sign_with_stored_key": lambda s, who, one: sign_with_stored_key(s, who, one, "", KEY_PASSWORD),
    "enter_ink_signature": lambda s, who, one: enter_ink_signature(
        s, who, one, InkSignature(TODAY, SCAN)
    ),
    "acknowledge": lambda s, who, one: acknowledge(s, who, one, ""),
    "enter_acknowledgement": lambda s, who, one: enter_acknowledgement(s, who, one, PAPER),
    "enter_sheet": lambda s, who, one: enter_sheet(s, who, one, SignedSheet(SCAN, {})),
    "enter_ink_signatures": lambda s, who, one: enter_ink_signatures(s, who, one, [], SCAN),
    "enter_scan_again": lambda s, who, one: enter_scan_again(
        s, who, one, InkEntry("sign", TODAY), SCAN
    ),
    "put_on_paper": lambda s, who, one: put_on_paper(s, who, one, "так надо"),
    "put_back": put_back,
    "deliver": deliver,
    "send_again": send_again,
    "resolve": lambda s, who, one: resolve(s, who, one, "", "granted"),
    "begin_simple_signing": lambda s, who, one: begin_simple_signing(s, who, one, ""),
    "begin_acknowledging": lambda s, who, one: begin_acknowledging(s, who, one, ""),
}
ON_CASES: Mapping[str, Act] = {
    "start_document": lambda s, who, one: start_document(s, who, one, "D06"),
    "register_existing": lambda s, who, one: register_existing(s, who, one, "D01", SCANNED, {}),
    "enter_statement": lambda s, who, one: enter_statement(
        s, who, one, "D09", Handwritten(uuid4(), TODAY, "scan.pdf", SCAN), {}
    ),
}
ON_PACKAGES: Mapping[str, Act] = {
    "accept": accept,
    "return_package": lambda s, who, one: return_package(s, who, one, "Плохо", TODAY),
    "examine_again": examine_again,
}
ON_TASKS: Mapping[str, Act] = {
    "postpone": lambda s, who, one: postpone(s, who, one, TODAY, "Письмо"),
    "waive": lambda s, who, one: waive(s, who, one, "Письмо"),
    "require_again": lambda s, who, one: require_again(s, who, one, "Письмо"),
    "give_evidence": lambda s, who, one: give_evidence(s, who, one, "https://school.example"),
    "enter_paper_arrival": lambda s, who, one: enter_paper_arrival(s, who, one, ARRIVAL),
}
ON_ATTEMPTS: Mapping[str, Act] = {
    "record_signature": lambda s, who, one: record_signature(s, who, one, [b""]),
    "record_by_hash": lambda s, who, one: record_by_hash(s, who, one, [b""]),
    "cancel_by_hash": cancel_by_hash,
    "sign_simply": lambda s, who, one: sign_simply(s, who, one, PROOF, ""),
    "acknowledge_simply": lambda s, who, one: acknowledge_simply(s, who, one, PROOF, ""),
}
ON_ORGANISATIONS: Mapping[str, Act] = {
    "open_case": lambda s, who, one: open_case(s, who, one, "programme", "2026/2027"),
    "introduce_electronic": lambda s, who, one: introduce_electronic(
        s, who, one, "labour", TODAY, "приказ № 1"
    ),
    "keep_on_paper": lambda s, who, one: keep_on_paper(s, who, one, "labour"),
    "switch_type": lambda s, who, one: switch_type(s, who, one, "D06", True),
    "confirm_forms": lambda s, who, one: confirm_forms(s, who, one, []),
    "upload_staff": lambda s, who, one: upload_staff(s, who, one, "a.csv", WORKERS),
    "enter_agreement": lambda s, who, one: enter_agreement(
        s, who, one, uuid4(), PaperAgreement("1-ПЭП", TODAY, SCAN)
    ),
    "keep_power": lambda s, who, one: keep_power(s, who, one, b"<x/>", SCAN),
    "say_what_a_code_means": lambda s, who, one: say_what_a_code_means(s, who, one, "1", ["D02"]),
}
ON_POWERS: Mapping[str, Act] = {
    "record_answer": lambda s, who, one: record_answer(
        s, who, one, AnswerStatus.REVOKED, s.clock(), words="реестр"
    ),
    "confirm_words": lambda s, who, one: confirm_words(s, who, one, "D02", "подписывать приказы"),
}
ON_IMPORTS: Mapping[str, Act] = {
    "confirm_import": lambda s, who, one: confirm_import(s, who, one, "0" * 64),
    "drop_import": drop_import,
}
ON_BULKS: Mapping[str, Act] = {
    "look_at": lambda s, who, one: look_at(s, who, one, uuid4(), "", _visit(s, who)),
    "take_out": lambda s, who, one: take_out(s, who, one, uuid4(), _visit(s, who)),
    "confirm_in_browser": lambda s, who, one: confirm_in_browser(s, who, one, _visit(s, who)),
    "confirm_with_key": lambda s, who, one: confirm_with_key(
        s, who, one, KEY_PASSWORD, _visit(s, who)
    ),
    "sign_in_bulk": lambda s, who, one: sign_in_bulk(
        s, who, one, uuid4(), b"k" * 32, _visit(s, who)
    ),
    "begin_in_bulk": lambda s, who, one: begin_in_bulk(s, who, one, uuid4(), b"", _visit(s, who)),
    "hand_in_to_bulk": lambda s, who, one: hand_in_to_bulk(
        s, who, one, uuid4(), uuid4(), [b""], _visit(s, who)
    ),
}
EVERYTHING = {
    "document_id": ON_DOCUMENTS,
    "case_id": ON_CASES,
    "submission_id": ON_PACKAGES,
    "obligation_id": ON_TASKS,
    "attempt_id": ON_ATTEMPTS,
    "organisation_id": ON_ORGANISATIONS,
    "import_id": ON_IMPORTS,
    "bulk_id": ON_BULKS,
    "power_id": ON_POWERS,
}
#: Use cases of an organisation whose own tests ask who may use them, and what several share.
ELSEWHERE = {
    "register_order",
    "set_override",
    "forget_override",
    "begin",
    "keep_staff",
    "staff_reading",
}
STRANGERS = ("petrov", "egorova", "fomina", "nazarova", "dolgova")


def use_cases() -> dict[str, str]:
    """Every function of the room that takes services, an actor and the id of something."""
    found = {}
    rooms = [
        *pkgutil.iter_modules(workflow.usecases.__path__, "workflow.usecases."),
        *pkgutil.iter_modules(workflow.usecases.powers.__path__, "workflow.usecases.powers."),
    ]
    for module in rooms:
        room = importlib.import_module(module.name)
        for name, function in inspect.getmembers(room, inspect.isfunction):
            taken = list(inspect.signature(function).parameters)
            own = function.__module__ == room.__name__ and not name.startswith("_")
            if own and taken[:2] == ["services", "actor"] and len(taken) > 2:
                found[name] = taken[2].replace("letter_id", "document_id")
    return found


def test_every_use_case_is_asked_by_strangers() -> None:
    asked = {name for acts_of in EVERYTHING.values() for name in acts_of}
    there = {name for name, on in use_cases().items() if on in EVERYTHING}
    assert there - ELSEWHERE == asked


def named(table: Mapping[str, Act]) -> list[object]:
    return [pytest.param(act, id=name) for name, act in table.items()]


def nobody_finds(world: World, act: Act, one: UUID) -> None:
    """Each stranger is told that it does not exist; just as of what does not exist."""
    for key in STRANGERS:
        with pytest.raises(NotFoundError):
            act(world.services, world.actor(key), one)


@pytest.mark.parametrize("act", named(ON_DOCUMENTS))
def test_documents_of_another_school_are_not_found(story: Story, act: Act) -> None:
    for document in (story.roadmap, story.order, story.appointment, uuid4()):
        before = None if document not in _ids(story) else acts.load(story.world, document)
        nobody_finds(story.world, act, document)
        assert before is None or acts.load(story.world, document) == before


def _ids(story: Story) -> tuple[UUID, ...]:
    return (story.roadmap, story.order, story.appointment)


@pytest.mark.parametrize("act", named(ON_CASES))
def test_programmes_of_another_school_are_not_found(story: Story, act: Act) -> None:
    nobody_finds(story.world, act, story.case)
    nobody_finds(story.world, act, uuid4())


@pytest.mark.parametrize("act", named(ON_ORGANISATIONS))
def test_another_school_is_not_found(story: Story, act: Act) -> None:
    nobody_finds(story.world, act, story.world.place("school-1").id)
    nobody_finds(story.world, act, uuid4())


@pytest.mark.parametrize("act", named(ON_IMPORTS))
def test_files_of_workers_of_another_school_are_not_found(story: Story, act: Act) -> None:
    world, place = story.world, story.world.place("school-1").id
    kept = done(upload_staff(world.services, world.actor("zaytseva"), place, "a.csv", WORKERS))
    nobody_finds(world, act, kept.id)
    nobody_finds(world, act, uuid4())
    with world.services.uow.reading() as tx:
        assert tx.staff_imports.load(kept.id) == kept


@pytest.mark.parametrize("act", named(ON_BULKS))
def test_lists_of_documents_that_another_person_signs_are_not_found(story: Story, act: Act) -> None:
    world = story.world
    services, head = world.services, world.actor("belova")
    own = _visit(services, head)
    bulk = done(begin_bulk(services, head, [story.order], BulkWay.KEY_HERE, own))
    nobody_finds(world, act, bulk.id)
    nobody_finds(world, act, uuid4())
    with services.uow.reading() as tx:
        assert tx.bulks.load(bulk.id) == bulk


def _visit(services: Services, actor: Actor) -> Visit:
    with services.uow.reading() as tx:
        (account,) = tx.accounts.of_person(actor.person_id)
    return Visit(account.id, "session of a browser")


@pytest.mark.parametrize("act", named(ON_POWERS))
def test_powers_of_attorney_of_another_school_are_not_found(story: Story, act: Act) -> None:
    world = story.world
    power = in_use(world)
    nobody_finds(world, act, power.id)
    nobody_finds(world, act, uuid4())
    with world.services.uow.reading() as tx:
        assert tx.power_answers.of_powers([power.id])[0].status is AnswerStatus.IN_FORCE
        assert tx.power_readings.of_powers([power.id]) == []


@pytest.mark.parametrize("act", named(ON_TASKS))
def test_tasks_of_another_school_are_not_found(story: Story, act: Act) -> None:
    nobody_finds(story.world, act, acts.owed(story.world, "2.6").id)
    nobody_finds(story.world, act, uuid4())


@pytest.mark.parametrize("act", named(ON_PACKAGES))
def test_packages_of_another_school_are_not_found(story: Story, act: Act) -> None:
    acts.signed(story.world, story.order)
    letter = acts.letter(story.world, story.case, [story.order])
    sent = acts.sent(story.world, letter.id)
    nobody_finds(story.world, act, sent.id)
    nobody_finds(story.world, act, uuid4())


@pytest.mark.parametrize("act", named(ON_ATTEMPTS))
def test_signings_of_another_school_are_not_found(story: Story, act: Act) -> None:
    signing = begun(story.world, acts.load(story.world, story.order))
    nobody_finds(story.world, act, signing.attempt.id)
    nobody_finds(story.world, act, uuid4())


@pytest.mark.parametrize("field", ["package", "approves"])
def test_documents_of_another_school_cannot_be_named(story: Story, field: str) -> None:
    world = story.world
    acts.signed(world, story.order)
    own = acts.open_programme(world, "school-2")
    code = {"package": "D33", "approves": "D02"}[field]
    clerk = world.actor("fomina")
    document = done(start_document(world.services, clerk, own, code))
    foreign = {**document.facts, field: (str(story.order), str(story.roadmap))}
    saved = done(save_facts(world.services, clerk, document.id, foreign))
    assert [p.path for p in saved.problems if p.path == field] == [field]
    assert acts.load(world, story.roadmap).approved_by == story.order
    world.work()
    assert acts.load(world, document.id).revision.draft is None


@pytest.mark.parametrize("typed", ["нет такого", "1", ""])
def test_what_names_no_document_is_said_beside_the_field(story: Story, typed: str) -> None:
    world, clerk = story.world, story.world.actor("zaytseva")
    letter = done(start_document(world.services, clerk, story.case, "D33"))
    saved = done(save_facts(world.services, clerk, letter.id, {"package": (typed,)}))
    assert "package" in {p.path for p in saved.problems}


@pytest.mark.parametrize(
    ("role", "act"),
    [
        ("clerk", lambda s, who, one: fix(s, who, one)),
        ("head", lambda s, who, one: begin_signing(s, who, one, "")),
        ("head", lambda s, who, one: sign_with_stored_key(s, who, one, "", KEY_PASSWORD)),
        ("deputy", lambda s, who, one: return_for_rework(s, who, one, "Так надо")),
    ],
)
def test_whose_authority_has_ended_meanwhile_is_refused_inside_the_transaction(
    story: Story, role: str, act: Act
) -> None:
    world = story.world
    who = acts.someone(world, role)
    before = acts.load(world, story.order)
    for mandate in who.mandates:
        done(withdraw_mandate(world.services, world.town.operator, mandate.id))
    # The page was opened when the authority still held: the actor of the page knows it still.
    assert who.mandates[0].until is None
    try:
        answer = act(world.services, who, story.order)
    except NotFoundError:
        answer = None
    assert answer is None or isinstance(answer, Refusal)
    assert acts.load(world, story.order) == before
    assert acts.rows(world, "core") == [("1-о/д", "reserved")]


def test_a_signing_begun_with_authority_ends_with_it(story: Story) -> None:
    world = story.world
    signing = begun(world, acts.load(world, story.order))
    head = world.actor("belova")
    for mandate in head.mandates:
        done(withdraw_mandate(world.services, world.town.operator, mandate.id))
    with pytest.raises(NotFoundError):
        record_signature(world.services, head, signing.attempt.id, [b"a", b"b"])
    assert acts.signatures(world, story.order) == []
