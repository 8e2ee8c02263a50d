"""Who lives in the invented municipality: an education office, three schools, a kindergarten."""

from __future__ import annotations

from dataclasses import dataclass

DISTRICT = "Лесногорского муниципального района Республики Татарстан"
PACK = "tetyushi"
REGION = "RU-TA"


@dataclass(frozen=True)
class PersonCard:
    """`roles` are the mandates held from the beginning; `key` is the login, too."""

    key: str
    last: str
    first: str
    middle: str
    post: str
    roles: tuple[str, ...] = ()
    female: bool = True


@dataclass(frozen=True)
class OrganisationCard:
    """An organisation with its staff; `week` is 5 or 6 working days."""

    key: str
    kind: str
    full: str
    short: str
    place: str
    address: str
    phone: str
    email: str
    site: str
    staff: tuple[PersonCard, ...]
    week: int = 5
    founder: str = "office"
    office: str = "office"
    time_zone: str = "Europe/Moscow"


@dataclass(frozen=True)
class Cast:
    """Everybody of an invented municipality, by the regulation `pack` it works by.

    The organisations stand in an order in which founder and office come first; `office` is the
    key of the one that confirms heads and receives packages.
    """

    pack: str
    region: str
    mail_domain: str
    organisations: tuple[OrganisationCard, ...]
    office: str = "office"


OPERATOR = PersonCard("operator", "Тихонова", "Вера", "Андреевна", "администратор системы")

OFFICE = OrganisationCard(
    key="office",
    kind="office",
    full="муниципальное казённое учреждение «Отдел образования Исполнительного комитета "
    f"{DISTRICT}»",
    short="МКУ «Отдел образования Лесногорского района»",
    place="г. Лесногорск",
    address="000100, г. Лесногорск, ул. Садовая, д. 3",
    phone="(84300) 2-10-10",
    email="otdel@lesnogorsk.example",
    site="https://edu.lesnogorsk.example",
    staff=(
        PersonCard("orlova", "Орлова", "Наталья", "Викторовна", "начальник", ("head",)),
        PersonCard(
            "gareev", "Гареев", "Ильдар", "Маратович", "методист", ("officer",), female=False
        ),
        PersonCard("lapina", "Лапина", "Ольга", "Сергеевна", "делопроизводитель", ("clerk",)),
    ),
)

SCHOOL_1 = OrganisationCard(
    key="school-1",
    kind="school",
    full="муниципальное бюджетное общеобразовательное учреждение «Лесногорская средняя "
    f"общеобразовательная школа № 1» {DISTRICT}",
    short="МБОУ «Лесногорская СОШ № 1»",
    place="г. Лесногорск",
    address="000100, г. Лесногорск, ул. Школьная, д. 12",
    phone="(84300) 2-11-01",
    email="school1@lesnogorsk.example",
    site="https://school1.lesnogorsk.example",
    week=6,
    staff=(
        PersonCard("belova", "Белова", "Яна", "Николаевна", "директор", ("head",)),
        PersonCard(
            "safina",
            "Сафина",
            "Гузель",
            "Рашидовна",
            "заместитель директора по учебно-воспитательной работе",
            ("deputy",),
        ),
        PersonCard("zaytseva", "Зайцева", "Тамара", "Кирилловна", "делопроизводитель", ("clerk",)),
        PersonCard("ershov", "Ершов", "Павел", "Олегович", "системный администратор", female=False),
        PersonCard("mironova", "Миронова", "Анна", "Петровна", "учитель начальных классов"),
        PersonCard("kulikova", "Куликова", "Дарья", "Игоревна", "учитель математики"),
    ),
)

SCHOOL_2 = OrganisationCard(
    key="school-2",
    kind="school",
    full="муниципальное бюджетное общеобразовательное учреждение «Лесногорская средняя "
    f"общеобразовательная школа № 2» {DISTRICT}",
    short="МБОУ «Лесногорская СОШ № 2»",
    place="г. Лесногорск",
    address="000100, г. Лесногорск, ул. Речная, д. 7",
    phone="(84300) 2-12-02",
    email="school2@lesnogorsk.example",
    site="https://school2.lesnogorsk.example",
    week=6,
    staff=(
        PersonCard("petrov", "Петров", "Игорь", "Семёнович", "директор", ("head",), female=False),
        PersonCard(
            "egorova",
            "Егорова",
            "Людмила",
            "Павловна",
            "заместитель директора по методической работе",
            ("deputy",),
        ),
        PersonCard("fomina", "Фомина", "Ирина", "Львовна", "делопроизводитель", ("clerk",)),
        PersonCard("nazarova", "Назарова", "Елена", "Юрьевна", "учитель русского языка"),
        PersonCard("shubin", "Шубин", "Артём", "Викторович", "учитель физики", female=False),
    ),
)

SCHOOL_3 = OrganisationCard(
    key="school-3",
    kind="school",
    full="муниципальное бюджетное общеобразовательное учреждение «Берёзовская основная "
    f"общеобразовательная школа» {DISTRICT}",
    short="МБОУ «Берёзовская ООШ»",
    place="с. Берёзовка",
    address="000120, Лесногорский район, с. Берёзовка, ул. Центральная, д. 1",
    phone="(84300) 3-45-67",
    email="berezovka@lesnogorsk.example",
    site="https://berezovka.lesnogorsk.example",
    staff=(
        PersonCard("usmanova", "Усманова", "Лилия", "Фаритовна", "директор", ("head",)),
        PersonCard(
            "vlasov", "Власов", "Сергей", "Дмитриевич", "заместитель директора", ("deputy",),
            female=False,
        ),
        PersonCard("krylova", "Крылова", "Нина", "Ивановна", "секретарь", ("clerk",)),
        PersonCard("sorokina", "Сорокина", "Марина", "Олеговна", "учитель биологии"),
    ),
)  # fmt: skip

KINDERGARTEN = OrganisationCard(
    key="kindergarten",
    kind="kindergarten",
    full="муниципальное бюджетное дошкольное образовательное учреждение «Детский сад № 5 «Рябинка» "
    f"{DISTRICT}",
    short="МБДОУ «Детский сад № 5 «Рябинка»",
    place="г. Лесногорск",
    address="000100, г. Лесногорск, пер. Тихий, д. 4",
    phone="(84300) 2-15-05",
    email="ryabinka@lesnogorsk.example",
    site="https://ryabinka.lesnogorsk.example",
    staff=(
        PersonCard("timofeeva", "Тимофеева", "Алла", "Романовна", "заведующий", ("head",)),
        PersonCard("dolgova", "Долгова", "Инна", "Геннадьевна", "старший воспитатель"),
    ),
)

SCHOOLS = (SCHOOL_1, SCHOOL_2, SCHOOL_3)
ALL = (OFFICE, *SCHOOLS, KINDERGARTEN)
LESNOGORSK = Cast(PACK, REGION, "lesnogorsk.example", ALL)
