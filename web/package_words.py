"""Packages in words: their list, their page, the notice that answers them."""

from __future__ import annotations

from flask import url_for

from web.buttons import Action, Button, button
from web.cell_words import lateness_words
from web.components import Cell, Fact, Mark, NextStep, Table, Tag
from web.dates import long_date, moment, short_date
from web.refusals import tell
from web.words import Words
from workflow.domain.deadlines import InTime
from workflow.domain.exchange import ITEM_INVALID, ITEM_ON_PAPER, ITEM_UNDECIDED, ITEM_VALID
from workflow.domain.refusals import N_
from workflow.domain.submissions import PackageItem, SubmissionState
from workflow.queries.submissions import PackageList, PackagePage, PackageRow

STATES: dict[SubmissionState, tuple[str, Mark]] = {
    SubmissionState.ARRIVED: (N_("Signatures are being checked"), Mark.WAITING),
    SubmissionState.EXAMINED: (N_("Waits for the decision"), Mark.NEXT),
    SubmissionState.ACCEPTED: (N_("Package accepted"), Mark.DONE),
    SubmissionState.RETURNED: (N_("Returned with remarks"), Mark.PROBLEM),
}
_VERDICTS: dict[str, tuple[str, Mark]] = {
    "": (N_("Signature being checked"), Mark.WAITING),
    ITEM_VALID: (N_("Signature valid"), Mark.DONE),
    ITEM_INVALID: (N_("Signature not accepted"), Mark.PROBLEM),
    ITEM_UNDECIDED: (N_("Not checked yet"), Mark.WAITING),
    ITEM_ON_PAPER: (N_("On paper"), Mark.PAPER),
}


def state_tag(words: Words, state: SubmissionState) -> Tag:
    label, mark = STATES[state]
    return Tag(words.text(label), mark)


def verdict_tag(words: Words, item: PackageItem, examined: bool) -> Tag:
    """Return what the receiver found in the signatures of a document."""
    label, mark = _VERDICTS[item.verdict if examined else ""]
    return Tag(words.text(label), mark)


def package_table(words: Words, packages: PackageList, received: bool) -> Table:
    """Return a list of packages; each number leads to its page."""
    other = N_("From whom") if received else N_("To whom")
    columns = (other, N_("State"), N_("Arrived at"), N_("Incoming №"), N_("Outgoing №"))
    return Table(
        packages.organisation,
        tuple(words.text(name) for name in columns),
        tuple(_row(words, packages, row) for row in packages.rows),
        empty=words.text(N_("There are no packages here.")),
    )


def _row(words: Words, packages: PackageList, row: PackageRow) -> tuple[Cell, ...]:
    tag = state_tag(words, row.state)
    note = words.text(N_("on paper")) if row.on_paper else ""
    if row.reason_late:
        note = words.text(N_("late, with a reason"))
    if row.receipt_number:
        note = words.text(N_("notice № {number}"), number=row.receipt_number)
    elif row.undecided and row.state is SubmissionState.EXAMINED:
        note = words.text(N_("there are remarks on the signatures"))
    url = url_for("submissions.page", submission_id=row.submission_id)
    local = row.arrived_at.astimezone(packages.zone)
    when = short_date(local.date()) if row.on_paper else moment(row.arrived_at, packages.zone)
    return (
        Cell(row.other, url),
        Cell(tag=tag, note=note),
        Cell(when),
        Cell(row.incoming_number),
        Cell(row.number or words.text(N_("without a number"))),
    )


def package_facts(words: Words, page: PackagePage) -> tuple[Fact, ...]:
    """Return who sent what to whom, when, and how late."""
    package = page.submission
    local = package.arrived_at.astimezone(page.zone)
    on_paper = package.on_paper
    when = short_date(local.date()) if on_paper else moment(package.arrived_at, page.zone)
    facts = [
        Fact(words.text(N_("From whom")), page.sender),
        Fact(words.text(N_("To whom")), page.receiver),
        Fact(words.text(N_("Outgoing №")), package.number),
        Fact(words.text(N_("Incoming №")), package.incoming_number),
        Fact(words.text(N_("Arrived at")), when),
        Fact(words.text(N_("Term of the task")), "\n".join(_terms(words, page))),
        Fact(words.text(N_("Reason for the delay")), package.reason_late),
    ]
    entered = N_("Who entered it") if on_paper else N_("Who sent it")
    facts.append(Fact(words.text(entered), page.sent_by))
    return tuple(fact for fact in facts if fact.value)


