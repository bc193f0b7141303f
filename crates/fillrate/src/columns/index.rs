//! Finds the columns of a name.

/// Columns in the order of their names. It holds no name itself, so the names are handed in again to look one up.
#[derive(Debug)]
pub(super) struct Index(Vec<usize>);

impl Index {
    pub(super) fn of(names: &[String]) -> Self {
        let mut columns: Vec<usize> = (0..names.len()).collect();
        // Stable: columns of one name stay in file order.
        columns.sort_by(|&a, &b| names[a].cmp(&names[b]));
        Self(columns)
    }

    /// The columns of a name, in file order.
    pub(super) fn get(&self, names: &[String], name: &str) -> &[usize] {
        let start = self.0.partition_point(|&column| names[column].as_str() < name);
        let same = self.0[start..].partition_point(|&column| names[column] == name);
        &self.0[start..start + same]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_its_columns() {
        let names = ["b", "a", "", "b", "ab", "b"].map(str::to_owned);
        let index = Index::of(&names);
        let table: [(&str, &[usize]); 6] =
            [("b", &[0, 3, 5]), ("a", &[1]), ("", &[2]), ("ab", &[4]), ("aa", &[]), ("c", &[])];
        for (name, columns) in table {
            assert_eq!(index.get(&names, name), columns, "{name}");
        }
        assert_eq!(Index::of(&[]).get(&[], "a"), [0; 0]);
    }
}
