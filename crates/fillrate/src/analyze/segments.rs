//! The figures of an export by the values of some of its columns.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::cells::{MAX_CELL_BYTES, keep};
use super::counter::scan;
use super::result::figures;
use super::{Analysis, Counted, Export, Question, read_behind};
use crate::columns::Columns;
use crate::error::{Error, ErrorKind, Result};
use crate::scan::{FindingKind, Findings, Place, Sink};
use crate::stats::{ColumnStats, RunStats, ScoreStats};
use crate::tally::{ColumnTally, Counting, Plan, Tally};
use crate::visible::visible;

/// The most values that are told apart, or combinations of values where there are several fields.
pub const MAX_SEGMENTS: usize = 10_000;

/// The most memory that their counters may take. A segment takes 24 bytes a column, and 1 kB for its scores.
const MAX_BYTES: usize = 256 << 20;

/// What records are told apart by.
///
/// ```
/// use fillrate::{Export, Grouping, Options, Question};
///
/// let csv = b"email,seniority\na@example.com,VP\n,VP\nc@example.com,\n".to_vec();
/// let export = Export::from_bytes(csv, &Options::default())?;
/// assert!(Grouping::new(export.columns(), &["email"], 20, false).is_err());
/// let grouping = Grouping::new(export.columns(), &["seniority"], 20, false)?;
/// let (_, segments) = export.analyze_by(&Question::default(), &grouping)?;
/// let records: Vec<_> = segments.shown.iter().map(|one| (&one.values[..], one.stats.total)).collect();
/// assert_eq!(records, [(&[Some("VP".to_owned())][..], 2), (&[None][..], 1)]);
/// # Ok::<(), fillrate::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Grouping {
    /// The columns, each once.
    columns: Vec<usize>,
    /// How many segments are shown; the others are the rest.
    top: usize,
}

/// The segments of an export, which are all of its records.
#[derive(Clone, Debug)]
pub struct Segments {
    /// The fields that they are told apart by.
    pub fields: Vec<String>,
    /// The largest ones, the largest first; equal ones by the bytes of their values.
    pub shown: Vec<Segment>,
    /// All others, if there are any.
    pub rest: Option<Rest>,
}

/// The records in which the fields have certain values.
#[derive(Clone, Debug)]
pub struct Segment {
    /// The values, by field: what is no UTF-8 replaced; `None` for unfilled cells.
    pub values: Vec<Option<String>>,
    /// Its figures.
    pub stats: RunStats,
    /// Its cells, by column.
    pub columns: Vec<ColumnStats>,
    /// Its scores that are in no bucket.
    pub scores: Option<ScoreStats>,
}

/// The records of all segments that are not shown, as one.
#[derive(Clone, Debug)]
pub struct Rest {
    /// Their figures, without values.
    pub segment: Segment,
    /// How many values they have, as far as these were told apart.
    pub values: u64,
    /// The records with further values: too many to tell apart, or of more than [`MAX_CELL_BYTES`].
    pub not_told_apart: u64,
}

impl Grouping {
    /// By the values of these fields, with so many segments shown.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Usage`] for a field that identifies people, unless `allow_personal` is set, or that is there twice, and
    /// those of [`Columns::named`].
    pub fn new(
        columns: &Columns,
        fields: &[impl AsRef<str>],
        top: usize,
        allow_personal: bool,
    ) -> Result<Self> {
        let mut chosen = Vec::new();
        for field in fields.iter().map(AsRef::as_ref) {
            let column = columns.named(field)?;
            if !allow_personal && columns.is_personal(column) {
                return Err(Error::new(
                    ErrorKind::Usage,
                    format!("{} identifies people, and segments show their values", visible(field)),
                    "take another field, or allow it with `--force-personal`",
                ));
            }
            if chosen.contains(&column) {
                return Err(Error::new(
                    ErrorKind::Usage,
                    format!("{} is there twice", visible(field)),
                    "name each field once",
                ));
            }
            chosen.push(column);
        }
        Ok(Self { columns: chosen, top })
    }
}

