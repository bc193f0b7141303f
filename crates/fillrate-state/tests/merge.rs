//! Merged states are those of one pass over all the records.

#![expect(clippy::unwrap_used, reason = "clippy spares `#[test]` functions only, not their helpers")]

use std::path::Path;

use fillrate::{Bucket, Combined, Counters, ErrorKind, Export, Options, Question};
use fillrate_state::{decode, encode};
use proptest::prelude::*;

const BUCKETS: [&str; 4] = ["<50", "50-69", "60-100", "150+"];

fn buckets() -> Vec<Bucket> {
    BUCKETS.iter().map(|label| label.parse().unwrap()).collect()
}

/// Counters that have been in a file.
fn counters(csv: &str) -> Counters {
    let export = Export::from_bytes(csv.as_bytes().to_vec(), &Options::default()).unwrap();
    let question = Question::for_stats(export.columns(), buckets(), &[]).unwrap();
    decode(Path::new("s"), &encode(export.analyze(&question).unwrap().counters())).unwrap()
}

fn merged<'a>(counters: impl IntoIterator<Item = &'a Counters>) -> Counters {
    let mut counters = counters.into_iter();
    let mut all = counters.next().unwrap().clone();
    counters.for_each(|counters| all.merge(counters).unwrap());
    all
}

/// All figures of the records: without what is of the files.
fn figures(counters: &Counters) -> String {
    let Combined { stats, columns, scores, findings, .. } = counters.figures(&buckets()).unwrap();
    let columns: Vec<_> = columns.into_iter().map(|column| column.cells).collect();
    let findings: Vec<_> = findings.into_iter().map(|finding| (finding.kind, finding.count)).collect();
    format!("{stats:#?}{columns:#?}{scores:#?}{findings:#?}")
}

fn record() -> impl Strategy<Value = String> {
    let cell = || prop::sample::select(vec!["", "a", " ", "null", "\"q\"\"\"", "7'\"", "\0"]);
    let score = prop::sample::select(vec!["", "49.999999999", "50", "69.5", "100", "-1", "151", "x"]);
    (cell(), score, cell(), prop::bool::weighted(0.1)).prop_map(|(email, score, name, is_short)| {
        if is_short { format!("{email},{score}\n") } else { format!("{email},{score},{name}\n") }
    })
}

proptest! {
    #[test]
    fn any_order_and_grouping_is_one_pass_over_all_records(
        files in prop::collection::vec(prop::collection::vec(record(), 0..12), 1..6),
        (order, cut) in (any::<u64>(), any::<prop::sample::Index>()),
    ) {
        let header = "email,score,company_name\n";
        let bodies: Vec<String> = files.iter().map(|records| records.concat()).collect();
        let whole = counters(&format!("{header}{}", bodies.concat()));
        let mut parts: Vec<Counters> = bodies.iter().map(|body| counters(&format!("{header}{body}"))).collect();
        let in_order = merged(&parts);
        prop_assert_eq!(figures(&in_order), figures(&whole));
        prop_assert_eq!(in_order.exports(), files.len() as u64);
        parts.sort_by_key(|part| (part.records() ^ order).wrapping_mul(order | 1));
        let (left, right) = parts.split_at(cut.index(parts.len()));
        let groups: Vec<Counters> = [left, right].into_iter().filter(|g| !g.is_empty()).map(merged).collect();
        prop_assert_eq!(encode(&merged(groups.iter().rev())), encode(&in_order));
    }

    /// Also where the columns differ: a column that a file lacks is an empty one.
    #[test]
    fn an_absent_column_is_an_unfilled_one(a in prop::collection::vec("[x ]?", 0..6), b in prop::collection::vec("[0-9]?", 0..6)) {
        let lines = |cells: &[String], before: &str, after: &str| -> String {
            cells.iter().fold(String::new(), |csv, cell| csv + "1," + before + cell + after + "\n")
        };
        let parts = [
            counters(&format!("key,a\n{}", lines(&a, "", ""))),
            counters(&format!("key,intentScore\n{}", lines(&b, "", ""))),
        ];
        let whole = counters(&format!("key,a,intentScore\n{}{}", lines(&a, "", ","), lines(&b, ",", "")));
        prop_assert_eq!(figures(&merged(&parts)), figures(&whole));
        prop_assert_eq!(encode(&merged(&parts)), encode(&merged(parts.iter().rev())));
        let exports: Vec<u64> =
            merged(&parts).figures(&[]).unwrap().columns.iter().map(|column| column.exports).collect();
        prop_assert_eq!(exports, [2, 1, 1]);
    }
}

#[test]
fn other_rules_are_not_merged() {
    let with = |options: &Options, buckets: &[&str]| {
        let export = Export::from_bytes(b"score\n1\n".to_vec(), options).unwrap();
        let buckets = buckets.iter().map(|label| label.parse().unwrap()).collect();
        let question = Question::for_stats(export.columns(), buckets, &[]).unwrap();
        export.analyze(&question).unwrap().counters().clone()
    };
    let api = Options::default();
    let strict = Options { fill_rule: api.fill_rule.clone().non_blank(), ..Options::default() };
    let base = with(&api, &["50-69"]);
    for (other, what) in
        [(with(&strict, &["50-69"]), "fill rules"), (with(&api, &["150-200"]), "buckets above 100")]
    {
        let mut into = base.clone();
        let error = into.merge(&other).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotMergeable);
        assert!(error.to_string().contains(what), "{error}");
        assert_eq!(into, base);
    }
    assert!(
        base.clone().merge(&with(&api, &["0-9", "10-100", "<7"])).is_ok(),
        "up to 100 every bucket will do"
    );
    let error = base.figures(&["150-200".parse().unwrap()]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
}

#[test]
fn what_was_not_counted_everywhere_is_not_said() {
    let average = |csv: &str, averages: &[&str]| {
        let export = Export::from_bytes(csv.as_bytes().to_vec(), &Options::default()).unwrap();
        let averages: Vec<String> = averages.iter().map(ToString::to_string).collect();
        let question = Question::for_stats(export.columns(), buckets(), &averages).unwrap();
        export.analyze(&question).unwrap().counters().clone()
    };
    let averages = |parts: &[Counters]| merged(parts).figures(&[]).unwrap().stats.averages;
    let (summed, not) = (average("email,size\n,1\n", &["size"]), average("email,size\n,3\n", &[]));
    assert_eq!(averages(&[summed.clone(), summed.clone()])[0].1.to_string(), "1");
    assert_eq!(averages(&[summed.clone(), average("email\n\n", &[])]).len(), 1, "it has no number to miss");
    assert_eq!(averages(&[summed, not]), []);
    let scores = |parts: &[Counters]| merged(parts).figures(&buckets()).unwrap().scores;
    let (one, none) = (counters("email,score\n,5\n"), counters("email\na\n"));
    let several = counters("email,intent_score,intentScore\n,1,2\n");
    assert_eq!(scores(&[one.clone(), none.clone()]).unwrap().missing, 1);
    assert_eq!(scores(&[none]), None);
    assert_eq!(scores(&[one, several]), None);
}
