//! The kernel: every backend over an export that stays in the core's own cache, on one thread.

#![expect(clippy::unwrap_used, reason = "a benchmark that fails has nothing better to do")]

use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use fillrate::{Backend, Columns, Export, Options, Question};
use fillrate_benches::{Owed, Shape, check, newlines, numbers, pool, size};

/// Small enough for a core's second cache, with the counters beside it.
const BYTES: u64 = 256 << 10;

/// What to compute, once the columns are known.
type Ask = fn(&Columns) -> Question;

fn scan(criterion: &mut Criterion) {
    let csv = Shape::Audience.csv(size(BYTES));
    let pool = pool(1);
    let questions: [(&str, Ask); 2] = [("fill-counts", |_| Question::default()), ("numbers", numbers)];

    // An export consumes its bytes and is consumed by its analysis. So each run has its own: it is cloned just before,
    // one at a time, which also brings its bytes into the cache. It is freed inside the time, the floor's too; that is
    // far below a hundredth of it.
    let one_at_a_time = BatchSize::PerIteration;
    let mut group = criterion.benchmark_group("scan");
    group.throughput(Throughput::Bytes(csv.len() as u64));
    group.bench_function("newlines", |bencher| {
        pool.install(|| bencher.iter_batched(|| csv.clone(), |csv| newlines(black_box(&csv)), one_at_a_time));
    });
    for (name, question) in questions {
        let owed = Owed::of(&csv, question);
        for backend in Backend::available() {
            let export = || {
                let options = Options { backend, ..Options::default() };
                Export::from_bytes(csv.clone(), &options).unwrap()
            };
            let question = question(export().columns());
            group.bench_function(BenchmarkId::new(name, backend.name()), |bencher| {
                pool.install(|| {
                    check(export().analyze(&question).unwrap(), &owed);
                    bencher.iter_batched(export, |export| export.analyze(&question), one_at_a_time);
                });
            });
        }
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3));
    targets = scan
}
criterion_main!(benches);