impl Segments {
    /// All segments, the rest included.
    fn all(&mut self) -> impl Iterator<Item = &mut Segment> {
        self.shown.iter_mut().chain(self.rest.as_mut().map(|rest| &mut rest.segment))
    }

    /// Drops the fill rates and averages that an analysis of the same export does not show.
    pub fn limit_to(&mut self, shown: &Analysis) {
        let averages = &shown.stats.averages;
        for segment in self.all() {
            segment.columns.retain(|column| shown.columns.iter().any(|one| one.name == column.name));
            segment.stats.fill_rates.retain(|(field, _)| shown.columns.iter().any(|one| one.field == *field));
            segment.stats.averages.retain(|(field, _)| averages.iter().any(|(one, _)| one == field));
        }
    }
}

impl Export {
    /// Counts everything in one pass, on one thread, and answers the question for the whole export and for each segment
    /// of it.
    ///
    /// The first [`MAX_SEGMENTS`] values in the order of the file are told apart, or fewer where a file has more than some
    /// 1,000 columns; the records with others are in the rest.
    ///
    /// # Errors
    ///
    /// Those of [`analyze`](Self::analyze).
    pub fn analyze_by(self, question: &Question, grouping: &Grouping) -> Result<(Analysis, Segments)> {
        let Self { path, mut source, options, header, columns } = self;
        let plan = question.plan(&[], &options, columns.len());
        let mut segmenting = Segmenting::new(&plan, grouping);
        let mut scanner = header.scanner;
        let start = scanner.offset();
        read_behind(&path, &mut source, start, |window| {
            scan(&mut scanner, window, u64::MAX, &mut segmenting)?;
            scanner.finish(&mut segmenting);
            Ok(())
        })?;
        let size = source.size();
        let (groups, mut findings) = segmenting.finish();
        findings.merge(header.findings);
        let counted =
            Counted { tally: groups.sum(), findings, bytes: scanner.place().byte, size, sha1: None };
        let analysis = Analysis::new(&path, &columns, &counted, question, &plan)
            .map_err(|error| error.in_file(&path))?;
        let fields = columns.fields();
        let segment = |values, tally: &Tally| {
            let (stats, columns, scores) = figures(&columns, &fields, tally, question, &plan);
            Segment { values, stats, columns, scores }
        };
        let by = grouping.columns.iter().map(|&column| fields[column].clone()).collect();
        Ok((analysis, groups.segments(by, grouping.top, segment)))
    }
}

/// Counts every record for the segment that it is in.
struct Segmenting<'a> {
    plan: &'a Plan,
    by: &'a [usize],
    /// Counts one record at a time.
    counting: Counting<'a>,
    /// The column of the current cell.
    column: usize,
    /// What the record has in the columns that it is told apart by, as far as it was read.
    cells: Vec<Vec<u8>>,
    groups: Groups,
}

impl<'a> Segmenting<'a> {
    fn new(plan: &'a Plan, grouping: &'a Grouping) -> Self {
        let bytes = size_of::<ColumnTally>() * plan.columns + 1_024;
        Self {
            plan,
            by: &grouping.columns,
            counting: Counting::new(plan),
            column: 0,
            cells: vec![Vec::new(); grouping.columns.len()],
            groups: Groups::at_most((MAX_BYTES / bytes).clamp(1, MAX_SEGMENTS)),
        }
    }

    fn finish(mut self) -> (Groups, Findings) {
        let (nothing, findings) = self.counting.finish();
        // It has all columns, which a file without records has too.
        self.groups.others.merge(&nothing);
        (self.groups, findings)
    }

    /// The values of the record; `None` if one is too long.
    fn key(&self) -> Option<Key> {
        let rule = &self.plan.rule;
        let value = |cell: &Vec<u8>| match cell.len() {
            0..=MAX_CELL_BYTES => Some(rule.is_filled(rule.classify(cell)).then(|| cell.clone())),
            _ => None,
        };
        self.cells.iter().map(value).collect()
    }
}

