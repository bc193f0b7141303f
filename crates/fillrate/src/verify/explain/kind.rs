//! The kinds of explanations: one table.

use serde::{Serialize, Serializer};

/// Declares [`ExplanationKind`] and what is known of each kind, so that the two cannot drift apart.
macro_rules! kinds {
    ($($kind:ident, $name:literal, $description:literal;)+) => {
        /// Why a reported value may differ from the computed one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ExplanationKind {
            $(#[doc = concat!("`", $name, "`: ", $description, ".")] $kind,)+
        }

        impl ExplanationKind {
            /// Every kind.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$kind),+];

            /// The stable name in all outputs.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)+ }
            }

            /// What it supposes.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self { $(Self::$kind => $description,)+ }
            }
        }
    };
}

kinds! {
    Blanks, "blanks", "cells of white space alone are filled for one side and unfilled for the other";
    Placeholders, "placeholders", "cells that hold a word such as `null` are filled for one side and unfilled for the other";
    HeaderCounted, "header-counted", "the header is counted as a record";
    EmptyLinesCounted, "empty-lines-counted", "empty lines are counted as records";
    UniqueHashedEmail, "unique-hashed-email", "records whose hashedEmail was there before are not counted";
    StrayQuote, "stray-quote", "a quote opens a cell by accident and swallows what follows; as an ordinary byte it does not";
    LastRecordCut, "last-record-cut", "the file ends inside its last record, which lacks what comes behind";
    ShortRecords, "short-records", "the cells that short records lack were filled";
    RowCap, "row-cap", "the file was capped at 300,000 records";
    OtherColumn, "other-column", "another column carries what was reported";
    ReSaved, "re-saved", "a program changed the line ends, or put a byte order mark in front, and nothing else";
    BucketEnds, "bucket-ends", "an end of a bucket does not belong to it";
    MissingAsZero, "missing-as-zero", "a missing score is a score of 0";
    AverageOverAll, "average-over-all", "the sum is divided by all records, not by those with a number";
    PercentTruncated, "percent-truncated", "percents are cut to their decimals, not rounded";
    PercentAsFraction, "percent-as-fraction", "percents are on a scale from 0 to 1";
    OtherRun, "other-run", "the stats of another run match the file";
}

impl Serialize for ExplanationKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
