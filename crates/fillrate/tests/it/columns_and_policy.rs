//! Proves which column a reported field is held to, what cannot be checked, and what a policy lets pass.

use fillrate::{
    Analysis, ErrorKind, Export, Options, Policy, Question, Status, Tolerance, Verdict, Verification,
};

use crate::{not_matching, reports};

/// A file, reports and a policy, tried in turn.
#[derive(Clone, Default)]
struct Case {
    csv: &'static str,
    stats: &'static str,
    export: &'static str,
    options: Options,
    policy: Policy,
}

impl Case {
    fn new(csv: &'static str, stats: &'static str) -> Self {
        Self { csv, stats, ..Self::default() }
    }

    fn with(&self, change: impl FnOnce(&mut Policy)) -> Self {
        let mut case = self.clone();
        change(&mut case.policy);
        case
    }

    fn mapped(&self, field: &str, column: &str) -> Self {
        let mut case = self.clone();
        case.options.map.push((field.to_owned(), column.to_owned()));
        case
    }

    fn tolerating(&self, tolerances: &[&str]) -> Self {
        let tolerances: Vec<Tolerance> = tolerances.iter().map(|text| text.parse().unwrap()).collect();
        self.with(|policy| policy.tolerances = tolerances)
    }

    fn try_run(&self) -> fillrate::Result<(Analysis, Verification)> {
        let export = Export::from_bytes(self.csv.as_bytes().to_vec(), &self.options)?;
        fillrate::verify(export, &reports(self.stats, self.export), &self.policy)
    }

    fn run(&self) -> (Analysis, Verification) {
        self.try_run().unwrap()
    }

    /// The verdict, and what does not match.
    fn assert(&self, verdict: Verdict, expected: &[(&str, Status)]) {
        let (_, verification) = self.run();
        let others = verification.checks.iter().filter(|check| check.status != Status::Match);
        let others: Vec<_> = others.map(|check| (check.id.as_str(), check.status)).collect();
        assert_eq!(others, expected, "{self:?}");
        assert_eq!(verification.verdict, verdict, "{self:?}");
    }
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} against {} {}, {:?}", self.csv, self.stats, self.export, self.policy)
    }
}

use Status::{Mismatch, NotCheckable, NotInFile};

#[test]
fn a_mapping_says_which_column_a_field_is() {
    let stats = r#"{"total": 2, "fillRates": {"company.name": {"count": 1, "percent": 50}}}"#;
    let foreign = Case::new("Firma,email\nx,\n,a\n", stats);
    let both = [("fillRates.company.name.count", NotInFile), ("fillRates.company.name.percent", NotInFile)];
    foreign.assert(Verdict::Mismatch, &both);
    for field in ["company.name", "company_name", "company"] {
        foreign.mapped(field, "Firma").assert(Verdict::Match, &[]);
    }

    let twice = Case::new("company,company,email\n,x,\n,,a\n", stats);
    assert_eq!(twice.try_run().unwrap_err().kind(), ErrorKind::AmbiguousField);
    twice.mapped("company.name", "company#2").assert(Verdict::Match, &[]);
    let first = twice.mapped("company.name", "company");
    let wrong = [("fillRates.company.name.count", Mismatch), ("fillRates.company.name.percent", Mismatch)];
    first.assert(Verdict::Mismatch, &wrong);

    // The nearest name wins: the exact one, the same in another spelling, an alias.
    for csv in ["company,company_name,company.name\n,,x\n,,\n", "company,company_name\n,x\n,\n"] {
        Case::new(csv, stats).assert(Verdict::Match, &[]);
    }

    let (_, verification) = twice.mapped("company.name", "company#2").run();
    assert_eq!(verification.mapping, [("company.name".to_owned(), Some("company#2".to_owned()))]);
    assert_eq!(verification.not_reported, ["company", "email"]);
    let (_, verification) = foreign.run();
    assert_eq!(verification.mapping, [("company.name".to_owned(), None)]);
}

#[test]
fn only_a_reported_field_is_refused_for_fitting_two_columns() {
    let case = Case::new("zip,zip,email\n1,,a\n", r#"{"fillRates": {"email": {"count": 1}}}"#);
    case.assert(Verdict::Match, &[]);
    let export = Export::from_bytes(b"score,Score,zip,zip\n1,2,3,\n".to_vec(), &Options::default()).unwrap();
    let question = Question::for_stats(export.columns(), Vec::new(), &["zip#2".to_owned()]).unwrap();
    let analysis = export.analyze(&question).unwrap();
    let fields: Vec<_> = analysis.stats.fill_rates.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["intent.score", "intent.score#2", "zip", "zip#2"]);
    assert_eq!((question.score, analysis.scores), (None, None));
}

