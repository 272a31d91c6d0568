"""Every table of the emulated services: a description each, with figures made up from its id.

Variable codes are those of the real tables where they are known, and plausible elsewhere. Counts grow with the size of
their area; a part is never larger than its total, but parts need not add up to it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.emulator.figures import LABOUR_FORCE, MONTHS, SHARE, UNEMPLOYED, Cells, Figures, hidden, uniform
from tests.emulator.tables import Table, Variable, seed_tables

SUBJECTS = {
    "atp": ("Job vacancy survey", "2026-08-20T05:00:00Z"),
    "tyti": ("Labour force survey", "2026-07-21T05:00:00Z"),
    "tyokay": ("Employment", "2026-05-20T05:00:00Z"),
    "vaerak": ("Population structure", "2026-05-29T05:00:00Z"),
    "muutl": ("Migration", "2026-05-27T05:00:00Z"),
    "vaenn": ("Population projection", "2024-10-24T05:00:00Z"),
    "vkour": ("Educational structure of population", "2026-06-18T05:00:00Z"),
    "tjt": ("Income distribution statistics", "2025-12-16T06:00:00Z"),
    "matk": ("Accommodation statistics", "2026-08-27T05:00:00Z"),
    "aly": ("Enterprise openings and closures", "2026-07-30T05:00:00Z"),
    "konk": ("Bankruptcies", "2026-08-18T05:00:00Z"),
    "raku": ("Building and dwelling production", "2026-09-18T05:00:00Z"),
}
"""Name of the statistic and release time of each folder but ``tyonv``."""

LISTED = {
    "tyonv": (
        ("12t8", "Jobseekers by employment code at the end of the month (1205)"),
        ("12tb", "Foreign jobseekers by occupation in each province at the end of the month (1208)"),
        ("12tn", "Periods of unemployment ended by reason and by duration of unemployment in each province (1315)"),
        ("12tr", "Ended job seekings and periods in each province during the month (1319)"),
        ("12ts", "Unemployment flow over a certain duration in relation to unemployments begun a month earlier (1355)"),
        ("12tt", "Jobseekers and vacancies by occupation during the month (1370)"),
    ),
    "tyti": (("135y", "Population by labour force status, sex and age, monthly data"),),
}
"""Tables a folder lists that no one loads: they answer 400 here."""

SEX = {"SSS": "Total", "1": "Males", "2": "Females"}
STATUS_OF_JOBSEEKER = {
    "SSS": "Total",
    "1": "At work",
    "2": "Unemployed",
    "3": "Outside the labour force",
    "4": "On unemployment pension",
    "X": "Unknown",
}
EDUCATION = {"SSS": "Total"} | {str(level): f"Level {level}" for level in range(1, 9)} | {"9_X": "Unknown"}
AGES = {"SSS": "Total"} | {f"{age:03}": str(age) for age in range(100)} | {"100-": "100 -"}
AGE_GROUPS = {"SSS": "Total", "0-17": "0 - 17", "18-64": "18 - 64", "65-": "65 -"}
LABOUR_FORCE_STATUS = {"SSS": "Total", "1": "Labour force", "11": "Employed", "12": "Unemployed", "2": "Not in it"}
ACTIVITY = {
    "SSS": "Total",
    "1": "Labour force",
    "11": "Employed",
    "12": "Unemployed",
    "2": "Outside the labour force",
    "21": "0-14 years old",
    "22": "Students",
    "24": "Pensioners",
    "25": "Conscripts",
    "99": "Others outside the labour force",
}
COMMUTING = {"SSS": "Total", "1": "Works outside the area", "2": "Works in the area"}
LETTERS = {"SSS": "Industries total"} | {letter: f"Section {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUX"}
LANGUAGES = {"SSS": "Total", "01": "National languages", "fi": "Finnish", "sv": "Swedish", "se": "Sami"} | {
    "02": "Foreign languages, total",
    "ru": "Russian",
    "uk": "Ukrainian",
    "et": "Estonian",
}
COUNTRIES = {"SSS": "Kaikki maat", "FI": "Suomi", "ULK": "Ulkomaat", "NO": "Norja", "SE": "Ruotsi", "DE": "Saksa"} | {
    "GB": "Iso-Britannia",
    "FR": "Ranska",
    "NL": "Alankomaat",
}
SIGNED = re.compile(r"\b(net|change)\b", re.IGNORECASE)
"""Labels of measures that may be negative, and below of those with a decimal."""
DECIMAL = re.compile(r"%|Gini|Average|\bratio|hinta|EUR")


def months(first: int, last: str = MONTHS[-1]) -> list[str]:
    every = [f"{year}M{month:02}" for year in range(first, 2027) for month in range(1, 13)]
    return every[: every.index(last) + 1]


def quarters(first: int, last: str = "2026Q2") -> list[str]:
    every = [f"{year}Q{quarter}" for year in range(first, 2027) for quarter in range(1, 5)]
    return every[: every.index(last) + 1]


def years(first: int, last: int) -> list[str]:
    return [str(year) for year in range(first, last + 1)]


class _Areas:
    """Code lists of areas, and a size of each to scale figures with."""

    def __init__(self, figures: Figures) -> None:
        june = MONTHS.index("2026M06")
        force = figures.employment_service[0][:, june, figures.measures.index(LABOUR_FORCE)]
        self.size = dict(zip(figures.areas, force.tolist(), strict=True))
        for parent, members in figures.memberships.groupby("parent_code")["area_code"]:
            self.size.setdefault(str(parent), sum(self.size.get(code, 0) for code in members))
        self.names = figures.names
        self.municipalities = [code for code in figures.areas if code[:2] == "KU" and code[2:].isdigit()]
        self.municipalities.remove("KU199")
        self.regions = ["SSS"]
        self.regions += [code for code in figures.regions if code[2:].isdigit() and code != "MK90"]
        self.sub_regions = [code for code in figures.areas if code[:2] == "SK" and code[2:] not in ("902", "JO")]

    def variable(self, code: str, values: Sequence[str], total: str | None = "SSS", text: str = "Area") -> Variable:
        names = [self.names.get(value, self.names.get(f"KU{value}", value)) for value in values]
        return Variable(code, text, list(values), names, total=total if total in values else None, geo=True)

    def sizes(self, variable: Variable) -> NDArray[np.float64]:
        return np.array([self.size.get(code, self.size.get(f"KU{code}", 50_000.0)) for code in variable.values])


def _classes(code: str, text: str, values: Mapping[str, str] | Sequence[str], total: str | None = None) -> Variable:
    labels = values if isinstance(values, Mapping) else {value: value for value in values}
    return Variable(code, text, list(labels), list(labels.values()), total=total)


def _time(values: Sequence[str], code: str | None = None) -> Variable:
    kind = "m" if "M" in values[0] else "q" if "Q" in values[0] else "y"
    text = {"m": "Month", "q": "Quarter", "y": "Year"}[kind]
    return Variable(code or f"timeperiod_{kind}", text, list(values), list(values), time=True)


def _made_up(number: int, variables: Sequence[Variable], measures: Mapping[str, str], areas: _Areas) -> Any:
    """Cells of a table: size of the area, share of each class, rate of the measure, a season and some noise."""
    area = next((place for place, one in enumerate(variables) if one.geo), None)
    sizes = areas.sizes(variables[area]) if area is not None else np.array([])
    totals = [one.values.index("SSS") if "SSS" in one.values else 0 for one in variables]
    labels = list(measures.values())
    signed = np.array([bool(SIGNED.search(label)) for label in labels])
    rated = np.array([bool(DECIMAL.search(label)) for label in labels])
    rate = uniform(np.arange(len(labels)), np.array(number))

    def cells(*places: NDArray[np.int64]) -> Cells:
        grid = np.ix_(*places)
        measure = grid[-1]
        count = 0.05 + rate[measure]
        count = count * (sizes[grid[area]] if area is not None else 2_000.0)
        for at, variable in enumerate(variables):
            if not variable.geo and not variable.time:
                part = 0.02 + 0.3 * uniform(grid[at], np.array(number + at)) ** 3
                count = count * np.where(grid[at] == totals[at], 1.0, part)
        noise = uniform(*grid, np.array(number))
        count = np.floor(count * np.where(signed[measure], (noise - 0.5) / 20, 0.9 + 0.1 * noise))
        return np.where(rated[measure], np.round(1 + 50 * rate[measure] + 5 * noise, 1), count), np.zeros_like(
            count, bool
        )

    return cells


def _hiding(cells: Callable[..., Cells]) -> Callable[..., Cells]:
    def with_hidden(*places: NDArray[np.int64]) -> Cells:
        values, _ = cells(*places)
        return values, hidden(values)

    return with_hidden


def tables(figures: Figures) -> dict[str, Table]:
    """The tables of both services, by file name."""
    areas = _Areas(figures)
    found = {f"{one.id}.px": one for one in seed_tables(figures)}

    def add(
        folder: str, number: str, title: str, variables: Sequence[Variable], measures: Mapping[str, str], **more: Any
    ) -> None:
        contents = _classes(more.pop("contents", "contentscode"), "Information", measures)
        cells = more.pop("cells", None) or _made_up(int(number[-4:], 36), [*variables], measures, areas)
        decimals = [at for at, label in enumerate(measures.values()) if DECIMAL.search(label)]
        if folder in SUBJECTS:
            subject, updated = SUBJECTS[folder]
            more = {"subject": subject, "updated": updated, "source": f"Statistics Finland, {subject.lower()}"} | more
        if folder == "tyonv":
            cells = _hiding(cells)
        table = Table(number, title, [*variables, contents], cells, decimals, folder=folder, **more)
        found[f"{number}.px"] = table

    _employment_service(add, areas, figures)
    _work(add, areas, figures)
    _population(add, areas)
    _economy(add, areas)
    return found


Add = Callable[..., None]


def _employment_service(add: Add, areas: _Areas, figures: Figures) -> None:
    all_areas = areas.variable("Alue", figures.areas, text="Region")
    regions = areas.variable("Alue", figures.regions, text="Region")
    month = _time(MONTHS)
    occupation = _classes("Ammattiryhmä", "Occupation", figures.occupations, "SSS")
    status = _classes("Työmarkkina-asema", "Labour market status", STATUS_OF_JOBSEEKER, "SSS")
    education = _classes("Koulutusaste", "Level of education", EDUCATION, "SSS")
    sex = _classes("Sukupuoli", "Sex", SEX, "SSS")
    at = np.array([figures.measures.index(code) for code in (SHARE, UNEMPLOYED, LABOUR_FORCE)])

    def rate(area: NDArray[np.int64], month: NDArray[np.int64], measure: NDArray[np.int64]) -> Cells:
        values, hide = figures.employment_service
        grid = np.ix_(area, month, at[measure])
        return values[grid], hide[grid]

    add(
        "tyonv",
        "12tf",
        "Unemployed jobseekers, labour force and share of unemployed jobseekers at the end of the month",
        [_copy(all_areas), _copy(month)],
        {SHARE: "Share of unemployed jobseekers, %", UNEMPLOYED: "Unemployed jobseekers", LABOUR_FORCE: "Labour force"},
        cells=rate,
    )
    add(
        "tyonv",
        "12tu",
        "Jobseekers and vacancies by occupation in each province during the month (1371)",
        [_copy(regions), _copy(occupation), _copy(status), _copy(month)],
        {"HAKIJAYHT": "Jobseekers", "AVPAIKATYHT": "Vacancies"},
    )
    duration = {"SSS": "Total", "01": "Under 2 weeks", "02": "2 - 4 weeks", "03": "1 - 3 months", "04": "3 - 6 months"}
    duration |= {"05": "6 - 12 months", "06": "1 - 2 years", "07": "Over 2 years"}
    add(
        "tyonv",
        "12ta",
        "Unemployed jobseekers by duration of unemployment at the end of the month (1207)",
        [
            _copy(all_areas),
            _copy(sex),
            _classes("Työttömyyden kesto", "Duration of unemployment", duration, "SSS"),
            month,
        ],
        {UNEMPLOYED: "Unemployed jobseekers"},
    )
    add(
        "tyonv",
        "12tj",
        "Unemployed, fully laid off and on reduced working week by occupation",
        [_copy(regions), _copy(occupation), _copy(month)],
        {UNEMPLOYED: "Unemployed jobseekers", "LOMAUTETTU": "Fully laid off", "LYHTYOVKO": "On reduced working week"},
    )
    add(
        "tyonv",
        "12te",
        "Jobseekers by level of education and labour market status at the end of the month (1221)",
        [_copy(all_areas), _copy(sex), _copy(education), _copy(month)],
        {"HAKIJALOPUSSA": "Jobseekers", UNEMPLOYED: "Unemployed jobseekers"},
    )
    add(
        "tyonv",
        "12tk",
        "Jobseekers by occupation and level of education in each province during the month (1310)",
        [_copy(regions), _copy(occupation), _copy(education), _copy(month)],
        {"HAKIJAYHT": "Jobseekers"},
    )
    add(
        "tyonv",
        "12tl",
        "Started job seekings and periods by occupation in each province during the month (1311)",
        [_copy(regions), _copy(occupation), _copy(month)],
        {"ALKTHAUT": "Started job seekings", "ALKTYOTJAKSOT": "Started periods of unemployment"},
    )
    add(
        "tyonv",
        "135e",
        "Ended job seekings and periods by occupation during the month (1318)",
        [_copy(regions), _copy(occupation), _copy(month)],
        {"PAATTHAUT": "Ended job seekings", "PAATTYOTJAKSOT": "Ended periods of unemployment"},
    )


def _copy(variable: Variable) -> Variable:
    """A variable of one table alone: a test alters one table at a time."""
    return Variable(
        variable.code, variable.text, [*variable.values], [*variable.texts], variable.time, variable.total, variable.geo
    )


def _work(add: Add, areas: _Areas, figures: Figures) -> None:
    vacancies = {"atp_lkm": "Job vacancies"}
    major = areas.variable("alue_16_20180101", ("SSS", "SA1", "SA2", "SA3", "SA4"), text="Major region")
    add("atp", "11n1", "Job vacancies by location of the establishment", [major, _time(quarters(2013))], vacancies)
    vacancies |= {"atp_eihoit": "Unoccupied", "atp_osa": "Part-time", "atp_maar": "Fixed-term"}
    vacancies |= {"atp_vaik": "Hard to fill"}
    add("atp", "11l1", "Job vacancies by quarter", [_time(quarters(2013))], vacancies)

    key = {
        "Tyollisyysaste_15_64": "Employment rate, 15-64 years, %",
        "tyollaste_15_64_trendi": "Employment rate, 15-64 years, %, trend",
        "Tyollaste_15_64_kausi": "Employment rate, 15-64 years, %, seasonally adjusted",
        "tyti-Tyolliset": "Employed, 1,000 persons",
        "tyti-Tyottomat": "Unemployed, 1,000 persons",
        "tyti-Tyottomyysaste": "Unemployment rate, %",
        "tyottaste_trendi": "Unemployment rate, %, trend",
        "Tyottaste_kausi": "Unemployment rate, %, seasonally adjusted",
        "Tyottomyysaste_15_24": "Unemployment rate, 15-24 years, %",
    }
    title = "Key indicators of the LFS, seasonally adjusted series and trends"
    add("tyti", "135z", title, [_time([month for month in months(2010) if month <= "2026M06"])], key)
    status = _classes("tyovoimaasema_1_20180101", "Labour force status", LABOUR_FORCE_STATUS, "SSS")
    persons = {"tyti-vaesto": "Population, 1,000 persons"}
    region = areas.variable("alue_28_20250101", areas.regions)
    title = "Population aged 15-74 by labour force status and region"
    add("tyti", "13al", f"{title}, annual", [_copy(region), _copy(status), _time(years(2009, 2025))], persons)
    add("tyti", "13lx", f"{title}, quarterly", [_copy(region), _copy(status), _time(quarters(2009))], persons)
    centre = areas.variable("elinvoimakeskus_1_20260101", ["SSS", *(f"EVK{number:02}" for number in range(1, 11))])
    title = "Population aged 15-74 by labour force status, sex and Economic Development Centre, quarterly"
    sex = _classes("sukupuoli_9_20180101", "Sex", SEX, "SSS")
    add("tyti", "15et", title, [centre, _copy(sex), status, _time(quarters(2025))], persons)

    area = areas.variable("alue_23_20250101", ["SSS", *areas.municipalities, *region.values[1:], *areas.sub_regions])
    activity = _classes("paaasial_toimin_3_20180101", "Main type of activity", ACTIVITY, "SSS")
    age = _classes("ikaryhma_10_20180101", "Age", AGE_GROUPS, "SSS")
    population = {"tyokay-vaesto": "Population"}
    title = "Population by area, main type of activity, sex and age"
    add("tyokay", "115b", title, [_copy(area), activity, _copy(sex), age, _time(years(1987, 2024))], population)
    indicators = {
        "tyokay-tyollisyysaste": "Employment rate, %",
        "tyokay-tyottomyysaste": "Unemployment rate, %",
        "taloudellinenhuoltosuhde": "Economic dependency ratio",
    }
    title = "Key indicators of employment statistics by area"
    add("tyokay", "115x", title, [_copy(area), _time(years(1987, 2024))], indicators)
    groups = sorted({code[:digits] for code in figures.occupations if code.isdigit() for digits in (1, 2, 3)})
    occupation = _classes("ammatti_19_20180101", "Occupation", ["SSS", *groups], "SSS")
    employed = {"tyokay-tyolliset2": "Employed"}
    title = "Employed labour force by occupation, region and sex"
    add("tyokay", "115s", title, [occupation, region, _copy(sex), _time(years(2010, 2023))], employed)
    industry = _classes("toimiala_9_20080101", "Industry", LETTERS, "SSS")
    jobs = {"tyokay-tyolliset3": "Jobs"}
    title = "Workplaces in the area by industry and sex"
    add("tyokay", "115h", title, [_copy(area), industry, _copy(sex), _time(years(2007, 2023))], jobs)
    education = _classes("koulutusaste_1_20180101", "Level of education", EDUCATION, "SSS")
    commuting = _classes("pendelointi_1_20180101", "Commuting", COMMUTING, "SSS")
    detail = [education, _copy(age), _time(years(1987, 2023))]
    title = "Employed persons resident in the area by commuting, level of education and age"
    add("tyokay", "115n", title, [_copy(area), commuting, *map(_copy, detail)], {"tyokay-tyolliset": "Employed"})
    incoming = {"SSS": "Total", "2": "Lives in the area", "3": "Commutes into the area"}
    commuting = _classes("pendelointi_2_20180101", "Commuting", incoming, "SSS")
    title = "Jobs in the area by commuting, level of education and age"
    add("tyokay", "115p", title, [_copy(area), commuting, *map(_copy, detail)], jobs)
    sufficiency = {"tyokay-tpomavaraisuus": "Workplace self-sufficiency, %"}
    add("tyokay", "125s", "Workplace self-sufficiency", [_time(years(1987, 2023)), area], sufficiency)


def _population(add: Add, areas: _Areas) -> None:
    codes = ["SSS", *areas.municipalities]
    area = areas.variable("alue_23_20260101", codes)
    sex = _classes("sukupuoli_9_20180101", "Sex", SEX, "SSS")
    age = _classes("ikaryhma_10_20180101", "Age", AGES, "SSS")
    persons = {"vaerak-vaesto": "Population 31 Dec"}
    year = _time(years(1990, 2025))
    title = "Population by age (1-year) and sex by area"
    add("vaerak", "11re", title, [_copy(area), _copy(age), _copy(sex), _time(years(1972, 2025))], persons)
    wide = [*codes, *areas.regions[1:], *areas.sub_regions]
    wide += ["SA1", "SA2", "SA3", "SA4", *(f"HVA{number:02}" for number in range(1, 23))]
    wide += [*(f"EVK{number:02}" for number in range(1, 11)), *(f"TA{number:02}" for number in range(1, 47))]
    figures = persons | {
        "vaesto_alle15_p": "Share of persons aged under 15, %",
        "vaesto_yli64_p": "Share of persons aged 65 or over, %",
        "vaesto_keski_ika": "Average age, both sexes",
        "kokmuutos_p": "Population change from the previous year, %",
    }
    title = "Key figures on population by area"
    add("vaerak", "11ra", title, [areas.variable("alue_23_20260101", wide), _copy(year)], figures)
    language = _classes("kieli_15_20180102", "Language", LANGUAGES, "SSS")
    title = "Language by sex by municipality"
    add("vaerak", "11rm", title, [_copy(area), language, _copy(sex), _copy(year)], persons)
    moves = {
        "muutl-vm43_tulo": "Intermunicipal in-migration",
        "muutl-vm43_lahto": "Intermunicipal out-migration",
        "muutl-vm43_netto": "Intermunicipal net migration",
        "muutl-vm41": "Immigration to Finland",
        "muutl-vm42": "Emigration from Finland",
        "muutl-vm4142": "Net immigration",
    }
    add("muutl", "11ae", "Migration by area, annual", [year, _copy(area)], moves)
    title = "Migration by area, monthly"
    add("muutl", "12w7", title, [_copy(area), _time(months(1990, "2025M12"))], moves)
    projected = areas.variable("alue_23_20240101", codes)
    title = "Population projection 2024: population by age and sex by area"
    add("vaenn", "14wx", title, [projected, sex, age, _time(years(2024, 2045))], {"vaenn-vaesto_e24": "Population"})

    def dots(time: NDArray[np.int64], area: NDArray[np.int64], measure: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Eight cells, as in the real table: two areas, four measures."""
        grid = np.ix_(time, area, measure)
        unknown = [codes.index("KU890"), codes.index("KU742")]
        return np.asarray(np.isin(grid[1], unknown) & (grid[2] >= 4) & (grid[0] >= 0))

    levels = {
        "vaesto_15_": "Population aged 15 or over 31 Dec",
        "kaste0": "Without a qualification after basic level",
        "kaste3": "Upper secondary level",
        "kaste5T8": "Tertiary level, total",
        "kaste5T8osuus": "Share of tertiary level, %",
        "kaste7": "Higher-degree level tertiary",
        "kaste8": "Doctorate or equivalent",
        "vktm": "Average level of education",
    }
    title = "Population aged 15 or over by level of education, municipality, gender and age"
    detail = [_classes("ikaryhma_10_20180101", "Age", AGE_GROUPS, "SSS"), _copy(sex)]
    regions = areas.variable("alue_23_20260101", [*codes, *areas.regions[1:]])
    add(
        "vkour",
        "12bs",
        title,
        [_time(["2025"]), regions, *detail],
        levels,
        dots=lambda time, area, age, sex, measure: np.broadcast_to(
            dots(time, area, measure)[:, :, None, None], (time.size, area.size, age.size, sex.size, measure.size)
        ),
    )
    income = {
        "tjt-henkiloita": "Household-dwelling population, persons",
        "hkturaha18_med": "Disposable monetary income of adults, median",
        "tjt-ekvikturaha_med": "Disposable monetary income per consumption unit, median",
        "gini_kturaha": "Gini coefficient, disposable monetary income",
        "rpt_aste": "At-risk-of-poverty rate, %",
    }
    area = areas.variable("alue_23_20250101", [*regions.values, *areas.sub_regions])
    title = "Income level, income differentials and persons at risk of poverty"
    add("tjt", "14ww", title, [area, _time(years(1995, 2024))], income)


