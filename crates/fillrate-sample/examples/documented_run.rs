//! Prints the CSV of `testdata/documented-run`: made-up people, with exactly the figures of the run that the API's
//! documentation shows.
//!
//! ```sh
//! cargo run -p fillrate-sample --example documented_run > testdata/documented-run/audience.csv
//! ```

use std::error::Error;
use std::io::{self, Write};
use std::ops::RangeInclusive;

use rand_pcg::Pcg64;
use rand_pcg::rand_core::Rng;

const RECORDS: usize = 151;
const BYTES: usize = 18_450;

/// How many cells of each column are filled.
const COLUMNS: [(&str, usize); 7] = [
    ("hashedEmail", RECORDS),
    ("email", RECORDS),
    ("firstName", 103),
    ("jobTitle", 59),
    ("company.name", 70),
    ("linkedinUrl", 57),
    ("intent.score", RECORDS),
];

/// How many scores lie in each bucket.
const BUCKETS: [(RangeInclusive<usize>, usize); 3] = [(50..=69, 24), (70..=89, 111), (90..=99, 16)];

const NAMES: [(&str, &str); 6] = [
    ("Zoë", "zoe"),
    ("Ines", "ines"),
    ("Ægir", "aegir"),
    ("Bo", "bo"),
    ("Łucja", "lucja"),
    ("Jürgen", "juergen"),
];
const JOB_TITLES: [&str; 4] = ["Buyer", "VP, Samples", "Data Analyst", "Head of Tests, EMEA"];
const COMPANIES: [&str; 4] = ["Sample, Test & Sons", "Beispiel GmbH", "Lorem Foods", "Mock, Dummy & Co"];

fn main() -> Result<(), Box<dyn Error>> {
    io::stdout().write_all(&audience_csv()?)?;
    Ok(())
}

/// The whole file.
pub(crate) fn audience_csv() -> Result<Vec<u8>, Box<dyn Error>> {
    // The longest record number has three digits. Zeros in front of them bring the file to its size.
    let missing = BYTES - with_digits(|_| 3)?.len();
    with_digits(|record| 3 + missing / RECORDS + usize::from(record < missing % RECORDS))
}

/// The file with so many digits in each record's e-mail address.
fn with_digits(digits: impl Fn(usize) -> usize) -> Result<Vec<u8>, Box<dyn Error>> {
    let scores: Vec<_> = BUCKETS.into_iter().flat_map(|(bucket, count)| bucket.cycle().take(count)).collect();
    let mut random = Pcg64::new(151, 0);
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(COLUMNS.map(|(name, _)| name))?;
    for record in 0..RECORDS {
        let (name, address) = NAMES[record % NAMES.len()];
        let hash = [(); 4].map(|()| format!("{:016x}", random.next_u64())).concat();
        let cells = [
            hash,
            format!("{address}{record:0width$}@example.com", width = digits(record)),
            name.to_owned(),
            JOB_TITLES[record % JOB_TITLES.len()].to_owned(),
            COMPANIES[record % COMPANIES.len()].to_owned(),
            format!("https://www.example.com/in/{address}{record}"),
            scores[shuffled(record, COLUMNS.len())].to_string(),
        ];
        csv.write_record(
            cells.iter().zip(COLUMNS).enumerate().map(|(column, (cell, (_, filled)))| {
                if shuffled(record, column) < filled { cell } else { "" }
            }),
        )?;
    }
    Ok(csv.into_inner()?)
}

/// The records' numbers in another order for every column: 151 is prime, so every stride visits each number once.
fn shuffled(record: usize, column: usize) -> usize {
    record * (37 + 11 * column) % RECORDS
}
