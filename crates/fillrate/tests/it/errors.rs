//! Raises every error that the engine can raise, and proves its kind, its file, its place, and that no cell is in it.
//!
//! Only `Inconsistent` is missing: nothing outside of the engine can make its counts disagree.

use std::fs;
use std::path::{Path, PathBuf};

use fillrate::{
    Backend, Bucket, Error, ErrorKind, Export, ExportRecord, FillRule, Io, MAX_COLUMNS, MAX_HEADER_BYTES,
    MAX_REPORT_BYTES, Options, Policy, Question, ReportFiles, Reported, Reports, Tolerance, verify,
    verify_reports,
};

use crate::reports;

/// In every cell and every value of a report that an error could quote.
const SECRET: &str = "canary@example.org";

/// What raises an error, in a folder of its own.
type Raise = fn(&Path) -> Error;

/// Kind; the file's name, with `-` for bytes in memory; line and byte; what raises it.
type Row = (ErrorKind, Option<&'static str>, Option<(u64, u64)>, Raise);

/// Writes the file, and puts the canary where the text says `@`.
fn file(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, text.replace('@', SECRET)).unwrap();
    path
}

fn memory(text: &str, options: &Options) -> Error {
    Export::from_bytes(text.replace('@', SECRET).into_bytes(), options).unwrap_err()
}

fn opened(folder: &Path, text: &str, options: &Options) -> Error {
    Export::open(&file(folder, "a.csv", text), options).unwrap_err()
}

fn stats(folder: &Path, text: &str) -> Error {
    Reported::open(&file(folder, "stats.json", text)).unwrap_err()
}

fn verified(folder: &Path, csv: &str, stats: &str, policy: &Policy) -> Error {
    let export = Export::open(&file(folder, "a.csv", csv), &Options::default()).unwrap();
    verify(export, &reports(stats, ""), policy).unwrap_err()
}

fn mapped(pairs: &[(&str, &str)]) -> Options {
    let map = pairs.iter().map(|(field, column)| ((*field).to_owned(), (*column).to_owned())).collect();
    Options { map, ..Options::default() }
}

fn limited(field: &str) -> Policy {
    Policy { fields: vec![field.to_owned()], ..Policy::default() }
}

/// Writes to a file between its opening and its counting.
fn changed(folder: &Path, io: Io, change: fn(&Path)) -> Error {
    let path = file(folder, "a.csv", &"email\n@\n".repeat(100));
    let export = Export::open(&path, &Options { io, chunk_bytes: 7, ..Options::default() }).unwrap();
    change(&path);
    export.analyze(&Question { sha1: true, ..Question::default() }).unwrap_err()
}

fn grow(path: &Path) {
    let text = fs::read(path).unwrap();
    fs::write(path, [&text[..], b"another@example.org\n"].concat()).unwrap();
}

/// Leaves the size as it was.
fn touch(path: &Path) {
    let file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
}

fn cut(path: &Path) {
    fs::OpenOptions::new().write(true).open(path).unwrap().set_len(9).unwrap();
}

fn replace(path: &Path) {
    let other = path.with_extension("new");
    fs::copy(path, &other).unwrap();
    fs::rename(other, path).unwrap();
}

fn remove(path: &Path) {
    fs::remove_file(path).unwrap();
}

const STATS: &str = r#"{"total": 1, "fillRates": {"company.name": {"count": 1, "percent": 100}}}"#;

