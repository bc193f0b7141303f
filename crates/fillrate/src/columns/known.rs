//! The field names that the API documents, in both generations, and how spellings of one name are recognised.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Whose values a field has: those of people identify them, or nearly so, and a headline is as unique as a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    People,
    Others,
}
use Of::{Others, People};

/// The current generation's names: dotted paths into a result row.
const CURRENT: [(&str, Of); 21] = [
    ("hashedEmail", People),
    ("firstName", People),
    ("lastName", People),
    ("fullName", People),
    ("businessEmail", People),
    ("personalEmail", People),
    ("email", People),
    ("primaryContactEmail", People),
    ("phone", People),
    ("linkedinUrl", People),
    ("headline", People),
    ("jobTitle", Others),
    ("seniority", Others),
    ("department", Others),
    ("company.name", Others),
    ("company.domain", Others),
    ("company.industry", Others),
    ("company.industryGroup", Others),
    ("intent.score", Others),
    ("intent.topicOverlap", Others),
    ("intent.matchedTopics", Others),
];

/// The previous generation's names, but for those that fold to a current one.
const PREVIOUS: [(&str, Of); 43] = [
    ("personId", People),
    ("topicId", Others),
    ("topicName", Others),
    ("matchedTopicIds", Others),
    ("jobTitleNormalized", Others),
    ("subdepartments", Others),
    ("jobFunctions", Others),
    ("companySize", Others),
    ("companyRevenue", Others),
    ("companyRevenueRange", Others),
    ("companyCity", Others),
    ("companyState", Others),
    ("companyZip", Others),
    ("companyCountry", Others),
    ("companyLinkedinUrl", Others),
    ("companyDescription", Others),
    ("companyNaics", Others),
    ("companySic", Others),
    ("city", Others),
    ("state", Others),
    ("zip", People),
    ("address", People),
    ("personalCountry", Others),
    ("photoUrl", People),
    ("ageRange", Others),
    ("gender", Others),
    ("incomeRange", Others),
    ("netWorth", Others),
    ("hasChildren", Others),
    ("isHomeowner", Others),
    ("isMarried", Others),
    ("isB2b", Others),
    ("isB2c", Others),
    ("phones", People),
    ("directNumbers", People),
    ("mobilePhones", People),
    ("personalPhones", People),
    ("emails", People),
    ("personalEmails", People),
    ("businessEmails", People),
    ("company", Others),
    ("score", Others),
    ("topicOverlap", Others),
];

/// What is in the folded names of other columns that identify people.
const PERSONAL_PARTS: [&str; 19] = [
    "birth",
    "cellnumber",
    "contactname",
    "familyname",
    "firstname",
    "forename",
    "fullname",
    "givenname",
    "headline",
    "ipaddr",
    "lastname",
    "mail",
    "mobile",
    "passport",
    "personid",
    "phone",
    "photo",
    "surname",
    "username",
];

/// And where they are, unless it is a company that is there.
const PLACES: [&str; 5] = ["address", "linkedin", "postal", "street", "zip"];

/// Other names that are wholly theirs: as a part of another one they mean something else. Without digits at the end, as in
/// `sha256`.
const PERSONAL_WHOLES: [&str; 13] = [
    "cell", "contact", "dob", "fax", "hem", "ip", "maid", "name", "postcode", "sha", "ssn", "twitter",
    "userid",
];

/// Names that mean the same field, folded. `intentScore` folds to the same as `intent.score`.
const ALIASES: [[&str; 2]; 3] =
    [["company", "companyname"], ["topicoverlap", "intenttopicoverlap"], ["score", "intentscore"]];

/// By folded name, all that are known: whose values they have, and the current generation's name, if there is one. Looking
/// names up in a list took a fifth of the time of a file of 20,000 columns.
static KNOWN: LazyLock<HashMap<String, (Of, Option<&str>)>> = LazyLock::new(|| {
    let mut known: HashMap<_, _> =
        CURRENT.into_iter().map(|(name, of)| (fold(name), (of, Some(name)))).collect();
    for (name, of) in PREVIOUS.map(|(name, of)| (fold(name), of)) {
        let current = aliases(&name).iter().find_map(|&alias| known.get(alias)?.1);
        known.insert(name, (of, current));
    }
    known
});

/// A name without what spellings differ in: case, and the separators `.`, `_`, `-` and space.
pub(super) fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for c in name.chars().filter(|c| !matches!(c, '.' | '_' | '-' | ' ')) {
        // The same for ASCII, and faster: a batch folds the names of every file.
        if c.is_ascii() {
            folded.push(c.to_ascii_lowercase());
        } else {
            folded.extend(c.to_lowercase());
        }
    }
    folded
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
    KNOWN.get(name)?.1
}

/// Whether either generation of the API has a field with this folded name.
pub(super) fn is_known(name: &str) -> bool {
    KNOWN.contains_key(name)
}

/// Whether the values of a column with this folded name identify people.
pub(super) fn is_personal(name: &str) -> bool {
    // As in `headline#2` or `address1`.
    let name = name.trim_end_matches(|c: char| c == '#' || c.is_ascii_digit());
    if let Some((of, _)) = KNOWN.get(name) {
        return *of == People;
    }
    let has = |part: &&str| name.contains(*part);
    PERSONAL_WHOLES.contains(&name)
        || PERSONAL_PARTS.iter().any(has)
        || !name.starts_with("company") && PLACES.iter().any(has)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_known_names_fold_alike() {
        let mut names: Vec<String> =
            CURRENT.into_iter().chain(PREVIOUS).map(|(name, _)| fold(name)).collect();
        names.sort_unstable();
        assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
    }

    #[test]
    fn personal_names_are_known_ones() {
        let personal = CURRENT.into_iter().chain(PREVIOUS).filter(|(_, of)| *of == People);
        let personal: Vec<String> = personal.map(|(name, _)| fold(name)).collect();
        assert!(personal.iter().all(|name| is_known(name) && is_personal(name)));
        assert_eq!(personal.len(), 22);
    }

    #[test]
    fn names_that_the_api_does_not_have_are_personal_by_their_parts() {
        for name in [
            "name",
            "contact name",
            "linkedin",
            "mail",
            "address1",
            "zip_code",
            "postal_code",
            "dob",
            "ssn",
            "fullName2",
            "person_id_2",
            "headline#2",
            "photo",
            "cell_number",
            "given_name",
            "familyName",
            "street",
            "ip_address",
            "hashed_mail",
            "ip",
            "postcode",
            "SHA-256",
            "user_id",
        ] {
            assert!(is_personal(&fold(name)), "{name}");
        }
        for name in
            ["topic.name", "company.name", "company_postal_code", "companyStreet", "plan", "seniority2"]
        {
            assert!(!is_personal(&fold(name)), "{name}");
        }
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
