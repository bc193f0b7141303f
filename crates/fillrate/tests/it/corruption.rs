//! Proves that a single wrong byte, anywhere in an export, never goes unnoticed where it changes a figure that was
//! reported, and never ends in a panic.
//!
//! What the file then says is read by the `csv` crate. `FILLRATE_CASES` is how many corrupted files there are to be.

use std::collections::BTreeMap;

use csv::ReaderBuilder;
use fillrate::{Decimal, Export, Options, Policy, Reported, ReportedFill, Reports, Verdict, verify};
use fillrate_sample::{HeaderStyle, Sample, Size};

use crate::oracle::{nanos, rounded};

/// A column's filled cells, and its numbers.
#[derive(Clone, Debug, Default, PartialEq)]
struct Column {
    filled: u64,
    /// In units of 10⁻⁹.
    numbers: Vec<i128>,
}

/// What the records of a file say, by column; nothing else than the API's own rules.
fn columns(csv: &[u8]) -> (u64, Vec<Column>) {
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(csv);
    let mut columns = vec![Column::default(); reader.byte_headers().unwrap().len()];
    let mut records = 0;
    for record in reader.byte_records() {
        records += 1;
        for (column, cell) in columns.iter_mut().zip(&record.unwrap()) {
            column.filled += u64::from(!cell.is_empty());
            column.numbers.extend(nanos(cell));
        }
    }
    (records, columns)
}

/// An export, the reports that agree with it, and the column of every field that they report.
struct Clean {
    csv: Vec<u8>,
    reports: Reports,
    columns: BTreeMap<String, usize>,
}

impl Clean {
    fn new(sample: &Sample) -> Self {
        let audience = sample.in_memory().unwrap();
        let stats = Reported::from_json(audience.stats_json.as_bytes()).unwrap();
        let header = Export::from_bytes(audience.csv.clone(), &Options::default()).unwrap();
        let fields = stats.fill_rates.iter().map(|fill| &fill.field);
        let fields = fields.chain(stats.averages.iter().map(|average| &average.field));
        let column = |field: &str| (field.to_owned(), header.columns().find(field).column().unwrap());
        let columns = fields.map(String::as_str).chain(["intent.score"]).map(column).collect();
        Self { csv: audience.csv, reports: Reports { stats: Some(stats), export: None }, columns }
    }

    /// Whether all that was reported is still what the records say.
    fn still_agrees(&self, csv: &[u8]) -> bool {
        let stats = self.reports.stats.as_ref().unwrap();
        let (records, columns) = columns(csv);
        let column = |field: &str| columns.get(self.columns[field]).cloned().unwrap_or_default();
        let in_bucket = |label: &str| {
            let (first, last) = label.split_once('-').unwrap();
            let floors = first.parse::<i128>().unwrap()..=last.parse().unwrap();
            let scores = column("intent.score").numbers;
            scores.iter().filter(|nanos| floors.contains(&nanos.div_euclid(1_000_000_000))).count() as u64
        };
        let is_rate = |rate: &ReportedFill| {
            let filled = column(&rate.field).filled;
            // Too few records for a tie: there is one way to round.
            let percent = rounded(i128::from(filled) * 100, i128::from(records.max(1)), 2);
            rate.count.is_none_or(|count| count == filled)
                && rate.percent.as_ref().is_none_or(|reported| reported.to_string() == percent)
        };
        stats.total.is_none_or(|total| total == records)
            && stats.run.result_count.is_none_or(|count| count == records)
            && stats.fill_rates.iter().all(is_rate)
            && stats.histogram.iter().all(|bucket| bucket.count == Some(in_bucket(&bucket.label)))
            && stats
                .averages
                .iter()
                .all(|average| has_mean(&column(&average.field).numbers, &average.average))
    }

