//! Sections that both `stats` and `verify` show.

use fillrate::{
    Analysis, Bucket, ColumnStats, Finding, FindingKind, Percent, Place, RunStats, SCORE_FIELD, ScoreStats,
    counted, grouped,
};

use super::document::{Cell, Fact, Kind, Line, Section, Tone};
use super::text::{aligned, decimals, places};

/// A row's mark and how loud it is.
pub(super) type Mark = (Tone, &'static str);

/// What does not agree, or is more than chance.
pub(super) const BAD: &str = "✗";

/// No mark: nothing was compared.
pub(super) const UNMARKED: Mark = (Tone::Plain, "");

/// `151 records · 7 columns · 18,450 bytes`
pub(super) fn size(records: u64, columns: usize, bytes: u64) -> String {
    let (records, columns) = (counted(records, "record"), counted(columns as u64, "column"));
    format!("{records} · {columns} · {}", counted(bytes, "byte"))
}

/// The size of the file.
pub(super) fn size_of_file(analysis: &Analysis) -> Fact {
    let file = &analysis.file;
    Fact::new("", size(file.row_count, file.column_count, file.byte_size))
}

/// The fill rate of every column.
pub(super) fn fill_rates<'a>(
    total: u64,
    columns: impl IntoIterator<Item = &'a ColumnStats>,
    mark: impl Fn(&ColumnStats) -> Mark,
) -> Section {
    let mut section = Section::new(
        "Fill rates",
        &[
            ("", Kind::Label),
            ("field", Kind::Name),
            ("column", Kind::Name),
            ("filled", Kind::Number),
            ("%", Kind::Number),
            ("", Kind::Bar),
            ("blank", Kind::Number),
            ("placeholder", Kind::Number),
        ],
    );
    let unless_0 = |count: u64| Cell::Text(if count == 0 { String::new() } else { grouped(count) });
    for column in columns {
        let (tone, mark) = mark(column);
        section.add(
            tone,
            [
                mark.into(),
                column.field.as_str().into(),
                if column.name == column.field { "" } else { &column.name }.into(),
                grouped(column.filled).into(),
                percent(column.filled, total),
                Cell::Bar { count: column.filled, total },
                unless_0(column.blank),
                unless_0(column.placeholder),
            ],
        );
    }
    section.without_empty_columns()
}

/// The score histogram, and the records that are in none of its buckets.
pub(super) fn histogram(analysis: &Analysis, mark: impl Fn(&Bucket) -> Mark) -> Option<Section> {
    let scores = analysis.scores.as_ref()?;
    let column = scores.column.map_or(SCORE_FIELD, |column| analysis.header.label(column));
    Some(scores_in_buckets(column, &analysis.stats, scores, mark))
}

/// The histogram of the scores of a column.
pub(super) fn scores_in_buckets(
    column: &str,
    stats: &RunStats,
    scores: &ScoreStats,
    mark: impl Fn(&Bucket) -> Mark,
) -> Section {
    let mut section = Section::new(
        format!("Scores ({column})"),
        &[
            ("", Kind::Label),
            ("bucket", Kind::Name),
            ("count", Kind::Number),
            ("%", Kind::Number),
            ("", Kind::Bar),
        ],
    );
    let total = stats.total;
    let mut row = |(tone, mark): Mark, name: &str, count: u64| {
        let cells = [
            mark.into(),
            name.into(),
            grouped(count).into(),
            percent(count, total),
            Cell::Bar { count, total },
        ];
        section.add(tone, cells);
    };
    for bucket in &stats.score_histogram {
        row(mark(&bucket.bucket), bucket.bucket.label(), bucket.count);
    }
    for (name, count) in
        [("outside", scores.outside), ("missing", scores.missing), ("invalid", scores.invalid)]
    {
        if count > 0 {
            row(UNMARKED, name, count);
        }
    }
    section.without_empty_columns()
}

/// The averages.
pub(super) fn averages(stats: &RunStats, mark: impl Fn(&str) -> Mark) -> Option<Section> {
    let columns = [("", Kind::Label), ("field", Kind::Name), ("mean", Kind::Number), ("of", Kind::Number)];
    let mut section = Section::new("Averages", &columns);
    let most = stats.averages.iter().map(|(_, mean)| decimals(&mean.to_string())).max().unwrap_or(0);
    for (field, mean) in &stats.averages {
        let (tone, mark) = mark(field);
        let mean_of = [aligned(&mean.to_string(), most).into(), grouped(mean.numbers()).into()];
        section.add(tone, [mark.into(), field.as_str().into()].into_iter().chain(mean_of));
    }
    (!section.rows.is_empty()).then(|| section.without_empty_columns())
}

