//! Every defect changes what it says, and only that.

use std::collections::BTreeMap;

use csv::ByteRecord;
use fillrate_sample::{Audience, Defect, DefectClass, DefectKind, Error, HeaderStyle, Sample, Size};
use serde_json::Value;

use crate::{audience, column, data, rows, scaled, sha1};

const SIZE: Size = Size::Records(400);

/// A sample with one defect, beside the same one without.
struct Pair {
    amount: usize,
    intact: Audience,
    damaged: Audience,
}

#[test]
fn every_defect_changes_what_it_says_and_only_that() {
    for kind in DefectKind::ALL {
        for defect in [Defect::from(kind), Defect::new(kind, 7).unwrap_or(kind.into())] {
            let intact = audience(SIZE, HeaderStyle::Dotted, &[]);
            let damaged = audience(SIZE, HeaderStyle::Dotted, &[&defect.to_string()]);
            let pair = Pair { amount: usize::try_from(defect.amount()).unwrap(), intact, damaged };
            check_csv(kind, &pair);
            check_reports(kind, &pair);
        }
    }
}

fn check_csv(kind: DefectKind, pair: &Pair) {
    let (before, after) = (&pair.intact.csv, &pair.damaged.csv);
    match kind {
        DefectKind::Blank => {
            pair.assert_cells("jobTitle", |before, after| before.is_empty() && after == b" ");
        }
        DefectKind::Placeholder => {
            pair.assert_cells("linkedinUrl", |before, after| before.is_empty() && after == b"null");
        }
        DefectKind::InvalidScore => pair.assert_cells("intent.score", |_, after| after == b"high"),
        DefectKind::OutsideScore => pair.assert_cells("intent.score", |_, after| after == b"100"),
        DefectKind::InvalidUtf8 => pair.assert_cells("firstName", |before, after| {
            !before.is_empty() && after == [before, b"\xE9"].concat() && str::from_utf8(after).is_err()
        }),
        DefectKind::Nul => pair.assert_cells("lastName", |before, after| {
            !before.is_empty() && after == [before, b"\0"].concat()
        }),
        DefectKind::ShortRecord => pair.assert_records(|before, after| {
            after.len() + 1 == before.len() && after.iter().eq(before.iter().take(after.len()))
        }),
        DefectKind::LongRecord => pair.assert_records(|before, after| {
            after.len() == before.len() + 1 && before.iter().eq(after.iter().take(before.len()))
        }),
        DefectKind::EmptyLine => {
            let after = str::from_utf8(after).unwrap();
            assert_eq!(after.matches("\n\n").count(), pair.amount);
            assert_eq!(after.replace("\n\n", "\n").as_bytes(), before);
        }
        DefectKind::LostRecord => assert_extra_rows(after, before, pair.amount),
        DefectKind::DuplicateRecord => {
            assert_extra_rows(before, after, pair.amount);
            let mut rows = rows(after);
            rows.dedup();
            assert_eq!(rows, crate::rows(before));
        }
        DefectKind::StrayQuote => {
            let (before, after) = (str::from_utf8(before).unwrap(), str::from_utf8(after).unwrap());
            let changed = before.lines().zip(after.lines()).filter(|(before, after)| before != after);
            let opened = changed.inspect(|(before, after)| assert_eq!(*after, format!("\"{before}")));
            assert_eq!(opened.count(), pair.amount);
            assert_eq!(after.len(), before.len() + pair.amount);
        }
        DefectKind::CutOff => {
            assert_eq!(after, &before[..before.len() - pair.amount]);
            assert!(!after.ends_with(b"\n"));
        }
        DefectKind::Crlf => {
            assert_eq!(str::from_utf8(before).unwrap().replace('\n', "\r\n").as_bytes(), after);
        }
        DefectKind::Bom => assert_eq!(&[b"\xEF\xBB\xBF", &before[..]].concat(), after),
        _ => {
            assert_eq!(kind.class(), DefectClass::Report, "{kind} is not checked");
            assert_eq!(before, after);
        }
    }
}

