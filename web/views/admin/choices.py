"""What the operator chooses from: kinds, time zones, regions, weeks, roles, signatures."""

from __future__ import annotations

from collections.abc import Mapping

from web.current import _, services
from web.views.document_words import role_name
from workflow.domain.organisations import OrganisationKind
from workflow.domain.refusals import N_
from workflow.domain.registers import Numbering
from workflow.domain.regulations import Choice, Role, SignatureKind

KINDS: Mapping[OrganisationKind, str] = {
    OrganisationKind.SCHOOL: N_("School"),
    OrganisationKind.KINDERGARTEN: N_("Kindergarten"),
    OrganisationKind.OFFICE: N_("Education office"),
    OrganisationKind.PARTNER: N_("Partner"),
}
#: The eleven time zones of the country (107-ФЗ, ст. 2), each by its best known city.
ZONES: Mapping[str, str] = {
    "Europe/Kaliningrad": N_("Kaliningrad (MSK−1)"),
    "Europe/Moscow": N_("Moscow, Kazan (MSK)"),
    "Europe/Samara": N_("Samara (MSK+1)"),
    "Asia/Yekaterinburg": N_("Yekaterinburg, Surgut (MSK+2)"),
    "Asia/Omsk": N_("Omsk (MSK+3)"),
    "Asia/Novosibirsk": N_("Novosibirsk, Kemerovo (MSK+4)"),
    "Asia/Irkutsk": N_("Irkutsk (MSK+5)"),
    "Asia/Yakutsk": N_("Yakutsk (MSK+6)"),
    "Asia/Vladivostok": N_("Vladivostok (MSK+7)"),
    "Asia/Magadan": N_("Magadan (MSK+8)"),
    "Asia/Kamchatka": N_("Kamchatka (MSK+9)"),
}
#: Regions (ISO 3166-2:RU) that have days off of their own; the others go by the country's alone.
REGIONS: Mapping[str, str] = {
    "RU-AD": N_("Adygea"),
    "RU-BA": N_("Bashkortostan"),
    "RU-BU": N_("Buryatia"),
    "RU-DA": N_("Dagestan"),
    "RU-IN": N_("Ingushetia"),
    "RU-KB": N_("Kabardino-Balkaria"),
    "RU-KL": N_("Kalmykia"),
    "RU-KC": N_("Karachay-Cherkessia"),
    "RU-KR": N_("Karelia"),
    "RU-KO": N_("Komi"),
    "RU-CR": N_("Crimea"),
    "RU-ME": N_("Mari El"),
    "RU-MO": N_("Mordovia"),
    "RU-SA": N_("Yakutia"),
    "RU-SE": N_("North Ossetia"),
    "RU-TA": N_("Tatarstan"),
    "RU-TY": N_("Tuva"),
    "RU-UD": N_("Udmurtia"),
    "RU-KK": N_("Khakassia"),
    "RU-CE": N_("Chechnya"),
    "RU-CU": N_("Chuvashia"),
}
SIGNATURES: Mapping[SignatureKind, str] = {
    SignatureKind.ADVANCED: N_("enhanced non-qualified"),
    SignatureKind.QUALIFIED: N_("enhanced qualified"),
}
NUMBERINGS: Mapping[Numbering, str] = {
    Numbering.AUTOMATIC: N_("The system gives the next number"),
    Numbering.MANUAL: N_("The clerk types the number"),
}


def pack_title(name: str) -> str:
    """Return what the regulation is called, its key where it is installed no longer."""
    packs = services().work.packs
    return packs.newest(name).title if name in packs.names() else name


def kinds() -> tuple[Choice, ...]:
    return tuple(Choice(kind.value, _(name)) for kind, name in KINDS.items())


def zones() -> tuple[Choice, ...]:
    return tuple(Choice(zone, _(name)) for zone, name in ZONES.items())


def regions() -> tuple[Choice, ...]:
    return tuple(Choice(region, _(name)) for region, name in REGIONS.items())


def region_name(region: str) -> str:
    """Return the region in words, its code when it is not among the known ones."""
    return _(REGIONS[region]) if region in REGIONS else region


def weeks() -> tuple[Choice, ...]:
    return (Choice("5", _("Five days")), Choice("6", _("Six days")))


def signature_name(kind: SignatureKind) -> str:
    """Return the kind in words, its code where an anchor can have no such kind."""
    return _(SIGNATURES[kind]) if kind in SIGNATURES else kind.value


def signatures() -> tuple[Choice, ...]:
    return tuple(Choice(kind.value, _(name)) for kind, name in SIGNATURES.items())


def numberings() -> tuple[Choice, ...]:
    return tuple(Choice(kind.value, _(name)) for kind, name in NUMBERINGS.items())


def roles(*left_out: Role) -> tuple[Choice, ...]:
    return tuple(
        Choice(role.value, role_name(role).capitalize()) for role in Role if role not in left_out
    )