def _terms(words: Words, page: PackagePage) -> list[str]:
    """The tasks that the package meets, each with its lateness."""
    return [
        f"{cell.obligation.title}: {lateness_words(words, cell.lateness)}"
        if cell.lateness
        else cell.obligation.title
        for cell in page.cells
    ]


def is_late(page: PackagePage) -> bool:
    return any(one != InTime() for one in page.lateness)


def package_step(words: Words, page: PackagePage) -> NextStep | None:
    """What the officer, or the school, has to do now."""
    package = page.submission
    if not page.is_receiver:
        return _sender_step(words, page)
    if package.state is SubmissionState.EXAMINED:
        return _decide_step(words, page)
    if package.state is SubmissionState.ARRIVED:
        return NextStep(
            words.text(N_("Wait a minute: the signatures are being checked")),
            words.text(N_("The page shows the result by itself; you may close it.")),
        )
    return None


def _decide_step(words: Words, page: PackagePage) -> NextStep:
    accept = Action(
        N_("Accept"),
        url_for("submissions.accept_package", submission_id=page.submission.id),
        page.accept,
        main=True,
    )
    if page.accept is None:
        title = N_("Every signature is valid: the package can be accepted")
        if page.submission.on_paper:
            title = N_("Give the sender a notice of acceptance")
    else:
        title = N_("The package cannot be accepted now")
    return NextStep(words.text(title), button=button(accept, words))


def _sender_step(words: Words, page: PackagePage) -> NextStep | None:
    receipt = page.submission.receipt
    if receipt is None or receipt.accepted or receipt.repair_due is None:
        return None
    return NextStep(
        words.text(
            N_("Mend the documents and send them again by {date}"),
            date=long_date(receipt.repair_due, page.today),
        ),
        receipt.reason,
    )


def package_buttons(words: Words, page: PackagePage) -> tuple[Button, ...]:
    """Return what else the officer may do about a package that is not answered."""
    if not page.is_receiver or page.submission.receipt is not None:
        return ()
    own = page.submission.id
    send_back = Action(
        N_("Return with remarks"),
        url_for("submissions.send_back", submission_id=own),
        page.send_back,
        opens=True,
    )
    again = Action(
        N_("Check the signatures again"),
        url_for("submissions.again", submission_id=own),
        page.examine_again,
    )
    shown = [send_back] if page.accept is None else [send_back, again]
    return tuple(button(action, words) for action in shown)


def item_reason(words: Words, page: PackagePage, item: PackageItem) -> tuple[str, str]:
    """Return why a document's signature is not accepted, and what to do; empty when it is."""
    if item.explanation is None or page.submission.examined_at is None:
        return "", ""
    told = tell(item.explanation, words, page.zone)
    return told.what, told.todo


def notice_facts(words: Words, page: PackagePage) -> tuple[Fact, ...]:
    """Return what the numbered notice states."""
    package, receipt = page.submission, page.submission.receipt
    assert receipt is not None
    when = long_date(package.arrived_at.astimezone(page.zone).date())
    facts = [
        Fact(words.text(N_("Sender")), page.sender),
        Fact(words.text(N_("Outgoing №")), package.number),
        Fact(words.text(N_("Incoming №")), package.incoming_number),
        Fact(words.text(N_("Arrived at")), when),
        Fact(words.text(N_("Term of the task")), "\n".join(_terms(words, page))),
    ]
    if not receipt.accepted:
        facts.append(Fact(words.text(N_("Remarks")), receipt.reason))
        if receipt.repair_due:
            due = long_date(receipt.repair_due)
            facts.append(Fact(words.text(N_("To be mended by")), due))
    return tuple(fact for fact in facts if fact.value)
