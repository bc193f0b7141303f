//! Proves every figure against an independent oracle: the `csv` crate's own reader, and a plain loop over its records.

use std::ops::RangeInclusive;

use csv::{ByteRecord, ReaderBuilder};
use fillrate::{Analysis, ErrorKind, Export, Finding, FindingKind, Mean, Options};
use fillrate_sample::{HeaderStyle, Sample, Size};
use proptest::prelude::*;

use crate::generate::csv;
use crate::{LABELS, POOLS, everything, fill_rules, testdata};

/// What `LABELS` mean.
const BUCKETS: [RangeInclusive<i128>; LABELS.len()] =
    [i128::MIN..=-1, 50..=69, 70..=89, 85..=120, 100..=100, 150..=i128::MAX];

/// What each of `fill_rules()` means: are blanks unfilled, and are placeholders?
const UNFILLED: [[bool; 2]; 4] = [[false, false], [true, false], [false, true], [true, true]];

const BLANK: &[u8] = b" \t\n\x0B\x0C\r";
const PLACEHOLDERS: [&str; 11] =
    ["null", "none", "nil", "nan", "n/a", "na", "undefined", "-", "--", "[]", "{}"];

/// What the oracle and the engine have to agree on.
#[derive(Debug, Default, PartialEq)]
struct Figures {
    records: u64,
    columns: Vec<Column>,
    /// By bucket, with percent.
    histogram: Vec<(u64, String)>,
    outside: u64,
    missing: u64,
    invalid: u64,
    short: u64,
    long: u64,
    nul: u64,
    invalid_utf8: u64,
    /// Line and byte of the first five of each of these two, and of the last.
    places: [Vec<(u64, u64)>; 2],
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Column {
    filled: u64,
    percent: String,
    blank: u64,
    placeholder: u64,
    /// As it is printed; none without numbers.
    mean: Option<String>,
}

/// How many numbers a column has, and their sum in units of 10⁻⁹.
type Sum = (i128, i128);

/// The figures by the oracle, and the sums by column; `None` if there is no header.
fn expected(bytes: &[u8], delimiter: u8, rule: usize, score: usize) -> Option<(Figures, Vec<Sum>)> {
    let mut reader = ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(bytes);
    let columns = reader.byte_headers().unwrap().len();
    if columns == 0 {
        return None;
    }
    let mut sums = vec![(0, 0); columns];
    let mut figures = Figures {
        columns: vec![Column::default(); columns],
        histogram: vec![(0, String::new()); BUCKETS.len()],
        ..Figures::default()
    };
    for record in reader.byte_records() {
        figures.add(&record.unwrap(), rule, score, &mut sums);
    }
    figures.finish(&sums);
    figures.look_at(bytes);
    Some((figures, sums))
}

impl Figures {
    fn add(&mut self, record: &ByteRecord, rule: usize, score: usize, sums: &mut [Sum]) {
        self.records += 1;
        self.short += u64::from(record.len() < self.columns.len());
        self.long += u64::from(record.len() > self.columns.len());
        for (index, column) in self.columns.iter_mut().enumerate() {
            let cell = record.get(index).unwrap_or_default();
            let [blanks_unfilled, placeholders_unfilled] = UNFILLED[rule];
            let blank = !cell.is_empty() && cell.iter().all(|byte| BLANK.contains(byte));
            let word = String::from_utf8_lossy(cell).to_ascii_lowercase();
            let added = placeholders_unfilled && word == "unknown";
            let placeholder = added || PLACEHOLDERS.contains(&word.as_str());
            column.blank += u64::from(blank);
            column.placeholder += u64::from(placeholder);
            let unfilled = blank && blanks_unfilled || placeholder && placeholders_unfilled;
            let filled = !cell.is_empty() && !unfilled;
            column.filled += u64::from(filled);
            let number = if filled { nanos(cell) } else { None };
            if let Some(nanos) = number {
                sums[index].0 += 1;
                sums[index].1 += nanos;
            }
            if index == score {
                self.missing += u64::from(!filled);
                self.invalid += u64::from(filled && number.is_none());
                let floor = number.map(|nanos| nanos.div_euclid(1_000_000_000));
                let holds =
                    |bucket: &RangeInclusive<i128>| floor.is_some_and(|floor| bucket.contains(&floor));
                self.outside += u64::from(floor.is_some() && !BUCKETS.iter().any(holds));
                for ((count, _), bucket) in self.histogram.iter_mut().zip(&BUCKETS) {
                    *count += u64::from(holds(bucket));
                }
            }
        }
    }