impl Pair {
    /// As many records as asked for have changed, each as `expected`, and not only in one half of the file.
    fn assert_records(&self, expected: impl Fn(&ByteRecord, &ByteRecord) -> bool) {
        let (before, after) = (rows(&self.intact.csv), rows(&self.damaged.csv));
        assert_eq!(before.len(), after.len());
        let changed: Vec<_> = (0..before.len()).filter(|&index| before[index] != after[index]).collect();
        assert_eq!(changed.len(), self.amount);
        assert!(changed[0] < before.len() / 2 && changed[changed.len() - 1] >= before.len() / 2);
        assert!(changed.iter().all(|&index| expected(&before[index], &after[index])));
    }

    /// The same, where the change is in the cell of one column.
    fn assert_cells(&self, name: &str, expected: impl Fn(&[u8], &[u8]) -> bool) {
        let changed = column(&rows(&self.intact.csv), name);
        self.assert_records(|before, after| {
            let elsewhere = before.iter().zip(after).enumerate().filter(|(index, _)| *index != changed);
            expected(&before[changed], &after[changed]) && elsewhere.into_iter().all(|(_, (b, a))| b == a)
        });
    }
}

/// `more` has all rows of `fewer` in their order, and `extra` others.
fn assert_extra_rows(fewer: &[u8], more: &[u8], extra: usize) {
    let (fewer, more) = (rows(fewer), rows(more));
    assert_eq!(fewer.len() + extra, more.len());
    let mut rest = more.iter();
    assert!(fewer.iter().all(|row| rest.any(|other| other == row)));
}

fn check_reports(kind: DefectKind, pair: &Pair) {
    let stats = changes(&pair.intact.stats_json, &pair.damaged.stats_json);
    let export = changes(&pair.intact.export_json, &pair.damaged.export_json);
    match kind.class() {
        DefectClass::Delivered => {
            let described = data(&pair.damaged.export_json);
            assert_eq!(described["export"]["byteSize"], pair.damaged.csv.len());
            assert_eq!(described["export"]["contentSha1"], sha1(&pair.damaged.csv));
            assert!(
                export
                    .iter()
                    .all(|change| ["/export/byteSize", "/export/contentSha1"].contains(&&*change.path))
            );
            if kind == DefectKind::OutsideScore {
                assert_scores_left_their_buckets(pair);
            } else {
                assert_eq!(stats, []);
            }
        }
        DefectClass::Download => assert_eq!((stats, export), (vec![], vec![])),
        _ => {
            let [change] = &[stats, export].concat()[..] else { panic!("{kind} changed several numbers") };
            assert_is_falsified(kind, change, pair.amount as u64);
        }
    }
}

fn assert_scores_left_their_buckets(pair: &Pair) {
    let stats = [&pair.intact, &pair.damaged].map(|audience| data(&audience.stats_json)["stats"].take());
    let [before, after] = stats.each_ref().map(|stats| {
        let bars = stats["scoreHistogram"].as_array().unwrap();
        bars.iter().map(|bar| bar["count"].as_u64().unwrap()).sum::<u64>()
    });
    assert_eq!(after + pair.amount as u64, before);
    let [before, after] = stats.map(|mut stats| {
        stats["scoreHistogram"].take();
        stats["averages"]["intent.score"].take();
        stats
    });
    assert_eq!(before, after);
}

fn assert_is_falsified(kind: DefectKind, change: &Change, amount: u64) {
    let (path, places, raise) = match kind {
        DefectKind::WrongTotal => ("/stats/total", 0, amount),
        DefectKind::WrongCount => ("/stats/fillRates/firstName/count", 0, amount),
        DefectKind::WrongPercent => ("/stats/fillRates/firstName/percent", 2, amount),
        DefectKind::WrongBucket => ("/stats/scoreHistogram/1/count", 0, amount),
        DefectKind::WrongAverage => ("/stats/averages/intent.score", 6, amount * 10_000),
        DefectKind::WrongByteSize => ("/export/byteSize", 0, amount),
        DefectKind::WrongRowCount => ("/export/rowCount", 0, amount),
        DefectKind::WrongSha1 => return assert_eq!(change.path, "/export/contentSha1"),
        DefectKind::OtherRun => return assert_eq!(change.path, "/export/runId"),
        _ => panic!("{kind} is not checked"),
    };
    assert_eq!(change.path, path);
    assert_eq!(scaled(&change.after, places), scaled(&change.before, places) + raise);
}

