//! Which cells end where in a record, for every cell that a block can begin with.

/// A table's columns, as patterns of 64 cells.
#[derive(Clone, Debug)]
pub(crate) struct Round {
    /// By the number of a block's first cell within a round.
    phases: Vec<Phase>,
    columns: usize,
}

/// Bit *i* is about the *i*th cell that ends in a block.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Phase {
    /// The last cells of records.
    pub(super) ends: u64,
    /// The cells of visited columns.
    pub(super) visited: u64,
}

impl Round {
    /// A round is so many records that no block has more cells. `visited` are columns.
    pub(crate) fn new(columns: usize, visited: &[usize]) -> Self {
        let length = columns * 64_usize.div_ceil(columns);
        let mut is_visited = vec![false; columns];
        for &column in visited {
            is_visited[column] = true;
        }
        // From the last cell to the first: a pattern is the next one's, with one cell put in front.
        let mut phases = vec![Phase::default(); length];
        let mut next = Phase::default();
        for cell in (0..length + 64).rev() {
            let column = cell % columns;
            next = Phase {
                ends: next.ends << 1 | u64::from(column + 1 == columns),
                visited: next.visited << 1 | u64::from(is_visited[column]),
            };
            if let Some(phase) = phases.get_mut(cell) {
                *phase = next;
            }
        }
        Self { phases, columns }
    }

    /// How many cells a record has.
    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    /// The patterns of a block that begins with this cell of a round.
    #[inline(always)]
    pub(super) fn phase(&self, first: usize) -> Phase {
        self.phases[first]
    }

    /// The cell of a round that comes `cells`, at most 64, behind another one.
    #[inline(always)]
    pub(super) fn ahead(&self, first: usize, cells: usize) -> usize {
        let ahead = first + cells;
        if ahead < self.phases.len() { ahead } else { ahead - self.phases.len() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_say_which_column_each_cell_is_of() {
        for columns in [1, 2, 3, 36, 63, 64, 65, 200] {
            let visited = [0, columns / 2, columns - 1];
            let round = Round::new(columns, &visited);
            let mut phase = 0;
            for (first, step) in (0..500).scan(0, |first, step| {
                let before = *first;
                *first += step % 65;
                Some((before, step % 65))
            }) {
                let Phase { ends, visited: found } = round.phase(phase);
                for bit in 0..64 {
                    let column = (first + bit) % columns;
                    assert_eq!(
                        ends >> bit & 1 == 1,
                        column + 1 == columns,
                        "cell {first} + {bit} of {columns}"
                    );
                    assert_eq!(
                        found >> bit & 1 == 1,
                        visited.contains(&column),
                        "cell {first} + {bit} of {columns}"
                    );
                }
                phase = round.ahead(phase, step);
            }
        }
    }
}
