//! Every backend, cut into chunks of any size, on several threads, gives what one thread of the reference gives in one
//! piece: figures, exact sums, findings with their places, or the same refusal at the same place.
//!
//! The first bytes of an input say how to read the rest, which is the file. It stays short, since what is not found in
//! a few blocks and chunks is not found in many: a file is cut into at most eight, each of which costs as much as to read
//! all of a short file.

#![no_main]

use std::sync::LazyLock;

use arbitrary::Arbitrary;
use fillrate::{Analysis, AverageOf, Backend, Bucket, Error, ErrorKind, Export, FillRule, Options, Question};
use libfuzzer_sys::fuzz_target;
use rayon::{ThreadPool, ThreadPoolBuilder};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    delimiter: u8,
    /// 0 for one piece, which is on one thread then; on one thread there is only ever one piece.
    chunk_bytes: u8,
    backend: u8,
    rule: u8,
    csv: &'a [u8],
}

const DELIMITERS: [u8; 4] = *b",;\t\xA9";

/// The most chunks that a file is cut into.
const MOST_CHUNKS: u64 = 8;

/// This thread is one of the three: it need not hand the work to others and wait, which takes longer than the work.
static POOL: LazyLock<ThreadPool> =
    LazyLock::new(|| ThreadPoolBuilder::new().num_threads(3).use_current_thread().build().unwrap());

/// All that the machine has. The reference is one of them: in chunks it can be wrong too.
static BACKENDS: LazyLock<Vec<Backend>> = LazyLock::new(|| Backend::available().collect());

/// The API's own rule, the stricter ones, and a word that the vector scanner has no table for.
static RULES: LazyLock<[FillRule; 5]> = LazyLock::new(|| {
    let api = FillRule::default;
    let word = |rule: FillRule, word| rule.with_placeholder(word).unwrap();
    [api(), api().non_blank(), word(api(), "x"), word(api().non_blank(), "x"), word(api(), "é")]
});

/// Buckets that overlap, leave gaps, and reach beyond the scores that the API gives.
static BUCKETS: LazyLock<Vec<Bucket>> = LazyLock::new(|| {
    ["<0", "50-69", "70–89", "85-120", "100", "150+"].map(|label| label.parse().unwrap()).to_vec()
});

/// Everything but the SHA-1, which has nothing to do with scanning and wakes a thread each time. Averages are called by
/// the column's number, since finding out its field takes longer than to scan a short file.
fn everything(export: &Export) -> Question {
    let average = |column: usize| AverageOf { field: column.to_string(), column };
    Question {
        score: Some(0),
        buckets: BUCKETS.clone(),
        averages: (0..export.columns().len()).map(average).collect(),
        sha1: false,
    }
}

/// What an error says that has to be the same.
type Refusal = (ErrorKind, Option<u64>, Option<u64>);

fn analyze(csv: &[u8], options: &Options) -> Result<Analysis, Refusal> {
    let refusal = |error: Error| (error.kind(), error.line(), error.byte());
    let export = Export::from_bytes(csv.to_vec(), options).map_err(refusal)?;
    let question = everything(&export);
    export.analyze(&question).map_err(refusal)
}

/// Compared member by member, because to print thousands of analyses a second would be most of the work.
fn is_same(a: &Analysis, b: &Analysis) -> bool {
    a.stats.total == b.stats.total
        && a.stats.fill_rates == b.stats.fill_rates
        && a.stats.score_histogram == b.stats.score_histogram
        && a.stats.averages == b.stats.averages
        && a.file == b.file
        && a.columns == b.columns
        && a.scores == b.scores
        && a.findings == b.findings
}

fuzz_target!(|input: Input<'_>| {
    let backend = BACKENDS[usize::from(input.backend) % BACKENDS.len()];
    let chunk_bytes = match input.chunk_bytes {
        0 => u64::MAX,
        bytes => u64::from(bytes).max((input.csv.len() as u64).div_ceil(MOST_CHUNKS)),
    };
    let options = Options {
        delimiter: DELIMITERS[usize::from(input.delimiter) % DELIMITERS.len()],
        fill_rule: RULES[usize::from(input.rule) % RULES.len()].clone(),
        header_ok: true,
        chunk_bytes,
        backend,
        ..Options::default()
    };
    let in_one_piece =
        Options { chunk_bytes: u64::MAX, backend: "reference".parse().unwrap(), ..options.clone() };
    let expected = analyze(input.csv, &in_one_piece);
    let found = if input.chunk_bytes == 0 {
        analyze(input.csv, &options)
    } else {
        POOL.install(|| analyze(input.csv, &options))
    };
    let same = match (&expected, &found) {
        (Ok(expected), Ok(found)) => is_same(expected, found),
        (Err(expected), Err(found)) => expected == found,
        _ => false,
    };
    assert!(
        same,
        "{options:#?}\nb\"{}\"\nexpected {expected:#?}\nfound {found:#?}",
        input.csv.escape_ascii()
    );
});
