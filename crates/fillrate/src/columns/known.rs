//! The field names that the API documents, in both generations, and how spellings of one name are recognised.

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

/// Names that mean the same field, folded. `intentScore` folds to the same as `intent.score`.
const ALIASES: [[&str; 2]; 3] =
    [["company", "companyname"], ["topicoverlap", "intenttopicoverlap"], ["score", "intentscore"]];

/// A name without what spellings differ in: case, and the separators `.`, `_`, `-` and space.
pub(super) fn fold(name: &str) -> String {
    folded(name).collect()
}

fn folded(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| !matches!(c, '.' | '_' | '-' | ' ')).flat_map(char::to_lowercase)
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
    let is = |current: &str, name: &str| folded(current).eq(name.chars());
    CURRENT
        .into_iter()
        .find(|current| is(current, name))
        .or_else(|| CURRENT.into_iter().find(|current| aliases(name).iter().any(|alias| is(current, alias))))
}

/// Whether either generation of the API has a field with this folded name.
pub(super) fn is_known(name: &str) -> bool {
    CURRENT.into_iter().chain(PREVIOUS).any(|known| folded(known).eq(name.chars()))
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
