//! Rows as the previous generation has them: flat, always with the same members.

use csv::ByteRecord;
use fillrate::Columns;
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::cell::{Cell, Kind};

/// The members of a row, in the order of the documentation.
const MEMBERS: [&str; 55] = [
    "personId",
    "intentScore",
    "topicId",
    "topicName",
    "matchedTopicIds",
    "topicOverlap",
    "email",
    "firstName",
    "lastName",
    "jobTitle",
    "jobTitleNormalized",
    "seniority",
    "department",
    "subdepartments",
    "jobFunctions",
    "headline",
    "company",
    "companyDomain",
    "companyIndustry",
    "companySize",
    "companyRevenue",
    "companyRevenueRange",
    "companyCity",
    "companyState",
    "companyZip",
    "companyCountry",
    "companyLinkedinUrl",
    "companyDescription",
    "companyNaics",
    "companySic",
    "city",
    "state",
    "zip",
    "address",
    "personalCountry",
    "linkedinUrl",
    "photoUrl",
    "ageRange",
    "gender",
    "incomeRange",
    "netWorth",
    "hasChildren",
    "isHomeowner",
    "isMarried",
    "isB2b",
    "isB2c",
    "phones",
    "directNumbers",
    "mobilePhones",
    "personalPhones",
    "emails",
    "personalEmail",
    "personalEmails",
    "businessEmails",
    "businessEmail",
];

/// What stands for a person where there is no `personId`.
const OTHER_ID: &str = "hashedEmail";

/// Which column each member is in; what is in none is null.
#[derive(Debug)]
pub(super) struct Layout(Vec<(&'static str, Option<usize>, Kind)>);

impl Layout {
    pub(super) fn of(columns: &Columns) -> Self {
        let column = |name| columns.find(name).column();
        let place = |name: &'static str| {
            let found = column(name).or_else(|| column(OTHER_ID).filter(|_| name == "personId"));
            (name, found, Kind::of(name))
        };
        Self(MEMBERS.into_iter().map(place).collect())
    }
}

/// A record in its layout.
pub(super) struct Flat<'a> {
    pub(super) layout: &'a Layout,
    pub(super) record: &'a ByteRecord,
}

impl Serialize for Flat<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let record = self.record;
        let mut row = serializer.serialize_map(Some(self.layout.0.len()))?;
        for &(name, column, kind) in &self.layout.0 {
            // Behind the last column of every record.
            let column = column.unwrap_or(usize::MAX);
            row.serialize_entry(name, &Cell { record, column, kind })?;
        }
        row.end()
    }
}
