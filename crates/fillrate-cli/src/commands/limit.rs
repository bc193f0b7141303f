//! Leaves only the fields that `--field` names to be shown.

use fillrate::Analysis;
use fillrate_batch::Overview;

/// Leaves only the columns of these fields, if there are any. The averages are those of the checks already, under the
/// names that they were reported by.
pub(super) fn analysis(analysis: &mut Analysis, fields: &[String]) {
    let header = &analysis.header;
    // A field that is reported and has no column is only in the checks.
    let columns = fields.iter().filter_map(|field| header.named(field).ok());
    let shown: Vec<&str> = columns.map(|column| header.label(column)).collect();
    if !fields.is_empty() {
        analysis.columns.retain(|column| shown.contains(&column.name.as_str()));
    }
}

/// The same of the figures of several exports.
pub(super) fn overview(overview: &mut Overview, fields: &[String]) {
    let groups = overview.groups.iter_mut().flat_map(|(_, groups)| groups).map(|group| &mut group.figures);
    for figures in overview.totals.iter_mut().chain(groups).filter(|_| !fields.is_empty()) {
        figures.keep_only(fields);
    }
}
