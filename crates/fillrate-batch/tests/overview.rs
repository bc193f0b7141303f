//! What is said of a batch as a whole, against a plain recomputation from the records that the `csv` crate reads.

#![expect(clippy::unwrap_used, reason = "clippy spares `#[test]` functions only, not their helpers")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fillrate::{Combined, DEFAULT_BUCKETS, FillRate, Options, Policy};
use fillrate_batch::{Batch, Gathering, GroupBy, Inputs, Overview, Wanted};
use fillrate_drift::chance::{two_counts, two_proportions};
use fillrate_drift::{Points, RateChange};
use proptest::prelude::*;

/// An export to be written: what its reports say of its run, and its cells.
#[derive(Clone, Debug)]
struct Export {
    audience: Option<u8>,
    day: Option<u8>,
    config: Option<u8>,
    /// The first two of these are always there, so that no record is an empty line.
    columns: Vec<&'static str>,
    records: Vec<Vec<&'static str>>,
}

const COLUMNS: [&str; 5] = ["email", "note", "phone", "headline", "intent.score"];
const CELLS: [&str; 6] = ["", "x", " ", "null", "55", "91.5"];

fn export() -> impl Strategy<Value = Export> {
    let some = || proptest::option::weighted(0.9, 0..3_u8);
    (some(), some(), some(), any::<[bool; 3]>(), 0..60_usize, any::<u64>()).prop_map(
        |(audience, day, config, has, records, mut seed)| {
            let optional = COLUMNS[2..].iter().zip(has).filter(|(_, has)| *has).map(|(column, _)| column);
            let columns: Vec<_> = COLUMNS[..2].iter().chain(optional).copied().collect();
            let mut cell = || {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                CELLS[usize::try_from(seed >> 33).unwrap() % CELLS.len()]
            };
            let records = (0..records).map(|_| columns.iter().map(|_| cell()).collect()).collect();
            Export { audience, day, config, columns, records }
        },
    )
}

