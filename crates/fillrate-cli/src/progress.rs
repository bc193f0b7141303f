//! How far a batch or a download has come, on a terminal's stderr and nowhere else.

use std::fs;
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use fillrate::{counted, grouped, visible};
use fillrate_api::Watch;
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
        let progress = Self { bar, sizes, finished: AtomicU64::new(0), failed: AtomicU64::new(0) };
        if is_shown {
            progress.say(0, 0);
            progress.bar.enable_steady_tick(TICK);
        }
        progress
    }

    pub(crate) fn finished(&self, number: usize, result: &FileResult) {
        let Some(size) = self.sizes.get(number) else { return };
        let has_failed = u64::from(result.record.verdict == Verdict::Failed);
        let failed = self.failed.fetch_add(has_failed, Ordering::Relaxed) + has_failed;
        let finished = self.finished.fetch_add(1, Ordering::Relaxed) + 1;
        // First, since a message is drawn at once.
        self.bar.inc(*size);
        self.say(finished, failed);
    }

    fn say(&self, finished: u64, failed: u64) {
        let all = counted(self.sizes.len() as u64, "file");
        self.bar.set_message(format!("{}/{all}, {} failed", grouped(finished), grouped(failed)));
    }

    /// Leaves nothing on the screen.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// Of a download.
const DOWNLOAD_TEMPLATE: &str =
    "{wide_bar} {decimal_bytes}/{decimal_total_bytes}, {decimal_bytes_per_sec}, {eta} left";

/// Of one whose end nobody knows.
const STREAM_TEMPLATE: &str = "{decimal_bytes}, {decimal_bytes_per_sec}, {elapsed}";

/// How far a download has come; and what is done for it, for who wants to know.
pub(crate) struct Download {
    bar: ProgressBar,
    is_verbose: bool,
}

impl Download {
    pub(crate) fn new(is_quiet: bool, is_verbose: bool) -> Self {
        let target = if is_quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        Self { bar: ProgressBar::with_draw_target(None, target), is_verbose }
    }

    /// Leaves nothing on the screen, and begins anew with the next download.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
        self.bar.unset_length();
        self.bar.reset();
    }
}

impl Watch for Download {
    fn progress(&self, done: u64, total: Option<u64>) {
        if self.bar.is_hidden() {
            return;
        }
        if self.bar.position() == 0 {
            let template = if total.is_some() { DOWNLOAD_TEMPLATE } else { STREAM_TEMPLATE };
            if let Ok(style) = ProgressStyle::with_template(template) {
                self.bar.set_style(style);
            }
            // What is there from an earlier time says nothing about the speed.
            self.bar.reset_eta();
        }
        // Each change is drawn.
        if let Some(total) =
            total.map(|total| total.max(done)).filter(|total| self.bar.length() != Some(*total))
        {
            self.bar.set_length(total);
        }
        self.bar.set_position(done);
    }

    fn note(&self, text: &str) {
        if self.is_verbose {
            // Nobody is left to tell if stderr is closed.
            self.bar.suspend(|| _ = writeln!(std::io::stderr(), "{}", visible(text)));
        }
    }
}
