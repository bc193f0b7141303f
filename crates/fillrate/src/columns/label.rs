//! Tells repeated names apart.

use std::collections::{BTreeMap, HashMap};

/// The labels of the names that come again, by place: `name#2`, `name#3`, … in the given order of places. Every other name is
/// its own label. Labels are unique, and none looks like another one's name.
pub(crate) fn labels_of_repeated(
    names: &[String],
    order: impl IntoIterator<Item = usize>,
) -> BTreeMap<usize, String> {
    let mut labels = BTreeMap::new();
    let mut sorted: Vec<&str> = names.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    // Nearly always, and a batch does this for every file.
    if sorted.is_sorted_by(|a, b| a < b) {
        return labels;
    }
    let mut seen: HashMap<&str, u64> = HashMap::new();
    for place in order {
        let name = names[place].as_str();
        let number = seen.entry(name).or_insert(0);
        *number += 1;
        if *number == 1 {
            continue;
        }
        let label = loop {
            let label = format!("{name}#{number}");
            if sorted.binary_search(&label.as_str()).is_err() {
                break label;
            }
            *number += 1;
        };
        labels.insert(place, label);
    }
    labels
}
