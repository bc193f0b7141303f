//! A whole verification: a file against its own reports, as `fillrate verify` does it.

#![expect(clippy::unwrap_used, reason = "a benchmark that fails has nothing better to do")]

use std::path::Path;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use fillrate::{Export, ExportRecord, Options, Policy, Reported, Reports, Verdict};
use fillrate_benches::{file, pool, size};
use fillrate_sample::{Sample, Size};

const BYTES: u64 = 64_000_000;

fn verify(criterion: &mut Criterion) {
    let audience = Sample { size: Size::Bytes(size(BYTES)), ..Sample::default() }.in_memory().unwrap();
    let file = file(Path::new(env!("CARGO_TARGET_TMPDIR")), &audience.csv);
    let stats = Some(Reported::from_json(audience.stats_json.as_bytes()).unwrap());
    let export = Some(ExportRecord::from_json(audience.export_json.as_bytes()).unwrap());
    let mut group = criterion.benchmark_group("verify");
    group.throughput(Throughput::Bytes(audience.csv.len() as u64));
    // The export record claims a SHA-1, which takes a thread several times as long as everything else.
    for (name, reports) in [
        ("stats", Reports { stats: stats.clone(), export: None }),
        ("stats+export", Reports { stats, export }),
    ] {
        for threads in [1, 2] {
            let verify = || {
                let export = Export::open(file.path(), &Options::default()).unwrap();
                fillrate::verify(export, &reports, &Policy::default()).unwrap()
            };
            group.bench_function(BenchmarkId::new(name, threads), |bencher| {
                pool(threads).install(|| {
                    let (analysis, verification) = verify();
                    assert_eq!(verification.verdict, Verdict::Match);
                    assert_eq!(analysis.stats.total, audience.records);
                    bencher.iter(verify);
                });
            });
        }
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3));
    targets = verify
}
criterion_main!(benches);