impl Sink for Segmenting<'_> {
    fn content(&mut self, piece: &[u8]) {
        if let Some(at) = self.by.iter().position(|&column| column == self.column) {
            keep(&mut self.cells[at], piece, MAX_CELL_BYTES);
        }
        self.counting.content(piece);
    }

    fn end_cell(&mut self) {
        self.column += 1;
        self.counting.end_cell();
    }

    fn end_record(&mut self, start: Place, lines: u64) {
        self.counting.end_record(start, lines);
        let key = self.key();
        self.counting.move_to(self.groups.of(key));
        self.column = 0;
        self.cells.iter_mut().for_each(Vec::clear);
    }

    fn finding(&mut self, kind: FindingKind, place: Place) {
        self.counting.finding(kind, place);
    }
}

/// The values of a segment, by field; `None` for unfilled cells.
type Key = Vec<Option<Vec<u8>>>;

/// What was counted, by segment.
struct Groups {
    tallies: HashMap<Key, Tally>,
    most: usize,
    /// What is not told apart.
    others: Tally,
}

impl Groups {
    fn at_most(most: usize) -> Self {
        Self { tallies: HashMap::new(), most, others: Tally::default() }
    }

    /// Where a record with these values is counted. The values that come first are told apart, however often they come:
    /// which these are depends on nothing but the file.
    fn of(&mut self, key: Option<Key>) -> &mut Tally {
        let is_full = self.tallies.len() == self.most;
        let Some(key) = key else { return &mut self.others };
        match self.tallies.entry(key) {
            Entry::Occupied(tally) => tally.into_mut(),
            Entry::Vacant(_) if is_full => &mut self.others,
            Entry::Vacant(place) => place.insert(Tally::default()),
        }
    }

    fn sum(&self) -> Tally {
        let mut sum = self.others.clone();
        self.tallies.values().for_each(|tally| sum.merge(tally));
        sum
    }

    fn segments(
        self,
        fields: Vec<String>,
        top: usize,
        segment: impl Fn(Vec<Option<String>>, &Tally) -> Segment,
    ) -> Segments {
        let mut groups: Vec<(Key, Tally)> = self.tallies.into_iter().collect();
        groups.sort_by(|(key, a), (other, b)| b.records.cmp(&a.records).then_with(|| key.cmp(other)));
        let folded = groups.split_off(top.min(groups.len()));
        let text = |value: Option<Vec<u8>>| value.map(|value| String::from_utf8_lossy(&value).into_owned());
        let mut rest = self.others;
        let not_told_apart = rest.records;
        for (_, tally) in &folded {
            rest.merge(tally);
        }
        let rest = (rest.records > 0).then(|| Rest {
            segment: segment(Vec::new(), &rest),
            values: folded.len() as u64,
            not_told_apart,
        });
        let shown = groups.into_iter().map(|(key, tally)| {
            let values = key.into_iter().map(text).collect();
            segment(values, &tally)
        });
        Segments { fields, shown: shown.collect(), rest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Options, SCORE_FIELD};
    use proptest::prelude::*;

    fn segments(csv: &str, by: &[&str], top: usize, options: &Options) -> (Analysis, Segments) {
        let export = Export::from_bytes(csv.as_bytes().to_vec(), options).unwrap();
        let buckets = vec!["0-4".parse().unwrap(), "5-9".parse().unwrap()];
        let question = Question::for_stats(export.columns(), buckets, &[]).unwrap();
        let grouping = Grouping::new(export.columns(), by, top, false).unwrap();
        export.analyze_by(&question, &grouping).unwrap()
    }

    /// Records, filled cells by column, and scores by bucket.
    type Row = (u64, Vec<u64>, Vec<u64>);

    fn row(segment: &Segment) -> Row {
        let filled = segment.columns.iter().map(|column| column.filled).collect();
        let scores = segment.stats.score_histogram.iter().map(|bucket| bucket.count).collect();
        (segment.stats.total, filled, scores)
    }

    /// The same, by the `csv` crate and as plainly as can be.
    fn naive(csv: &str, by: &[usize]) -> Vec<(Vec<Option<String>>, Row)> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(csv.as_bytes());
        let mut groups: Vec<(Vec<Option<String>>, Row)> = Vec::new();
        for record in reader.records().map(|record| record.unwrap()) {
            let cell = |column: usize| record.get(column).filter(|cell| !cell.is_empty());
            let key: Vec<Option<String>> = by.iter().map(|&column| cell(column).map(str::to_owned)).collect();
            let at = groups.iter().position(|(other, _)| *other == key).unwrap_or_else(|| {
                groups.push((key, (0, vec![0; 3], vec![0; 2])));
                groups.len() - 1
            });
            let (records, filled, scores) = &mut groups[at].1;
            *records += 1;
            (0..3).for_each(|column| filled[column] += u64::from(cell(column).is_some()));
            if let Some(score) = cell(2).and_then(|score| score.parse::<usize>().ok()) {
                scores[score / 5] += 1;
            }
        }
        groups.sort_by(|(key, a), (other, b)| b.0.cmp(&a.0).then_with(|| key.cmp(other)));
        groups
    }

