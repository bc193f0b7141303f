//! Whatever a report holds, reading it ends in a report or in an error that says which kind it is, never in a panic;
//! and what was read can be checked against itself.

#![no_main]

use fillrate::{Error, ErrorKind, ExportRecord, Policy, Reported, Reports, verify_reports};
use libfuzzer_sys::fuzz_target;

/// The kinds that reading a report is documented to end in.
const DOCUMENTED: [ErrorKind; 4] =
    [ErrorKind::Json, ErrorKind::DuplicateKey, ErrorKind::ReportValue, ErrorKind::NotAReport];

fn check(error: &Error) {
    assert!(DOCUMENTED.contains(&error.kind()), "{error:?}");
    // It is printed on a terminal, and what it quotes comes from the report.
    assert!(!error.to_string().contains(|c: char| c.is_control()), "{error:?}");
}

fuzz_target!(|json: &[u8]| {
    let stats = Reported::from_json(json).inspect_err(check).ok();
    let export = ExportRecord::from_json(json).inspect_err(check).ok();
    if stats.is_some() || export.is_some() {
        let verified = verify_reports(&Reports { stats, export }, &Policy::default());
        assert!(verified.is_ok(), "{verified:?}");
    }
});