/// What is wrong with the CSV itself.
pub(super) fn findings(analysis: &Analysis) -> Option<Section> {
    let row = |finding: &Finding| {
        (finding.kind, finding.count, places(finding.count, &finding.places, &finding.last))
    };
    findings_at(analysis.findings.iter().map(row))
}

/// Findings: their kinds, counts and places.
pub(super) fn findings_at(findings: impl Iterator<Item = (FindingKind, u64, String)>) -> Option<Section> {
    let columns = [("finding", Kind::Label), ("count", Kind::Number), ("where", Kind::Places)];
    let mut section = Section::new("Findings", &columns);
    for (kind, count, places) in findings {
        let tone = if kind.disqualifies() { Tone::Bad } else { Tone::Warning };
        section.add(tone, [kind.name().into(), grouped(count).into(), places.into()]);
    }
    (!section.rows.is_empty()).then_some(section)
}

/// What is to be known about the file beside its figures.
pub(super) fn notes(analysis: &Analysis) -> impl Iterator<Item = Line> {
    let notes = [missing_delimiter, not_utf8, ends_in_nul, swallowed, longest_record, unsound];
    notes.into_iter().filter_map(|note| note(analysis))
}

fn missing_delimiter(analysis: &Analysis) -> Option<Line> {
    let likely = analysis.header.likely_delimiter()?;
    let name = if likely == '\t' { "tab".to_owned() } else { format!("'{likely}'") };
    let text = format!("There is one column, with {name} in its name: is --delimiter {name} missing?");
    Some(Line::new(Tone::Warning, text))
}

fn not_utf8(analysis: &Analysis) -> Option<Line> {
    analysis.findings.get(FindingKind::InvalidUtf8)?;
    Some(Line::new(Tone::Plain, "Text that is not UTF-8 changes no count: cells are counted by their bytes."))
}

fn ends_in_nul(analysis: &Analysis) -> Option<Line> {
    let last = analysis.findings.get(FindingKind::Nul)?.last;
    (last.byte + 1 == analysis.file.byte_size).then(|| {
        Line::new(Tone::Warning, "The file ends in NUL, as a broken write leaves it: download it again.")
    })
}

fn swallowed(analysis: &Analysis) -> Option<Line> {
    let Place { line, byte } = analysis.findings.get(FindingKind::OpenQuote)?.last;
    let bytes = counted(analysis.file.byte_size - byte, "byte");
    let place = format!("line {} (byte {})", grouped(line), grouped(byte));
    Some(Line::new(Tone::Bad, format!("The open quote swallows {bytes}, from {place} to the end.")))
}

/// Where quotes are as they should be, records may be as long as they like.
fn longest_record(analysis: &Analysis) -> Option<Line> {
    let count = |kind| analysis.findings.count(kind);
    let longest = analysis.file.longest_record?;
    let Place { line, byte } = longest.start;
    let is_doubtful = count(FindingKind::OpenQuote) + count(FindingKind::TextAfterQuote) > 0;
    is_doubtful.then(|| {
        let lines = grouped(longest.lines);
        let place = format!("line {} (byte {})", grouped(line), grouped(byte));
        Line::new(Tone::Warning, format!("The longest record takes up {lines} lines, from {place}."))
    })
}

fn unsound(analysis: &Analysis) -> Option<Line> {
    let kinds = disqualifying(analysis.findings.iter().map(|finding| finding.kind))?;
    Some(Line::new(Tone::Bad, format!("The file is unsound: {kinds}.")))
}

/// The kinds that make a file unsound, if there are any among these.
pub(super) fn disqualifying(kinds: impl Iterator<Item = FindingKind>) -> Option<String> {
    let names: Vec<_> = kinds.filter(|kind| kind.disqualifies()).map(FindingKind::name).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// A share, with the decimals aligned.
pub(super) fn percent(count: u64, total: u64) -> Cell {
    aligned(&Percent::new(count, total).to_string(), 2).into()
}