    fn finish(&mut self, sums: &[Sum]) {
        let total = i128::from(self.records.max(1));
        let percent = |count: u64| rounded(i128::from(count) * 100, total, 2);
        for (column, (numbers, sum)) in self.columns.iter_mut().zip(sums) {
            column.percent = percent(column.filled);
            column.mean = (*numbers > 0).then(|| rounded(*sum, numbers * 1_000_000_000, 6));
        }
        self.histogram.iter_mut().for_each(|(count, text)| *text = percent(*count));
    }

    /// What can be told without splitting records, as long as NUL is no delimiter.
    fn look_at(&mut self, bytes: &[u8]) {
        let nul: Vec<usize> = (0..bytes.len()).filter(|&at| bytes[at] == 0).collect();
        let mut ill_formed = Vec::new();
        let mut at = 0;
        for chunk in bytes.utf8_chunks() {
            at += chunk.valid().len();
            if !chunk.invalid().is_empty() {
                ill_formed.push(at);
            }
            at += chunk.invalid().len();
        }
        (self.nul, self.invalid_utf8) = (nul.len() as u64, ill_formed.len() as u64);
        self.places = [nul, ill_formed].map(|places| {
            let shown = places.iter().take(5).chain(places.last());
            shown.map(|&at| (line(bytes, at), at as u64)).collect()
        });
    }

    /// The engine's answer.
    fn of(analysis: &Analysis) -> Self {
        let scores = analysis.scores.unwrap();
        let column = |index: usize| {
            let column = &analysis.columns[index];
            let (field, rate) = &analysis.stats.fill_rates[index];
            assert_eq!((field, rate.count), (&column.field, column.filled));
            Column {
                filled: column.filled,
                percent: rate.percent.to_string(),
                blank: column.blank,
                placeholder: column.placeholder,
                mean: mean_of(analysis, index).map(|mean| mean.to_string()),
            }
        };
        let count = |kind| analysis.findings.count(kind);
        let places = |kind| {
            let shown = |finding: &Finding| [&finding.places[..], &[finding.last]].concat();
            let shown = analysis.findings.get(kind).map(shown).unwrap_or_default();
            shown.into_iter().map(|place| (place.line, place.byte)).collect()
        };
        Self {
            records: analysis.stats.total,
            columns: (0..analysis.columns.len()).map(column).collect(),
            histogram: analysis
                .stats
                .score_histogram
                .iter()
                .map(|bucket| (bucket.count, bucket.percent.to_string()))
                .collect(),
            outside: scores.outside,
            missing: scores.missing,
            invalid: scores.invalid,
            short: count(FindingKind::ShortRecord),
            long: count(FindingKind::LongRecord),
            nul: count(FindingKind::Nul),
            invalid_utf8: count(FindingKind::InvalidUtf8),
            places: [places(FindingKind::Nul), places(FindingKind::InvalidUtf8)],
        }
    }
}

fn mean_of(analysis: &Analysis, column: usize) -> Option<Mean> {
    let field = &analysis.columns[column].field;
    analysis.stats.averages.iter().find(|(name, _)| name == field).map(|(_, mean)| *mean)
}

/// A number in units of 10⁻⁹.
pub(crate) fn nanos(cell: &[u8]) -> Option<i128> {
    let text = str::from_utf8(cell).ok()?;
    let plain = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, "0"));
    let digits =
        |text: &str, most| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    let size: i128 = format!("{whole}{fraction:0<9}").parse().ok()?;
    let is_number = digits(whole, 15) && digits(fraction, 9);
    is_number.then_some(if text == plain { size } else { -size })
}

