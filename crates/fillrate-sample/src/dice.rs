//! Reproducible randomness.

use rand_pcg::Pcg64;
use rand_pcg::rand_core::Rng;
use uuid::Builder;

/// What is drawn from a seed, each independently of the others.
#[derive(Clone, Copy)]
pub(crate) enum Stream {
    Records = 1,
    Identifiers = 2,
    OtherRun = 3,
}

/// Draws the same values from the same seed on every platform and in every version: the generator is a fixed
/// algorithm, and what becomes of its output is settled here rather than by `rand`, whose distributions may change.
pub(crate) struct Dice(Pcg64);

impl Dice {
    pub(crate) fn new(seed: u64, stream: Stream) -> Self {
        Self(Pcg64::new(seed.into(), stream as u128))
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number below `bound`; 0 if that is 0.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(bound)) >> 64) as u64
    }

    /// True in `per_mille` of a thousand draws.
    pub(crate) fn chance(&mut self, per_mille: u16) -> bool {
        self.below(1_000) < u64::from(per_mille)
    }

    /// The index of an entry among `length`.
    pub(crate) fn index(&mut self, length: usize) -> usize {
        #[expect(clippy::cast_possible_truncation, reason = "it is below the length")]
        let index = self.below(length as u64) as usize;
        index
    }

    /// One entry of a pool that is not empty.
    pub(crate) fn pick<T: Copy>(&mut self, pool: &[T]) -> T {
        pool[self.index(pool.len())]
    }

    /// An identifier in the form of a random UUID.
    pub(crate) fn uuid(&mut self) -> String {
        let (high, low) = (self.bits(), self.bits());
        // Without what is there of the variant: which bits are taken settles what all samples look like.
        let low = low >> 50 << 48 | low & 0xffff_ffff_ffff;
        let bytes = (u128::from(high) << 64 | u128::from(low)).to_be_bytes();
        Builder::from_random_bytes(bytes).into_uuid().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_below_the_bound_comes_up_and_no_other() {
        let mut dice = Dice::new(1, Stream::Records);
        let mut seen = [0_u32; 6];
        for _ in 0..6_000 {
            seen[usize::try_from(dice.below(6)).unwrap()] += 1;
        }
        assert!(seen.iter().all(|count| (800..1_200).contains(count)), "{seen:?}");
    }

    #[test]
    fn uuids_have_the_form_of_version_4() {
        let mut dice = Dice::new(1, Stream::Records);
        for _ in 0..100 {
            let uuid = dice.uuid();
            let groups: Vec<_> = uuid.split('-').collect();
            assert_eq!(groups.iter().map(|group| group.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
            assert!(groups[2].starts_with('4') && groups[3].starts_with(['8', '9', 'a', 'b']), "{uuid}");
        }
    }
}
