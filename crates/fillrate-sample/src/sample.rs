//! What a sample is to be like, and a sample in memory.

use std::path::Path;

use crate::report::Reports;
use crate::{Defect, DefectKind, Error, HeaderStyle, files, generate};

/// How large a sample is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Size {
    /// That many records.
    Records(u64),
    /// As many records as it takes to reach that many bytes of CSV.
    Bytes(u64),
}

impl Size {
    pub(crate) fn is_reached(self, records: u64, bytes: u64) -> bool {
        match self {
            Self::Records(wanted) => records >= wanted,
            Self::Bytes(wanted) => bytes >= wanted,
        }
    }
}

/// What a made-up audience is to be like. The same sample gives the same bytes everywhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sample {
    /// How large it is, as far as the API knows.
    pub size: Size,
    /// What its records are drawn from.
    pub seed: u64,
    /// How its header is spelled, and with it which generation of the API it comes from.
    pub header: HeaderStyle,
    /// What is wrong with it. Amounts of the same kind add up, the order does not matter, and no record has two.
    pub defects: Vec<Defect>,
}

impl Default for Sample {
    /// 1,000 records with dotted names and nothing wrong.
    fn default() -> Self {
        Self { size: Size::Records(1_000), seed: 0, header: HeaderStyle::Dotted, defects: Vec::new() }
    }
}

/// A sample in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Audience {
    /// The export.
    pub csv: Vec<u8>,
    /// The API's answer about the run: its stats.
    pub stats_json: String,
    /// The API's answer about the export: its record.
    pub export_json: String,
    /// How many records the API exported.
    pub records: u64,
}

impl Sample {
    /// Makes the sample in memory, for tests and benchmarks.
    ///
    /// # Errors
    ///
    /// If a defect asks for more than the sample has, or for a number that its generation does not report.
    pub fn in_memory(&self) -> Result<Audience, Error> {
        let mut csv = Vec::new();
        let finished = generate::run(self, &mut csv, Path::new(files::CSV))?;
        csv.truncate(usize::try_from(finished.length).unwrap_or(usize::MAX));
        let Reports { stats_json, export_json } = finished.reports;
        Ok(Audience { csv, stats_json, export_json, records: finished.records })
    }

    /// How much of a kind is asked for in all; 0 if nothing.
    pub(crate) fn amount(&self, kind: DefectKind) -> u64 {
        let amounts =
            self.defects.iter().filter(|defect| defect.kind() == kind).map(|defect| defect.amount());
        amounts.fold(0, u64::saturating_add)
    }
}
