//! The figures of an export, by expressions.

use fillrate::{
    ColumnStats, Columns, FillRate, FillRule, HistogramBucket, Mean, Question, RunStats, ScoreStats,
};
use polars::prelude::{
    AnyValue, DataFrame, DataType, Expr, IDX_DTYPE, LazyFrame, PolarsError, PolarsResult, len, lit,
};

use crate::cells::Cells;

/// The places behind the point of a number's smallest unit, and all that a sum has room for.
const SCALE: usize = 9;
const PRECISION: usize = 38;

/// The figures of an export as Polars computes them.
#[derive(Clone, Debug)]
pub struct Figures {
    /// In the API's shape.
    pub stats: RunStats,
    /// By column.
    pub columns: Vec<ColumnStats>,
    /// Scores that are in no bucket; `None` without a score column.
    pub scores: Option<ScoreStats>,
}

impl Figures {
    /// Drops the fill rates of all columns but these.
    pub fn limit_to(&mut self, columns: &[usize]) {
        let keep = |column: usize| columns.contains(&column);
        let (mut of_rates, mut of_columns) = (0.., 0..);
        self.stats.fill_rates.retain(|_| of_rates.next().is_some_and(keep));
        self.columns.retain(|_| of_columns.next().is_some_and(keep));
    }
}

/// Everything in one pass: each figure is a column of the one row that comes out.
pub(crate) fn compute(
    frame: LazyFrame,
    columns: &Columns,
    rule: &FillRule,
    question: &Question,
) -> PolarsResult<Figures> {
    let mut wanted = Wanted::default();
    let total = wanted.add(len());
    let counts: Vec<[At; 3]> = (0..columns.len())
        .map(|column| {
            let cells = Cells::new(column, rule);
            [cells.filled(), cells.blank(), cells.placeholder()].map(|cells| wanted.count(cells))
        })
        .collect();
    let score = question.score.map(|column| Score::want(&mut wanted, column, rule, question));
    let averages: Vec<(At, At)> = question
        .averages
        .iter()
        .map(|average| {
            let cells = Cells::new(average.column, rule);
            let numbers = cells.numbers().cast(DataType::Decimal(PRECISION, SCALE));
            (wanted.add(numbers.sum()), wanted.count(cells.numeric()))
        })
        .collect();

    let row = wanted.answer(frame)?;
    let total = row.count(total)?;
    let fields = columns.fields();
    let columns: Vec<ColumnStats> = counts
        .iter()
        .enumerate()
        .map(|(column, &[filled, blank, placeholder])| {
            Ok(ColumnStats {
                name: columns.label(column).to_owned(),
                field: fields[column].clone(),
                filled: row.count(filled)?,
                blank: row.count(blank)?,
                placeholder: row.count(placeholder)?,
            })
        })
        .collect::<PolarsResult<_>>()?;
    let mut means = Vec::new();
    for (average, (sum, numbers)) in question.averages.iter().zip(averages) {
        let mean = Mean::new(row.nanos(sum)?, row.count(numbers)?);
        means.extend(mean.map(|mean| (average.field.clone(), mean)));
    }
    let (score_histogram, scores) = match score {
        Some(score) => score.read(&row, question, total)?,
        None => (Vec::new(), None),
    };
    let fill_rates = columns.iter().map(|c| (c.field.clone(), FillRate::new(c.filled, total))).collect();
    Ok(Figures { stats: RunStats { total, fill_rates, score_histogram, averages: means }, columns, scores })
}

/// What is wanted of the score column.
struct Score {
    column: usize,
    filled: At,
    numeric: At,
    outside: At,
    buckets: Vec<At>,
}

impl Score {
    fn want(wanted: &mut Wanted, column: usize, rule: &FillRule, question: &Question) -> Self {
        let cells = Cells::new(column, rule);
        let within: Vec<Expr> = question
            .buckets
            .iter()
            .map(|bucket| {
                let (first, last) = (*bucket.floors().start(), *bucket.floors().end());
                cells.floors().gt_eq(lit(first)).and(cells.floors().lt_eq(lit(last))).fill_null(lit(false))
            })
            .collect();
        let inside = within.iter().cloned().fold(lit(false), Expr::or);
        Self {
            column,
            filled: wanted.count(cells.filled()),
            numeric: wanted.count(cells.numeric()),
            outside: wanted.count(cells.numeric().and(inside.not())),
            buckets: within.into_iter().map(|within| wanted.count(within)).collect(),
        }
    }

    fn read(
        &self,
        row: &Row,
        question: &Question,
        total: u64,
    ) -> PolarsResult<(Vec<HistogramBucket>, Option<ScoreStats>)> {
        let filled = row.count(self.filled)?;
        let histogram = question
            .buckets
            .iter()
            .zip(&self.buckets)
            .map(|(bucket, &at)| Ok(HistogramBucket::new(bucket.clone(), row.count(at)?, total)))
            .collect::<PolarsResult<_>>()?;
        let scores = ScoreStats {
            column: Some(self.column),
            outside: row.count(self.outside)?,
            missing: total - filled,
            invalid: filled - row.count(self.numeric)?,
        };
        Ok((histogram, Some(scores)))
    }
}

/// Where in the row a figure stands.
#[derive(Clone, Copy)]
struct At(usize);

/// The expressions whose values are wanted, each over all records.
#[derive(Default)]
struct Wanted {
    expressions: Vec<Expr>,
}

impl Wanted {
    fn add(&mut self, expression: Expr) -> At {
        let at = self.expressions.len();
        self.expressions.push(expression.alias(at.to_string()));
        At(at)
    }

    /// How often a condition holds.
    fn count(&mut self, condition: Expr) -> At {
        self.add(condition.cast(IDX_DTYPE).sum())
    }

    fn answer(self, frame: LazyFrame) -> PolarsResult<Row> {
        frame.select(self.expressions).collect().map(Row)
    }
}

/// The values, in one row.
struct Row(DataFrame);

impl Row {
    fn value(&self, At(at): At) -> PolarsResult<AnyValue<'_>> {
        self.0.columns()[at].get(0)
    }

    fn count(&self, at: At) -> PolarsResult<u64> {
        self.value(at)?.extract().ok_or_else(no_figure)
    }

    fn nanos(&self, at: At) -> PolarsResult<i128> {
        match self.value(at)? {
            AnyValue::Decimal(nanos, _, SCALE) => Ok(nanos),
            AnyValue::Null => Ok(0),
            _ => Err(no_figure()),
        }
    }
}

fn no_figure() -> PolarsError {
    PolarsError::ComputeError("a figure is not what was asked for".into())
}
