//! The words that samples are made of. Whoever or whatever they name does not exist.

/// A name for display, and the form of it that fits an address.
#[derive(Clone, Copy)]
pub(super) struct Name {
    pub(super) display: &'static str,
    pub(super) address: &'static str,
}

const fn name(display: &'static str, address: &'static str) -> Name {
    Name { display, address }
}

pub(super) const FIRST_NAMES: &[Name] = &[
    name("Zoë", "zoe"),
    name("Ægir", "aegir"),
    name("Ines", "ines"),
    name("Łucja", "lucja"),
    name("Søren", "soeren"),
    name("Anaïs", "anais"),
    name("Jürgen", "juergen"),
    name("Nuño", "nuno"),
    name("Ada-Lou", "ada-lou"),
    name("Ωmega", "omega"),
    name("美例", "mirei"),
    name("Bo", "bo"),
];

pub(super) const LAST_NAMES: &[Name] = &[
    name("Testperson", "testperson"),
    name("Beispiel", "beispiel"),
    name("O'Sample", "osample"),
    name("Mustermann", "mustermann"),
    name("Przykład", "przyklad"),
    name("de la Prueba", "delaprueba"),
    name("Exemple", "exemple"),
    name("Voorbeeld", "voorbeeld"),
    name("Specimen", "specimen"),
    name("Fictitious-Jones", "fictitious-jones"),
    name("Příkladová", "prikladova"),
    name("Esimerkki", "esimerkki"),
];

/// Companies, and the hosts they are found at.
pub(super) const COMPANIES: &[Name] = &[
    name("Sample, Test & Sons Ltd", "sample-test.example.com"),
    name("Beispiel Werke GmbH", "beispiel.example.org"),
    name("Exemplary Widgets Inc.", "widgets.example.com"),
    name("\"Quoted\" Holdings, LLC", "quoted.example.net"),
    name("Société Fictive SA", "fictive.example.org"),
    name("Acme Placeholder Co", "acme.example.com"),
    name("Przykład i Spółka", "przyklad.example.net"),
    name("Nonesuch Logistics", "nonesuch.example.com"),
    name("Imaginary Robotics", "robotics.example.net"),
    name("Mock, Dummy & Partners", "mock-dummy.example.org"),
    name("Ølværk Eksempel A/S", "eksempel.example.org"),
    name("Lorem Foods", "lorem.example.com"),
];

pub(super) const HEADLINES: &[&str] = &[
    "Head of Sampling at Sample, Test & Sons",
    "Building things that do not exist",
    "Speaker | Author of \"The Empty Cell\" | Dad",
    "Data quality, one row at a time\nOpinions are invented",
    "Hiring test engineers, everywhere & always",
    "Ex-Nonesuch. Now: fictional growth",
];

pub(super) const JOB_TITLES: &[&str] = &[
    "Software Engineer",
    "VP, Imaginary Sales",
    "Chief Sampling Officer",
    "Marketing Manager",
    "Data Analyst",
    "Director of Fictions",
    "Account Executive",
    "Head of People, EMEA",
    "Buyer",
    "Qualitätsprüferin",
];

pub(super) const SENIORITIES: &[&str] = &["entry", "senior", "manager", "director", "vp", "cxo"];

pub(super) const DEPARTMENTS: &[&str] =
    &["engineering", "sales", "marketing", "operations", "finance", "human resources", "product"];

pub(super) const INDUSTRIES: &[&str] = &[
    "computer software",
    "industrial automation",
    "food & beverages",
    "logistics, freight and storage",
    "financial services",
    "higher education",
    "renewables",
    "publishing",
];

pub(super) const INDUSTRY_GROUPS: &[&str] =
    &["Technology", "Manufacturing", "Consumer Goods", "Finance, Insurance", "Education"];

pub(super) const COMPANY_SIZES: &[&str] =
    &["1-10", "11-50", "51-200", "201-500", "501-1000", "1001-5000", "10000+"];

pub(super) const REVENUE_RANGES: &[&str] = &["$0-$1M", "$1M-$10M", "$10M-$50M", "$50M-$250M", "$250M+"];

pub(super) const DESCRIPTIONS: &[&str] = &[
    "Maker of samples, tests and other things that nobody has ever bought.",
    "We invent companies.\nThis is one of them, founded in a text editor.",
    "The \"leading\" supplier of placeholder goods, with offices in no city at all.",
    "Freight from nowhere to nowhere, on time; insured, tracked and imaginary.",
    "Foods without taste, smell or substance,\ndelivered cold.",
];

pub(super) const CITIES: &[&str] = &[
    "Sampleville",
    "Testburgh",
    "Musterstadt",
    "San Ejemplo",
    "Exempleville-sur-Mer",
    "Fictown",
    "Łódka Testowa",
    "Nowhere, Upper",
];

pub(super) const STATES: &[&str] = &["CA", "NY", "TX", "WA", "IL", "MA"];

pub(super) const COUNTRIES: &[&str] =
    &["United States", "Germany", "Denmark", "Poland", "Spain", "Korea, Republic of"];

pub(super) const STREETS: &[&str] =
    &["Example Street", "Testallee", "Rue de l'Exemple", "Specimen Road, Unit B"];

pub(super) const AGE_RANGES: &[&str] = &["18-24", "25-34", "35-44", "45-54", "55-64", "65+"];

pub(super) const GENDERS: &[&str] = &["female", "male", "other"];

pub(super) const INCOME_RANGES: &[&str] =
    &["$20,000-$44,999", "$45,000-$74,999", "$75,000-$149,999", "$150,000+"];

pub(super) const BOOLEANS: &[&str] = &["true", "false"];

/// What the audience is about.
pub(super) struct Topic {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    /// As the current generation nests it into a cell.
    pub(super) json: &'static str,
}

macro_rules! topic {
    ($id:literal, $name:literal, $industry:literal, $category:literal) => {
        Topic {
            id: $id,
            name: $name,
            json: concat!(
                r#"{"topicId":""#,
                $id,
                r#"","topicName":""#,
                $name,
                r#"","type":"b2b","industry":""#,
                $industry,
                r#"","category":""#,
                $category,
                r#""}"#
            ),
        }
    };
}

pub(super) const TOPICS: &[Topic] = &[
    topic!("topic-0101", "Sample Management", "Technology", "Quality"),
    topic!("topic-0102", "Test Data, Synthetic", "Technology", "Data"),
    topic!("topic-0203", "Büroklammern", "Consumer Goods", "Office"),
    topic!("topic-0304", "Imaginary Freight", "Logistics, Storage", "Transport"),
    topic!("topic-0405", "Placeholder Design", "Media", "Design"),
];

/// Shares of the audience's topics, as written and in hundredths.
pub(super) const TOPIC_OVERLAPS: &[(&str, u64)] =
    &[("0.2", 20), ("0.25", 25), ("0.4", 40), ("0.67", 67), ("0.75", 75), ("1", 100)];