/// `above / below` with up to that many decimals, halves rounded up, without trailing zeros.
pub(crate) fn rounded(above: i128, below: i128, decimals: u32) -> String {
    let unit = 10_i128.pow(decimals);
    let units = (2 * above * unit + below).div_euclid(2 * below);
    let width = decimals as usize;
    let size = units.abs();
    let text = format!("{}.{:0width$}", size / unit, size % unit);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if units < 0 { format!("-{text}") } else { text.to_owned() }
}

/// The physical line of a byte.
fn line(bytes: &[u8], at: usize) -> u64 {
    let ends_line =
        |at: &usize| bytes[*at] == b'\r' || bytes[*at] == b'\n' && (*at == 0 || bytes[*at - 1] != b'\r');
    1 + (0..at).filter(ends_line).count() as u64
}

/// A mean is exact: it is what rounds to a number of nine decimals, and to none beside it.
fn assert_means(analysis: &Analysis, sums: &[Sum]) {
    for (column, (numbers, sum)) in sums.iter().enumerate().filter(|(_, (numbers, _))| *numbers > 0) {
        let mean = mean_of(analysis, column).unwrap();
        assert_eq!(i128::from(mean.numbers()), *numbers);
        for value in [-1, 0, 1].map(|step| sum.div_euclid(*numbers) + step) {
            let is_rounding = 2 * (sum - value * numbers).abs() <= *numbers;
            assert_eq!(mean.rounds_to(value, 9), Some(is_rounding), "{sum}/{numbers} and {value}");
        }
    }
}

fn assert_agrees(bytes: &[u8], options: &Options, rule: usize) {
    let options = Options { fill_rule: fill_rules()[rule].clone(), ..options.clone() };
    let export = match Export::from_bytes(bytes.to_vec(), &options) {
        Ok(export) => export,
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::NoHeader);
            assert_eq!(expected(bytes, options.delimiter, rule, 0), None);
            return;
        }
    };
    let question = everything(export.columns());
    let analysis = POOLS[1].install(|| export.analyze(&question)).unwrap();
    let (mut figures, sums) = expected(bytes, options.delimiter, rule, question.score.unwrap()).unwrap();
    if options.delimiter == 0 {
        (figures.nul, figures.places[0]) = (0, Vec::new());
    }
    assert_eq!(Figures::of(&analysis), figures);
    assert_means(&analysis, &sums);
    assert_eq!(analysis.file.byte_size, bytes.len() as u64);
    assert_eq!((analysis.file.row_count, analysis.file.column_count), (figures.records, sums.len()));
    assert_eq!(analysis.findings.count(FindingKind::Bom), u64::from(bytes.starts_with(b"\xEF\xBB\xBF")));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn agrees_on_any_file(csv in csv(), chunk_bytes in 1..200u64, rule in 0..4usize) {
        let options = Options { delimiter: csv.delimiter, header_ok: true, chunk_bytes, ..Options::default() };
        assert_agrees(&csv.bytes, &options, rule);
    }
}

#[test]
fn agrees_on_samples_with_every_header_and_many_defects() {
    let defects = ["blank=40", "placeholder=40", "invalid-score=40", "outside-score=40", "short-record=20"];
    let more =
        ["long-record=20", "empty-line=20", "nul=9", "invalid-utf8=9", "stray-quote=5", "bom", "cut-off"];
    for header in HeaderStyle::ALL {
        for defects in [&[][..], &[&defects[..], &more].concat()] {
            let defects = defects.iter().map(|defect| defect.parse().unwrap()).collect();
            let sample = Sample { size: Size::Records(1_000), header, seed: 7, defects };
            let csv = sample.in_memory().unwrap().csv;
            for rule in 0..4 {
                assert_agrees(&csv, &Options { chunk_bytes: 10_000, ..Options::default() }, rule);
            }
        }
    }
}

#[test]
fn agrees_on_the_documented_run() {
    let csv = std::fs::read(testdata("documented-run/audience.csv")).unwrap();
    for rule in 0..4 {
        assert_agrees(&csv, &Options::default(), rule);
    }
}
