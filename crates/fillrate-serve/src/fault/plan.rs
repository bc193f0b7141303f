//! When the faults strike.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{Fault, FaultKind};

/// The faults that are asked for, each with how often it still strikes.
#[derive(Debug)]
pub(crate) struct Faults(Vec<(Fault, AtomicU64)>);

impl Faults {
    pub(crate) fn new(faults: Vec<Fault>) -> Self {
        // Where it always strikes, it does so until the end of days.
        let left = |fault: &Fault| AtomicU64::new(fault.times().unwrap_or(u64::MAX));
        Self(
            faults
                .into_iter()
                .map(|fault| (left(&fault), fault))
                .map(|(left, fault)| (fault, left))
                .collect(),
        )
    }

    /// The fault of this kind, if there is one that strikes now. That is one time less then.
    pub(crate) fn strike(&self, kind: FaultKind) -> Option<&Fault> {
        self.0.iter().find_map(|(fault, left)| {
            let is_left = || {
                left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
            };
            (fault.kind() == kind && is_left()).then_some(fault)
        })
    }

    /// The number of the fault of this kind, if it strikes now.
    pub(crate) fn number(&self, kind: FaultKind) -> Option<u64> {
        self.strike(kind).map(Fault::number)
    }

    /// Whether the fault of this kind strikes now.
    pub(crate) fn strikes(&self, kind: FaultKind) -> bool {
        self.strike(kind).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_strikes_as_often_as_it_is_asked_to() {
        let parse = |text: &str| text.parse::<Fault>().unwrap();
        let faults = Faults::new(vec![
            parse("status-503=2"),
            parse("html"),
            parse("stall=5,times=1"),
            parse("stall=6,times=1"),
        ]);
        let strikes = |kind, count: usize| (0..count).filter(|_| faults.strikes(kind)).count();
        assert_eq!(strikes(FaultKind::Unavailable, 5), 2);
        assert_eq!(strikes(FaultKind::Html, 5), 5);
        assert_eq!(strikes(FaultKind::Gzip, 5), 0);
        let numbers: Vec<_> = (0..3).map(|_| faults.number(FaultKind::Stall)).collect();
        assert_eq!(numbers, [Some(5), Some(6), None]);
    }
}
