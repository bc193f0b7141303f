//! How far a batch has come, on a terminal's stderr and nowhere else.

use std::fs;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use fillrate::{counted, grouped};
use fillrate_batch::{FileResult, Inputs, Verdict};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Fits 80 columns; the bar takes what is left.
const TEMPLATE: &str =
    "{wide_bar} {msg}, {decimal_bytes}/{decimal_total_bytes}, {decimal_bytes_per_sec}, {eta} left";

/// How often it is drawn even if nothing is finished, so that the time left is right.
const TICK: Duration = Duration::from_millis(200);

pub(crate) struct Progress {
    bar: ProgressBar,
    /// By input: its bytes as it is stored. Empty where nothing is shown.
    sizes: Vec<u64>,
    finished: AtomicU64,
    failed: AtomicU64,
}

impl Progress {
    pub(crate) fn new(inputs: &Inputs, quiet: bool) -> Self {
        let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let is_shown = !target.is_hidden();
        let size = |path| fs::metadata(path).map_or(0, |metadata| metadata.len());
        // To ask for the sizes takes a while, so only if somebody is to see it.
        let shown = inputs.files.iter().take_while(|_| is_shown);
        let sizes: Vec<u64> = shown.map(|input| size(&input.path)).collect();
        let bar = ProgressBar::with_draw_target(Some(sizes.iter().sum()), target);
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            bar.set_style(style);
        }
        if is_shown {
            bar.enable_steady_tick(TICK);
        }
        Self { bar, sizes, finished: AtomicU64::new(0), failed: AtomicU64::new(0) }
    }

    pub(crate) fn finished(&self, number: usize, result: &FileResult) {
        let Some(size) = self.sizes.get(number) else { return };
        let has_failed = u64::from(result.record.verdict == Verdict::Failed);
        let failed = self.failed.fetch_add(has_failed, Ordering::Relaxed) + has_failed;
        let finished = self.finished.fetch_add(1, Ordering::Relaxed) + 1;
        let all = counted(self.sizes.len() as u64, "file");
        self.bar.set_message(format!("{}/{all}, {} failed", grouped(finished), grouped(failed)));
        self.bar.inc(*size);
    }

    /// Leaves nothing on the screen.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}
