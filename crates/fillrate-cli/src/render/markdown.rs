//! For a chat or a pull request.

use fillrate::{Combined, visible};

use super::document::{Cell, Document, Fact, Kind, Section};
use super::{Batched, Compared, Counted, Verified};
use super::{batch, diff, merge, stats, verify};

pub(crate) fn stats(counted: &[Counted]) -> String {
    let documents: Vec<String> = counted.iter().map(|one| print(&stats::document(one))).collect();
    documents.join("\n")
}

#[cfg(feature = "polars")]
pub(crate) fn second(results: &[super::BySecond]) -> String {
    let documents: Vec<String> = results.iter().map(|one| print(&super::second::document(one))).collect();
    documents.join("\n")
}

pub(crate) fn merge(combined: &Combined) -> String {
    print(&merge::document(combined))
}

pub(crate) fn diff(compared: &Compared) -> String {
    print(&diff::document(compared))
}

pub(crate) fn verify(verified: &Verified) -> String {
    print(&verify::document(verified))
}

pub(crate) fn batch(batched: &Batched) -> String {
    print(&batch::document(batched))
}

fn print(document: &Document) -> String {
    let mut text = match &document.headline {
        Fact { label: "", text } => format!("## {}\n", escaped(text)),
        Fact { label, text } => format!("## {label} {}\n", escaped(text)),
    };
    for fact in &document.facts {
        text += &match fact {
            Fact { label: "", text } => format!("\n{}\n", escaped(text)),
            Fact { label, text } => format!("\n{label}: {}\n", escaped(text)),
        };
    }
    for section in &document.sections {
        text += &format!("\n### {}\n\n{}", escaped(&section.title), table(section));
    }
    for note in &document.notes {
        text += &format!("\n{}\n", escaped(&note.text));
    }
    text
}

fn table(section: &Section) -> String {
    let shown: Vec<usize> =
        (0..section.columns.len()).filter(|&at| section.columns[at].kind != Kind::Bar).collect();
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut text = row(shown.iter().map(|&at| section.columns[at].title.to_owned()).collect());
    let ruler = |at: &usize| if section.columns[*at].kind.is_right() { "--:" } else { ":--" }.to_owned();
    text += &row(shown.iter().map(ruler).collect());
    let name = section.columns.iter().position(|column| column.kind == Kind::Name);
    for section_row in &section.rows {
        let content = |at: &usize| match &section_row.cells[*at] {
            Cell::Text(text) => escaped(text.trim_end()),
            Cell::Bar { .. } => String::new(),
        };
        text += &row(shown.iter().map(content).collect());
        for below in &section_row.below {
            let only_name = |at: &usize| if Some(*at) == name { escaped(below) } else { String::new() };
            text += &row(shown.iter().map(only_name).collect());
        }
    }
    text
}

/// Text that Markdown takes for nothing but text.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' | '@' => escaped.extend(['\\', c]),
            // Many take `https://` and `www.` for the beginning of a link.
            '/' if escaped.ends_with(':') => escaped.push_str("\\/"),
            '.' if ends_with_www(&escaped) => escaped.push_str("\\."),
            _ => escaped.push(c),
        }
    }
    escaped
}

fn ends_with_www(text: &str) -> bool {
    text.len()
        .checked_sub(3)
        .and_then(|start| text.get(start..))
        .is_some_and(|end| end.eq_ignore_ascii_case("www"))
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn names_stay_text() {
        for (text, expected) in [
            ("company.name", "company.name"),
            ("a|b", "a\\|b"),
            ("<b>&", "&lt;b&gt;&amp;"),
            ("[x](y)", "\\[x\\](y)"),
            ("a\nb", "a\\\\u{a}b"),
            ("https://evil.example/x", "https:\\//evil.example/x"),
            ("WWW.evil.example é.b", "WWW\\.evil.example é.b"),
            ("a.b@evil.example", "a.b\\@evil.example"),
        ] {
            assert_eq!(escaped(text), expected);
        }
    }
}
