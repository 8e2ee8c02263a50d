"""Who lives in the second invented municipality, where mentors and young teachers are brought
together: an education department, a mentoring centre, a school, a kindergarten without deputies.
"""

from __future__ import annotations

from marshrut.demonstration.cast import Cast, OrganisationCard, PersonCard

CITY = "Кедровского городского округа"
ZONE = "Asia/Novokuznetsk"

DEPARTMENT = OrganisationCard(
    key="department",
    kind="office",
    full=f"Управление образования Администрации {CITY}",
    short="Управление образования Кедровского городского округа",
    place="г. Кедровск",
    address="000200, г. Кедровск, пр. Кузнецкий, д. 1",
    phone="(38400) 4-10-10",
    email="uo@kedrovsk.example",
    site="https://uo.kedrovsk.example",
    staff=(
        PersonCard("gromov", "Громов", "Андрей", "Ильич", "начальник", ("head",), female=False),
        PersonCard("ryabova", "Рябова", "Светлана", "Юрьевна", "главный специалист", ("officer",)),
    ),
    time_zone=ZONE,
)

CENTRE = OrganisationCard(
    key="centre",
    kind="office",
    full="муниципальное бюджетное учреждение «Муниципальный центр наставничества» " + CITY,
    short="МБУ «Центр наставничества»",
    place="г. Кедровск",
    address="000200, г. Кедровск, ул. Лесная, д. 8",
    phone="(38400) 4-20-20",
    email="centre@kedrovsk.example",
    site="https://centre.kedrovsk.example",
    staff=(
        PersonCard("zhukova", "Жукова", "Елена", "Борисовна", "директор", ("head",)),
        PersonCard("panina", "Панина", "Ольга", "Витальевна", "методист", ("officer",)),
        PersonCard("lobova", "Лобова", "Раиса", "Ивановна", "делопроизводитель", ("clerk",)),
    ),
    founder="department",
    office="department",
    time_zone=ZONE,
)

SCHOOL = OrganisationCard(
    key="school-7",
    kind="school",
    full="муниципальное бюджетное общеобразовательное учреждение «Средняя общеобразовательная "
    f"школа № 7» {CITY}",
    short="МБОУ «СОШ № 7»",
    place="г. Кедровск",
    address="000200, г. Кедровск, ул. Школьная, д. 15",
    phone="(38400) 4-30-07",
    email="school7@kedrovsk.example",
    site="https://school7.kedrovsk.example",
    staff=(
        PersonCard("sedova", "Седова", "Марина", "Викторовна", "директор", ("head",)),
        PersonCard(
            "kuzina",
            "Кузина",
            "Алла",
            "Петровна",
            "заместитель директора по учебно-воспитательной работе",
            ("deputy", "curator"),
        ),
        PersonCard("titova", "Титова", "Галина", "Сергеевна", "делопроизводитель", ("clerk",)),
        PersonCard(
            "orlov",
            "Орлов",
            "Виктор",
            "Николаевич",
            "учитель математики, руководитель методического объединения",
            ("association",),
            female=False,
        ),
        PersonCard("zotova", "Зотова", "Нина", "Львовна", "учитель математики"),
        PersonCard("belyaeva", "Беляева", "Ирина", "Олеговна", "учитель русского языка"),
        PersonCard("komarov", "Комаров", "Сергей", "Павлович", "учитель физики", female=False),
        PersonCard("frolova", "Фролова", "Татьяна", "Ивановна", "учитель начальных классов"),
        PersonCard("maltseva", "Мальцева", "Юлия", "Андреевна", "учитель английского языка"),
        PersonCard("golubeva", "Голубева", "Дарья", "Максимовна", "учитель математики"),
        PersonCard("nikitin", "Никитин", "Егор", "Романович", "учитель физики", female=False),
        PersonCard("rudenko", "Руденко", "Полина", "Ильинична", "учитель русского языка"),
        PersonCard("savina", "Савина", "Алина", "Сергеевна", "учитель начальных классов"),
        PersonCard("ten", "Тен", "Анна", "Викторовна", "учитель английского языка"),
    ),
    week=6,
    founder="department",
    office="centre",
    time_zone=ZONE,
)

KINDERGARTEN = OrganisationCard(
    key="kindergarten-3",
    kind="kindergarten",
    full="муниципальное бюджетное дошкольное образовательное учреждение «Детский сад № 3 "
    f"«Родничок» {CITY}",
    short="МБДОУ «Детский сад № 3 «Родничок»",
    place="г. Кедровск",
    address="000200, г. Кедровск, ул. Садовая, д. 6",
    phone="(38400) 4-40-03",
    email="rodnichok@kedrovsk.example",
    site="https://rodnichok.kedrovsk.example",
    staff=(
        PersonCard("lukina", "Лукина", "Вера", "Анатольевна", "заведующий", ("head",)),
        PersonCard("osipova", "Осипова", "Жанна", "Игоревна", "делопроизводитель", ("clerk",)),
        PersonCard("gavrilova", "Гаврилова", "Инна", "Петровна", "воспитатель"),
        PersonCard("sharova", "Шарова", "Лидия", "Егоровна", "старший воспитатель"),
    ),
    founder="department",
    office="centre",
    time_zone=ZONE,
)

KEDROVSK = Cast(
    "yurga",
    "",  # federal days only; regional ones are entered by the operator
    "kedrovsk.example",
    (DEPARTMENT, CENTRE, SCHOOL, KINDERGARTEN),
    office="department",
)
