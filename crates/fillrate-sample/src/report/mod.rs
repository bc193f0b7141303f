//! The API's two answers about a sample.

mod current;
mod facts;
mod falsify;
mod previous;

use std::io;
use std::path::Path;

use serde::{Serialize, Serializer};

use crate::measure::Measure;
use crate::tally::Tally;
use crate::{Error, HeaderStyle, Sample, files};
use facts::Facts;

pub(crate) use falsify::check_reported;

/// Both answers, as JSON texts.
pub(crate) struct Reports {
    pub(crate) stats_json: String,
    pub(crate) export_json: String,
}

impl Reports {
    pub(crate) fn new(sample: &Sample, tally: &Tally, intact: Measure) -> Result<Self, Error> {
        let mut facts = Facts::new(sample, tally, intact);
        falsify::falsify(&mut facts, sample)?;
        match sample.header {
            HeaderStyle::Flat => Self::from_answers(&previous::stats(&facts), &previous::export(&facts)),
            HeaderStyle::Dotted | HeaderStyle::Snake | HeaderStyle::Camel => {
                Self::from_answers(&current::stats(&facts), &current::export(&facts))
            }
        }
    }

    fn from_answers(stats: &impl Serialize, export: &impl Serialize) -> Result<Self, Error> {
        Ok(Self { stats_json: answer(files::STATS, stats)?, export_json: answer(files::EXPORT, export)? })
    }
}

/// The whole HTTP answer that carries `data`.
fn answer(file: &str, data: &impl Serialize) -> Result<String, Error> {
    #[derive(Serialize)]
    struct Answer<'a, T> {
        data: &'a T,
    }
    let json = serde_json::to_string_pretty(&Answer { data }).map_err(io::Error::from);
    Ok(json.map_err(Error::write(Path::new(file)))? + "\n")
}

/// Entries as one JSON object, in their order.
fn as_object<T: Serialize, S: Serializer>(
    entries: impl AsRef<[(&'static str, T)]>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(entries.as_ref().iter().map(|(field, value)| (field, value)))
}