impl Export {
    fn write(&self, folder: &Path) {
        std::fs::create_dir(folder).unwrap();
        let mut csv = csv::Writer::from_path(folder.join("x.csv")).unwrap();
        csv.write_record(&self.columns).unwrap();
        self.records.iter().for_each(|record| csv.write_record(record).unwrap());
        csv.flush().unwrap();
        let member = |name: &str, value: &Option<u8>, make: fn(u8) -> String| {
            value.map_or(String::new(), |value| format!(r#", "{name}": "{}""#, make(value)))
        };
        let run = [
            member("audienceId", &self.audience, |number| format!("aud-{number}")),
            // The later in the day, the lower the number: days decide.
            member("completedAt", &self.day, |day| format!("2026-05-0{}T0{}:00:00Z", day + 1, 9 - day)),
            member("configHash", &self.config, |number| format!("config-{number}")),
        ];
        // The buckets that were reported are others, with ends above 100.
        let stats = r#""stats": {"scoreHistogram": [{"bucket": "150-200", "count": 0}]}"#;
        let stats = format!(r#"{{"run": {{"status": "completed"{}}}, {stats}}}"#, run.concat());
        std::fs::write(folder.join("stats.json"), stats).unwrap();
    }
}

/// Counts that are added up by hand.
#[derive(Clone, Debug, Default, PartialEq)]
struct Plain {
    exports: u64,
    total: u64,
    /// By field: filled, blank and placeholder cells, and how many exports have it.
    columns: BTreeMap<String, [u64; 4]>,
    /// By bucket of the documentation, and then the scores outside, missing and invalid; without a score column, nothing.
    scores: Option<[u64; 6]>,
    /// Of the scores: how many, and ten times their sum.
    numbers: (u64, u64),
}

impl Plain {
    fn of(path: &Path) -> Self {
        let mut plain = Self { exports: 1, ..Self::default() };
        let mut csv = csv::Reader::from_path(path).unwrap();
        let header = csv.headers().unwrap().clone();
        for field in &header {
            plain.columns.insert(field.to_owned(), [0, 0, 0, 1]);
        }
        let score = header.iter().position(|field| field == "intent.score");
        plain.scores = score.map(|_| [0; 6]);
        for record in csv.records() {
            let record = record.unwrap();
            plain.total += 1;
            for (field, cell) in header.iter().zip(&record) {
                let counts = plain.columns.get_mut(field).unwrap();
                counts[0] += u64::from(!cell.is_empty());
                counts[1] += u64::from(cell == " ");
                counts[2] += u64::from(cell == "null");
            }
            if let (Some(scores), Some(score)) = (&mut plain.scores, score) {
                let (place, tenths) = match &record[score] {
                    "55" => (0, Some(550)),
                    "91.5" => (2, Some(915)),
                    "" => (4, None),
                    _ => (5, None),
                };
                scores[place] += 1;
                plain.numbers.0 += u64::from(tenths.is_some());
                plain.numbers.1 += tenths.unwrap_or(0);
            }
        }
        plain
    }

    fn add(&mut self, other: &Self) {
        let missing = |plain: &Self| [0, 0, 0, 0, plain.total, 0];
        if self.scores.is_some() || other.scores.is_some() {
            let (a, b) = (self.scores.unwrap_or(missing(self)), other.scores.unwrap_or(missing(other)));
            self.scores = Some(std::array::from_fn(|at| a[at] + b[at]));
        }
        self.exports += other.exports;
        self.total += other.total;
        self.numbers = (self.numbers.0 + other.numbers.0, self.numbers.1 + other.numbers.1);
        for (field, counts) in &other.columns {
            let mine = self.columns.entry(field.clone()).or_default();
            *mine = std::array::from_fn(|at| mine[at] + counts[at]);
        }
    }

    fn all<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Self {
        parts.into_iter().fold(Self::default(), |mut all, part| {
            all.add(part);
            all
        })
    }

    fn of_figures(figures: &Combined) -> Self {
        let columns = figures.columns.iter().map(|column| {
            let cells = &column.cells;
            let counts = [cells.filled, cells.blank, cells.placeholder, column.exports];
            (cells.field.clone(), counts)
        });
        let numbers = figures.stats.averages.iter().find(|(field, _)| field == "intent.score");
        let numbers = numbers.map_or((0, 0), |(_, mean)| {
            // Up to 3,000 numbers: six decimals tell ten times their sum.
            let mean_of: f64 = mean.to_string().parse().unwrap();
            #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let tenths = (mean_of * mean.numbers() as f64 * 10.0).round() as u64;
            (mean.numbers(), tenths)
        });
        let scores = figures.scores.map(|rest| {
            let buckets: Vec<u64> = figures.stats.score_histogram.iter().map(|bucket| bucket.count).collect();
            [buckets[0], buckets[1], buckets[2], rest.outside, rest.missing, rest.invalid]
        });
        Self {
            exports: figures.exports,
            total: figures.stats.total,
            columns: columns.collect(),
            scores,
            numbers,
        }
    }

    fn filled(&self, field: &str) -> u64 {
        self.columns[field][0]
    }
}

fn wanted(groups: GroupBy, level: f64) -> Wanted {
    let buckets = DEFAULT_BUCKETS.map(|label| label.parse().unwrap()).to_vec();
    Wanted { totals: true, groups: Some(groups), drift: Some(level), buckets }
}

fn overview(folder: &Path, wanted: &Wanted, threads: usize) -> Overview {
    let inputs = Inputs::find(&[folder.to_owned()]);
    let batch = Batch::new(Options::default(), Policy::default()).unwrap().counting();
    let mut gathering = Gathering::new(wanted);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| {
        batch.run(
            &inputs,
            None,
            |_, _| (),
            |result| {
                gathering.add(&result.path, &result.record, *result.counted.unwrap());
            },
        );
        gathering.overview().unwrap()
    })
}

/// Holm's correction, by its definition: the k-th smallest of n, times n − k + 1, and no less than those before it.
fn holm(p_values: &[f64], of: f64) -> f64 {
    let mut sorted = p_values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = u32::try_from(sorted.len()).unwrap();
    let upto = sorted.iter().zip(0_u32..).take_while(|(p, _)| **p <= of);
    upto.map(|(p, k)| (p * f64::from(n - k)).min(1.0)).fold(0.0, f64::max)
}

/// What two exports should differ by: the shares of fields and scores, by name.
fn shares(before: &Plain, after: &Plain) -> Vec<(String, u64, u64)> {
    let fields = before.columns.keys().filter(|field| after.columns.contains_key(*field));
    let mut shares: Vec<_> =
        fields.map(|field| (field.clone(), before.filled(field), after.filled(field))).collect();
    if let (Some(before), Some(after)) = (before.scores, after.scores) {
        for (name, at) in DEFAULT_BUCKETS.into_iter().zip(0..).chain([("outside", 3), ("invalid", 5)]) {
            shares.push((name.to_owned(), before[at], after[at]));
        }
    }
    shares
}

fn assert_drift(overview: &Overview, exports: &[Export], plain: &[Plain]) {
    let drifts = overview.drift.as_ref().unwrap();
    let without = exports.iter().filter(|export| export.audience.is_none()).count();
    assert_eq!(drifts.without_audience, without as u64);
    let ids: BTreeSet<u8> = exports.iter().filter_map(|export| export.audience).collect();
    assert_eq!(drifts.audiences.len(), ids.len());
    for (id, audience) in ids.into_iter().zip(&drifts.audiences) {
        assert_eq!(audience.audience_id, format!("aud-{id}"));
        let of_it = exports.iter().zip(plain).filter(|(export, _)| export.audience == Some(id));
        let mut runs: Vec<_> = of_it.clone().filter(|(export, _)| export.day.is_some()).collect();
        runs.sort_by_key(|(export, _)| export.day);
        assert_eq!(audience.not_ordered.len(), of_it.count() - runs.len());
        assert_eq!((audience.runs, audience.pairs.len()), (runs.len(), runs.len().saturating_sub(1)));
        for (pair, runs) in audience.pairs.iter().zip(runs.windows(2)) {
            let [(earlier, before), (later, after)] = runs else { unreachable!() };
            let config = earlier.config.zip(later.config).map(|(a, b)| a != b);
            assert_eq!(pair.config_changed, config);
            let drift = &pair.drift;
            assert_eq!((drift.total.before, drift.total.after), (before.total, after.total));
            let lacks = |plain: &Plain, field: &String| !plain.columns.contains_key(field);
            assert!(drift.came.iter().all(|field| lacks(before, field) && !lacks(after, field)));
            assert!(drift.went.iter().all(|field| !lacks(before, field) && lacks(after, field)));
            let shared = before.columns.keys().filter(|field| !lacks(after, field)).count();
            assert_eq!(drift.came.len() + shared, after.columns.len());
            assert_eq!(drift.went.len() + shared, before.columns.len());

            let shares = shares(before, after);
            let of =
                |(_, a, b): &(String, u64, u64)| two_proportions((*a, before.total), (*b, after.total)).0;
            let mut p_values: Vec<f64> = shares.iter().map(of).collect();
            p_values.push(two_counts(before.total, after.total).0);
            assert_eq!(drift.tests, p_values.len());
            let shown: Vec<&RateChange> = drift.fields.iter().chain(drift.scores.iter().flatten()).collect();
            let mut flagged = 0;
            for (share, p) in shares.iter().zip(&p_values) {
                let (name, a, b) = share;
                let corrected = holm(&p_values, *p);
                let change = shown.iter().find(|change| change.name == *name);
                assert_eq!(change.is_some(), corrected <= drift.level, "{name} {corrected}");
                let Some(change) = change else { continue };
                flagged += 1;
                assert_eq!(
                    (change.before, change.after),
                    (FillRate::new(*a, before.total), FillRate::new(*b, after.total))
                );
                assert_eq!(change.points, Points::between((*a, before.total), (*b, after.total)));
                assert!((change.chance.corrected - corrected).abs() < 1e-12);
            }
            assert_eq!(shown.len(), flagged);
            let total = holm(&p_values, p_values[p_values.len() - 1]) <= drift.level;
            assert_eq!(drift.total.chance.significant, total);
            let columns = drift.came.len() + drift.went.len();
            assert_eq!(pair.differs, total || flagged + columns > 0);
            let has_mean = |plain: &Plain| plain.numbers.0 > 0;
            assert_eq!(drift.averages.len(), usize::from(has_mean(before) && has_mean(after)));
        }
    }
}

/// The group of an export, by its number.
type Naming<'a> = &'a dyn Fn(usize) -> Option<String>;

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn an_overview_is_that_of_a_plain_recomputation(exports in prop::collection::vec(export(), 1..12)) {
        let folder = tempfile::tempdir().unwrap();
        let path = |number: usize| folder.path().join(format!("{number:02}"));
        exports.iter().enumerate().for_each(|(number, export)| export.write(&path(number)));
        let plain: Vec<Plain> = (0..exports.len()).map(|number| Plain::of(&path(number).join("x.csv"))).collect();
        let folders = |number: usize| Some(path(number).to_string_lossy().into_owned());
        let audiences = |number: usize| exports[number].audience.map(|id| format!("aud-{id}"));
        let days = |number: usize| exports[number].day.map(|day| format!("2026-05-0{}", day + 1));
        let names: [(GroupBy, Naming<'_>); 3] =
            [(GroupBy::Folder, &folders), (GroupBy::Audience, &audiences), (GroupBy::Day, &days)];
        for (by, name) in names {
            // All differences are shown at the level 1, and those that matter at 0.01.
            for level in [1.0, 0.01] {
                let wanted = wanted(by, level);
                let overview = overview(folder.path(), &wanted, 1);
                prop_assert_eq!(Plain::of_figures(overview.totals.as_ref().unwrap()), Plain::all(&plain));
                let mut expected: BTreeMap<(bool, Option<String>), Plain> = BTreeMap::new();
                for (number, plain) in plain.iter().enumerate() {
                    let name = name(number);
                    expected.entry((name.is_none(), name)).or_default().add(plain);
                }
                let groups = &overview.groups.as_ref().unwrap().1;
                let found: Vec<_> = groups
                    .iter()
                    .map(|group| ((group.name.is_none(), group.name.clone()), Plain::of_figures(&group.figures)))
                    .collect();
                prop_assert_eq!(found, expected.into_iter().collect::<Vec<_>>());
                assert_drift(&overview, &exports, &plain);
                for threads in [2, 8] {
                    let other = self::overview(folder.path(), &wanted, threads);
                    prop_assert_eq!(format!("{other:?}"), format!("{overview:?}"), "{} threads", threads);
                }
            }
        }
    }
}
