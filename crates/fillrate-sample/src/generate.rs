//! The way of a sample: people are drawn, counted, written, measured, and at last damaged.

use std::io::{self, Write};
use std::path::Path;

use crate::defect::download::Download;
use crate::defect::{Plan, delivered};
use crate::measure::Measure;
use crate::people::{People, Schema};
use crate::record::{Encoder, Record};
use crate::report::{self, Reports};
use crate::tally::Tally;
use crate::{DefectKind, Error, Sample};

/// A sample whose CSV has been written.
pub(crate) struct Finished {
    pub(crate) records: u64,
    /// What is written beyond this is to be cut off.
    pub(crate) length: u64,
    pub(crate) reports: Reports,
}

/// Writes the CSV of `sample`, which is to become the file at `path`, to `out`.
pub(crate) fn run(sample: &Sample, out: impl Write, path: &Path) -> Result<Finished, Error> {
    report::check_reported(sample)?;
    let mut plan = Plan::new(sample);
    let written = write_csv(sample, &mut plan, out).map_err(Error::write(path))?;
    plan.check_complete()?;
    Ok(Finished {
        records: written.tally.records,
        length: length_after_cut(sample, written.length)?,
        reports: Reports::new(sample, &written.tally, written.intact)?,
    })
}

struct Written {
    tally: Tally,
    /// The file that the API measured.
    intact: Measure,
    /// The file as it arrived, before it is cut off.
    length: u64,
}

fn write_csv(sample: &Sample, plan: &mut Plan, out: impl Write) -> io::Result<Written> {
    let schema = Schema::new(sample.header);
    let mut people = People::new(schema, sample.seed);
    let mut tally = Tally::new(schema);
    let mut intact = Measure::default();
    let mut download = Download::new(out, sample);

    let mut encoder = Encoder::new();
    let (mut record, mut line) = (Record::default(), Vec::new());
    for column in schema.columns {
        record.push_cell(sample.header.spell(column.field).as_bytes());
    }
    encoder.encode(&record, &mut line);
    intact.add(&line);
    download.header(&line)?;

    while !sample.size.is_reached(tally.records, intact.bytes) {
        let mut numbers = people.draw(&mut record);
        let defect = plan.assign(tally.records, |kind| delivered::fits(kind, &record, schema));
        delivered::change_numbers(defect, &mut numbers);
        tally.add(&record, numbers);
        delivered::change_record(defect, &mut record, schema);
        encoder.encode(&record, &mut line);
        delivered::change_line(defect, &mut line);
        intact.add(&line);
        download.record(&line, defect)?;
    }
    Ok(Written { tally, intact, length: download.finish()? })
}

fn length_after_cut(sample: &Sample, length: u64) -> Result<u64, Error> {
    let asked = sample.amount(DefectKind::CutOff);
    length.checked_sub(asked).ok_or(Error::TooMuch { kind: DefectKind::CutOff, asked, room: length })
}
