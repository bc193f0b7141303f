//! Defects of the reports: numbers that are wrong from the start.

use super::facts::Facts;
use crate::dice::{Dice, Stream};
use crate::{DefectKind, Error, HeaderStyle, Sample};

/// The field whose count and percent are falsified. Both generations have it, and it is neither empty nor full.
const FIELD: &str = "firstName";
const BUCKET: &str = "70-89";

/// Refuses a sample whose generation does not report what is to be falsified.
pub(crate) fn check_reported(sample: &Sample) -> Result<(), Error> {
    let kinds = sample.defects.iter().map(|defect| defect.kind());
    match kinds.filter(|_| sample.header == HeaderStyle::Flat).find(|&kind| is_new(kind)) {
        None => Ok(()),
        Some(kind) => Err(Error::NotReported { kind }),
    }
}

/// Whether only the current generation reports the number.
fn is_new(kind: DefectKind) -> bool {
    use DefectKind::{OtherRun, WrongAverage, WrongBucket, WrongByteSize, WrongCount, WrongSha1};
    matches!(kind, WrongCount | WrongBucket | WrongAverage | WrongByteSize | WrongSha1 | OtherRun)
}

/// Makes the facts as wrong as the sample asks for.
pub(super) fn falsify(facts: &mut Facts, sample: &Sample) -> Result<(), Error> {
    let raise = |number: &mut u64, kind| *number = number.saturating_add(sample.amount(kind));
    raise(&mut facts.total, DefectKind::WrongTotal);
    raise(&mut facts.byte_size, DefectKind::WrongByteSize);
    raise(&mut facts.row_count, DefectKind::WrongRowCount);
    for (_, share) in facts.fill_rates.iter_mut().filter(|(field, _)| *field == FIELD) {
        raise(&mut share.count, DefectKind::WrongCount);
        share.percent = share.percent.raised_by_hundredths(sample.amount(DefectKind::WrongPercent));
    }
    for bucket in facts.histogram.iter_mut().filter(|bucket| bucket.bucket == BUCKET) {
        raise(&mut bucket.share.count, DefectKind::WrongBucket);
    }
    raise_average(facts, sample.amount(DefectKind::WrongAverage))?;
    if sample.amount(DefectKind::OtherRun) > 0 {
        facts.exported_run_id = Dice::new(sample.seed, Stream::OtherRun).uuid();
    }
    if sample.amount(DefectKind::WrongSha1) > 0 {
        facts.content_sha1 = facts.content_sha1.chars().rev().collect();
    }
    Ok(())
}

fn raise_average(facts: &mut Facts, hundredths: u64) -> Result<(), Error> {
    match facts.averages.first_mut() {
        _ if hundredths == 0 => Ok(()),
        Some((_, score)) => {
            *score = score.raised_by_hundredths(hundredths);
            Ok(())
        }
        None => Err(Error::TooMuch { kind: DefectKind::WrongAverage, asked: hundredths, room: 0 }),
    }
}