    fn add(rows: impl IntoIterator<Item = Row>) -> Row {
        let zip = |a: Vec<u64>, b: &[u64]| a.iter().zip(b).map(|(a, b)| a + b).collect();
        let start = (0, vec![0; 3], vec![0; 2]);
        rows.into_iter().fold(start, |sum, row| (sum.0 + row.0, zip(sum.1, &row.1), zip(sum.2, &row.2)))
    }

    proptest! {
        #[test]
        fn segments_are_those_of_the_csv_crate(
            records in "((a|b|\"c,\"\"\n\"|)(,(a|b|)(,[0-9x]?)?)?,?\r?\n){0,30}",
            two in any::<bool>(),
            top in 0..6_usize,
        ) {
            let csv = format!("seniority,department,{SCORE_FIELD}\n{records}");
            let (names, by): (&[_], &[_]) =
                if two { (&["seniority", "department"], &[0, 1]) } else { (&["seniority"], &[0]) };
            let (analysis, segments) = segments(&csv, names, top, &Options::default());
            let expected = naive(&csv, by);
            let shown: Vec<_> =
                segments.shown.iter().map(|segment| (segment.values.clone(), row(segment))).collect();
            prop_assert_eq!(&shown[..], &expected[..top.min(expected.len())]);
            let rest = expected.iter().skip(top).map(|(_, row)| row.clone());
            match &segments.rest {
                Some(rest_of) => {
                    prop_assert_eq!(row(&rest_of.segment), add(rest));
                    prop_assert_eq!(rest_of.values, (expected.len() - top) as u64);
                    prop_assert_eq!(rest_of.not_told_apart, 0);
                }
                None => prop_assert!(expected.len() <= top),
            }
            let export = Export::from_bytes(csv.into_bytes(), &Options::default()).unwrap();
            let question = Question::for_stats(export.columns(), Vec::new(), &[]).unwrap();
            let whole = export.analyze(&question).unwrap();
            prop_assert_eq!(&analysis.columns, &whole.columns);
            prop_assert_eq!(analysis.stats.total, whole.stats.total);
            prop_assert_eq!(format!("{:?}", analysis.findings), format!("{:?}", whole.findings));
        }
    }

    #[test]
    fn what_is_unfilled_is_one_segment_by_the_rule_in_force() {
        let csv = "seniority,department\n,a\nnull,a\n ,a\nVP,a\n";
        let counts = |options: &Options| -> Vec<_> {
            let (_, segments) = segments(csv, &["seniority"], 9, options);
            segments.shown.into_iter().map(|one| (one.values[0].clone(), one.stats.total)).collect()
        };
        let some = |text: &str| Some(text.to_owned());
        let api = [(None, 1), (some(" "), 1), (some("VP"), 1), (some("null"), 1)];
        assert_eq!(counts(&Options::default()), api);
        let rule = crate::FillRule::default().non_blank().with_placeholder("x").unwrap();
        let strict = counts(&Options { fill_rule: rule, ..Options::default() });
        assert_eq!(strict, [(None, 3), (some("VP"), 1)]);
    }

