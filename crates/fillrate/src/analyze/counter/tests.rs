//! Holds every backend to the reference: figures, findings, places and where counting stops.

use proptest::prelude::*;

use super::*;
use crate::tally::{FillRule, ScoreScale};

/// What was counted, where the next record starts, and whether that is for sure.
type Outcome = (Tally, Findings, Place, bool);

fn plan(columns: usize, rule: FillRule) -> Plan {
    // The last column, which ends with the record, and one in the middle.
    let (last, middle) = (columns - 1, columns / 2);
    let scale = ScoreScale::new([50, 70, 102, 150]);
    let sums = if middle < last { vec![middle, last] } else { vec![last] };
    Plan { columns, rule, score: Some(last), scale, sums }
}

fn backends() -> impl Iterator<Item = Backend> {
    Backend::available().filter(|backend| backend.name() != "reference")
}

fn count(bytes: &[u8], stop: u64, method: &Method<'_>) -> Outcome {
    let mut counter = Counter::at(Place { line: 7, byte: 0 }, method);
    let stopped = counter.count(&mut Window::Slice(bytes), stop).unwrap();
    let next = counter.next();
    let (tally, findings) = counter.finish();
    // At the end of the bytes either answer is right.
    (tally, findings, next, stopped || next.byte == bytes.len() as u64)
}

/// Compares all backends with the reference, with strips of the given size.
fn assert_equal(bytes: &[u8], stop: u64, strip: usize, plan: &Plan, delimiter: u8) {
    for line_end in [LineEnd::Lf, LineEnd::CrLf, LineEnd::Cr] {
        let method = |backend| {
            let options = Options { delimiter, backend, ..Options::default() };
            Method { strip, ..Method::new(plan, &options, Some(line_end)) }
        };
        let expected = count(bytes, stop, &method("reference".parse().unwrap()));
        for backend in backends() {
            let found = count(bytes, stop, &method(backend));
            assert!(
                found == expected,
                "{backend:?}, {line_end:?}, strips of {strip}, stop at {stop}, {} columns: b\"{}\"\n{found:#?}\n{expected:#?}",
                plan.columns,
                bytes.escape_ascii()
            );
        }
    }
}

/// Every string of up to `longest` bytes, in each of the given tables.
fn assert_all_strings(alphabet: &[u8], longest: u32, columns: &[usize], around: &[(&[u8], &[u8])]) -> u64 {
    let mut cases = 0;
    let plans: Vec<Plan> = columns.iter().map(|&columns| plan(columns, FillRule::default())).collect();
    let mut bytes = Vec::new();
    for length in 0..=longest {
        for code in 0..alphabet.len().pow(length) {
            for (before, behind) in around {
                bytes.clear();
                bytes.extend_from_slice(before);
                bytes.extend((0..length).map(|at| alphabet[code / alphabet.len().pow(at) % alphabet.len()]));
                bytes.extend_from_slice(behind);
                for plan in &plans {
                    assert_equal(&bytes, u64::MAX, 64, plan, b',');
                    cases += 3 * backends().count() as u64;
                }
            }
        }
    }
    cases
}

#[test]
fn all_short_strings() {
    assert_all_strings(b"a,\"\n\r ", 5, &[1, 2], &[(b"", b"")]);
}

/// In front of and behind the end of a block.
#[test]
fn all_short_strings_across_blocks() {
    let plain = b"abc,\"d\"\n".repeat(7);
    for cut in [1, 2, 3] {
        let before = &[&plain[..], &b"abcde,f\n"[..8 - cut]].concat();
        assert_all_strings(b"a,\"\n\r ", 4, &[2], &[(before, b"x,y\n")]);
    }
}

/// All strings of up to 8 bytes, and many random files: more than 10⁸ comparisons, when there is reason to.
/// `FILLRATE_CASES` is how many random files there are to be.
#[test]
#[ignore = "takes minutes: cargo test --release -p fillrate --lib differential -- --ignored --nocapture"]
#[expect(clippy::print_stderr, reason = "it tells how many cases there were")]
fn differential() {
    // By themselves, and across the end of a block.
    let before = &b"abc,\"d\"\n".repeat(8)[..61];
    let exhaustive = assert_all_strings(b"a,\"\n\r ", 8, &[1, 2, 3], &[(b"", b""), (before, b"x,y\n")]);
    eprintln!("exhaustive: {exhaustive} comparisons");
    let files: u32 = std::env::var("FILLRATE_CASES").map_or(1_000_000, |cases| cases.parse().unwrap());
    let mut runner = prop::test_runner::TestRunner::new(ProptestConfig::with_cases(files));
    runner
        .run(&case(), |case| {
            case.assert();
            Ok(())
        })
        .unwrap();
    eprintln!("random: {} comparisons", u64::from(files) * 3 * backends().count() as u64);
}