/// A value that two answers do not share.
#[derive(Clone, Debug, PartialEq)]
struct Change {
    path: String,
    before: String,
    after: String,
}

fn changes(before: &str, after: &str) -> Vec<Change> {
    let (before, after) = (leaves(&data(before)), leaves(&data(after)));
    assert!(before.keys().eq(after.keys()));
    let changed = before.into_iter().zip(after.into_values()).filter(|((_, before), after)| before != after);
    changed.map(|((path, before), after)| Change { path, before, after }).collect()
}

/// Every scalar in a JSON value, under its path.
fn leaves(value: &Value) -> BTreeMap<String, String> {
    let children: Vec<_> = match value {
        Value::Object(members) => members.iter().map(|(key, child)| (key.clone(), child)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(key, child)| (key.to_string(), child)).collect()
        }
        _ => return BTreeMap::from([(String::new(), value.to_string())]),
    };
    let below =
        |(key, child)| leaves(child).into_iter().map(move |(path, leaf)| (format!("/{key}{path}"), leaf));
    children.into_iter().flat_map(below).collect()
}

#[test]
fn the_previous_generation_has_every_defect_that_it_can_show() {
    let intact = audience(SIZE, HeaderStyle::Flat, &[]);
    for kind in DefectKind::ALL {
        let sample =
            Sample { size: SIZE, header: HeaderStyle::Flat, defects: vec![kind.into()], ..Sample::default() };
        let shown = ["wrong-total", "wrong-percent", "wrong-row-count"];
        match sample.in_memory() {
            Ok(damaged) if kind.class() == DefectClass::Report => {
                assert!(shown.contains(&kind.name()), "{kind}");
                let reports = |audience: Audience| (audience.stats_json, audience.export_json);
                assert_eq!(damaged.csv, intact.csv);
                assert_ne!(reports(damaged), reports(intact.clone()));
            }
            Ok(damaged) => {
                assert_ne!(damaged.csv, intact.csv, "{kind}");
                assert_eq!(
                    (damaged.stats_json, damaged.export_json),
                    (intact.stats_json.clone(), intact.export_json.clone())
                );
            }
            Err(refusal) => {
                assert!(matches!(refusal, Error::NotReported { kind: refused, .. } if refused == kind));
                assert!(kind.class() == DefectClass::Report && !shown.contains(&kind.name()), "{kind}");
            }
        }
    }
}

#[test]
fn a_sample_of_so_many_bytes_has_room_for_every_defect() {
    for header in HeaderStyle::ALL {
        for kind in DefectKind::ALL.into_iter().filter(|kind| kind.class() != DefectClass::Report) {
            let damaged = audience(Size::Bytes(100_000), header, &[kind.name()]);
            assert_ne!(damaged.csv, audience(Size::Bytes(100_000), header, &[]).csv);
        }
    }
}

#[test]
fn defects_combine_in_any_order() {
    let kinds = DefectKind::ALL.map(DefectKind::name);
    let reversed: Vec<_> = kinds.into_iter().rev().collect();
    let damaged = audience(SIZE, HeaderStyle::Dotted, &kinds);
    assert_eq!(damaged, audience(SIZE, HeaderStyle::Dotted, &reversed));

    let download = ["bom", "crlf", "cut-off=3", "lost-record=2"];
    let lost = audience(SIZE, HeaderStyle::Dotted, &download[3..]);
    let resaved = format!("\u{feff}{}", str::from_utf8(&lost.csv).unwrap().replace('\n', "\r\n"));
    assert_eq!(audience(SIZE, HeaderStyle::Dotted, &download).csv, resaved.as_bytes()[..resaved.len() - 3]);
}

#[test]
fn amounts_of_a_kind_add_up() {
    let [together, apart] =
        [&["nul=5"][..], &["nul=2", "nul=3"]].map(|d| audience(SIZE, HeaderStyle::Dotted, d));
    assert_eq!(together, apart);
}

#[test]
fn there_is_no_average_to_falsify_without_records() {
    let defects = vec![DefectKind::WrongAverage.into()];
    let sample = Sample { size: Size::Records(0), defects, ..Sample::default() };
    assert!(matches!(sample.in_memory(), Err(Error::TooMuch { room: 0, .. })));
}
