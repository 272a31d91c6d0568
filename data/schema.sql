-- Subject tables of a snapshot. One row is one published observation unless a comment says otherwise.
-- A hidden or undefined value is NULL and its status says why; a published 0 is 0.
-- Keys are proven by a query before a snapshot is published (see data/checks.py), not by an index.
--
-- status: published, rounded (by the publisher), first_release (later revised), derived (computed from
--         published values), suppressed (hidden for confidentiality), not_defined, not_available.

CREATE TABLE source (
    source_id     VARCHAR NOT NULL,           -- publisher:table, as in statfin:12r5; seed files of old tables alike
    publisher     VARCHAR NOT NULL,           -- in English
    publisher_fi  VARCHAR NOT NULL,
    publisher_sv  VARCHAR NOT NULL,
    statistic     VARCHAR NOT NULL,           -- name of the statistic in English
    statistic_fi  VARCHAR NOT NULL,
    statistic_sv  VARCHAR NOT NULL,
    table_id      VARCHAR NOT NULL,
    subject       VARCHAR NOT NULL,           -- subject table that holds its rows, or the first of them
    cadence       VARCHAR NOT NULL CHECK (cadence IN ('month', 'quarter', 'year', 'irregular', 'once')),
    licence       VARCHAR NOT NULL,           -- as stated, or 'not confirmed'
    licence_url   VARCHAR,
    attribution   VARCHAR NOT NULL,
    verify_url    VARCHAR,                    -- page where a person can compare the figures
    loadable      BOOLEAN NOT NULL            -- a loader declaration exists
);

CREATE TABLE source_fetch (                   -- one row: one edition of one source, as it entered this snapshot
    fetch_id      SMALLINT NOT NULL,
    source_id     VARCHAR NOT NULL,
    subject       VARCHAR NOT NULL,           -- subject table these rows went to
    origin        VARCHAR NOT NULL CHECK (origin IN ('seed', 'service', 'file')),
    published_at  TIMESTAMP,                  -- the publisher's own release stamp (UTC), where known
    fetched_at    TIMESTAMP,                  -- when the bytes were read (UTC), where known
    reliability   VARCHAR NOT NULL CHECK (reliability IN
                    ('complete', 'transcribed', 'first_release', 'outdated', 'rounded')),
    first_period  VARCHAR,
    last_period   VARCHAR,
    row_count     BIGINT NOT NULL CHECK (row_count >= 0),
    served_count  BIGINT NOT NULL CHECK (served_count BETWEEN 0 AND row_count),  -- the others have a newer edition
    sha256        VARCHAR NOT NULL,           -- of the bytes the rows came from
    reading       VARCHAR NOT NULL,           -- what else decides which rows they are; empty in the seed
    note          VARCHAR,                    -- what to mind when reading the figures, in English
    note_fi       VARCHAR,
    note_sv       VARCHAR
);

CREATE TABLE area (
    area_code     VARCHAR NOT NULL,           -- KU240, SK192, MK19, ELY15, TA22, SSS; NO-56, NO-5628 in Norway
    level         VARCHAR NOT NULL CHECK (level IN ('country', 'region', 'sub_region', 'municipality',
                    'employment_area', 'ely_area', 'other')),
    name_fi       VARCHAR NOT NULL,
    name_sv       VARCHAR,
    name_en       VARCHAR,
    name_se       VARCHAR,                    -- Northern Sámi, where confirmed
    official_name_fi VARCHAR                  -- where the name above is a short label of the data
);

CREATE TABLE area_place (                     -- where in a sentence: Kemissä, i Kemi, in Kemi; Lapland and the country
    area_code     VARCHAR NOT NULL,
    place_fi      VARCHAR NOT NULL,
    place_sv      VARCHAR NOT NULL,
    place_en      VARCHAR NOT NULL
);

CREATE TABLE area_membership (                -- municipality in a larger area
    area_code     VARCHAR NOT NULL,
    parent_code   VARCHAR NOT NULL,
    valid_from    DATE,
    valid_to      DATE
);

CREATE TABLE area_boundary (                  -- GeoJSON geometry, WGS84, exterior rings clockwise
    area_code     VARCHAR NOT NULL,
    country       VARCHAR NOT NULL CHECK (country IN ('FI', 'NO')),
    geometry      VARCHAR NOT NULL,
    fetch_id      SMALLINT NOT NULL
);