    #[test]
    fn what_is_too_much_to_tell_apart_is_in_the_rest() {
        let long = "x".repeat(MAX_CELL_BYTES);
        let values = (0..MAX_SEGMENTS + 5).map(|n| format!("{n},a\n{n},\n"));
        // The first come first: one that is frequent later is not among them.
        let late = "late,a\n".repeat(9);
        let csv = format!("seniority,department\n{long},a\n{long}x,a\n{}{late}", values.collect::<String>());
        let (analysis, segments) = segments(&csv, &["seniority"], 2, &Options::default());
        let rest = segments.rest.unwrap();
        assert_eq!(segments.shown.iter().map(|one| one.stats.total).collect::<Vec<_>>(), [2, 2]);
        assert_eq!(rest.values, MAX_SEGMENTS as u64 - 2);
        assert_eq!(rest.not_told_apart, 1 + 9 + 2 * 6);
        assert_eq!(4 + rest.segment.stats.total, analysis.stats.total);
    }

    #[test]
    fn values_that_are_no_text_stay_apart() {
        let csv = b"seniority\n\xff\n\xfe\n\xff\n".to_vec();
        let export = Export::from_bytes(csv, &Options::default()).unwrap();
        let grouping = Grouping::new(export.columns(), &["seniority"], 9, false).unwrap();
        let (_, segments) = export.analyze_by(&Question::default(), &grouping).unwrap();
        let totals: Vec<_> = segments.shown.iter().map(|one| (&one.values[..], one.stats.total)).collect();
        let replaced = [Some("\u{fffd}".to_owned())];
        assert_eq!(totals, [(&replaced[..], 2), (&replaced[..], 1)]);
    }

    #[test]
    fn fields_that_identify_people_and_repeated_ones_are_refused() {
        let columns = |header: &str| {
            let export = Export::from_bytes(format!("{header}\n").into_bytes(), &Options::default());
            export.unwrap().columns().clone()
        };
        for (header, field) in [
            ("hashedEmail", "hashedEmail"),
            ("Hashed_Email", "hashedEmail"),
            ("seniority,first name", "firstName"),
            ("seniority,Work E-Mail", "Work E-Mail"),
            ("seniority,mobile phone 2", "mobile phone 2"),
            ("linkedin_url", "linkedinUrl"),
            ("zip,seniority", "zip"),
            ("seniority,seniority,email,email", "email#2"),
        ] {
            let error = Grouping::new(&columns(header), &[field], 1, false).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Usage, "{header}");
            assert!(Grouping::new(&columns(header), &[field], 1, true).is_ok());
        }
        let usual = columns("seniority,company.industry,companyLinkedinUrl,companyZip,email");
        for field in ["seniority", "companyIndustry", "companyLinkedinUrl", "companyZip"] {
            assert!(Grouping::new(&usual, &[field], 1, false).is_ok(), "{field}");
        }
        let twice = Grouping::new(&usual, &["seniority", "Seniority"], 1, false);
        assert_eq!(twice.unwrap_err().kind(), ErrorKind::Usage);
        let unknown = Grouping::new(&usual, &["no such"], 1, false);
        assert_eq!(unknown.unwrap_err().kind(), ErrorKind::UnknownField);
    }

    #[test]
    fn who_is_mapped_to_a_personal_field_identifies_people() {
        let map = vec![("email".to_owned(), "Kontakt".to_owned())];
        let options = Options { map, ..Options::default() };
        let export = Export::from_bytes(b"Kontakt,seniority\n".to_vec(), &options).unwrap();
        assert!(Grouping::new(export.columns(), &["Kontakt"], 1, false).is_err());
        assert!(Grouping::new(export.columns(), &["seniority"], 1, false).is_ok());
    }
}
