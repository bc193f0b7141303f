//! The hand-over of an export as a data frame.

use fillrate::Options;
use fillrate_frame::Frame;
use fillrate_frame::polars::prelude::AnyValue::{self, Float64, Int64, Null, String as Text};
use fillrate_frame::polars::prelude::DataType;

use crate::{by_fillrate, file};

#[test]
fn columns_have_the_names_and_types_of_the_api() {
    let csv = "Email,company_name,score,topicOverlap,note,note\n\
               a@example.com,Example Ltd,83,0.5,x,\n\
               b@example.com,\"\",,1,,y\n\
               c@example.com\n\
               d@example.com,\"A, \"\"B\"\"\",high,,,\n";
    let file = file(csv.as_bytes());
    let frame = Frame::open(file.path(), &Options::default()).unwrap().data_frame().unwrap();
    let names = ["email", "company.name", "intent.score", "intent.topicOverlap", "note", "note#2"];
    assert_eq!(frame.get_column_names(), names);
    let (text, score, overlap) = (DataType::String, DataType::Int64, DataType::Float64);
    assert_eq!(frame.dtypes(), [text.clone(), text.clone(), score, overlap, text.clone(), text]);
    let column = |name: &str| -> Vec<AnyValue<'_>> {
        let column = frame.column(name).unwrap();
        (0..frame.height()).map(|row| column.get(row).unwrap()).collect()
    };
    assert_eq!(column("company.name"), [Text("Example Ltd"), Null, Null, Text("A, \"B\"")]);
    assert_eq!(column("intent.score"), [Int64(83), Null, Null, Null]);
    assert_eq!(column("intent.topicOverlap"), [Float64(0.5), Float64(1.0), Null, Null]);
    assert_eq!(column("note#2"), [Null, Text("y"), Null, Null]);
}

/// So that a fill rate is what a user of the frame counts.
#[test]
fn as_many_cells_are_there_as_are_filled() {
    let sample = fillrate_sample::Sample::default().in_memory().unwrap();
    let file = file(&sample.csv);
    for rule in [fillrate::FillRule::default(), fillrate::FillRule::default().with_placeholder("x").unwrap()]
    {
        let options = Options { fill_rule: rule, ..Options::default() };
        let frame = Frame::open(file.path(), &options).unwrap().data_frame().unwrap();
        let analysis = by_fillrate(file.path(), &options);
        assert_eq!(frame.height() as u64, analysis.stats.total);
        for (field, rate) in &analysis.stats.fill_rates {
            let column = frame.column(field).unwrap();
            assert_eq!((column.len() - column.null_count()) as u64, rate.count, "{field}");
        }
    }
}
