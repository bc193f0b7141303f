//! Whatever cells the score column holds, histogram, average and counts are those of a plain reading of the contract:
//! `-?[0-9]{1,15}(\.[0-9]{1,9})?` is a number, by its floor in a bucket, and everything else is none.
//!
//! An input is the cells, with a newline between them. The file is written once plainly, where the vector scanner reads
//! numbers, and once quoted, where the reference does.

#![no_main]

use std::sync::LazyLock;

use fillrate::{AverageOf, Bucket, ErrorKind, Export, Options, Question};
use libfuzzer_sys::fuzz_target;

/// They overlap, leave gaps, and reach beyond the scores that the API gives.
static BUCKETS: LazyLock<Vec<Bucket>> = LazyLock::new(|| {
    ["<0", "0-49", "50-69", "70–89", "85-120", "100", "150+"].map(|label| label.parse().unwrap()).to_vec()
});

/// A cell in units of 10⁻⁹, if it is a number.
fn nanos(cell: &[u8]) -> Option<i128> {
    let text = str::from_utf8(cell).ok()?;
    let (sign, unsigned) = text.strip_prefix('-').map_or((1, text), |unsigned| (-1, unsigned));
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits =
        |text: &str, most| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole, 15) || !digits(fraction, 9) {
        return None;
    }
    format!("{whole}{fraction:0<9}").parse::<i128>().ok().map(|size| sign * size)
}

fn check(csv: Vec<u8>, cells: &[&[u8]]) {
    let export = match Export::from_bytes(csv, &Options::default()) {
        Ok(export) => export,
        // A last line that is a database's last words, or a last cell of NUL bytes.
        Err(error) => return assert!(error.kind() == ErrorKind::NotCsv, "{error}"),
    };
    let score = AverageOf { field: "score".to_owned(), column: 1 };
    let question = Question { score: Some(1), buckets: BUCKETS.clone(), averages: vec![score], sha1: false };
    let analysis = export.analyze(&question).expect("bytes in memory can be read");

    let numbers: Vec<i128> = cells.iter().filter_map(|cell| nanos(cell)).collect();
    let floors: Vec<i128> = numbers.iter().map(|nanos| nanos.div_euclid(1_000_000_000)).collect();
    let holds = |bucket: &Bucket, floor: i128| bucket.floors().contains(&i64::try_from(floor).unwrap());
    for found in &analysis.stats.score_histogram {
        let expected = floors.iter().filter(|&&floor| holds(&found.bucket, floor)).count();
        assert_eq!(found.count, expected as u64, "{}", found.bucket);
    }
    let scores = analysis.scores.expect("there is a score column");
    let outside = floors.iter().filter(|&&floor| !BUCKETS.iter().any(|bucket| holds(bucket, floor))).count();
    let missing = cells.iter().filter(|cell| cell.is_empty()).count();
    let found = (scores.outside, scores.missing, scores.invalid);
    assert_eq!(found, (outside as u64, missing as u64, (cells.len() - missing - numbers.len()) as u64));

    match &analysis.stats.averages[..] {
        [] => assert_eq!(numbers, []),
        [(_, mean)] => {
            let (sum, count) = (numbers.iter().sum::<i128>(), numbers.len() as i128);
            assert_eq!(i128::from(mean.numbers()), count);
            for value in [-1, 0, 1].map(|step| sum.div_euclid(count) + step) {
                assert_eq!(mean.rounds_to(value, 9), Some(2 * (sum - value * count).abs() <= count));
            }
        }
        several => panic!("{several:?}"),
    }
}

fuzz_target!(|input: &[u8]| {
    let cells: Vec<&[u8]> = input.split(|&byte| byte == b'\n').collect();
    let file = |written: &dyn Fn(&[u8]) -> Vec<u8>| {
        let records = cells.iter().flat_map(|cell| [b"a,", &written(cell)[..], b"\n"].concat());
        b"email,score\n".iter().copied().chain(records).collect()
    };
    if !input.iter().any(|byte| b",\"\r".contains(byte)) {
        check(file(&<[u8]>::to_vec), &cells);
    }
    let quoted = |cell: &[u8]| {
        let doubled = cell.iter().flat_map(|&byte| if byte == b'"' { vec![byte; 2] } else { vec![byte] });
        [b"\"", &doubled.collect::<Vec<_>>()[..], b"\""].concat()
    };
    check(file(&quoted), &cells);
});