CREATE TABLE occupation (                     -- Classification of Occupations 2010 (ISCO-08)
    occupation_code VARCHAR NOT NULL,
    level         VARCHAR NOT NULL CHECK (level IN ('total', '1', '2', '3', '4', 'other')),
    label_fi      VARCHAR NOT NULL,
    label_sv      VARCHAR,
    label_en      VARCHAR,
    source_sv     VARCHAR,                    -- publisher of the wording: Statistics Finland or ESCO
    source_en     VARCHAR
);

CREATE TABLE industry (                       -- TOL 2008 (NACE Rev. 2)
    industry_code VARCHAR NOT NULL,
    level         VARCHAR NOT NULL CHECK (level IN ('total', 'section', 'division', 'other')),
    label_fi      VARCHAR,
    label_sv      VARCHAR,
    label_en      VARCHAR,
    label_source  VARCHAR
);

CREATE TABLE measure (                        -- labels of measures, one row a language
    subject       VARCHAR NOT NULL,           -- subject table
    measure       VARCHAR NOT NULL,
    label         VARCHAR NOT NULL,
    label_language VARCHAR NOT NULL,
    unit          VARCHAR,
    checked       BOOLEAN NOT NULL            -- true: wording of the source; false: translation of this product
);

CREATE TABLE employment_service (             -- tyonv 12r5: area, month end
    area_code     VARCHAR NOT NULL,
    month         DATE NOT NULL CHECK (day(month) = 1),
    measure       VARCHAR NOT NULL,           -- TYOTTOMATLOPUSSA, AVPAIKATLOPUSSA, UUDETAVP ...
    value         DOUBLE CHECK (value >= 0),
    status        VARCHAR NOT NULL CHECK (status IN ('published', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status IN ('suppressed', 'not_defined', 'not_available')))
);

CREATE TABLE employment_service_bulletin (    -- the same measures as stated in monthly bulletins: rounded, with gaps
    area_code     VARCHAR NOT NULL,
    month         DATE NOT NULL CHECK (day(month) = 1),
    measure       VARCHAR NOT NULL,
    value         DOUBLE NOT NULL CHECK (value >= 0),
    status        VARCHAR NOT NULL CHECK (status IN ('published', 'rounded', 'derived')),
    note          VARCHAR,
    origin        VARCHAR,
    fetch_id      SMALLINT NOT NULL
);

