//! `JUnit` XML, as continuous integrations read it: a test suite for the export, and in it a test case for each check.
//!
//! There is no schema that all of them follow. This is what the readers of Jenkins, GitLab and GitHub Actions have in
//! common, without times, so that the same result gives the same bytes.

use std::borrow::Cow;
use std::io;

use fillrate::{Check, Status, visible};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::Verified;
use super::verify::{comparison, mismatch_without_check, reasons};

/// A test case: how it is called and what became of it.
struct Case<'a> {
    name: Cow<'a, str>,
    outcome: Outcome,
}

enum Outcome {
    Passed,
    /// In one line, and in several.
    Failed(&'static str, String, Vec<String>),
    Skipped(String),
}

pub(crate) fn verify(verified: &Verified) -> io::Result<String> {
    let verification = &verified.verification;
    let path = verified.analysis.as_ref().map(|analysis| analysis.file.path.to_string_lossy());
    let suite = path.as_ref().map_or("the reports".into(), |path| printable(path));
    let whole = mismatch_without_check(verification).map(|(name, why)| {
        let why = printable(&why).into_owned();
        Case { name: name.into(), outcome: Outcome::Failed("mismatch", why, Vec::new()) }
    });
    let cases: Vec<Case<'_>> = verification.checks.iter().map(Case::of).chain(whole).collect();
    print(&suite, &cases)
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
}

fn print(suite: &str, cases: &[Case<'_>]) -> io::Result<String> {
    let with = |wanted: fn(&Outcome) -> bool| cases.iter().filter(|case| wanted(&case.outcome)).count();
    let failures = with(|outcome| matches!(outcome, Outcome::Failed(..))).to_string();
    let skipped = with(|outcome| matches!(outcome, Outcome::Skipped(_))).to_string();
    let tests = cases.len().to_string();
    let counts = [("tests", tests.as_str()), ("failures", &failures), ("errors", "0"), ("skipped", &skipped)];
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer
        .create_element("testsuites")
        .with_attributes([("name", "fillrate")].into_iter().chain(counts))
        .write_inner_content(|writer| {
            let suite_element = writer.create_element("testsuite");
            let attributes = [("name", suite)].into_iter().chain(counts);
            suite_element.with_attributes(attributes).write_inner_content(|writer| {
                cases.iter().try_for_each(|case| print_case(writer, suite, case))
            })?;
            Ok(())
        })?;
    let xml = String::from_utf8(writer.into_inner()).map_err(io::Error::other)?;
    Ok(xml + "\n")
}

fn print_case(writer: &mut Writer<Vec<u8>>, suite: &str, case: &Case<'_>) -> io::Result<()> {
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
