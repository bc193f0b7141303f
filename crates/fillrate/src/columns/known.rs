//! The field names that the API documents, in both generations, and how spellings of one name are recognised.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The current generation's names: dotted paths into a result row.
const CURRENT: [&str; 21] = [
    "hashedEmail",
    "firstName",
    "lastName",
    "fullName",
    "businessEmail",
    "personalEmail",
    "email",
    "primaryContactEmail",
    "phone",
    "linkedinUrl",
    "headline",
    "jobTitle",
    "seniority",
    "department",
    "company.name",
    "company.domain",
    "company.industry",
    "company.industryGroup",
    "intent.score",
    "intent.topicOverlap",
    "intent.matchedTopics",
];

/// The previous generation's names, but for those that fold to a current one.
const PREVIOUS: [&str; 43] = [
    "personId",
    "topicId",
    "topicName",
    "matchedTopicIds",
    "jobTitleNormalized",
    "subdepartments",
    "jobFunctions",
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
    "personalEmails",
    "businessEmails",
    "company",
    "score",
    "topicOverlap",
];

/// The known names whose values identify people, or nearly so: a headline is as unique as a name.
const PERSONAL: [&str; 22] = [
    "hashedEmail",
    "firstName",
    "lastName",
    "fullName",
    "businessEmail",
    "personalEmail",
    "email",
    "primaryContactEmail",
    "phone",
    "linkedinUrl",
    "headline",
    "personId",
    "zip",
    "address",
    "photoUrl",
    "phones",
    "directNumbers",
    "mobilePhones",
    "personalPhones",
    "emails",
    "personalEmails",
    "businessEmails",
];

/// What is in the folded names of other columns that identify people.
const PERSONAL_PARTS: [&str; 6] = ["email", "phone", "mobile", "firstname", "lastname", "surname"];

/// Names that mean the same field, folded. `intentScore` folds to the same as `intent.score`.
const ALIASES: [[&str; 2]; 3] =
    [["company", "companyname"], ["topicoverlap", "intenttopicoverlap"], ["score", "intentscore"]];

/// By folded name, all that are known: the current generation's name for it, if there is one. Looking names up in a list
/// took a fifth of the time of a file of 20,000 columns.
static KNOWN: LazyLock<HashMap<String, Option<&str>>> = LazyLock::new(|| {
    let mut known: HashMap<_, _> = CURRENT.into_iter().map(|name| (fold(name), Some(name))).collect();
    for name in PREVIOUS.map(fold) {
        let current = aliases(&name).iter().find_map(|&alias| known.get(alias).copied().flatten());
        known.insert(name, current);
    }
    known
});

/// A name without what spellings differ in: case, and the separators `.`, `_`, `-` and space.
pub(super) fn fold(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '.' | '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
}

/// The folded names that mean the same field as a folded name, itself included; none for most.
pub(super) fn aliases(name: &str) -> &'static [&'static str] {
    ALIASES.iter().find(|names| names.contains(&name)).map_or(&[], |names| names.as_slice())
}

/// Whether two folded names mean the same field.
pub(super) fn is_same(a: &str, b: &str) -> bool {
    a == b || aliases(a).contains(&b)
}

/// The current generation's name for a folded name.
pub(super) fn current(name: &str) -> Option<&'static str> {
    KNOWN.get(name).copied().flatten()
}

/// Whether either generation of the API has a field with this folded name.
pub(super) fn is_known(name: &str) -> bool {
    KNOWN.contains_key(name)
}

/// Whether the values of a column with this folded name identify people.
pub(super) fn is_personal(name: &str) -> bool {
    let has_part = || PERSONAL_PARTS.iter().any(|part| name.contains(part));
    PERSONAL.iter().any(|personal| fold(personal) == name) || !is_known(name) && has_part()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_known_names_fold_alike() {
        let mut names: Vec<String> = CURRENT.into_iter().chain(PREVIOUS).map(fold).collect();
        names.sort_unstable();
        assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
    }

    #[test]
    fn personal_names_are_known_ones() {
        assert!(PERSONAL.iter().all(|name| is_known(&fold(name))));
    }

    #[test]
    fn aliases_lead_to_the_current_name() {
        for (name, expected) in [
            ("company", Some("company.name")),
            ("score", Some("intent.score")),
            ("intentscore", Some("intent.score")),
            ("topicoverlap", Some("intent.topicOverlap")),
            ("hashedemail", Some("hashedEmail")),
            ("companysize", None),
            ("emails", None),
        ] {
            assert_eq!(current(name), expected, "{name}");
        }
    }
}