#[test]
fn the_score_field_is_the_one_that_was_named() {
    let stats = r#"{"total": 2, "averages": {"intent.score": 7.5},
        "scoreHistogram": [{"bucket": "7", "count": 1, "percent": 50}, {"bucket": "8+", "count": 1}]}"#;
    let mut case = Case::new("score,rank\n1,7\n1,8\n", stats);
    let by_name = case.run().1;
    assert_eq!(by_name.verdict, Verdict::Mismatch);
    for column in ["rank", "RANK"] {
        case.options.score_field = Some(column.to_owned());
        case.assert(Verdict::Match, &[]);
    }
}

/// A figure of a column that is not there fails if it is above 0, unless it may be missing.
#[test]
fn a_field_that_is_not_in_the_file() {
    let zero =
        Case::new("email\na\n", r#"{"total": 1, "fillRates": {"phone": {"count": 0, "percent": 0.00}}}"#);
    let both = [("fillRates.phone.count", NotInFile), ("fillRates.phone.percent", NotInFile)];
    zero.assert(Verdict::Match, &both);
    zero.with(|policy| policy.require_all = true).assert(Verdict::Mismatch, &both);

    let some =
        Case::new("email\na\n", r#"{"total": 1, "fillRates": {"phone": {"count": 1, "percent": 100}}}"#);
    some.assert(Verdict::Mismatch, &both);
    some.with(|policy| policy.allow_missing = vec!["phone".to_owned()]).assert(Verdict::Match, &both);
    some.with(|policy| policy.allow_missing = vec!["email".to_owned()]).assert(Verdict::Mismatch, &both);
    some.tolerating(&["*=100"]).assert(Verdict::Mismatch, &both);

    let percent = Case::new("email\na\n", r#"{"total": 1, "fields": {"phone": 0.01}}"#);
    percent.assert(Verdict::Mismatch, &both[1..]);

    // An average is neither a count nor a percent.
    let average = Case::new("email\na\n", r#"{"averages": {"intent.score": 80}}"#);
    average.assert(Verdict::Match, &[("averages.intent.score", NotInFile)]);

    let scores = r#"{"total": 1, "scoreHistogram": [{"bucket": "50-69", "count": 1, "percent": 100}]}"#;
    let scores = Case::new("email\na\n", scores);
    let all = [
        ("scoreHistogram.50-69.count", NotInFile),
        ("scoreHistogram.50-69.percent", NotInFile),
        ("scoreHistogram.sum", NotInFile),
    ];
    scores.assert(Verdict::Mismatch, &all);
    scores.with(|policy| policy.allow_missing = vec!["intent.score".to_owned()]).assert(Verdict::Match, &all);
}

#[test]
fn what_cannot_be_checked_does_not_fail_unless_everything_must_match() {
    let export = |export| Case { export, ..Case::new("intent.score\n\n\"\"\n", "") };
    let long = r#"{"total": 1, "fillRates": {"intent.score": {"percent": 0.00000000000000000000000000000000000000000}}}"#;
    let label = r#"{"total": 1, "scoreHistogram": [{"bucket": "high", "count": 7, "percent": 7}]}"#;
    for (case, expected) in [
        (export(r#"{"rowCount": 1, "contentSha1": "none"}"#), &["export.contentSha1"][..]),
        (export(r#"{"rowCount": 1, "contentSha1": "unverified:da39a3ee"}"#), &["export.contentSha1"]),
        (
            export(r#"{"rowCount": 1, "runId": "r", "audienceId": "a"}"#),
            &["export.runId", "export.audienceId"],
        ),
        (
            Case::new("intent.score\n\"\"\n", r#"{"averages": {"intent.score": 0}}"#),
            &["averages.intent.score"],
        ),
        (
            Case::new("intent.score\nhigh\n", r#"{"averages": {"intent.score": 0}}"#),
            &["averages.intent.score"],
        ),
        (Case::new("intent.score\n\"\"\n", long), &["fillRates.intent.score.percent"]),
    ] {
        let expected: Vec<_> = expected.iter().map(|&id| (id, NotCheckable)).collect();
        case.assert(Verdict::Match, &expected);
        case.with(|policy| policy.require_all = true).assert(Verdict::Mismatch, &expected);
        assert!(
            case.run().1.checks.iter().all(|check| check.reason.is_some() == (check.status == NotCheckable))
        );
    }
    let unreadable = Case::new("intent.score\n80\n", label).run().1;
    let ids = ["scoreHistogram.high.count", "scoreHistogram.high.percent", "scoreHistogram.sum"];
    let not_checkable: Vec<_> = unreadable
        .checks
        .iter()
        .filter(|check| check.status == NotCheckable)
        .map(|c| c.id.as_str())
        .collect();
    assert_eq!(not_checkable, ids);
}

/// A column that nobody reported fails only if everything must match.
#[test]
fn everything_must_match() {
    let case = Case::new("email,zip\na,\n", r#"{"total": 1, "fillRates": {"email": {"count": 1}}}"#);
    case.assert(Verdict::Match, &[]);
    assert_eq!(case.run().1.not_reported, ["zip"]);
    case.with(|policy| policy.require_all = true).assert(Verdict::Mismatch, &[]);
    let whole = Case::new("email\na\n", case.stats).with(|policy| policy.require_all = true);
    whole.assert(Verdict::Match, &[]);
}

#[test]
fn a_tolerance_accepts_up_to_its_difference_and_is_listed_where_it_was_needed() {
    let stats = r#"{"total": 4, "fillRates": {"email": {"count": 1, "percent": 66.6}}}"#;
    let case = Case::new("email\na\nb\n\"\"\n", stats);
    let report = ("report.fillRates.email.percent", Mismatch);
    let rates = [("fillRates.email.count", Mismatch), ("fillRates.email.percent", Mismatch)];
    let all = [("total", Mismatch), rates[0], rates[1], report];
    for (tolerances, used, left) in [
        (&[][..], &[][..], &all[..]),
        (&["total=0", "totals=9", "fillRates.email=9"], &[], &all),
        (&["total=1"], &["total=1"], &all[1..]),
        (&["total=0.99"], &[], &all),
        (&["fillRates.*=1"], &["fillRates.*=1"], &[all[0], report]),
        (&["fillRates.email.percent=0.07"], &["fillRates.email.percent=0.07"], &[all[0], all[1], report]),
        (&["fillRates.email.percent=0.06"], &[], &all),
        (&["total=1", "*=0.07", "*.count=1"], &["total=1", "*=0.07"], &[all[1], report]),
        (&["*=100"], &["*=100"], &[]),
        (&["run.*=1", "*=100", "total=1"], &["*=100"], &[]),
    ] {
        let case = case.tolerating(tolerances);
        let verdict = if left.is_empty() { Verdict::Match } else { Verdict::Mismatch };
        case.assert(verdict, left);
        assert_eq!(case.run().1.tolerances_used, *used);
    }
    let (_, verification) = case.tolerating(&["total=1"]).run();
    let check = verification.checks.iter().find(|check| check.id == "total").unwrap();
    let [reported, computed] =
        [Some(&check.reported), check.computed.as_ref()].map(|f| f.unwrap().to_string());
    assert_eq!((check.tolerance.as_deref(), &*reported, &*computed), (Some("total=1"), "4", "3"));
}

/// No tolerance makes one text another, or a broken file sound by accident.
#[test]
fn a_tolerance_is_for_numbers() {
    let text = Case { export: r#"{"rowCount": 1, "status": "failed"}"#, ..Case::new("email\na\n", "") };
    text.tolerating(&["*=999"]).assert(Verdict::Mismatch, &[("export.status", Mismatch)]);
    let ragged = Case::new("email\na,b\n", r#"{"total": 1}"#);
    ragged.assert(Verdict::Mismatch, &[("integrity.long-record", Mismatch)]);
    ragged.tolerating(&["integrity.long-record=1"]).assert(Verdict::Match, &[]);
}

/// A limit is on single fields: what it leaves out is not checked, total and file are.
#[test]
fn a_limit_of_fields() {
    let stats = r#"{"total": 2, "averages": {"intent.score": 9, "age": 9},
        "fillRates": {"email": {"count": 2, "percent": 100}, "company.name": {"count": 2, "percent": 50}}}"#;
    let case = Case::new("email,companyName,score,age\na,b,1,1\n", stats);
    let limited = |fields: &[&str]| {
        let fields = fields.iter().map(|&field| field.to_owned()).collect();
        case.with(|policy| policy.fields = fields)
    };
    let total = ("total", Mismatch);
    let email = ("fillRates.email.count", Mismatch);
    let company = [("fillRates.company.name.count", Mismatch), ("fillRates.company.name.percent", Mismatch)];
    let own = ("report.fillRates.company.name.percent", Mismatch);
    let [score, age] = [("averages.intent.score", Mismatch), ("averages.age", Mismatch)];
    case.assert(Verdict::Mismatch, &[total, email, company[0], company[1], score, age, own]);
    limited(&["email"]).assert(Verdict::Mismatch, &[total, email]);
    for name in ["company.name", "companyName", "company"] {
        limited(&[name]).assert(Verdict::Mismatch, &[total, company[0], company[1], own]);
    }
    limited(&["score", "age"]).assert(Verdict::Mismatch, &[total, score, age]);
    let (_, about_email) = limited(&["email"]).run();
    assert_eq!(about_email.mapping, [("email".to_owned(), Some("email".to_owned()))]);
    let silent = Case { stats: r#"{"total": 1, "fillRates": {"age": {"count": 1}}}"#, ..case.clone() };
    assert_eq!(silent.run().1.not_reported, ["email", "companyName", "score"]);
    let about_score = silent.with(|policy| policy.fields = vec!["score".to_owned(), "age".to_owned()]);
    assert_eq!(about_score.run().1.not_reported, ["score"]);
    // Without an export there are only the report's own names.
    for (field, expected) in [("email", &[][..]), ("company.name", &[own.0])] {
        let policy = Policy { fields: vec![field.to_owned()], ..Policy::default() };
        let verification = fillrate::verify_reports(&reports(stats, ""), &policy).unwrap();
        assert_eq!(not_matching(&verification), expected, "{field}");
    }
}

/// A difference in the whole file is the cause of many in single fields, and what a report says about itself comes last.
#[test]
fn checks_of_the_whole_file_come_first() {
    let stats = r#"{"run": {"status": "completed", "resultCount": 1},
        "stats": {"total": 1, "fillRates": {"email": {"count": 1, "percent": 100}}}}"#;
    let export = r#"{"runId": "r", "rowCount": 1, "byteSize": 8}"#;
    let (_, verification) = Case { export, ..Case::new("email\na\n", stats) }.run();
    let mut rooms: Vec<_> =
        verification.checks.iter().map(|check| check.id.split('.').next().unwrap()).collect();
    rooms.dedup();
    assert_eq!(rooms, ["total", "run", "export", "integrity", "fillRates", "report"]);
}

#[test]
fn a_tolerance_that_fits_no_check_is_named() {
    let case = Case::new("email\na\n", r#"{"total": 2}"#);
    let (_, verification) = case.tolerating(&["total=1", "integrity.*=1", "totl=1", "averages.*=1"]).run();
    assert_eq!(verification.tolerances_used, ["total=1"]);
    assert_eq!(verification.tolerances_without_check, ["totl=1", "averages.*=1"]);
}

#[test]
fn the_previous_generation_has_percents_and_rows() {
    let stats = r#"{"data": {"total": 3, "dataDate": "2026-01-15", "fields": {"email": 66.67, "companyDomain": 33.33}}}"#;
    let export = r#"{"data": {"downloadUrl": "x", "fileName": "x", "rows": 3, "dataDate": "x", "expiresIn": 1, "cached": true}}"#;
    let case = Case { export, ..Case::new("email,company.domain\na,\nb,x\n\"\",\n", stats) };
    case.assert(Verdict::Match, &[]);
    let (_, verification) = case.run();
    let ids: Vec<_> = verification.checks.iter().map(|check| check.id.as_str()).collect();
    assert_eq!(ids[..2], ["total", "export.rowCount"]);
    assert!(ids[2..6].iter().all(|id| id.starts_with("integrity.")));
    assert_eq!(ids[6..], ["fillRates.email.percent", "fillRates.companyDomain.percent"]);
    assert_eq!(verification.unknown, Vec::<String>::new());

    let truncated = Case { stats: r#"{"total": 3, "fields": {"email": 66.66}}"#, ..case };
    truncated.assert(Verdict::Mismatch, &[("fillRates.email.percent", Mismatch)]);
    for (status, verdict) in [
        (r#"{"status": "ready", "totalCount": 3, "runId": "r"}"#, Verdict::Match),
        (r#"{"status": "materializing", "totalCount": 3}"#, Verdict::Mismatch),
        (r#"{"status": "ready", "totalCount": 2}"#, Verdict::Mismatch),
    ] {
        assert_eq!(Case { stats: status, ..truncated.clone() }.run().1.verdict, verdict, "{status}");
    }
}

#[test]
fn buckets_that_overlap_repeat_or_leave_scores_out() {
    let csv = "intent.score\n49\n50\n69.5\n70\n89\n100\n\"\"\nhigh\n";
    let overlap = ("report.scoreHistogram.overlap", Mismatch);
    for (stats, expected) in [
        // Each bucket is counted for itself, whether or not another one holds the same scores.
        (
            r#"{"total": 8, "scoreHistogram": [{"bucket": "50-70", "count": 3}, {"bucket": "70-89", "count": 2}]}"#,
            &[overlap][..],
        ),
        (
            r#"{"total": 8, "scoreHistogram": [{"bucket": "50-69", "count": 2}, {"bucket": "50-69", "count": 2}]}"#,
            &[overlap],
        ),
        (
            r#"{"total": 8, "scoreHistogram": [{"bucket": "50+", "count": 5}, {"bucket": "<50", "count": 1}]}"#,
            &[],
        ),
        (
            r#"{"total": 8, "scoreHistogram": [{"bucket": "70–89", "count": 2}, {"bucket": "50-69", "count": 2}]}"#,
            &[],
        ),
        (
            r#"{"total": 8, "scoreHistogram": [{"bucket": "50-69", "count": 1}, {"bucket": "50-69", "count": 2}]}"#,
            &[("scoreHistogram.50-69.count", Mismatch), ("scoreHistogram.sum", Mismatch), overlap],
        ),
        (
            r#"{"total": 8, "scoreHistogram": [{"bucket": "50-69", "count": 2}, {"bucket": "50-69", "count": 1}]}"#,
            &[("scoreHistogram.50-69#2.count", Mismatch), ("scoreHistogram.sum", Mismatch), overlap],
        ),
    ] {
        let verdict = if expected.is_empty() { Verdict::Match } else { Verdict::Mismatch };
        Case::new(csv, stats).assert(verdict, expected);
    }
}

/// Without a file, the report is held to itself.
#[test]
fn a_report_alone() {
    let run = r#"{"data": {"run": {"id": "r", "status": "completed", "resultCount": 9}, "stats": "#;
    for (stats, expected) in [
        (r#"{"total": 4, "fillRates": {"email": {"count": 1, "percent": 25}}}"#, &[][..]),
        (
            r#"{"total": 4, "fillRates": {"email": {"count": 1, "percent": 25.01}}}"#,
            &["report.fillRates.email.percent"],
        ),
        (
            r#"{"total": 4, "fillRates": {"email": {"count": 5, "percent": 125}}}"#,
            &["report.fillRates.email.count"],
        ),
        (
            r#"{"total": 0, "fillRates": {"email": {"count": 0, "percent": 100}}}"#,
            &["report.fillRates.email.percent"],
        ),
        (r#"{"total": 4, "scoreHistogram": [{"bucket": "1-2", "count": 3}]}"#, &[]),
        (
            r#"{"total": 2, "scoreHistogram": [{"bucket": "1-2", "count": 2}, {"bucket": "3", "count": 1}]}"#,
            &["report.scoreHistogram.sum"],
        ),
        (
            r#"{"total": 4, "scoreHistogram": [{"bucket": "1-2"}, {"bucket": "2"}]}"#,
            &["report.scoreHistogram.overlap"],
        ),
    ] {
        let reports = reports(&format!("{run}{stats}}}}}"), r#"{"export": {"runId": "r", "rowCount": 9}}"#);
        let verification = fillrate::verify_reports(&reports, &Policy::default()).unwrap();
        assert_eq!(not_matching(&verification), expected, "{stats}");
        assert_eq!(verification.verdict == Verdict::Match, expected.is_empty(), "{stats}");
    }
}

#[test]
fn members_that_nobody_documents_are_listed() {
    let stats = r#"{"data": {"run": {"id": "r", "colour": 1}, "stats": {"total": 1, "a.b": 2}, "more": 3}, "meta": 4}"#;
    let export = r#"{"data": {"export": {"rowCount": 1, "shade": 5}, "extra": 6}}"#;
    let (_, verification) = Case { export, ..Case::new("email\na\n", stats) }.run();
    let mut unknown = verification.unknown;
    unknown.sort_unstable();
    let expected =
        ["data.export.shade", "data.extra", "data.more", "data.run.colour", "data.stats[\"a.b\"]", "meta"];
    assert_eq!(
        (unknown.as_slice(), verification.verdict),
        (&expected.map(str::to_owned)[..], Verdict::Match)
    );
}
