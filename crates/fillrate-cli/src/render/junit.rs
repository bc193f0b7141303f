//! `JUnit` XML, as continuous integrations read it: a test suite for an export, and in it a test case for each check.
//!
//! There is no schema that all of them follow. This is what the readers of Jenkins, GitLab and GitHub Actions have in
//! common, without times, so that the same result gives the same bytes.

use std::borrow::Cow;
use std::io::{self, Write};

use fillrate::{Check, FindingKind, Status, Verification, visible};
use fillrate_batch::{Figures, Record, Verdict};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::remark::{self, Remark};
use super::verify::{comparison, mismatch_without_check, reasons};
use super::{Batched, Verified, record};

/// A test case: how it is called and what became of it.
struct Case<'a> {
    name: Cow<'a, str>,
    outcome: Outcome<'a>,
}

enum Outcome<'a> {
    Passed,
    /// In one line, and in several.
    Failed(&'a str, String, Vec<String>),
    /// It could not be done.
    Error(&'a str, String),
    Skipped(String),
}

pub(crate) fn verify(verified: &Verified) -> io::Result<String> {
    let path = verified.analysis.as_ref().map(|analysis| analysis.file.path.to_string_lossy());
    let suite = path.as_ref().map_or("the reports".into(), |path| printable(path));
    let cases = of_verification(&verified.verification);
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    begin(&mut writer, &counts(&cases))?;
    print_suite(&mut writer, &suite, &cases)?;
    end(&mut writer)?;
    String::from_utf8(writer.into_inner()).map_err(io::Error::other)
}

/// The suites of a batch. Each is printed when its export is done: they take up some 20 kB each, too much for all of them
/// to be held in memory. So how many cases there are in all is not said, since that would have to be said first.
pub(crate) struct Suites<W: Write> {
    writer: Writer<W>,
    has_begun: bool,
    written: io::Result<()>,
}

impl<W: Write> Suites<W> {
    /// Writes nothing yet: a batch that cannot begin has no result.
    pub(crate) fn new(out: W) -> Self {
        Self { writer: Writer::new_with_indent(out, b' ', 2), has_begun: false, written: Ok(()) }
    }

    /// Prints the suite of an export, unless something could not be written before, which [`finish`](Self::finish) tells.
    pub(crate) fn add(&mut self, record: &Record, figures: Option<&Figures>) {
        if self.written.is_ok() {
            self.written = self.print(record, figures);
        }
    }

    fn print(&mut self, record: &Record, figures: Option<&Figures>) -> io::Result<()> {
        if !self.has_begun {
            begin(&mut self.writer, &[])?;
            self.has_begun = true;
        }
        let verification = figures.and_then(|figures| figures.verification.as_ref());
        let cases = verification.map_or_else(|| without_reports(record), of_verification);
        print_suite(&mut self.writer, &printable(&record.path), &cases)
    }

    /// Prints a last suite of what was of no use, if anything was, and tells whether all could be written.
    pub(crate) fn finish(mut self, batched: &Batched) -> io::Result<()> {
        self.written?;
        if self.has_begun {
            let cases: Vec<_> = remark::of(batched).map(Case::of_remark).collect();
            if !cases.is_empty() {
                print_suite(&mut self.writer, "fillrate batch", &cases)?;
            }
            end(&mut self.writer)?;
        }
        self.writer.get_mut().flush()
    }
}

/// A case for each check, and one for what makes it a mismatch beside them.
fn of_verification(verification: &Verification) -> Vec<Case<'_>> {
    let whole = mismatch_without_check(verification).map(Case::whole);
    verification.checks.iter().map(Case::of).chain(whole).collect()
}

/// What can be said of an export that failed, or that nobody reported anything of.
fn without_reports(record: &Record) -> Vec<Case<'_>> {
    if let Some(problem) = &record.error {
        let what = printable(&record::without_path(&problem.message, &record.path)).into_owned();
        return vec![Case { name: printable(&problem.kind), outcome: Outcome::Error(&problem.kind, what) }];
    }
    if record.verdict == Verdict::Unverified {
        let (name, why) = record::unverified(record);
        return vec![Case { name: name.into(), outcome: Outcome::Skipped(why) }];
    }
    let kinds = FindingKind::ALL.into_iter().filter(|kind| kind.disqualifies());
    let whole = record::mismatch_without_check(record).map(Case::whole);
    kinds.map(|kind| Case::of_finding(record, kind)).chain(whole).collect()
}

impl<'a> Case<'a> {
    fn of(check: &'a Check) -> Self {
        let status = check.status.name();
        let outcome = if check.fails {
            let reasons = reasons(check).into_iter().map(|reason| printable(reason).into_owned());
            Outcome::Failed(status, printable(&comparison(check)).into_owned(), reasons.collect())
        } else if check.status == Status::Match {
            Outcome::Passed
        } else {
            Outcome::Skipped(check.reason.map_or(status.to_owned(), |reason| format!("{status}: {reason}")))
        };
        Self { name: printable(&check.id), outcome }
    }

    /// The name tells files apart: of cases with the same name, some readers show one.
    fn of_remark(remark: Remark<'_>) -> Self {
        let Remark { title, file, text } = remark;
        let name = file.map_or(title.into(), |file| format!("{title}: {}", printable(&file)).into());
        Self { name, outcome: Outcome::Skipped(printable(&text).into_owned()) }
    }

