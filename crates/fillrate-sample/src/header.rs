//! How the header spells the API's field names. The vendor does not say, so every spelling can be had.

use std::fmt;
use std::str::FromStr;

use crate::Error;

/// How the header of a sample spells the API's field names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HeaderStyle {
    /// Dotted paths, as the stats spell them: `company.name`.
    #[default]
    Dotted,
    /// `company_name`.
    Snake,
    /// `companyName`.
    Camel,
    /// The flat field list of the API's previous generation. Both reports then have that generation's shape too.
    Flat,
}

impl HeaderStyle {
    /// Every style, in the order in which help texts list them.
    pub const ALL: [Self; 4] = [Self::Dotted, Self::Snake, Self::Camel, Self::Flat];

    /// The name that [`FromStr`] accepts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dotted => "dotted",
            Self::Snake => "snake",
            Self::Camel => "camel",
            Self::Flat => "flat",
        }
    }

    /// The header cell of the API's field `field`.
    pub(crate) fn spell(self, field: &str) -> String {
        match self {
            Self::Dotted | Self::Flat => field.to_owned(),
            Self::Snake => snake(field),
            Self::Camel => camel(field),
        }
    }
}

impl fmt::Display for HeaderStyle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for HeaderStyle {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let style = Self::ALL.into_iter().find(|style| style.name() == name);
        style.ok_or_else(|| Error::UnknownHeader { name: name.to_owned() })
    }
}

fn snake(field: &str) -> String {
    let mut spelled = String::with_capacity(field.len() + 4);
    for letter in field.chars() {
        match letter {
            '.' => spelled.push('_'),
            'A'..='Z' => spelled.extend(['_', letter.to_ascii_lowercase()]),
            _ => spelled.push(letter),
        }
    }
    spelled
}

fn camel(field: &str) -> String {
    let mut spelled = String::with_capacity(field.len());
    let mut after_dot = false;
    for letter in field.chars() {
        if letter == '.' {
            after_dot = true;
        } else {
            spelled.push(if after_dot { letter.to_ascii_uppercase() } else { letter });
            after_dot = false;
        }
    }
    spelled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_style_spells_nested_and_compound_names() {
        let spelled = |field| HeaderStyle::ALL.map(|style| style.spell(field));
        assert_eq!(spelled("phone"), ["phone"; 4]);
        assert_eq!(spelled("hashedEmail"), ["hashedEmail", "hashed_email", "hashedEmail", "hashedEmail"]);
        assert_eq!(
            spelled("company.industryGroup"),
            [
                "company.industryGroup",
                "company_industry_group",
                "companyIndustryGroup",
                "company.industryGroup"
            ]
        );
    }

    #[test]
    fn names_are_read_back_and_others_refused_with_the_list() {
        for style in HeaderStyle::ALL {
            assert_eq!(style.to_string().parse::<HeaderStyle>().unwrap(), style);
        }
        let refusal = "kebab".parse::<HeaderStyle>().unwrap_err().to_string();
        assert_eq!(refusal, r#"unknown header "kebab"; choose one of dotted, snake, camel, flat"#);
    }
}
