"""Powers of attorney are taken from the organisation's head alone, and asked about by name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from marshrut.demonstration.town import done
from signing.verdicts import SignatureKind
from tests import powers
from tests.integration.workflow import acts
from tests.integration.workflow.acts import Story
from tests.powers import DAY, Written
from tests.world import World
from workflow.domain.mandates import Mandate
from workflow.domain.powers import AnswerStatus
from workflow.domain.regulations import Role
from workflow.usecases.end_mandate import end_mandate
from workflow.usecases.powers.answers import LARGEST_ANSWER, record_answer
from workflow.usecases.powers.keep import keep_power
from workflow.usecases.powers.meaning import confirm_words

IN_WORDS = "<ТекстПолн>Подписывать приказы об утверждении документов</ТекстПолн>"


@pytest.fixture
def world(story: Story) -> World:
    return story.world


def head_of(world: World, place: str) -> Mandate:
    with world.services.uow.reading() as tx:
        held = tx.mandates.of_organisation(world.place(place).id)
    return next(m for m in held if m.role is Role.HEAD)


def test_a_power_of_the_head_is_kept_with_what_it_says(world: World) -> None:
    given = powers.sample(world)
    power = done(powers.kept(world, powers.written(world, given)))
    assert power.representative_id == world.person("safina").person_id
    assert power.number == given.number
    assert power.signed_by == "Белова Яна Николаевна"
    assert [c.code for c in power.codes] == [powers.CODE]
    assert (power.coded, power.alone) == (True, True)
    assert world.services.blobs.get(power.file) == given.xml()
    again = powers.kept(world, powers.written(world, given))
    assert acts.refused(again) == "power.known"


def test_a_power_signed_by_somebody_who_only_calls_herself_head_is_refused(world: World) -> None:
    """The file names her as the head, and an authority gave her a certificate of the school."""
    given = powers.sample(world, head="safina", deputy="zaytseva")
    key = powers.key_of_head(world, "safina")
    refused = powers.kept(world, powers.written(world, given, key), by="zaytseva")
    assert acts.refused(refused) == "power.head_not_registered"


def test_a_power_signed_by_the_head_of_another_organisation_is_refused(world: World) -> None:
    key = powers.key_of_head(world, "petrov", "school-2")
    written = powers.written(world, powers.sample(world, head="petrov"), key)
    assert acts.refused(powers.kept(world, written)) == "power.other_head"
    named_here = powers.written(world, powers.sample(world), key)
    assert acts.refused(powers.kept(world, named_here)) == "power.other_head"
    theirs = powers.sample(world, "petrov", place="school-2")
    refused = acts.refused(powers.kept(world, powers.written(world, theirs, key)))
    assert refused == "power.head_not_registered"  # of this organisation she is not


def test_a_power_of_a_former_head_is_refused_even_if_it_is_dated_back(world: World) -> None:
    """What came here after the end of the mandate may have been made up after it."""
    day, mandate = world.clock().date(), head_of(world, "school-1")
    backdated = powers.sample(world)
    written_later = replace(backdated, issued=(day + 3 * DAY).isoformat())
    done(end_mandate(world.services, world.town.operator, mandate.id, day + DAY))
    world.clock.now += 3 * DAY
    for given in (backdated, written_later):
        power = powers.written(world, given)
        assert acts.refused(powers.kept(world, power)) == "power.head_not_registered"


def test_without_a_registered_head_no_power_is_taken(world: World) -> None:
    mandate = head_of(world, "school-1")
    with world.services.uow() as tx:
        tx.mandates.save(replace(mandate, withdrawn_at=world.clock()), mandate)
        tx.commit()
    power = powers.written(world, powers.sample(world))
    assert acts.refused(powers.kept(world, power)) == "power.head_not_registered"


def test_one_byte_changed_after_the_signing_is_refused(world: World) -> None:
    good = powers.written(world, powers.sample(world))
    changed = good.file.replace(b'"12/2026"', b'"13/2026"')
    assert len(changed) == len(good.file)
    assert changed != good.file
    refused = powers.kept(world, Written(changed, good.signature))
    assert acts.refused(refused) == "power.signature_invalid"


def test_a_power_is_signed_with_a_qualified_signature(world: World) -> None:
    key = powers.key_of_head(world, kind=SignatureKind.ADVANCED)
    refused = powers.kept(world, powers.written(world, powers.sample(world), key))
    assert acts.refused(refused) == "power.not_qualified"


def test_a_power_given_to_nobody_of_the_organisation_is_refused(world: World) -> None:
    given = powers.sample(world, deputy="petrov")
    refused = powers.kept(world, powers.written(world, given))
    assert acts.refused(refused) == "power.holder_unknown"


@pytest.mark.parametrize(
    ("file", "signature", "code"),
    [
        (b"", b"x", "power.no_signature"),
        (b"<x/>", b"", "power.no_signature"),
        (b"<x/>", b"x", "signing.power_unreadable"),
        (b"x" * (1024 * 1024 + 1), b"x", "power.too_large"),
        (b"<x/>", b"x" * (1024 * 1024 + 1), "power.too_large"),
    ],
)
def test_files_that_are_no_power_are_refused(
    world: World, file: bytes, signature: bytes, code: str
) -> None:
    clerk, place = world.actor("zaytseva"), world.place("school-1").id
    assert acts.refused(keep_power(world.services, clerk, place, file, signature)) == code


def test_a_worker_who_keeps_no_papers_takes_no_power(world: World) -> None:
    power = powers.written(world, powers.sample(world))
    assert acts.refused(powers.kept(world, power, by="mironova")) == "power.not_yours"


def test_an_answer_of_the_registry_has_a_source_and_is_not_of_the_future(world: World) -> None:
    power = done(powers.kept(world, powers.written(world, powers.sample(world))))
    clerk, now = world.actor("zaytseva"), world.clock()

    def entered(**given: object) -> str:
        usual: dict[str, object] = {"status": AnswerStatus.IN_FORCE, "as_of": now, "words": "сайт"}
        asked = usual | given
        return acts.refused(record_answer(world.services, clerk, power.id, **asked))  # type: ignore[arg-type]  # by name

    assert entered(words=" ") == "power_answer.no_source"
    assert entered(as_of=now + DAY) == "power_answer.in_future"
    assert entered(revoked_on=now.date()) == "power_answer.revoked_on"
    revoked = {"status": AnswerStatus.REVOKED}
    assert entered(**revoked, revoked_on=now.date() + DAY) == "power_answer.revoked_on"
    assert entered(**revoked, revoked_on=now.date() - DAY) == "power_answer.before_issue"
    assert entered(file=b"x" * (LARGEST_ANSWER + 1)) == "power_answer.too_large"


def test_nobody_says_of_the_own_power_that_it_is_in_force(world: World) -> None:
    power = done(powers.kept(world, powers.written(world, powers.sample(world))))
    assert acts.refused(powers.answered(world, power, by="safina")) == "power.not_yours"
    given = powers.another(7, powers.sample(world, deputy="zaytseva"))
    own = done(powers.kept(world, powers.written(world, given)))
    assert acts.refused(powers.answered(world, own, by="zaytseva")) == "power.own"
    revoked = powers.answered(world, own, AnswerStatus.REVOKED, by="zaytseva")
    assert done(revoked).status is AnswerStatus.REVOKED


def test_only_the_head_says_what_a_code_lets_one_sign(world: World) -> None:
    assert acts.refused(powers.meaning(world, ["D02"], by="zaytseva")) == "power.only_head"
    assert acts.refused(powers.meaning(world, ["D99"])) == "power.no_such_type"
    assert done(powers.meaning(world, ["D02"])).types == ("D02",)
    assert done(powers.meaning(world, [])).types == ()


def test_words_are_confirmed_by_the_head_and_never_by_the_holder(world: World) -> None:
    given = replace(powers.sample(world), kind="0", powers=IN_WORDS)
    power = done(powers.kept(world, powers.written(world, given)))

    def confirmed(who: str, type_code: str = "D02", words: str = "подписывать приказы") -> str:
        actor = world.actor(who)
        return acts.refused(confirm_words(world.services, actor, power.id, type_code, words))

    assert confirmed("zaytseva") == "power.only_head"
    assert confirmed("safina") == "power.only_head"
    assert confirmed("belova", words=" ") == "power.no_words"
    assert confirmed("belova", type_code="D99") == "power.no_such_type"
    head = world.actor("belova")
    reading = done(confirm_words(world.services, head, power.id, "D02", " подписывать  приказы "))
    assert (reading.words, reading.read_by) == ("подписывать приказы", head.person_id)
