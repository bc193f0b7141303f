//! Which format a file gets.

use std::path::Path;

/// The formats, by the ending of a file's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `.parquet`
    Parquet,
    /// `.arrow`: the file format of Arrow IPC.
    Arrow,
    /// `.csv`
    Csv,
    /// `.ndjson`: one JSON object a line.
    Ndjson,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Parquet, Self::Arrow, Self::Csv, Self::Ndjson];

    /// The ending.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Arrow => "arrow",
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
        }
    }

    /// The format that a file's name asks for, in whatever case.
    ///
    /// ```
    /// use fillrate_columns::Format;
    /// assert_eq!(Format::of("results.PARQUET".as_ref()), Some(Format::Parquet));
    /// assert_eq!(Format::of("results.xlsx".as_ref()), None);
    /// ```
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?;
        Self::ALL.into_iter().find(|format| format.name().eq_ignore_ascii_case(ending))
    }
}
