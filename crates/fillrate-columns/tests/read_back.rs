//! What is written is read back by readers that know nothing of it: those of the crates `csv` and `serde_json`, and the
//! readers of `arrow` and `parquet`. `DuckDB` and `PyArrow` read it in `tests/readers.py`.

#![expect(clippy::unwrap_used, reason = "clippy spares `#[test]` functions only, not their helpers")]

use std::path::{Path, PathBuf};

use fillrate::{Analysis, Export, Options, Policy, Reported, Reports, Verification, verify};
use fillrate_columns::{Entry, Error, Format, MOST_ROWS, Output};
use serde_json::{Value, json};

/// By column, as JSON: exact numbers as numbers, and decimals as text.
type Row = serde_json::Map<String, Value>;

const CSV: &str = "email,=x,=x,company_name,score\na@example.com,1,,null,80\nb@example.com,,,\" \",69.5\nc@example.com,,2,,x\n";

const STATS: &str = r#"{"data": {"run": {"id": "run-1", "audienceId": "=aud", "status": "-failed"}, "stats": {
    "total": 2, "fillRates": {"email": {"count": 3, "percent": 100.00}, "company.name": {"count": 1, "percent": 33.33},
    "phone": {"count": 1}}, "scoreHistogram": [{"bucket": "50-69", "count": 1}], "averages": {"score": -74.75}}}}"#;

fn verified(csv: &str, stats: &str) -> (Analysis, Verification) {
    let export = Export::from_bytes(csv.as_bytes().to_vec(), &Options::default()).unwrap();
    let stats = Some(Reported::from_json(stats.as_bytes()).unwrap());
    verify(export, &Reports { stats, export: None }, &Policy::default()).unwrap()
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, format: Format) -> PathBuf {
        self.0.path().join("results").with_extension(format.name())
    }

    /// Writes what `add` adds in a format, and reads it back.
    fn written(&self, format: Format, add: impl Fn(&mut Output)) -> Vec<Row> {
        let path = self.path(format);
        let mut output = Output::create(&path, true).unwrap();
        add(&mut output);
        output.finish().unwrap();
        match format {
            Format::Csv => read_csv(&path),
            Format::Ndjson => read_ndjson(&path),
            Format::Parquet => columnar::read_parquet(&path),
            Format::Arrow => columnar::read_arrow(&path),
        }
    }
}

