//! The hand-over: the API's names, and numbers where the API has numbers.

use fillrate::{Columns, FillRule, SCORE_FIELD};
use polars::prelude::{Column, DataFrame, DataType, Expr, LazyFrame, NULL, PolarsResult, lit, when};

use crate::cells::Cells;

/// The fields that hold numbers.
const NUMBER_FIELDS: [&str; 2] = [SCORE_FIELD, "intent.topicOverlap"];

pub(crate) fn data_frame(frame: LazyFrame, columns: &Columns, rule: &FillRule) -> PolarsResult<DataFrame> {
    let numbers: Vec<usize> = NUMBER_FIELDS.iter().filter_map(|field| columns.find(field).column()).collect();
    let typed = columns.fields().into_iter().enumerate().map(|(column, field)| {
        let cells = Cells::new(column, rule);
        let cells = if numbers.contains(&column) {
            cells.numbers().cast(DataType::Float64)
        } else {
            filled_or_null(&cells)
        };
        cells.alias(field)
    });
    let typed: Vec<Expr> = typed.collect();
    let mut frame = frame.select(typed).collect()?;
    for column in numbers {
        let typed = whole_if_all_are(&frame.columns()[column])?;
        frame.replace_column(column, typed)?;
    }
    Ok(frame)
}

fn filled_or_null(cells: &Cells<'_>) -> Expr {
    when(cells.filled()).then(cells.text()).otherwise(lit(NULL))
}

/// Whole numbers as such.
fn whole_if_all_are(numbers: &Column) -> PolarsResult<Column> {
    let is_whole = numbers.f64()?.iter().flatten().all(|number| number.fract() == 0.0);
    if is_whole { numbers.cast(&DataType::Int64) } else { Ok(numbers.clone()) }
}
