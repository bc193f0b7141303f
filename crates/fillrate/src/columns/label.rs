//! Tells repeated names apart.

use std::collections::{HashMap, HashSet};

/// Hands out names that are unique among the labels and the names of one list.
#[derive(Default)]
pub(crate) struct Labels<'a> {
    /// How often a name was labelled so far.
    seen: HashMap<&'a str, u64>,
    /// All names of the list: a label must not look like another one's name.
    names: HashSet<&'a str>,
}

impl<'a> Labels<'a> {
    /// The label of the next name of the list `names`: the name itself, then `name#2`, `name#3`, …
    pub(crate) fn unique(&mut self, name: &'a str, names: &'a [String]) -> String {
        if self.names.is_empty() {
            self.names.extend(names.iter().map(String::as_str));
        }
        let number = self.seen.entry(name).or_insert(0);
        *number += 1;
        if *number == 1 {
            return name.to_owned();
        }
        loop {
            let label = format!("{name}#{number}");
            if !self.names.contains(label.as_str()) {
                return label;
            }
            *number += 1;
        }
    }
}