const TABLE: &[Row] = &[
    // Usage: options, and what is read from them.
    (ErrorKind::Usage, None, None, |_| memory("a\n@\n", &Options { delimiter: b'"', ..Options::default() })),
    (ErrorKind::Usage, None, None, |_| memory("a\n@\n", &Options { delimiter: b'\n', ..Options::default() })),
    (ErrorKind::Usage, None, None, |_| memory("a\n@\n", &Options { delimiter: b'\r', ..Options::default() })),
    (ErrorKind::Usage, None, None, |_| memory("a\n@\n", &Options { chunk_bytes: 0, ..Options::default() })),
    (ErrorKind::Usage, Some("a.csv"), None, |f| {
        opened(f, "a,b\n@,@\n", &mapped(&[("company.name", "a"), ("companyName", "b")]))
    }),
    (ErrorKind::Usage, None, None, |_| FillRule::default().with_placeholder(" \t").unwrap_err()),
    (ErrorKind::Usage, None, None, |_| "50_69".parse::<Bucket>().unwrap_err()),
    (ErrorKind::Usage, None, None, |_| "total".parse::<Tolerance>().unwrap_err()),
    (ErrorKind::Usage, None, None, |_| "direct".parse::<Io>().unwrap_err()),
    (ErrorKind::Usage, None, None, |_| "abacus".parse::<Backend>().unwrap_err()),
    #[cfg(unix)]
    (ErrorKind::Usage, Some("fifo.csv"), None, |f| {
        let path = crate::sources::fifo(f);
        let writer = path.clone();
        std::thread::spawn(move || fs::write(writer, "email\n"));
        Export::open(&path, &Options { io: Io::Mmap, ..Options::default() }).unwrap_err()
    }),
    // Files that are none, or cannot be read.
    (ErrorKind::NotFound, Some("a.csv"), None, |f| {
        Export::open(&f.join("a.csv"), &Options::default()).unwrap_err()
    }),
    (ErrorKind::NotFound, Some("a.json"), None, |f| Reported::open(&f.join("a.json")).unwrap_err()),
    (ErrorKind::NotFound, Some("a.json"), None, |f| ExportRecord::open(&f.join("a.json")).unwrap_err()),
    #[cfg(unix)]
    (ErrorKind::NotFound, Some("link.csv"), None, |f| {
        std::os::unix::fs::symlink(f.join("nowhere.csv"), f.join("link.csv")).unwrap();
        Export::open(&f.join("link.csv"), &Options::default()).unwrap_err()
    }),
    #[cfg(unix)]
    (ErrorKind::Unreadable, Some("a.csv/b.csv"), None, |f| {
        file(f, "a.csv", "a\n@\n");
        Export::open(&f.join("a.csv/b.csv"), &Options::default()).unwrap_err()
    }),
    #[cfg(unix)]
    (ErrorKind::Unreadable, Some("loop.csv"), None, |f| {
        std::os::unix::fs::symlink("loop.csv", f.join("loop.csv")).unwrap();
        Export::open(&f.join("loop.csv"), &Options::default()).unwrap_err()
    }),
    // A file that can be opened; its first bytes are no mapped memory.
    #[cfg(target_os = "linux")]
    (ErrorKind::Unreadable, Some("/proc/self/mem"), None, |_| {
        Export::open("/proc/self/mem".as_ref(), &Options::default()).unwrap_err()
    }),
    (ErrorKind::NotAFile, Some(""), None, |f| Export::open(f, &Options::default()).unwrap_err()),
    #[cfg(unix)]
    (ErrorKind::NotAFile, Some("/dev/null"), None, |_| {
        Export::open("/dev/null".as_ref(), &Options::default()).unwrap_err()
    }),
    #[cfg(unix)]
    (ErrorKind::NotAFile, Some("socket"), None, |f| {
        let path = f.join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
        Export::open(&path, &Options::default()).unwrap_err()
    }),
    (ErrorKind::ChangedWhileReading, Some("a.csv"), None, |f| changed(f, Io::Auto, grow)),
    (ErrorKind::ChangedWhileReading, Some("a.csv"), None, |f| changed(f, Io::Mmap, touch)),
    (ErrorKind::ChangedWhileReading, Some("a.csv"), None, |f| changed(f, Io::Read, grow)),
    (ErrorKind::ChangedWhileReading, Some("a.csv"), None, |f| changed(f, Io::Read, touch)),
    (ErrorKind::ChangedWhileReading, Some("a.csv"), None, |f| changed(f, Io::Read, cut)),
    #[cfg(unix)]
    (ErrorKind::ChangedWhileReading, Some("a.csv"), None, |f| changed(f, Io::Auto, cut)),
    #[cfg(unix)]
    (ErrorKind::ChangedWhileReading, Some("a.csv"), None, |f| changed(f, Io::Mmap, cut)),
    #[cfg(unix)]
    (ErrorKind::ChangedWhileReading, Some("a.csv"), None, |f| changed(f, Io::Mmap, replace)),
    #[cfg(unix)]
    (ErrorKind::ChangedWhileReading, Some("a.csv"), None, |f| changed(f, Io::Read, replace)),
    #[cfg(unix)]
    (ErrorKind::ChangedWhileReading, Some("a.csv"), None, |f| changed(f, Io::Auto, remove)),
    // Not CSV. `formats.rs` has every format.
    (ErrorKind::NotCsv, Some("a.csv"), None, |f| opened(f, "<html>@</html>", &Options::default())),
    (ErrorKind::NotCsv, Some("a.csv"), None, |f| opened(f, r#"{"message": "@"}"#, &Options::default())),
    (ErrorKind::NotCsv, Some("a.csv"), None, |f| {
        opened(f, "email\n@\nCode: 241. DB::Exception: @\n", &Options::default())
    }),
    (ErrorKind::NotCsv, Some("-"), None, |_| memory("PK\u{3}\u{4}@", &Options::default())),
    (ErrorKind::Damaged, Some("-"), None, |_| {
        let text = [b"\x1F\x8B\x08\0".as_slice(), SECRET.as_bytes()].concat();
        Export::from_bytes(text, &Options::default()).unwrap_err()
    }),
    (ErrorKind::Usage, Some("a.csv"), None, |f| {
        let path = f.join("a.csv");
        fs::write(&path, crate::formats::gzip(SECRET.as_bytes())).unwrap();
        Export::open(&path, &Options { io: Io::Mmap, ..Options::default() }).unwrap_err()
    }),
    // Headers.
    (ErrorKind::NoHeader, Some("a.csv"), Some((1, 0)), |f| opened(f, "", &Options::default())),
    (ErrorKind::NoHeader, Some("a.csv"), Some((1, 0)), |f| opened(f, "\n\r\n\r", &Options::default())),
    (ErrorKind::NoHeader, Some("a.csv"), Some((1, 0)), |f| opened(f, "\u{feff}", &Options::default())),
    (ErrorKind::NoHeader, Some("-"), Some((1, 0)), |_| memory("\u{feff}\n", &Options::default())),
    (ErrorKind::HeaderMissing, Some("a.csv"), Some((1, 0)), |f| {
        opened(f, "Ada,@\nBo,@\n", &Options::default())
    }),
    (ErrorKind::HeaderMissing, Some("a.csv"), Some((1, 3)), |f| {
        opened(f, "\u{feff}@\n", &Options::default())
    }),
    (ErrorKind::HeaderMissing, Some("-"), Some((3, 3)), |_| memory("\r\n\n@\n", &Options::default())),
    // Even if it is the user's own mapping that finds no name.
    (ErrorKind::HeaderMissing, Some("a.csv"), Some((1, 0)), |f| {
        opened(f, "Ada,@\nBo,@\n", &mapped(&[("company.name", "Firma")]))
    }),
    (ErrorKind::HeaderMissing, Some("a.csv"), Some((1, 0)), |f| {
        let options = Options { score_field: Some("Punkte".to_owned()), ..Options::default() };
        opened(f, "Ada,@\nBo,@\n", &options)
    }),
    (ErrorKind::TooManyColumns, Some("-"), Some((1, 0)), |_| {
        memory(&format!("{}\n@\n", ",".repeat(MAX_COLUMNS)), &Options::default())
    }),
    (ErrorKind::HeaderTooLong, Some("-"), Some((1, 0)), |_| {
        memory(&format!("email,\"@\n{}", "x".repeat(MAX_HEADER_BYTES)), &Options::default())
    }),
    // Fields and columns.
    (ErrorKind::AmbiguousField, Some("a.csv"), None, |f| {
        verified(f, "company_name,companyName\n@,@\n", STATS, &Policy::default())
    }),
    (ErrorKind::AmbiguousField, Some("a.csv"), None, |f| {
        opened(f, "firm-a,firmA\n@,@\n", &mapped(&[("company.name", "firm a")]))
    }),
    (ErrorKind::AmbiguousField, None, None, |_| {
        let export = Export::from_bytes(b"zip,zip\n".to_vec(), &Options::default()).unwrap();
        Question::for_stats(export.columns(), Vec::new(), &["Zip".to_owned()]).unwrap_err()
    }),
    (ErrorKind::UnknownField, Some("a.csv"), None, |f| {
        opened(f, "email\n@\n", &mapped(&[("company.name", "Firma")]))
    }),
    (ErrorKind::UnknownField, Some("a.csv"), None, |f| {
        let options = Options { score_field: Some("Punkte".to_owned()), ..Options::default() };
        opened(f, "email\n@\n", &options)
    }),
    (ErrorKind::UnknownField, Some("a.csv"), None, |f| verified(f, "email\n@\n", STATS, &limited("phone"))),
    (ErrorKind::UnknownField, None, None, |_| {
        verify_reports(&reports(STATS, ""), &limited("phone")).unwrap_err()
    }),
    (ErrorKind::UnknownField, None, None, |_| {
        let export = Export::from_bytes(b"email\n".to_vec(), &Options::default()).unwrap();
        Question::for_stats(export.columns(), Vec::new(), &["phone".to_owned()]).unwrap_err()
    }),
    // Reports.
    (ErrorKind::ReportTooLarge, Some("stats.json"), None, |f| {
        let spaces = " ".repeat(usize::try_from(MAX_REPORT_BYTES).unwrap());
        stats(f, &format!("{{{spaces}"))
    }),
    (ErrorKind::Json, Some("stats.json"), Some((1, 0)), |f| stats(f, "")),
    (ErrorKind::Json, Some("stats.json"), Some((1, 0)), |f| stats(f, "\u{feff}{}")),
    (ErrorKind::Json, Some("stats.json"), Some((2, 13)), |f| stats(f, "{\n  \"total\": NaN}")),
    (ErrorKind::Json, Some("stats.json"), Some((2, 14)), |f| stats(f, "{\"total\": 1\n} \"@\"")),
    (ErrorKind::Json, Some("stats.json"), None, |f| stats(f, r#"{"total": 1, "x": "@"#)),
    (ErrorKind::Json, Some("stats.json"), None, |f| stats(f, r#"{"total": 1, "@": "\ud800"}"#)),
    (ErrorKind::Json, Some("stats.json"), None, |f| stats(f, &"[".repeat(100_000))),
    (ErrorKind::Json, Some("export.json"), None, |f| {
        ExportRecord::open(&file(f, "export.json", "{\"rows\": 01}")).unwrap_err()
    }),
    (ErrorKind::DuplicateKey, Some("stats.json"), None, |f| stats(f, r#"{"total": 1, "total": 1}"#)),
    (ErrorKind::DuplicateKey, Some("stats.json"), None, |f| {
        stats(f, r#"{"total": 1, "x": [{"a": "@", "\u0061": 1}]}"#)
    }),
    (ErrorKind::ReportValue, Some("stats.json"), None, |f| stats(f, r#"{"total": -1}"#)),
    (ErrorKind::ReportValue, Some("stats.json"), None, |f| stats(f, r#"{"total": 1.0}"#)),
    (ErrorKind::ReportValue, Some("stats.json"), None, |f| stats(f, r#"{"total": 1e3}"#)),
    (ErrorKind::ReportValue, Some("stats.json"), None, |f| stats(f, r#"{"total": "@"}"#)),
    (ErrorKind::ReportValue, Some("stats.json"), None, |f| stats(f, r#"{"total": 18446744073709551616}"#)),
    (ErrorKind::ReportValue, Some("stats.json"), None, |f| stats(f, r#"{"fillRates": ["@"]}"#)),
    (ErrorKind::ReportValue, Some("stats.json"), None, |f| {
        stats(f, r#"{"fillRates": {"email": {"percent": "@"}}}"#)
    }),
    (ErrorKind::ReportValue, Some("stats.json"), None, |f| {
        stats(f, r#"{"averages": {"intent.score": "@"}}"#)
    }),
    (ErrorKind::ReportValue, Some("stats.json"), None, |f| stats(f, r#"{"fields": {"email": "@"}}"#)),
    (ErrorKind::NotAReport, Some("stats.json"), None, |f| stats(f, r#"["@"]"#)),
    (ErrorKind::NotAReport, Some("stats.json"), None, |f| stats(f, r#"{"data": "@"}"#)),
    (ErrorKind::NotAReport, Some("stats.json"), None, |f| stats(f, r#"{"something": "@"}"#)),
    (ErrorKind::NotAReport, Some("stats.json"), None, |f| {
        stats(f, r#"{"error": {"code": "@", "message": "@"}}"#)
    }),
    (ErrorKind::NotAReport, Some("stats.json"), None, |f| stats(f, r#"{"message": "@"}"#)),
    (ErrorKind::NotAReport, Some("stats.json"), None, |f| stats(f, "\n<!doctype html><title>@</title>")),
    (ErrorKind::NotAReport, Some("stats.json"), None, |f| stats(f, r#"{"scoreHistogram": [{"count": 1}]}"#)),
    (ErrorKind::NotAReport, Some("export.json"), None, |f| {
        ExportRecord::open(&file(f, "export.json", r#"{"data": {"total": 1}}"#)).unwrap_err()
    }),
    (ErrorKind::NothingToCompare, Some("a.csv"), None, |f| {
        ReportFiles::default().or_beside(Some(&file(f, "a.csv", "email\n@\n"))).unwrap_err()
    }),
    (ErrorKind::NothingToCompare, Some("-"), None, |_| {
        ReportFiles::default().or_beside(Some("-".as_ref())).unwrap_err()
    }),
    (ErrorKind::NothingToCompare, None, None, |_| ReportFiles::default().or_beside(None).unwrap_err()),
    (ErrorKind::NothingToCompare, None, None, |_| {
        verify_reports(&Reports::default(), &Policy::default()).unwrap_err()
    }),
    (ErrorKind::NothingToCompare, None, None, |_| {
        let export = Export::from_bytes(b"email\n".to_vec(), &Options::default()).unwrap();
        verify(export, &Reports::default(), &Policy::default()).unwrap_err()
    }),
];

#[test]
fn every_error_says_what_happened_where() {
    let mut wrong = Vec::new();
    for (row, (kind, name, place, raise)) in TABLE.iter().enumerate() {
        let folder = tempfile::tempdir().unwrap();
        let error = raise(folder.path());
        let path = name.map(|name| if name == "-" { name.into() } else { folder.path().join(name) });
        let found = (error.kind(), error.path().map(Path::to_owned), error.line().zip(error.byte()));
        let place_is_right = place.is_none() || *place == found.2;
        let text = error.to_string();
        let spelled = [
            found.1.as_ref().is_none_or(|path| text.starts_with(&*path.to_string_lossy())),
            found.2.is_none_or(|(line, byte)| text.contains(&format!(":{line} (byte {byte}): "))),
            text.contains("; ") && !text.contains(['\n', '\r', '\u{1b}']),
            !format!("{text}{error:?}").contains(SECRET),
        ];
        if found.0 != *kind || found.1 != path || !place_is_right || spelled.contains(&false) {
            wrong.push(format!(
                "row {row}: {found:?} {spelled:?} instead of {kind:?} {path:?} {place:?}: {text}"
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Neither does anything else that can be printed.
#[test]
fn nothing_that_prints_holds_a_cell() {
    let folder = tempfile::tempdir().unwrap();
    let csv = "email,note\n@,\"@\n@\"x\n@\n@,@,@\n\0@,\"@\n";
    let path = file(folder.path(), "a.csv", csv);
    for io in Io::ALL {
        let export = Export::open(&path, &Options { io, chunk_bytes: 9, ..Options::default() }).unwrap();
        let opened = format!("{export:?}");
        let stats = r#"{"total": 1, "averages": {"email": 1}, "scoreHistogram": [{"bucket": "1"}]}"#;
        let reports = reports(stats, "");
        let (analysis, verification) = verify(export, &reports, &Policy::default()).unwrap();
        let printed = format!("{opened}{analysis:?}{verification:?}");
        assert!(!printed.contains(SECRET), "{}", io.name());
    }
}