/// What is in a CSV cell, by the type of its column.
fn read_csv(path: &Path) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let names = reader.headers().unwrap().clone();
    let value = |name: &str, cell: &str| match name {
        _ if cell.is_empty() => Value::Null,
        "records" | "bytes" | "column_number" | "filled" | "blank" | "placeholder" | "numbers" | "fails"
        | "reported_number" | "computed_number" => {
            let value: Value = serde_json::from_str(cell).unwrap();
            if name.ends_with("_number") && name != "column_number" { json!(value.as_f64()) } else { value }
        }
        _ => Value::from(cell),
    };
    let row = |record: csv::StringRecord| {
        names.iter().zip(&record).map(|(name, cell)| (name.to_owned(), value(name, cell))).collect()
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

fn read_ndjson(path: &Path) -> Vec<Row> {
    let text = std::fs::read_to_string(path).unwrap();
    let raw = |line: &str, name: &str| -> Value {
        let raw: std::collections::HashMap<String, Box<serde_json::value::RawValue>> =
            serde_json::from_str(line).unwrap();
        match raw[name].get() {
            "null" => Value::Null,
            number => Value::from(number),
        }
    };
    let row = |line: &str| {
        let mut row: Row = serde_json::from_str(line).unwrap();
        for name in ["percent", "mean"] {
            row[name] = raw(line, name);
        }
        row
    };
    text.lines().map(row).collect()
}

mod columnar {
    use std::fs::File;
    use std::path::Path;

    use arrow_array::cast::AsArray;
    use arrow_array::types::{Decimal128Type, Float64Type, Int64Type};
    use arrow_array::{Array, RecordBatch};
    use arrow_ipc::reader::FileReader;
    use arrow_schema::DataType;
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    use serde_json::{Value, json};

    use super::Row;

    fn rows(batch: &RecordBatch) -> Vec<Row> {
        let schema = batch.schema();
        let value = |column: &dyn Array, at: usize| match column.data_type() {
            _ if column.is_null(at) => Value::Null,
            DataType::Utf8 => json!(column.as_string::<i32>().value(at)),
            DataType::Boolean => json!(column.as_boolean().value(at)),
            DataType::Int64 => json!(column.as_primitive::<Int64Type>().value(at)),
            DataType::Float64 => json!(column.as_primitive::<Float64Type>().value(at)),
            _ => json!(column.as_primitive::<Decimal128Type>().value_as_string(at)),
        };
        let row = |at: usize| {
            let fields = schema.fields().iter().zip(batch.columns());
            fields.map(|(field, column)| (field.name().clone(), value(column, at))).collect()
        };
        (0..batch.num_rows()).map(row).collect()
    }

    pub(super) fn read_parquet(path: &Path) -> Vec<Row> {
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
        assert_eq!(reader.schema().fields().len(), 27);
        reader.build().unwrap().flat_map(|batch| rows(&batch.unwrap())).collect()
    }

    pub(super) fn read_arrow(path: &Path) -> Vec<Row> {
        let reader = FileReader::try_new(File::open(path).unwrap(), None).unwrap();
        assert_eq!(reader.schema().fields().len(), 27);
        reader.flat_map(|batch| rows(&batch.unwrap())).collect()
    }
}

/// Three exports: one compared, one without reports, one that failed.
fn add_three(output: &mut Output) {
    let (analysis, verification) = verified(CSV, STATS);
    let of_file = Entry::new("=runs/a,\"b\"\n.csv".as_ref(), "mismatch");
    let (audience_id, run_id) = (Some("=aud"), Some("run-1"));
    let (analysis, verification) = (Some(&analysis), Some(&verification));
    output.add(&Entry { audience_id, run_id, analysis, verification, ..of_file }).unwrap();
    output.add(&Entry { analysis, ..Entry::new("b.csv".as_ref(), "unverified") }).unwrap();
    output.add(&Entry { error: Some("not-csv"), ..Entry::new("c.csv".as_ref(), "failed") }).unwrap();
}

#[test]
fn every_format_holds_the_same() {
    let folder = Folder::new();
    let expected = folder.written(Format::Ndjson, add_three);
    let of_kind = |kind: &str| expected.iter().filter(|row| row["kind"] == kind).count();
    let checks = verified(CSV, STATS).1.checks.len();
    assert_eq!((of_kind("file"), of_kind("check"), of_kind("field")), (3, checks, 10));
    for format in Format::ALL {
        let mut read = folder.written(format, add_three);
        if format == Format::Csv {
            // What a spreadsheet would compute has got a mark.
            for row in &mut read {
                for value in row.values_mut() {
                    if let Some(text) = value.as_str().and_then(|text| text.strip_prefix('\'')) {
                        assert!(text.starts_with(['=', '-']), "{text}");
                        *value = text.into();
                    }
                }
            }
        }
        assert_eq!(read.len(), expected.len(), "{format:?}");
        for (read, expected) in read.iter().zip(&expected) {
            assert_eq!(read, expected, "{format:?}");
        }
    }
}

#[test]
fn rows_say_what_was_computed() {
    let rows = Folder::new().written(Format::Ndjson, add_three);
    let pick = |row: &Row, names: &[&str]| names.iter().map(|name| row[*name].clone()).collect::<Value>();
    let bytes = CSV.len();
    let file = ["kind", "path", "audience_id", "run_id", "verdict", "records", "bytes", "error"];
    assert_eq!(
        pick(&rows[0], &file),
        json!(["file", "=runs/a,\"b\"\\u{a}.csv", "=aud", "run-1", "mismatch", 3, bytes, null])
    );
    let last = rows.last().unwrap();
    assert_eq!(pick(last, &file), json!(["file", "c.csv", null, null, "failed", null, null, "not-csv"]));
    let check = |id: &str| rows.iter().find(|row| row["check_id"] == id).unwrap();
    let checked =
        ["status", "fails", "reported", "computed", "reported_number", "computed_number", "explanation"];
    for (id, expected) in [
        ("total", json!(["mismatch", true, "2", "3", 2.0, 3.0, "unexplained"])),
        ("fillRates.email.percent", json!(["match", false, "100.00", "100", 100.0, 100.0, null])),
        ("averages.score", json!(["mismatch", true, "-74.75", "74.75", -74.75, 74.75, "unexplained"])),
    ] {
        assert_eq!(pick(check(id), &checked), expected, "{id}");
    }
    assert_eq!(check("run.status")["reported"], "-failed");
    assert_eq!(check("run.status")["reported_number"], Value::Null);
    let explanation = check("fillRates.company.name.count")["explanation"].as_str().unwrap();
    let kinds: Vec<&str> = explanation.split(", ").collect();
    assert!(kinds.contains(&"blanks") && kinds.contains(&"placeholders"), "{kinds:?}");
    let fields: Vec<&Row> =
        rows.iter().filter(|row| row["kind"] == "field" && row["verdict"] == "unverified").collect();
    let field = [
        "field",
        "column_name",
        "column_number",
        "filled",
        "blank",
        "placeholder",
        "percent",
        "numbers",
        "mean",
    ];
    assert_eq!(
        fields.iter().map(|row| pick(row, &field)).collect::<Vec<_>>(),
        [
            json!(["email", "email", 1, 3, 0, 0, "100.00", null, null]),
            json!(["=x", "=x", 2, 1, 0, 0, "33.33", null, null]),
            json!(["=x#2", "=x#2", 3, 1, 0, 0, "33.33", null, null]),
            json!(["company.name", "company_name", 4, 2, 1, 1, "66.67", null, null]),
            json!(["intent.score", "score", 5, 3, 0, 0, "100.00", 2, "74.750000"]),
        ]
    );
}

#[test]
fn nothing_to_say_is_a_file_without_rows() {
    let folder = Folder::new();
    for format in Format::ALL {
        assert!(folder.written(format, |_| ()).is_empty(), "{format:?}");
        assert!(format == Format::Ndjson || std::fs::metadata(folder.path(format)).unwrap().len() > 0);
    }
}

/// More rows than are held, in several exports, with the same bytes each time.
#[test]
fn many_rows_are_written_as_they_come() {
    let folder = Folder::new();
    let header = (0..1_800).map(|column| format!("c{column},")).collect::<Vec<_>>().concat();
    let (analysis, verification) = verified(&format!("{header}email\n1,2\n"), r#"{"total": 1}"#);
    let add = |output: &mut Output| {
        for file in 0..5 {
            let path = format!("{file}.csv");
            let (analysis, verification) = (Some(&analysis), Some(&verification));
            output.add(&Entry { analysis, verification, ..Entry::new(path.as_ref(), "mismatch") }).unwrap();
        }
    };
    for format in Format::ALL {
        let rows = folder.written(format, add);
        assert!(rows.len() > MOST_ROWS);
        let fields = rows.iter().filter(|row| row["kind"] == "field");
        let numbers: Vec<_> = fields.map(|row| row["column_number"].as_u64().unwrap()).collect();
        assert_eq!(numbers, (0..5).flat_map(|_| 1..=1_801).collect::<Vec<u64>>(), "{format:?}");
        let first = std::fs::read(folder.path(format)).unwrap();
        folder.written(format, add);
        assert!(first == std::fs::read(folder.path(format)).unwrap(), "{format:?}");
    }
}

#[cfg(unix)]
#[test]
fn names_that_are_no_text_are_replaced() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    for format in Format::ALL {
        let path = Path::new(OsStr::from_bytes(b"\xff\x1b.csv"));
        let rows = Folder::new().written(format, |output| output.add(&Entry::new(path, "failed")).unwrap());
        assert_eq!(rows[0]["path"], "\u{fffd}\\u{1b}.csv", "{format:?}");
    }
}

#[test]
fn what_cannot_be_written_says_so_and_leaves_nothing() {
    let folder = Folder::new();
    let create = |name: &str| Output::create(&folder.0.path().join(name), false);
    assert!(matches!(create("results.xlsx"), Err(Error::Format { .. })));
    assert!(matches!(create("results"), Err(Error::Format { .. })));
    assert!(matches!(create("no/folder.csv"), Err(Error::Write { .. })));
    std::fs::write(folder.0.path().join("there.csv"), "mine").unwrap();
    assert!(matches!(create("there.csv"), Err(Error::Exists { .. })));
    let late = create("late.csv").unwrap();
    std::fs::write(folder.0.path().join("late.csv"), "mine").unwrap();
    assert!(matches!(late.finish(), Err(Error::Exists { .. })));
    drop(["dropped.ndjson", "dropped.parquet"].map(|name| create(name).unwrap()));
    let mut names: Vec<_> =
        std::fs::read_dir(folder.0.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["late.csv", "there.csv"]);
}

/// The table in the documentation is the schema.
#[test]
fn the_documented_columns_are_those_of_the_file() {
    let source = include_str!("../src/lib.rs");
    let table = source.lines().filter_map(|line| line.strip_prefix("//! | `")?.split('`').next());
    let folder = Folder::new();
    folder.written(Format::Csv, |_| ());
    let header = std::fs::read_to_string(folder.path(Format::Csv)).unwrap();
    assert_eq!(table.collect::<Vec<_>>(), header.trim_end().split(',').collect::<Vec<_>>());
}
