//! One made-up person, as the cells of a record.

use super::columns::Content;
use super::words::{self, Name, Topic};
use crate::dice::Dice;

/// The numeric cells of a record, as far as they are filled.
#[derive(Clone, Copy, Default)]
pub(crate) struct Numbers {
    pub(crate) score: Option<u64>,
    pub(crate) topic_overlap_hundredths: Option<u64>,
}

/// What several cells of a record have in common.
pub(super) struct Person {
    first: Name,
    last: Name,
    company: Name,
    /// Tells apart those who share a name.
    number: u64,
    topics: &'static [Topic],
    pub(super) numbers: Numbers,
}

impl Person {
    pub(super) fn draw(dice: &mut Dice) -> Self {
        Self {
            first: dice.pick(words::FIRST_NAMES),
            last: dice.pick(words::LAST_NAMES),
            company: dice.pick(words::COMPANIES),
            number: dice.below(1_000_000),
            topics: draw_topics(dice),
            numbers: Numbers::default(),
        }
    }

    /// Appends a cell's content, which is never empty.
    pub(super) fn write(&mut self, content: Content, dice: &mut Dice, cell: &mut Vec<u8>) {
        match content {
            // Random bits instead of a hash: nothing to look up, and no two records alike.
            Content::HashedEmail => push_hex(cell, 64, dice),
            Content::PersonId => push_hex(cell, 32, dice),
            Content::FirstName => push(cell, &[self.first.display]),
            Content::LastName => push(cell, &[self.last.display]),
            Content::FullName => push(cell, &[self.first.display, " ", self.last.display]),
            Content::BusinessEmail => self.push_business_email(cell),
            Content::PersonalEmail => self.push_personal_email(cell),
            Content::Emails => {
                push(cell, &["[\""]);
                self.push_business_email(cell);
                push(cell, &["\",\""]);
                self.push_personal_email(cell);
                push(cell, &["\"]"]);
            }
            Content::Phone => push_phone(cell, dice),
            Content::Phones => {
                push(cell, &["[\""]);
                push_phone(cell, dice);
                push(cell, &["\",\""]);
                push_phone(cell, dice);
                push(cell, &["\"]"]);
            }
            Content::ProfileUrl => self.push_handle(cell, "https://www.example.com/in/", "-"),
            Content::PhotoUrl => {
                self.push_handle(cell, "https://images.example.com/", "-");
                push(cell, &[".jpg"]);
            }
            Content::CompanyName => push(cell, &[self.company.display]),
            Content::CompanyDomain => push(cell, &[self.company.address]),
            Content::CompanyUrl => push(cell, &["https://www.example.com/company/", self.company.address]),
            Content::Address => {
                push_digits(cell, 1 + dice.below(999), 1);
                push(cell, &[" ", dice.pick(words::STREETS)]);
            }
            Content::Score => {
                let score = draw_score(dice);
                self.numbers.score = Some(score);
                push_digits(cell, score, 2);
            }
            Content::TopicOverlap => {
                let (written, hundredths) = dice.pick(words::TOPIC_OVERLAPS);
                self.numbers.topic_overlap_hundredths = Some(hundredths);
                push(cell, &[written]);
            }
            Content::Topics => push_list(cell, "", self.topics.iter().map(|topic| topic.json)),
            Content::TopicIds => push_list(cell, "\"", self.topics.iter().map(|topic| topic.id)),
            Content::TopicId => push(cell, &[self.topics[0].id]),
            Content::TopicName => push(cell, &[self.topics[0].name]),
            Content::Digits(count) => {
                let least = 10_u64.pow(u32::from(count) - 1);
                push_digits(cell, least + dice.below(9 * least), 1);
            }
            Content::Word(pool) => push(cell, &[dice.pick(pool)]),
        }
    }

    fn push_business_email(&self, cell: &mut Vec<u8>) {
        self.push_handle(cell, "", ".");
        push(cell, &["@", self.company.address]);
    }

    fn push_personal_email(&self, cell: &mut Vec<u8>) {
        self.push_handle(cell, "", "_");
        push(cell, &["@example.net"]);
    }

    fn push_handle(&self, cell: &mut Vec<u8>, before: &str, between: &str) {
        push(cell, &[before, self.first.address, between, self.last.address]);
        push_digits(cell, self.number, 1);
    }
}

/// One to three topics that stand side by side in the pool.
fn draw_topics(dice: &mut Dice) -> &'static [Topic] {
    let start = dice.index(words::TOPICS.len() - 2);
    let count = 1 + dice.index(3);
    &words::TOPICS[start..start + count]
}

/// Spread as in the audiences that the API documents: 16 of 100 below 70, 11 of 100 from 90.
fn draw_score(dice: &mut Dice) -> u64 {
    match dice.below(100) {
        0..16 => 50 + dice.below(20),
        16..89 => 70 + dice.below(20),
        _ => 90 + dice.below(10),
    }
}

fn push(cell: &mut Vec<u8>, parts: &[&str]) {
    for part in parts {
        cell.extend_from_slice(part.as_bytes());
    }
}

/// In the range that is reserved for fiction.
fn push_phone(cell: &mut Vec<u8>, dice: &mut Dice) {
    push(cell, &["+1-202-555-01"]);
    push_digits(cell, dice.below(100), 2);
}

/// `number` in at least `width` digits.
fn push_digits(cell: &mut Vec<u8>, number: u64, width: usize) {
    let mut digits = *b"00000000000000000000";
    let (mut start, mut rest) = (digits.len(), number);
    while rest > 0 {
        start -= 1;
        digits[start] = b"0123456789"[usize::from((rest % 10) as u8)];
        rest /= 10;
    }
    cell.extend_from_slice(&digits[start.min(digits.len() - width)..]);
}

/// `length` random hexadecimal digits; a multiple of 16.
fn push_hex(cell: &mut Vec<u8>, length: usize, dice: &mut Dice) {
    for _ in 0..length / 16 {
        let mut digits = [0; 16];
        // Nothing fails that has room.
        cell.extend_from_slice(
            base16ct::lower::encode(&dice.bits().to_be_bytes(), &mut digits).unwrap_or_default(),
        );
    }
}

fn push_list<'a>(cell: &mut Vec<u8>, quote: &str, entries: impl Iterator<Item = &'a str>) {
    let mut before = "[";
    for entry in entries {
        push(cell, &[before, quote, entry, quote]);
        before = ",";
    }
    push(cell, &["]"]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_padded_to_the_width_and_never_cut() {
        for (number, width, expected) in
            [(0, 1, "0"), (0, 2, "00"), (7, 2, "07"), (123, 2, "123"), (u64::MAX, 1, "18446744073709551615")]
        {
            let mut cell = Vec::new();
            push_digits(&mut cell, number, width);
            assert_eq!(cell, expected.as_bytes());
        }
    }

    #[test]
    fn lists_are_json() {
        let mut cell = Vec::new();
        push_list(&mut cell, "\"", ["a", "b"].into_iter());
        assert_eq!(cell, br#"["a","b"]"#);
    }
}