/// A table that is mostly plain, so that strips are proven and not only refused.
#[derive(Clone, Debug)]
struct Case {
    bytes: Vec<u8>,
    delimiter: u8,
    columns: usize,
    stop: u64,
    strip: usize,
    rule: FillRule,
}

impl Case {
    fn assert(&self) {
        let plan = plan(self.columns, self.rule.clone());
        assert_equal(&self.bytes, self.stop, self.strip, &plan, self.delimiter);
    }
}

fn cell() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        60 => prop::sample::select(&["", "", "a", "Leo", "83", "69.5", "-1.25", "Zoë", "日本語", "\"\"", "\"a\"", "\"a,b\"",
            "\"say \"\"hi\"\"\"", "\"\"\"\"", "\"a\nb\"", "\"a\r\nb\"", "a rather long cell, but for its comma"
        ][..]).prop_map(|cell| cell.split(", but").next().unwrap()),
        20 => prop::sample::select(&[" ", "\t \u{b}", "\"\n \"", "null", "NaN", "-", "\"[]\"", "n/a", "\"undefined\"", "Unknown",
            "\"12\"", "121", "150.000000001", "999999999999999.999999999", "none ", "\"null\"\"\"", "\u{1f980}", "กข"][..]),
        1 => prop::sample::select(&["\r", "\0", "\"", "a\"b", "\"a\"b", "\"a\" ", ",", "\n", "\u{feff}", "1,2"][..]),
    ]
}

fn case() -> impl Strategy<Value = Case> {
    let columns = prop_oneof![1..5_usize, 30..40_usize, 60..70_usize];
    let table =
        (columns, prop::sample::select(b",,,;\t\0\xA9".to_vec()), prop::sample::select(&["\n", "\r\n"][..]));
    table.prop_flat_map(|(columns, delimiter, end)| {
        let records = prop::collection::vec(prop::collection::vec(cell(), columns), 0..200 / columns + 2);
        let damage = prop::option::weighted(0.3, (any::<prop::sample::Index>(), any::<u8>()));
        (records, damage, any::<bool>(), any::<prop::sample::Index>(), 1..400_usize, 0..4_usize).prop_map(
            move |(records, damage, final_end, stop, strip, rule)| {
                let mut bytes = Vec::new();
                for record in &records {
                    bytes.extend(
                        record.iter().map(|cell| cell.as_bytes()).collect::<Vec<_>>().join(&delimiter),
                    );
                    bytes.extend_from_slice(end.as_bytes());
                }
                if !final_end && !bytes.is_empty() {
                    bytes.truncate(bytes.len() - end.len());
                }
                if let Some((at, byte)) = damage.filter(|_| !bytes.is_empty()) {
                    let at = at.index(bytes.len());
                    bytes[at] = byte;
                }
                // Often the end, else anywhere.
                let stop = stop.index(2 * bytes.len() + 1) as u64;
                let stop = if stop > bytes.len() as u64 { u64::MAX } else { stop };
                let rule = [
                    FillRule::default(),
                    FillRule::default().non_blank(),
                    FillRule::default().with_placeholder("Leo").unwrap(),
                    FillRule::default()
                        .with_placeholder("say \"hi\"")
                        .unwrap()
                        .with_placeholder("83")
                        .unwrap(),
                ][rule]
                    .clone();
                Case { bytes, delimiter, columns, stop, strip, rule }
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn tables(case in case()) {
        case.assert();
    }

    #[test]
    fn bytes_without_a_plan(
        bytes in prop::collection::vec(prop_oneof![8 => prop::sample::select(b"a1,,\"\"\n\n\r -".to_vec()), 1 => any::<u8>()], 0..400),
        columns in 1..4_usize,
        strip in 1..200_usize,
    ) {
        assert_equal(&bytes, u64::MAX, strip, &plan(columns, FillRule::default()), b',');
    }
}

/// The tables above are worth little if strips are hardly ever proven.
#[test]
fn plain_tables_are_proven_plain() {
    let plan = plan(3, FillRule::default());
    for (end, line_end) in [("\n", LineEnd::Lf), ("\r\n", LineEnd::CrLf)] {
        let record = format!("Zoë, ,\"a,\"\"b\"\"\r\n\n\"{end}null,\"\",日本{end}");
        let bytes = record.repeat(100);
        for backend in backends() {
            let method = Method::new(&plan, &Options { backend, ..Options::default() }, Some(line_end));
            assert_eq!(method.is_plain(bytes.as_bytes()), Some(true), "{backend:?} {line_end:?}");
            let mut strip = Strip::default();
            assert_eq!(method.scan(bytes.as_bytes(), 500, &mut strip), Some(Verdict::Plain));
            assert_eq!(strip.lines, bytes[..strip.bytes].lines().count() as u64);
        }
    }
}