    /// What verifying a file ends in; `None` if it is refused.
    fn verdict(&self, csv: Vec<u8>) -> Option<Verdict> {
        let options = Options { chunk_bytes: 4_096, ..Options::default() };
        let export = Export::from_bytes(csv, &options).ok()?;
        let (_, verification) = verify(export, &self.reports, &Policy::default()).ok()?;
        Some(verification.verdict)
    }
}

/// Whether a mean rounds to a reported number; a tie may be rounded either way.
fn has_mean(numbers: &[i128], reported: &Decimal) -> bool {
    let text = reported.to_string();
    let decimals = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let (value, unit): (i128, i128) =
        (text.replace('.', "").parse().unwrap(), 10_i128.pow(decimals.try_into().unwrap()));
    let count = i128::try_from(numbers.len()).unwrap() * 1_000_000_000;
    count > 0 && 2 * (numbers.iter().sum::<i128>() * unit - value * count).abs() <= count
}

/// What happens to a byte.
const REPLACED: u32 = 0;
const REMOVED: u32 = 1;

/// Bytes that decide how a file is split; any other one is drawn half of the time.
const DECISIVE: [u8; 12] = *b",\"\n\r\"\n ;0.-a";

/// A sequence that looks random and is the same each time.
struct Dice(u64);

impl Dice {
    /// From 0 to below `end`.
    fn roll(&mut self, end: usize) -> usize {
        // Knuth's multiplier; the upper bits are the good ones.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % end as u64).unwrap()
    }
}

fn corrupted(clean: &[u8], dice: &mut Dice) -> Vec<u8> {
    let at = dice.roll(clean.len());
    let byte = if dice.roll(2) == 0 {
        DECISIVE[dice.roll(DECISIVE.len())]
    } else {
        u8::try_from(dice.roll(256)).unwrap()
    };
    let mut csv = clean.to_vec();
    match u32::try_from(dice.roll(4)).unwrap() {
        REMOVED => drop(csv.remove(at)),
        REPLACED => csv[at] = byte,
        // Twice as often as each of the others: a byte too many splits what was whole.
        _ => csv.insert(at, byte),
    }
    csv
}

/// How many files matched, did not match, and were refused.
type Outcomes = [usize; 3];

fn corrupt(cases: usize) -> Outcomes {
    let clean = HeaderStyle::ALL.map(|header| {
        let clean = Clean::new(&Sample { size: Size::Records(40), header, seed: 3, ..Sample::default() });
        assert!(clean.still_agrees(&clean.csv), "the oracle agrees with the reports");
        assert_eq!(clean.verdict(clean.csv.clone()), Some(Verdict::Match));
        clean
    });
    let mut dice = Dice(1);
    let mut outcomes = Outcomes::default();
    for case in 0..cases {
        let clean = &clean[case % clean.len()];
        let csv = corrupted(&clean.csv, &mut dice);
        let verdict = clean.verdict(csv.clone());
        if verdict == Some(Verdict::Match) {
            assert!(clean.still_agrees(&csv), "case {case} is said to match: {}", csv.escape_ascii());
        }
        outcomes[match verdict {
            Some(Verdict::Match) => 0,
            Some(Verdict::Mismatch) => 1,
            None => 2,
        }] += 1;
    }
    outcomes
}

#[test]
fn a_wrong_byte_is_survived_and_noticed() {
    let [matching, different, _] = corrupt(2_000);
    assert!(
        matching > 0 && different > 0,
        "some change a figure and some do not: {matching} and {different}"
    );
}

#[test]
#[ignore = "takes long: run it in release, with as many FILLRATE_CASES as you like"]
#[expect(clippy::print_stderr, reason = "how many there were is what it is run for")]
fn wrong_bytes_without_end() {
    let cases = std::env::var("FILLRATE_CASES").map_or(100_000, |cases| cases.parse().unwrap());
    let [matching, different, refused] = corrupt(cases);
    eprintln!("{cases} corrupted files: {matching} match, {different} do not, {refused} are refused");
}
