//! Which records get which defect: spread over the sample, and decided record by record.

use crate::{DefectKind, Error, Sample, Size};

/// Hands out the defects that fall on single records.
pub(crate) struct Plan {
    schedules: Vec<Schedule>,
}

impl Plan {
    /// No generation's records are longer on average, so that in a sample of so many bytes every place is reached.
    const LONGEST_MEAN_RECORD: u64 = 2_048;

    pub(crate) fn new(sample: &Sample) -> Self {
        let span = match sample.size {
            Size::Records(records) => records,
            Size::Bytes(bytes) => bytes / Self::LONGEST_MEAN_RECORD,
        };
        let kinds: Vec<_> = DefectKind::ALL
            .into_iter()
            .filter(|&kind| falls_on_records(kind) && sample.amount(kind) > 0)
            .collect();
        let parts = kinds.len() as u64 + 1;
        let schedules = (1..parts)
            .zip(kinds)
            .map(|(part, kind)| Schedule { kind, wanted: sample.amount(kind), placed: 0, span, part, parts })
            .collect();
        Self { schedules }
    }

    /// The defect of the record at `index`, if one is due that `fits` it. To be asked once for every record in turn.
    pub(crate) fn assign(&mut self, index: u64, fits: impl Fn(DefectKind) -> bool) -> Option<DefectKind> {
        let due = self.schedules.iter_mut().find(|schedule| schedule.is_due(index) && fits(schedule.kind))?;
        due.placed += 1;
        Some(due.kind)
    }

    /// Refuses what the sample had no room for.
    pub(crate) fn check_complete(&self) -> Result<(), Error> {
        match self.schedules.iter().find(|schedule| schedule.placed < schedule.wanted) {
            None => Ok(()),
            Some(&Schedule { kind, wanted, placed, .. }) => {
                Err(Error::TooMuch { kind, asked: wanted, room: placed })
            }
        }
    }
}

fn falls_on_records(kind: DefectKind) -> bool {
    use DefectKind::{
        Blank, DuplicateRecord, EmptyLine, InvalidScore, InvalidUtf8, LongRecord, LostRecord, Nul,
        OutsideScore, Placeholder, ShortRecord, StrayQuote,
    };
    matches!(
        kind,
        Blank
            | Placeholder
            | InvalidScore
            | OutsideScore
            | ShortRecord
            | LongRecord
            | EmptyLine
            | InvalidUtf8
            | Nul
            | LostRecord
            | DuplicateRecord
            | StrayQuote
    )
}

/// Where one kind falls: the span of records is cut into as many stretches as there are defects, and each has one.
struct Schedule {
    kind: DefectKind,
    wanted: u64,
    placed: u64,
    span: u64,
    /// The place within a stretch is `part / parts` of it: another one for every kind.
    part: u64,
    parts: u64,
}

impl Schedule {
    /// Whether the next defect's place is here, or was at an earlier record that it did not fit.
    fn is_due(&self, index: u64) -> bool {
        let [placed, span, part, parts] = [self.placed, self.span, self.part, self.parts].map(u128::from);
        let place = (placed * parts + part) * span / (u128::from(self.wanted) * parts);
        self.placed < self.wanted && u128::from(index) >= place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(size: Size, records: u64, defects: &[&str]) -> (Vec<(u64, DefectKind)>, Result<(), Error>) {
        let defects = defects.iter().map(|defect| defect.parse().unwrap()).collect();
        let mut plan = Plan::new(&Sample { size, defects, ..Sample::default() });
        let places = (0..records).filter_map(|index| Some((index, plan.assign(index, |_| true)?))).collect();
        (places, plan.check_complete())
    }

    #[test]
    fn defects_are_spread_and_no_record_has_two() {
        let (placed, complete) = places(Size::Records(100), 100, &["nul=4", "lost-record=2", "bom"]);
        let expected =
            [(8, "nul"), (33, "nul"), (34, "lost-record"), (58, "nul"), (83, "nul"), (84, "lost-record")];
        assert_eq!(placed.iter().map(|&(index, kind)| (index, kind.name())).collect::<Vec<_>>(), expected);
        assert!(complete.is_ok());
    }

    #[test]
    fn every_record_can_be_hit() {
        for records in 1..50 {
            let (placed, complete) = places(Size::Records(records), records, &[&format!("nul={records}")]);
            assert_eq!(placed.len() as u64, records);
            assert!(complete.is_ok());
        }
    }

    #[test]
    fn amounts_of_a_kind_add_up() {
        assert_eq!(places(Size::Records(9), 9, &["nul=2", "nul=3"]).0.len(), 5);
    }

    #[test]
    fn what_has_no_room_is_refused() {
        let (_, complete) = places(Size::Records(5), 5, &["lost-record=10"]);
        let refusal = "lost-record=10: the sample has room for 5; ask for less, or for more records";
        assert_eq!(complete.unwrap_err().to_string(), refusal);
    }
}
