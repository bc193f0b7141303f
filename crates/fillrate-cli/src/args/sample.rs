//! The arguments of `fillrate sample`.

use std::ffi::OsStr;
use std::path::PathBuf;

use bytesize::ByteSize;
use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Arg, Args, Command};
use fillrate_sample::{Defect, DefectKind, HeaderStyle, Sample, Size};

/// Write a made-up audience: a CSV, and the stats and export record that agree with it
///
/// The same arguments give the same bytes. Nobody in it exists. With --header flat it is of the API's previous
/// generation.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fillrate sample /tmp/audience && fillrate verify /tmp/audience/audience.csv
  fillrate sample big --size 1GB --seed 7
  fillrate sample broken --defect lost-record=3 --defect blank")]
pub(crate) struct SampleArgs {
    /// The folder for audience.csv, stats.json and export.json; made if it is missing
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,

    /// How many records to write
    #[arg(long, value_name = "N", default_value_t = 1_000, conflicts_with = "size")]
    records: u64,

    /// Write records until the CSV has this size, as in 100MB
    #[arg(long, value_name = "BYTES")]
    size: Option<ByteSize>,

    /// Another seed gives other people
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,

    /// How the header spells names: dotted (company.name), snake, camel or flat
    #[arg(long, value_name = "STYLE", default_value_t)]
    header: HeaderStyle,

    /// Plant a defect, of the amount in brackets unless N is given; may be repeated
    #[arg(long = "defect", value_name = "KIND[=N]", value_parser = DefectParser)]
    defects: Vec<Defect>,

    /// Overwrite files that exist
    #[arg(long)]
    pub(crate) force: bool,
}

/// Reads a defect, and tells the help which kinds there are.
#[derive(Clone)]
struct DefectParser;

impl TypedValueParser for DefectParser {
    type Value = Defect;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<Defect, clap::Error> {
        str::parse::<Defect>.parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let value = |kind: DefectKind| {
            let amount = kind.default_amount().map_or(String::new(), |amount| format!(" [{amount}]"));
            PossibleValue::new(kind.name()).help(format!("{}{amount}", kind.description()))
        };
        Some(Box::new(DefectKind::ALL.into_iter().map(value)))
    }
}

impl SampleArgs {
    pub(crate) fn sample(&self) -> Sample {
        Sample {
            size: self.size.map_or(Size::Records(self.records), |size| Size::Bytes(size.as_u64())),
            seed: self.seed,
            header: self.header,
            defects: self.defects.clone(),
        }
    }
}