    /// The check that `verify` makes of a kind of finding.
    fn of_finding(record: &'a Record, kind: FindingKind) -> Self {
        let id = format!("integrity.{}", kind.name());
        let failing = record.failing_checks.iter().find(|check| check.id == id);
        let outcome = failing.map_or(Outcome::Passed, |check| {
            Outcome::Failed(&check.status, record::comparison(check), Vec::new())
        });
        Self { name: id.into(), outcome }
    }

    /// What makes it a mismatch although no check fails.
    fn whole((name, why): (&'a str, String)) -> Self {
        let why = printable(&why).into_owned();
        Self { name: name.into(), outcome: Outcome::Failed(Status::Mismatch.name(), why, Vec::new()) }
    }
}

/// How many cases became what, as attributes.
fn counts(cases: &[Case<'_>]) -> [(&'static str, String); 4] {
    let with = |wanted: fn(&Outcome<'_>) -> bool| {
        cases.iter().filter(|case| wanted(&case.outcome)).count().to_string()
    };
    [
        ("tests", cases.len().to_string()),
        ("failures", with(|outcome| matches!(outcome, Outcome::Failed(..)))),
        ("errors", with(|outcome| matches!(outcome, Outcome::Error(..)))),
        ("skipped", with(|outcome| matches!(outcome, Outcome::Skipped(_)))),
    ]
}

fn attributes<'a>(name: &'a str, counts: &'a [(&str, String)]) -> impl Iterator<Item = (&'a str, &'a str)> {
    let counts = counts.iter().map(|(name, count)| (*name, count.as_str()));
    [("name", name)].into_iter().chain(counts)
}

/// The element that holds all suites.
const ALL: &str = "testsuites";

fn begin(writer: &mut Writer<impl Write>, counts: &[(&str, String)]) -> io::Result<()> {
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let element = BytesStart::new(ALL).with_attributes(attributes("fillrate", counts));
    writer.write_event(Event::Start(element))
}

fn end(writer: &mut Writer<impl Write>) -> io::Result<()> {
    writer.write_event(Event::End(BytesEnd::new(ALL)))?;
    writer.get_mut().write_all(b"\n")
}

fn print_suite(writer: &mut Writer<impl Write>, suite: &str, cases: &[Case<'_>]) -> io::Result<()> {
    let counts = counts(cases);
    let element = writer.create_element("testsuite").with_attributes(attributes(suite, &counts));
    element
        .write_inner_content(|writer| cases.iter().try_for_each(|case| print_case(writer, suite, case)))?;
    Ok(())
}

fn print_case(writer: &mut Writer<impl Write>, suite: &str, case: &Case<'_>) -> io::Result<()> {
    let element = writer.create_element("testcase");
    let element = element.with_attributes([("name", &*case.name), ("classname", suite)]);
    match &case.outcome {
        Outcome::Passed => element.write_empty()?,
        Outcome::Failed(kind, message, reasons) => element.write_inner_content(|writer| {
            let failure = writer.create_element("failure");
            let failure = failure.with_attributes([("message", message.as_str()), ("type", kind)]);
            failure.write_text_content(BytesText::new(&reasons.join("\n")))?;
            Ok(())
        })?,
        Outcome::Error(kind, message) => element.write_inner_content(|writer| {
            let error = writer.create_element("error");
            error.with_attributes([("message", message.as_str()), ("type", kind)]).write_empty()?;
            Ok(())
        })?,
        Outcome::Skipped(why) => element.write_inner_content(|writer| {
            writer.create_element("skipped").with_attribute(("message", why.as_str())).write_empty()?;
            Ok(())
        })?,
    };
    Ok(())
}

/// What XML may hold: beside what `visible` escapes, two characters that are none.
fn printable(text: &str) -> Cow<'_, str> {
    let text = visible(text);
    if !text.contains(['\u{fffe}', '\u{ffff}']) {
        return text;
    }
    text.replace('\u{fffe}', "\\u{fffe}").replace('\u{ffff}', "\\u{ffff}").into()
}

#[cfg(test)]
mod tests {
    use fillrate::{Options, Policy};
    use fillrate_batch::{Batch, Inputs};

    use super::*;

    /// Suites of an export that is not there, as often as it is named.
    fn suites(times: usize, mut after_each: impl FnMut(&mut Suites<Vec<u8>>) + Send) -> Suites<Vec<u8>> {
        let inputs = Inputs::find(&vec!["no-such-folder".into(); times]);
        let batch = Batch::new(Options::default(), Policy::default()).unwrap();
        let mut suites = Suites::new(Vec::new());
        batch.run(
            &inputs,
            None,
            |_, _| (),
            |result| {
                suites.add(&result.record, result.figures.as_deref());
                after_each(&mut suites);
            },
        );
        suites
    }

    #[test]
    fn each_suite_is_written_when_its_export_is_done() {
        let mut closed = Vec::new();
        let suites = suites(3, |suites| {
            let text = std::str::from_utf8(suites.writer.get_ref()).unwrap();
            closed.push(text.matches("</testsuite>").count());
        });
        assert_eq!(closed, [1, 2, 3]);
        suites.finish(&Batched::default()).unwrap();
    }

    #[test]
    fn without_a_result_nothing_is_written() {
        let suites = suites(0, |_| ());
        assert!(suites.writer.get_ref().is_empty());
        let mut out = Vec::new();
        Suites::new(&mut out).finish(&Batched::default()).unwrap();
        assert!(out.is_empty());
    }
}
