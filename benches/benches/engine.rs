//! Whole files of every shape, from the page cache, both ways to read, on one and two threads.

#![expect(clippy::unwrap_used, reason = "a benchmark that fails has nothing better to do")]

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use fillrate::{Export, Io, Options};
use fillrate_benches::{Owed, Shape, check, file, newlines, numbers, pool, size};

/// Larger than any cache, and several chunks for each thread.
const BYTES: u64 = 64_000_000;

fn engine(criterion: &mut Criterion) {
    let pools = [pool(1), pool(2)];
    for shape in Shape::ALL {
        let csv = shape.csv(size(BYTES));
        let owed = Owed::of(&csv, numbers);
        let file = file(Path::new(env!("CARGO_TARGET_TMPDIR")), &csv);
        let mut group = criterion.benchmark_group(format!("engine/{}", shape.name()));
        group.throughput(Throughput::Bytes(csv.len() as u64));
        for pool in &pools {
            let threads = pool.current_num_threads();
            group.bench_function(BenchmarkId::new("newlines", threads), |bencher| {
                pool.install(|| bencher.iter(|| newlines(black_box(&csv))));
            });
            for io in [Io::Mmap, Io::Read] {
                // From opening the file to its figures, which is all but a process's start and output.
                let count = || {
                    let export = Export::open(file.path(), &Options { io, ..Options::default() }).unwrap();
                    let question = numbers(export.columns());
                    export.analyze(&question).unwrap()
                };
                group.bench_function(BenchmarkId::new(io.name(), threads), |bencher| {
                    pool.install(|| {
                        check(count(), &owed);
                        bencher.iter(count);
                    });
                });
            }
        }
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    targets = engine
}
criterion_main!(benches);
