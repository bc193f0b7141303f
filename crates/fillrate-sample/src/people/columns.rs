//! The columns of both generations of the API: what they hold, and how often.

use super::words;

/// What a column's cells are made of.
#[derive(Clone, Copy)]
pub(super) enum Content {
    HashedEmail,
    PersonId,
    FirstName,
    LastName,
    FullName,
    BusinessEmail,
    PersonalEmail,
    /// Both addresses, as a JSON array.
    Emails,
    Phone,
    /// Two numbers, as a JSON array.
    Phones,
    ProfileUrl,
    PhotoUrl,
    CompanyName,
    CompanyDomain,
    CompanyUrl,
    Address,
    Score,
    TopicOverlap,
    /// The topics of the record, as a JSON array of objects.
    Topics,
    TopicIds,
    TopicId,
    TopicName,
    /// A number of that many digits.
    Digits(u8),
    /// One of a pool.
    Word(&'static [&'static str]),
}

/// A column of the export.
pub(crate) struct Column {
    /// The API's name for it, as the stats spell it.
    pub(crate) field: &'static str,
    /// How many of a thousand cells are filled.
    pub(super) per_mille: u16,
    pub(super) content: Content,
}

const fn column(field: &'static str, per_mille: u16, content: Content) -> Column {
    Column { field, per_mille, content }
}

pub(super) const CURRENT: &[Column] = &[
    column("hashedEmail", 1_000, Content::HashedEmail),
    column("firstName", 682, Content::FirstName),
    column("lastName", 679, Content::LastName),
    column("fullName", 679, Content::FullName),
    column("businessEmail", 441, Content::BusinessEmail),
    column("personalEmail", 713, Content::PersonalEmail),
    column("email", 998, Content::PersonalEmail),
    column("primaryContactEmail", 964, Content::BusinessEmail),
    column("phone", 287, Content::Phone),
    column("linkedinUrl", 377, Content::ProfileUrl),
    column("headline", 312, Content::Word(words::HEADLINES)),
    column("jobTitle", 391, Content::Word(words::JOB_TITLES)),
    column("seniority", 374, Content::Word(words::SENIORITIES)),
    column("department", 368, Content::Word(words::DEPARTMENTS)),
    column("company.name", 464, Content::CompanyName),
    column("company.domain", 452, Content::CompanyDomain),
    column("company.industry", 428, Content::Word(words::INDUSTRIES)),
    column("company.industryGroup", 403, Content::Word(words::INDUSTRY_GROUPS)),
    column("company.size", 411, Content::Word(words::COMPANY_SIZES)),
    column("company.revenueRange", 296, Content::Word(words::REVENUE_RANGES)),
    column("company.city", 382, Content::Word(words::CITIES)),
    column("company.state", 371, Content::Word(words::STATES)),
    column("company.country", 419, Content::Word(words::COUNTRIES)),
    column("company.linkedinUrl", 334, Content::CompanyUrl),
    column("company.description", 248, Content::Word(words::DESCRIPTIONS)),
    column("company.naics", 217, Content::Digits(6)),
    column("city", 604, Content::Word(words::CITIES)),
    column("state", 611, Content::Word(words::STATES)),
    column("zip", 587, Content::Digits(5)),
    column("country", 655, Content::Word(words::COUNTRIES)),
    column("ageRange", 523, Content::Word(words::AGE_RANGES)),
    column("gender", 548, Content::Word(words::GENDERS)),
    column("incomeRange", 437, Content::Word(words::INCOME_RANGES)),
    column("intent.score", 1_000, Content::Score),
    column("intent.topicOverlap", 985, Content::TopicOverlap),
    column("intent.matchedTopics", 973, Content::Topics),
];

pub(super) const PREVIOUS: &[Column] = &[
    column("personId", 1_000, Content::PersonId),
    column("intentScore", 1_000, Content::Score),
    column("topicId", 992, Content::TopicId),
    column("topicName", 992, Content::TopicName),
    column("matchedTopicIds", 973, Content::TopicIds),
    column("topicOverlap", 985, Content::TopicOverlap),
    column("email", 998, Content::PersonalEmail),
    column("firstName", 682, Content::FirstName),
    column("lastName", 679, Content::LastName),
    column("jobTitle", 391, Content::Word(words::JOB_TITLES)),
    column("jobTitleNormalized", 355, Content::Word(words::JOB_TITLES)),
    column("seniority", 374, Content::Word(words::SENIORITIES)),
    column("department", 368, Content::Word(words::DEPARTMENTS)),
    column("subdepartments", 201, Content::Word(words::DEPARTMENTS)),
    column("jobFunctions", 233, Content::Word(words::DEPARTMENTS)),
    column("headline", 312, Content::Word(words::HEADLINES)),
    column("company", 464, Content::CompanyName),
    column("companyDomain", 452, Content::CompanyDomain),
    column("companyIndustry", 428, Content::Word(words::INDUSTRIES)),
    column("companySize", 411, Content::Word(words::COMPANY_SIZES)),
    column("companyRevenue", 187, Content::Digits(8)),
    column("companyRevenueRange", 296, Content::Word(words::REVENUE_RANGES)),
    column("companyCity", 382, Content::Word(words::CITIES)),
    column("companyState", 371, Content::Word(words::STATES)),
    column("companyZip", 344, Content::Digits(5)),
    column("companyCountry", 419, Content::Word(words::COUNTRIES)),
    column("companyLinkedinUrl", 334, Content::CompanyUrl),
    column("companyDescription", 248, Content::Word(words::DESCRIPTIONS)),
    column("companyNaics", 217, Content::Digits(6)),
    column("companySic", 209, Content::Digits(4)),
    column("city", 604, Content::Word(words::CITIES)),
    column("state", 611, Content::Word(words::STATES)),
    column("zip", 587, Content::Digits(5)),
    column("address", 402, Content::Address),
    column("personalCountry", 655, Content::Word(words::COUNTRIES)),
    column("linkedinUrl", 377, Content::ProfileUrl),
    column("photoUrl", 96, Content::PhotoUrl),
    column("ageRange", 523, Content::Word(words::AGE_RANGES)),
    column("gender", 548, Content::Word(words::GENDERS)),
    column("incomeRange", 437, Content::Word(words::INCOME_RANGES)),
    column("netWorth", 318, Content::Word(words::REVENUE_RANGES)),
    column("hasChildren", 276, Content::Word(words::BOOLEANS)),
    column("isHomeowner", 431, Content::Word(words::BOOLEANS)),
    column("isMarried", 389, Content::Word(words::BOOLEANS)),
    column("isB2b", 940, Content::Word(words::BOOLEANS)),
    column("isB2c", 940, Content::Word(words::BOOLEANS)),
    column("phones", 341, Content::Phones),
    column("directNumbers", 118, Content::Phone),
    column("mobilePhones", 254, Content::Phones),
    column("personalPhones", 163, Content::Phone),
    column("emails", 998, Content::Emails),
    column("personalEmail", 713, Content::PersonalEmail),
    column("personalEmails", 713, Content::Emails),
    column("businessEmails", 441, Content::Emails),
    column("businessEmail", 441, Content::BusinessEmail),
];