def _economy(add: Add, areas: _Areas) -> None:
    digits = ["SSS", *(code.removeprefix("KU") for code in areas.municipalities)]
    establishments = {"01": "All accommodation establishments", "02": "Hotels", "03": "Camping sites", "04": "Other"}
    capacity = {
        "liikkeet": "Number of establishments",
        "huoneet": "Number of bedrooms",
        "vuoteet": "Number of bed-places",
        "mv_sahko_liitanta": "Number of caravan places",
    }
    kind = _classes("Toimiala", "Type of establishment", establishments)
    municipality = areas.variable("Kunta", digits, None, "Municipality")
    region = areas.variable("Maakunta", areas.regions, None, "Region")
    year = _time(years(1995, 2025))
    title = "Accommodation establishment capacity by"
    add("matk", "117s", f"{title} municipality", [_copy(municipality), _copy(kind), _copy(year)], capacity)
    add("matk", "11is", f"{title} region", [_copy(region), kind, year], capacity)
    hotels = {
        "huoneet": "Huoneet, lkm",
        "vuoteet": "Vuoteet, lkm",
        "huonekayttoaste": "Huonekäyttöaste, %",
        "yopymiset": "Yöpymiset, lkm",
        "yopymiset_koti": "Kotimaiset yöpymiset, lkm",
        "yopymiset_ulko": "Ulkomaiset yöpymiset",
        "huone_hinta": "Huoneen keskihinta",
        "yopyminen_hinta": "Yöpymisen keskihinta",
        "revpar": "RevPar, EUR",
    }

    def closed(*places: NDArray[np.int64]) -> NDArray[np.bool_]:
        """No price where the hotels were closed."""
        grid = np.ix_(*places)
        return np.asarray((uniform(grid[0], grid[1]) < 0.1) & (grid[2] >= 6))

    add(
        "matk",
        "11lm",
        "Monthly capacity and nights spent in hotels by municipality",
        [municipality, _time(months(1995, "2026M07"))],
        hotels,
        dots=closed,
        title_fi="Hotellien kuukausittainen kapasiteetti ja yöpymiset kunnittain",
    )
    nights = {"yopymiset": "Nights spent", "saapuneet": "Arrivals"}
    title = "Arrivals and nights spent in accommodation establishments by region, monthly"
    add("matk", "11ix", title, [region, _time(months(1995, "2026M07"))], nights)

    divisions = {code: f"Division {code}" for code in ("A01", "A02", "C16", "C17", "C24", "I55", "I56")}
    enterprises = {
        "aloittaneita": "Enterprise openings",
        "lopettaneita": "Enterprise closures",
        "yrityskanta": "Enterprise stock",
    }
    area = areas.variable("Alue", ["SSS", *areas.municipalities])
    industry = _classes("Toimiala", "Industry", LETTERS | divisions, "SSS")
    title = "Enterprise openings and closures by municipality and industry"
    add("aly", "11yq", title, [area, _copy(industry), _time(quarters(2013))], enterprises)
    bankruptcies = {"konk-lkm": "Number of bankruptcies", "konk-henk": "Number of employees"}
    area = areas.variable("alue_23_20260101", areas.regions)
    title = "Bankruptcies instigated by region and industry, monthly"
    add("konk", "12vh", title, [_copy(area), industry, _time(months(2003, "2026M07"))], bankruptcies)
    stage = {"1": "Building permits granted", "2": "Building starts", "3": "Building completions"}
    building = {"SSS": "All buildings"} | {f"{number:02}": f"Building class {number}" for number in range(1, 24)}
    measures = {"raku-lkm": "Buildings", "raku-tilavuus": "Volume, m3", "raku-kerrosala": "Gross floor area, m2"}
    measures |= {"raku-asunnot": "Dwellings", "raku-ala": "Floor area of dwellings, m2"}
    title = "Building permits granted, building starts and completions by region"
    variables = [
        _classes("rakennusvaihe_1_20250101", "Stage of building", stage),
        area,
        _classes("rakennus_6_20180101", "Building type", building, "SSS"),
        _time(months(1995, "2026M07")),
    ]
    add("raku", "156f", title, variables, measures)
    add(
        "Majoitustilastot",
        "visitfinland_matk_pxt_116n",
        "Kuukausittaiset yöpymiset ja saapuneet asuinmaittain",
        [
            areas.variable("Alue", areas.regions, None, "Alue"),
            _classes("Maa", "Maa", COUNTRIES),
            _time(months(1995, "2026M07"), "Kuukausi"),
        ],
        {"yopymiset": "Yöpymiset, lkm", "saapuneet": "Saapuneet, lkm"},
        contents="Tiedot",
        database="VisitFinland",
        subject="Majoitustilastot",
        source="Visit Finland, Tilastokeskus",
        updated="2026-08-27T05:00:00Z",
    )
