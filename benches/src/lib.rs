//! What the suites share: inputs, the answers that are owed, and the floor that is drawn beside every time.
//!
//! A time is worth nothing if the count is wrong, so a suite asks [`check`] before it times a way to count. The way has
//! to give the records and fill counts of the `csv` crate, which shares no code with the engine, and every other figure
//! of the reference scanner.

#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot make its input has nothing better to do")]
#![allow(clippy::missing_panics_doc, reason = "as above, and it is all internal")]

mod shape;

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use fillrate::{Analysis, Columns, DEFAULT_BUCKETS, Export, Options, Question};
use rayon::iter::ParallelIterator;
use rayon::slice::ParallelSlice;
use rayon::{ThreadPool, ThreadPoolBuilder};
use tempfile::NamedTempFile;

pub use shape::Shape;

/// How many bytes a thread of the floor takes at a time: as many as a thread of the engine.
const CHUNK: usize = 4 << 20;

/// `full` bytes when times are taken, and at most a mebibyte where criterion only tries out whether the suites run
/// (`cargo test --benches`): enough for several chunks, and made at once.
///
/// Criterion tells the two apart by the argument that `cargo bench` adds, so this does too.
#[must_use]
pub fn size(full: u64) -> u64 {
    let given = |wanted: &str| std::env::args().any(|argument| argument == wanted);
    if given("--bench") && !given("--test") { full } else { full.min(1 << 20) }
}

/// That many threads; work is timed inside of it, so that handing it over is not.
#[must_use]
pub fn pool(threads: usize) -> ThreadPool {
    ThreadPoolBuilder::new().num_threads(threads).build().unwrap()
}

/// A histogram of the score and the averages of score and topic overlap: what `fillrate stats` asks for by default.
#[must_use]
pub fn numbers(columns: &Columns) -> Question {
    let buckets = DEFAULT_BUCKETS.iter().map(|label| label.parse().unwrap()).collect();
    Question::for_stats(columns, buckets, &[]).unwrap()
}

/// The floor: how many lines there are, counted by everyone in the current pool. Nothing that has to look at each byte
/// can be much faster, and it is less work than ours.
///
/// It reads memory, not a map, because mapping a file takes `unsafe`, which the crate forbids. So it has no page
/// faults, and is a little lower than a floor over a map would be.
#[must_use]
pub fn newlines(bytes: &[u8]) -> usize {
    let count = |bytes: &[u8]| memchr::memchr_iter(b'\n', bytes).count();
    if rayon::current_num_threads() == 1 { count(bytes) } else { bytes.par_chunks(CHUNK).map(count).sum() }
}

/// What an export's figures have to be.
#[derive(Debug)]
pub struct Owed {
    records: u64,
    filled: Vec<u64>,
    /// All of the reference's figures.
    reference: String,
}

impl Owed {
    /// Counts by the `csv` crate, and by the reference in one piece.
    #[must_use]
    pub fn of(csv: &[u8], question: impl FnOnce(&Columns) -> Question) -> Self {
        let mut reader = csv::Reader::from_reader(csv);
        let mut filled = vec![0; reader.byte_headers().unwrap().len()];
        let (mut records, mut record) = (0, csv::ByteRecord::new());
        while reader.read_byte_record(&mut record).unwrap() {
            records += 1;
            for (filled, cell) in filled.iter_mut().zip(&record) {
                *filled += u64::from(!cell.is_empty());
            }
        }
        let options =
            Options { backend: "reference".parse().unwrap(), chunk_bytes: u64::MAX, ..Options::default() };
        let export = Export::from_bytes(csv.to_vec(), &options).unwrap();
        let question = question(export.columns());
        let analysis = export.analyze(&question).unwrap();
        // Anything odd sends the kernel to the reference: that would be timed, under the kernel's name.
        assert_eq!(analysis.findings.iter().count(), 0, "a shape has to be plain");
        let reference = figures(analysis);
        Self { records, filled, reference }
    }
}

/// Panics unless these are the figures that are owed.
pub fn check(analysis: Analysis, owed: &Owed) {
    let filled: Vec<u64> = analysis.columns.iter().map(|column| column.filled).collect();
    assert_eq!(
        (analysis.stats.total, &filled),
        (owed.records, &owed.filled),
        "not the figures of the csv crate"
    );
    assert!(figures(analysis) == owed.reference, "not the figures of the reference");
}

/// Everything that was computed, but for the path.
fn figures(mut analysis: Analysis) -> String {
    analysis.file.path = PathBuf::new();
    format!("{analysis:?}")
}

/// A file with these bytes, in the page cache because it was read, and gone when it is dropped.
///
/// Pages that come from reading are of other sizes than those from writing, and what people count is what they
/// downloaded. The folder should be on a disk: memory file systems have no page cache to be dropped from.
#[must_use]
pub fn file(folder: &Path, bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new_in(folder).unwrap();
    file.write_all(bytes).unwrap();
    file.as_file().sync_all().unwrap();
    drop_from_page_cache(file.as_file()).unwrap();
    let (mut read, mut piece) = (File::open(file.path()).unwrap(), vec![0; 1 << 20]);
    while read.read(&mut piece).unwrap() > 0 {}
    file
}

#[cfg(target_os = "linux")]
fn drop_from_page_cache(file: &File) -> io::Result<()> {
    Ok(rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed)?)
}

#[cfg(not(target_os = "linux"))]
fn drop_from_page_cache(_: &File) -> io::Result<()> {
    Ok(())
}
