//! Which exports are added up together.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ffi::OsString;
use std::path::Path;

use fillrate::{Bucket, Combined, Counters, Result};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::counted::Counted;
use crate::record::Record;

/// What the exports of a group have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupBy {
    /// The audience, as the reports or the path say.
    Audience,
    /// The day in UTC on which the run was completed, or else that its data is of, as the reports say.
    Day,
    /// The folder that the CSV lies in.
    Folder,
}

/// The exports of one group.
#[derive(Debug)]
pub struct Group {
    /// The audience, the day or the folder; `None` for the exports where it cannot be told.
    pub name: Option<String>,
    /// Their figures.
    pub figures: Combined,
}

impl GroupBy {
    /// The name in all outputs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Audience => "audience",
            Self::Day => "day",
            Self::Folder => "folder",
        }
    }

    /// The group of an export. Two folders whose names are no UTF-8 may look the same, and are two.
    fn of(self, path: &Path, record: &Record, counted: &Counted) -> Option<OsString> {
        match self {
            Self::Audience => record.audience_id.clone().map(OsString::from),
            Self::Day => counted.time.map(|time| time.day().to_string().into()),
            Self::Folder => {
                let folder = path.parent()?;
                Some(if folder == Path::new("") { ".".into() } else { folder.into() })
            }
        }
    }
}

/// Counters by group.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    known: BTreeMap<OsString, Counters>,
    unknown: Option<Counters>,
}

impl Groups {
    pub(crate) fn add(&mut self, by: GroupBy, path: &Path, record: &Record, counted: &Counted) -> Result<()> {
        match by.of(path, record, counted) {
            None => merge(&mut self.unknown, &counted.counters),
            Some(name) => match self.known.entry(name) {
                Entry::Occupied(mut counters) => counters.get_mut().merge(&counted.counters),
                Entry::Vacant(place) => {
                    place.insert(counted.counters.clone());
                    Ok(())
                }
            },
        }
    }

    /// In the order of their names, and what cannot be told last; computed on the threads of this pool.
    pub(crate) fn figures(self, buckets: &[Bucket]) -> Result<Vec<Group>> {
        let known = self
            .known
            .into_iter()
            .map(|(name, counters)| (Some(name.to_string_lossy().into_owned()), counters));
        let all: Vec<_> = known.chain(self.unknown.map(|counters| (None, counters))).collect();
        let group = |(name, counters): (_, Counters)| Ok(Group { name, figures: counters.figures(buckets)? });
        all.into_par_iter().map(group).collect()
    }
}

/// Adds counters to others, if there are any yet.
pub(crate) fn merge(into: &mut Option<Counters>, counters: &Counters) -> Result<()> {
    if let Some(into) = into {
        return into.merge(counters);
    }
    *into = Some(counters.clone());
    Ok(())
}