CREATE TABLE employment_service_occupation (  -- tyonv 12ti: both sides of the market in one row, month end
    area_code     VARCHAR NOT NULL,
    month         DATE NOT NULL CHECK (day(month) = 1),
    occupation_code VARCHAR NOT NULL,
    unemployed    DOUBLE CHECK (unemployed >= 0),
    unemployed_status VARCHAR NOT NULL CHECK (unemployed_status IN ('published', 'suppressed', 'not_defined', 'not_available')),
    vacancies     DOUBLE CHECK (vacancies >= 0),
    vacancies_status VARCHAR NOT NULL CHECK (vacancies_status IN ('published', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((unemployed IS NULL) = (unemployed_status <> 'published')),
    CHECK ((vacancies IS NULL) = (vacancies_status <> 'published'))
);

CREATE TABLE occupation_during_month (        -- tyonv 12tu: jobseekers and vacancies DURING the month, not at its end
    area_code     VARCHAR NOT NULL,
    month         DATE NOT NULL CHECK (day(month) = 1),
    occupation_code VARCHAR NOT NULL,
    labour_market_status VARCHAR NOT NULL,
    measure       VARCHAR NOT NULL CHECK (measure IN ('HAKIJAYHT', 'AVPAIKATYHT')),
    value         DOUBLE CHECK (value >= 0),
    status        VARCHAR NOT NULL CHECK (status IN ('published', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status <> 'published'))
);

CREATE TABLE vacancy_industry (               -- tyonv 12tw: open vacancies by industry, month end
    area_code     VARCHAR NOT NULL,
    month         DATE NOT NULL CHECK (day(month) = 1),
    industry_code VARCHAR NOT NULL,
    measure       VARCHAR NOT NULL CHECK (measure IN ('AVPAIKATLOPUSSA', 'ATPAVGJATKESTOT')),
    value         DOUBLE CHECK (value >= 0),
    status        VARCHAR NOT NULL CHECK (status IN ('published', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status <> 'published'))
);

CREATE TABLE vacancy_flow (                   -- discontinued tyonv 2310: flows and open during the month
    area_code     VARCHAR NOT NULL,
    month         DATE NOT NULL CHECK (day(month) = 1),
    measure       VARCHAR NOT NULL,
    value         DOUBLE CHECK (value >= 0),
    status        VARCHAR NOT NULL CHECK (status IN ('published', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status <> 'published'))
);

CREATE TABLE accommodation (                  -- matk: nights in establishments with 20 or more beds or pitches
    area_code     VARCHAR NOT NULL,
    month         DATE NOT NULL CHECK (day(month) = 1),
    residence     VARCHAR NOT NULL CHECK (residence IN ('total', 'domestic', 'foreign')),
    measure       VARCHAR NOT NULL CHECK (measure IN ('nights', 'nights_cumulative')),
    value         DOUBLE NOT NULL CHECK (value >= 0),
    status        VARCHAR NOT NULL CHECK (status IN ('published', 'first_release', 'derived')),
    origin        VARCHAR,
    fetch_id      SMALLINT NOT NULL
);

CREATE TABLE population (                     -- vaerak 11ra, 11re; ssaaty 121w; Sotkanet 127: 31 December
    area_code     VARCHAR NOT NULL,
    year          SMALLINT NOT NULL,
    age_group     VARCHAR NOT NULL,           -- total, or a published group such as 15-19
    sex           VARCHAR NOT NULL CHECK (sex IN ('total', 'male', 'female')),
    measure       VARCHAR NOT NULL,
    value         DOUBLE,
    status        VARCHAR NOT NULL CHECK (status IN
                    ('published', 'derived', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status IN ('suppressed', 'not_defined', 'not_available')))
);

CREATE TABLE population_projection (          -- vaenn: projection of 2019 in the seed
    area_code     VARCHAR NOT NULL,
    year          SMALLINT NOT NULL,
    age           VARCHAR NOT NULL,           -- single year, 100+ or total
    measure       VARCHAR NOT NULL,
    value         DOUBLE CHECK (value >= 0),
    status        VARCHAR NOT NULL CHECK (status IN
                    ('published', 'derived', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status IN ('suppressed', 'not_defined', 'not_available')))
);

CREATE TABLE migration (                      -- muutl; ssaaty 121w
    area_code     VARCHAR NOT NULL,
    year          SMALLINT NOT NULL,
    measure       VARCHAR NOT NULL,
    value         DOUBLE,
    status        VARCHAR NOT NULL CHECK (status IN
                    ('published', 'derived', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status IN ('suppressed', 'not_defined', 'not_available')))
);

CREATE TABLE migration_flow (                 -- muutl: moves between two municipalities; an absent pair is 0
    origin_area   VARCHAR NOT NULL,
    destination_area VARCHAR NOT NULL,
    year          SMALLINT NOT NULL,
    value         DOUBLE NOT NULL CHECK (value >= 0),
    status        VARCHAR NOT NULL CHECK (status IN ('published', 'derived')),
    fetch_id      SMALLINT NOT NULL
);

CREATE TABLE commuting (                      -- tyokay: employed by residence and by workplace, 31 December
    area_code     VARCHAR NOT NULL,
    year          SMALLINT NOT NULL,
    commuting     VARCHAR NOT NULL,
    measure       VARCHAR NOT NULL,
    value         DOUBLE CHECK (value >= 0),
    status        VARCHAR NOT NULL CHECK (status IN
                    ('published', 'derived', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status IN ('suppressed', 'not_defined', 'not_available')))
);

CREATE TABLE area_indicator (                 -- yearly key figures a publisher computes itself, one row a figure
    area_code     VARCHAR NOT NULL,
    year          SMALLINT NOT NULL,
    subject       VARCHAR NOT NULL CHECK (subject IN ('key_figures', 'education', 'income', 'employment', 'sotkanet')),
    measure       VARCHAR NOT NULL,
    value         DOUBLE,
    status        VARCHAR NOT NULL CHECK (status IN ('published', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status <> 'published'))
);

CREATE TABLE labour_force_survey (            -- tyti 135z: a survey, never on one axis with the register
    area_code     VARCHAR NOT NULL,
    month         DATE NOT NULL CHECK (day(month) = 1),
    measure       VARCHAR NOT NULL,
    value         DOUBLE,
    status        VARCHAR NOT NULL CHECK (status IN
                    ('published', 'derived', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status IN ('suppressed', 'not_defined', 'not_available')))
);

CREATE TABLE norway_unemployed (              -- NAV, Statistics Norway: other definitions than the Finnish ones
    area_code     VARCHAR NOT NULL,           -- NO, NO-56, NO-5628
    month         DATE NOT NULL CHECK (day(month) = 1),
    labour_market_status VARCHAR NOT NULL CHECK (labour_market_status IN
                    ('fully_unemployed', 'partly_unemployed', 'jobseekers_on_measures')),
    sex           VARCHAR NOT NULL CHECK (sex IN ('total', 'male', 'female')),
    measure       VARCHAR NOT NULL CHECK (measure IN ('persons', 'share_of_labour_force')),
    value         DOUBLE CHECK (value >= 0),
    status        VARCHAR NOT NULL CHECK (status IN
                    ('published', 'derived', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status IN ('suppressed', 'not_defined', 'not_available')))
);

CREATE TABLE accommodation_nuts (             -- Eurostat tour_occ_nin2m: nights by NUTS area, all establishments
    area_code     VARCHAR NOT NULL,           -- FI1D North and East Finland: far larger than Lapland
    month         DATE NOT NULL CHECK (day(month) = 1),
    residence     VARCHAR NOT NULL CHECK (residence IN ('total', 'domestic', 'foreign')),
    measure       VARCHAR NOT NULL CHECK (measure = 'nights'),
    value         DOUBLE CHECK (value >= 0),
    status        VARCHAR NOT NULL CHECK (status IN ('published', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status <> 'published'))
);

CREATE TABLE accommodation_nuts_yearly (      -- Eurostat tour_occ_nin3: the same by year; FI1D7 is Lapland
    area_code     VARCHAR NOT NULL,
    year          SMALLINT NOT NULL,
    residence     VARCHAR NOT NULL CHECK (residence IN ('total', 'domestic', 'foreign')),
    measure       VARCHAR NOT NULL CHECK (measure = 'nights'),
    value         DOUBLE CHECK (value >= 0),
    status        VARCHAR NOT NULL CHECK (status IN ('published', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status <> 'published'))
);

CREATE TABLE job_posting_count (              -- KIPA P67: postings open on the latest day of the month that was asked
    area_code     VARCHAR NOT NULL,
    month         DATE NOT NULL CHECK (day(month) = 1),
    value         DOUBLE NOT NULL CHECK (value >= 0),
    status        VARCHAR NOT NULL CHECK (status = 'published'),
    counted_on    DATE NOT NULL,
    fetch_id      SMALLINT NOT NULL
);

CREATE TABLE employment_service_rate (        -- tyonv 12tf: unemployed, labour force and their share
    area_code     VARCHAR NOT NULL,
    month         DATE NOT NULL CHECK (day(month) = 1),
    measure       VARCHAR NOT NULL,
    value         DOUBLE CHECK (value >= 0),
    status        VARCHAR NOT NULL CHECK (status IN ('published', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status <> 'published'))
);

CREATE TABLE employment_service_group (       -- tyonv: jobseekers by one classification more
    area_code     VARCHAR NOT NULL,
    month         DATE NOT NULL CHECK (day(month) = 1),
    grouping      VARCHAR NOT NULL,
    category      VARCHAR NOT NULL,
    measure       VARCHAR NOT NULL,
    value         DOUBLE CHECK (value >= 0),
    status        VARCHAR NOT NULL CHECK (status IN ('published', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status <> 'published'))
);

CREATE TABLE vacancy_survey (                 -- atp 11n1, 11l1: a survey, never on one axis with the register
    area_code     VARCHAR NOT NULL,
    quarter       DATE NOT NULL CHECK (day(quarter) = 1),
    measure       VARCHAR NOT NULL,
    value         DOUBLE CHECK (value >= 0),
    status        VARCHAR NOT NULL CHECK (status IN ('published', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status <> 'published'))
);

CREATE TABLE labour_force_survey_quarter (    -- tyti by region or area of a vitality centre
    area_code     VARCHAR NOT NULL,
    quarter       DATE NOT NULL CHECK (day(quarter) = 1),
    measure       VARCHAR NOT NULL,
    value         DOUBLE CHECK (value >= 0),
    status        VARCHAR NOT NULL CHECK (status IN ('published', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status <> 'published'))
);

CREATE TABLE labour_force_survey_year (       -- tyti by region
    area_code     VARCHAR NOT NULL,
    year          SMALLINT NOT NULL,
    measure       VARCHAR NOT NULL,
    value         DOUBLE CHECK (value >= 0),
    status        VARCHAR NOT NULL CHECK (status IN ('published', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status <> 'published'))
);

CREATE TABLE main_activity (                  -- tyokay 115b: population by main activity, 31 December
    area_code     VARCHAR NOT NULL,
    year          SMALLINT NOT NULL,
    activity      VARCHAR NOT NULL,
    age_group     VARCHAR NOT NULL,
    value         DOUBLE CHECK (value >= 0),
    status        VARCHAR NOT NULL CHECK (status IN ('published', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status <> 'published'))
);

CREATE TABLE employed_occupation (            -- tyokay 115s: employed by occupation, 31 December
    area_code     VARCHAR NOT NULL,
    year          SMALLINT NOT NULL,
    occupation_code VARCHAR NOT NULL,
    value         DOUBLE CHECK (value >= 0),
    status        VARCHAR NOT NULL CHECK (status IN ('published', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status <> 'published'))
);

CREATE TABLE jobs_industry (                  -- tyokay 115h: jobs in the area by industry, 31 December
    area_code     VARCHAR NOT NULL,
    year          SMALLINT NOT NULL,
    industry_code VARCHAR NOT NULL,
    value         DOUBLE CHECK (value >= 0),
    status        VARCHAR NOT NULL CHECK (status IN ('published', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status <> 'published'))
);

CREATE TABLE population_age (                 -- vaerak 11re: population by single year of age, 31 December
    area_code     VARCHAR NOT NULL,
    year          SMALLINT NOT NULL,
    age           VARCHAR NOT NULL,
    sex           VARCHAR NOT NULL CHECK (sex IN ('total', 'male', 'female')),
    value         DOUBLE CHECK (value >= 0),
    status        VARCHAR NOT NULL CHECK (status IN ('published', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status <> 'published'))
);

CREATE TABLE population_language (            -- vaerak 11rm: population by language, 31 December
    area_code     VARCHAR NOT NULL,
    year          SMALLINT NOT NULL,
    language      VARCHAR NOT NULL,
    value         DOUBLE CHECK (value >= 0),
    status        VARCHAR NOT NULL CHECK (status IN ('published', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status <> 'published'))
);

CREATE TABLE migration_month (                -- muutl 12w7
    area_code     VARCHAR NOT NULL,
    month         DATE NOT NULL CHECK (day(month) = 1),
    measure       VARCHAR NOT NULL,
    value         DOUBLE,
    status        VARCHAR NOT NULL CHECK (status IN ('published', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status <> 'published'))
);

CREATE TABLE accommodation_capacity (         -- matk 117s, 11is: establishments, rooms, beds
    area_code     VARCHAR NOT NULL,
    year          SMALLINT NOT NULL,
    establishment VARCHAR NOT NULL,
    measure       VARCHAR NOT NULL,
    value         DOUBLE CHECK (value >= 0),
    status        VARCHAR NOT NULL CHECK (status IN ('published', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status <> 'published'))
);

CREATE TABLE hotel_month (                    -- matk 11lm: hotels by month and municipality
    area_code     VARCHAR NOT NULL,
    month         DATE NOT NULL CHECK (day(month) = 1),
    measure       VARCHAR NOT NULL,
    value         DOUBLE CHECK (value >= 0),
    status        VARCHAR NOT NULL CHECK (status IN ('published', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status <> 'published'))
);

CREATE TABLE accommodation_country (          -- Rudolf 116n: nights and arrivals by country of residence
    area_code     VARCHAR NOT NULL,
    month         DATE NOT NULL CHECK (day(month) = 1),
    residence_country VARCHAR NOT NULL,
    measure       VARCHAR NOT NULL,
    value         DOUBLE CHECK (value >= 0),
    status        VARCHAR NOT NULL CHECK (status IN ('published', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status <> 'published'))
);

CREATE TABLE enterprise (                     -- aly 11yq: enterprises, openings, closures
    area_code     VARCHAR NOT NULL,
    quarter       DATE NOT NULL CHECK (day(quarter) = 1),
    measure       VARCHAR NOT NULL,
    value         DOUBLE CHECK (value >= 0),
    status        VARCHAR NOT NULL CHECK (status IN ('published', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status <> 'published'))
);

CREATE TABLE bankruptcy (                     -- konk
    area_code     VARCHAR NOT NULL,
    month         DATE NOT NULL CHECK (day(month) = 1),
    measure       VARCHAR NOT NULL,
    value         DOUBLE CHECK (value >= 0),
    status        VARCHAR NOT NULL CHECK (status IN ('published', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status <> 'published'))
);

CREATE TABLE building (                       -- raku 156f: regions only
    area_code     VARCHAR NOT NULL,
    month         DATE NOT NULL CHECK (day(month) = 1),
    stage         VARCHAR NOT NULL,
    measure       VARCHAR NOT NULL,
    value         DOUBLE,
    status        VARCHAR NOT NULL CHECK (status IN ('published', 'suppressed', 'not_defined', 'not_available')),
    fetch_id      SMALLINT NOT NULL,
    CHECK ((value IS NULL) = (status <> 'published'))
);

CREATE TABLE event (                          -- dated events: annotations, never causes
    event_id      VARCHAR NOT NULL,
    start_date    VARCHAR NOT NULL,           -- as precise as known: 2021-04-20, 2021-04, 2021
    end_date      VARCHAR,
    precision     VARCHAR NOT NULL CHECK (precision IN ('d', 'm', 'q', 'y')),
    case_id       VARCHAR NOT NULL,
    direction     SMALLINT NOT NULL CHECK (direction IN (-1, 0, 1)),
    phase         VARCHAR CHECK (phase IN ('plan', 'decision', 'outcome')),
    chain         VARCHAR,                    -- events of one story share it
    title_fi      VARCHAR NOT NULL,
    title_sv      VARCHAR NOT NULL,
    title_en      VARCHAR NOT NULL,
    value         DOUBLE,
    unit          VARCHAR,
    source_url    VARCHAR,
    confidence    VARCHAR NOT NULL CHECK (confidence IN ('confirmed', 'approximate', 'unconfirmed'))
);

CREATE TABLE series_break (                   -- marked points across which figures do not compare
    break_id      VARCHAR NOT NULL,
    subject       VARCHAR NOT NULL,
    measure       VARCHAR,                    -- NULL: every measure of the subject
    area_code     VARCHAR,                    -- NULL: every area
    month         DATE NOT NULL,              -- first month of the new series
    certainty     VARCHAR NOT NULL CHECK (certainty IN ('confirmed', 'possible')),
    note_fi       VARCHAR NOT NULL,
    note_sv       VARCHAR NOT NULL,
    note_en       VARCHAR NOT NULL
);

CREATE TABLE change_report (                  -- what this snapshot changed against the one before it
    source_id     VARCHAR NOT NULL,
    kind          VARCHAR NOT NULL CHECK (kind IN ('new_period', 'revised', 'lost_series', 'new_series',
                    'classification', 'membership', 'sum')),
    key           VARCHAR NOT NULL,           -- what changed, by kind: see data/changes.py
    old_value     DOUBLE,
    new_value     DOUBLE,
    old_status    VARCHAR,
    new_status    VARCHAR,
    cells         BIGINT NOT NULL
);

CREATE TABLE edition_period (                 -- the periods each edition of a time series holds
    fetch_id      SMALLINT NOT NULL,
    period        VARCHAR NOT NULL            -- 2026-08 (of a quarter its first month) or 2026
);

CREATE TABLE series_start (                   -- the edition that brought a series, where its subject was known before
    subject       VARCHAR NOT NULL,
    series        VARCHAR NOT NULL,           -- key without the period: MK19|TYOTTOMATLOPUSSA
    fetch_id      SMALLINT NOT NULL
);

CREATE TABLE revision (                       -- a cell that an edition changed, or added to a known period and series
    source_id     VARCHAR NOT NULL,
    subject       VARCHAR NOT NULL,
    key           VARCHAR NOT NULL,           -- subject|series|period|value column, as in change_report
    old_value     DOUBLE,
    new_value     DOUBLE,
    old_status    VARCHAR,                    -- NULL: the cell was not known
    new_status    VARCHAR NOT NULL,
    fetch_id      SMALLINT NOT NULL           -- the edition that brought the new value
);

CREATE TABLE snapshot (                       -- one row
    snapshot_id   VARCHAR NOT NULL,
    created_at    TIMESTAMP NOT NULL,
    parent_id     VARCHAR,
    schema_version INTEGER NOT NULL
);

-- Computed when the snapshot is built, from employment_service and employment_service_occupation: data/computed.py.
-- area_code is a published area or a case of reference/cases.toml (meri-lappi, matkailu ...). Counts are persons or
-- open vacancies, unadjusted unless said. What could not be computed has a row in computation_refused instead.

CREATE TABLE signal (                         -- every month tested against its own past; a signal is no cause
    family        VARCHAR NOT NULL CHECK (family IN ('municipality', 'sub_region', 'region', 'country', 'case')),
    area_code     VARCHAR NOT NULL,
    measure       VARCHAR NOT NULL,
    month         DATE NOT NULL CHECK (day(month) = 1),
    observed      DOUBLE NOT NULL CHECK (observed >= 0),
    expected      DOUBLE NOT NULL CHECK (expected > 0),
    detection_limit DOUBLE NOT NULL CHECK (detection_limit > 0),  -- half the 95 % band around expected
    p             DOUBLE NOT NULL CHECK (p BETWEEN 0 AND 1),      -- two-sided mid-p
    p_adjusted    DOUBLE NOT NULL CHECK (p_adjusted BETWEEN p AND 1),  -- over the family's areas of that month
    direction     VARCHAR NOT NULL CHECK (direction IN ('up', 'down', 'even')),
    watch         BOOLEAN NOT NULL,           -- rejected this month, no signal yet
    signal        BOOLEAN NOT NULL,           -- rejected the same way in enough of the latest three months
    CHECK (NOT (watch AND signal))
);

CREATE TABLE seasonal_adjustment (            -- longest gapless run of months
    area_code     VARCHAR NOT NULL,
    measure       VARCHAR NOT NULL,
    month         DATE NOT NULL CHECK (day(month) = 1),
    adjusted      DOUBLE NOT NULL CHECK (adjusted > 0),
    seasonal      DOUBLE NOT NULL,            -- natural logarithm: 0.1 is a tenth above the trend
    trend         DOUBLE NOT NULL CHECK (trend > 0),  -- in the unit of the series
    provisional   BOOLEAN NOT NULL            -- the latest months, which the next ones will move
);

CREATE TABLE level_break (                    -- where the mean level of the adjusted logarithms moves
    area_code     VARCHAR NOT NULL,
    measure       VARCHAR NOT NULL,
    month         DATE NOT NULL CHECK (day(month) = 1),  -- first month of the new level
    before        DOUBLE NOT NULL CHECK (before > 0),    -- levels in the unit of the series
    after         DOUBLE NOT NULL CHECK (after > 0),
    earliest      DATE NOT NULL,              -- 95 % interval of month
    latest        DATE NOT NULL,
    CHECK (month BETWEEN earliest AND latest)
);

CREATE TABLE mismatch_month (                 -- mismatch index within Lapland, of all cells of a partition
    partition     VARCHAR NOT NULL CHECK (partition IN ('municipality', 'occupation')),  -- occupations at four digits
    month         DATE NOT NULL CHECK (day(month) = 1),
    mismatch_index DOUBLE NOT NULL CHECK (mismatch_index BETWEEN 0 AND 1),
    lower         DOUBLE NOT NULL,            -- least and greatest over whole numbers that hidden cells can have
    upper         DOUBLE NOT NULL,
    chance_mean   DOUBLE NOT NULL,            -- what counts this small give when both sides are spread alike
    chance_lower  DOUBLE NOT NULL,            -- its central 95 %
    chance_upper  DOUBLE NOT NULL,
    cells         INTEGER NOT NULL CHECK (cells > 0),
    hidden_unemployed INTEGER NOT NULL,       -- cells whose count is hidden
    hidden_vacancies INTEGER NOT NULL,
    unassigned_lower INTEGER,                 -- unemployed persons in no occupation (X groups), outside the index;
    unassigned_upper INTEGER,                 -- a range where groups are hidden; NULL where the partition has none
    CHECK (mismatch_index BETWEEN lower AND upper)
);

CREATE TABLE forecast_backtest (              -- what a method would have said at an origin, of the longest gapless run
    area_code     VARCHAR NOT NULL,
    measure       VARCHAR NOT NULL,
    method        VARCHAR NOT NULL,
    origin        DATE NOT NULL,              -- last month known
    step          SMALLINT NOT NULL CHECK (step BETWEEN 1 AND 12),
    month         DATE NOT NULL CHECK (day(month) = 1),  -- month forecast
    actual        DOUBLE NOT NULL,
    point         DOUBLE NOT NULL CHECK (point >= 0),
    lower         DOUBLE,                     -- 80 % interval; NULL while too few errors are known
    upper         DOUBLE
);

CREATE TABLE forecast_score (                 -- track record of a method over its back-test
    area_code     VARCHAR NOT NULL,
    measure       VARCHAR NOT NULL,
    method        VARCHAR NOT NULL,
    period_scored VARCHAR NOT NULL CHECK (period_scored IN ('all', 'without 2020-03..2021-12')),  -- months forecast
    mae           DOUBLE NOT NULL,            -- in the unit of the series
    mape          DOUBLE,                     -- per cent
    mase          DOUBLE,
    relative_mae  DOUBLE,                     -- over that of the seasonal naive
    coverage      DOUBLE,                     -- of the 80 % interval, 0..1
    n             INTEGER NOT NULL CHECK (n > 0)
);

CREATE TABLE forecast_decision (              -- whether a forecast from the latest month may be shown
    area_code     VARCHAR NOT NULL,
    measure       VARCHAR NOT NULL,
    allowed       BOOLEAN NOT NULL,
    reason        VARCHAR CHECK (reason IN ('too_short', 'hidden_months', 'too_few', 'no_better_than_seasonal_naive',
                    'coverage')),
    CHECK (allowed = (reason IS NULL))
);

CREATE TABLE forecast_month (                 -- shown forecasts: none where the decision is no
    area_code     VARCHAR NOT NULL,
    measure       VARCHAR NOT NULL,
    month         DATE NOT NULL CHECK (day(month) = 1),
    method        VARCHAR NOT NULL,
    point         DOUBLE NOT NULL CHECK (point >= 0),
    lower         DOUBLE NOT NULL,            -- 80 % interval
    upper         DOUBLE NOT NULL
);

CREATE TABLE computation_refused (            -- what was not computed, and why
    computation   VARCHAR NOT NULL CHECK (computation IN ('signal', 'adjustment', 'track_record',
                    'forecast', 'mismatch')),
    area_code     VARCHAR NOT NULL,           -- of mismatch the region
    measure       VARCHAR NOT NULL,           -- of mismatch the partition
    reason        VARCHAR NOT NULL CHECK (reason IN ('no_figures', 'no_month_tested', 'too_short', 'too_few', 'zeros',
                    'failed')),
    detail        VARCHAR                     -- what the computation said, in English
);

CREATE TABLE computed_key (                   -- what each kept result was computed from: data/kept.py
    kind          VARCHAR NOT NULL,
    first         VARCHAR NOT NULL,           -- whose it is: area_code, of mismatch the partition
    second        VARCHAR NOT NULL,           -- measure, of mismatch the month
    key           VARCHAR NOT NULL            -- of the figures and the version of the computation
);
