//! Who is in a sample: records drawn one by one, the same ones whatever the sample's size and defects.

mod columns;
mod person;
mod words;

pub(crate) use columns::Column;
pub(crate) use person::Numbers;

use crate::HeaderStyle;
use crate::dice::{Dice, Stream};
use crate::record::Record;
use person::Person;

/// The columns of one generation of the API.
#[derive(Clone, Copy)]
pub(crate) struct Schema {
    pub(crate) columns: &'static [Column],
    pub(crate) score: &'static str,
    pub(crate) topic_overlap: &'static str,
}

impl Schema {
    pub(crate) fn new(header: HeaderStyle) -> Self {
        match header {
            HeaderStyle::Dotted | HeaderStyle::Snake | HeaderStyle::Camel => Self {
                columns: columns::CURRENT,
                score: "intent.score",
                topic_overlap: "intent.topicOverlap",
            },
            HeaderStyle::Flat => {
                Self { columns: columns::PREVIOUS, score: "intentScore", topic_overlap: "topicOverlap" }
            }
        }
    }

    pub(crate) fn position(&self, field: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.field == field)
    }
}

/// Draws records without end.
pub(crate) struct People {
    schema: Schema,
    dice: Dice,
}

impl People {
    pub(crate) fn new(schema: Schema, seed: u64) -> Self {
        Self { schema, dice: Dice::new(seed, Stream::Records) }
    }

    /// Replaces `record` by the next one, and says which numbers are in it.
    pub(crate) fn draw(&mut self, record: &mut Record) -> Numbers {
        record.clear();
        let mut person = Person::draw(&mut self.dice);
        for column in self.schema.columns {
            if self.dice.chance(column.per_mille) {
                person.write(column.content, &mut self.dice, record.open_cell());
            }
            record.end_cell();
        }
        person.numbers
    }
}
