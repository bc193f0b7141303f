//! Faults: what they are called, and when they strike.

mod kind;
mod plan;

use std::fmt;
use std::str::FromStr;

pub use kind::{FaultKind, FaultValue};
pub(crate) use plan::Faults;

use crate::Error;

/// What separates the value of a fault from how often it strikes.
const TIMES: &str = ",times=";

/// Something that goes wrong on purpose: a kind, its value, and how often it strikes.
///
/// ```
/// use fillrate_serve::{Fault, FaultKind};
///
/// let fault: Fault = "cut-off=200,times=3".parse()?;
/// assert_eq!((fault.kind(), fault.number(), fault.times()), (FaultKind::CutOff, 200, Some(3)));
/// assert_eq!("cut-off".parse::<Fault>()?.to_string(), "cut-off=1000");
/// // What only happens at the beginning says so by its number alone.
/// assert_eq!("status-503=2".parse::<Fault>()?.times(), Some(2));
/// # Ok::<(), fillrate_serve::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fault {
    kind: FaultKind,
    number: u64,
    url: Option<String>,
    times: Option<u64>,
}

impl Fault {
    /// What goes wrong.
    #[must_use]
    pub fn kind(&self) -> FaultKind {
        self.kind
    }

    /// Its number: bytes, milliseconds, records or times; 0 if the kind has none.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Its URL, if the kind has one.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// How often it strikes; `None` if it always does.
    #[must_use]
    pub fn times(&self) -> Option<u64> {
        self.times
    }
}

impl FromStr for Fault {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) if !name.contains(TIMES.trim_end_matches('=')) => (name, Some(value)),
            // `KIND,times=N`
            _ => match text.split_once(TIMES) {
                Some((name, _)) => (name, Some(&text[name.len()..])),
                None => (text, None),
            },
        };
        let kind = FaultKind::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| {
            let known = FaultKind::ALL.map(FaultKind::name).join(", ");
            Error::new(format_args!("unknown fault {name:?}"), format_args!("choose one of {known}"))
        })?;
        let wrong =
            || Error::new(format_args!("{kind} cannot be {text:?}"), format_args!("write {}", usage(kind)));
        let whole = |digits: &str| {
            let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse().ok().filter(|_| is_number).ok_or_else(wrong)
        };
        let (value, times) = match value.and_then(|value| value.rsplit_once(TIMES)) {
            Some((value, times)) => (Some(value).filter(|value| !value.is_empty()), Some(whole(times)?)),
            None => (value, None),
        };
        let mut fault = Self { kind, number: 0, url: None, times };
        match (kind.value(), value) {
            (FaultValue::None, None) => {}
            (FaultValue::Number(usual), value) => fault.number = value.map_or(Ok(usual), whole)?,
            (FaultValue::Times(usual), value) if times.is_none() => {
                fault.number = value.map_or(Ok(usual), whole)?;
                fault.times = Some(fault.number);
            }
            (FaultValue::Url, Some(url)) if is_url(url) => fault.url = Some(url.to_owned()),
            _ => return Err(wrong()),
        }
        // It would never strike.
        if fault.times == Some(0) { Err(wrong()) } else { Ok(fault) }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.name())?;
        match (self.kind.value(), &self.url) {
            (FaultValue::Number(_) | FaultValue::Times(_), _) => write!(f, "={}", self.number)?,
            (_, Some(url)) => write!(f, "={url}")?,
            _ => {}
        }
        match (self.kind.value(), self.times) {
            (FaultValue::Times(_), _) | (_, None) => Ok(()),
            (_, Some(times)) => write!(f, "{TIMES}{times}"),
        }
    }
}

/// How a fault of a kind is written.
fn usage(kind: FaultKind) -> String {
    match kind.value() {
        FaultValue::None => format!("{kind} or {kind}{TIMES}2"),
        FaultValue::Number(usual) => format!("{kind}={usual} or {kind}={usual}{TIMES}2"),
        FaultValue::Times(usual) => format!("{kind}={usual}"),
        FaultValue::Url => format!("{kind}=http://127.0.0.1:8000/elsewhere"),
    }
}

/// Whether a header can carry it. Where it leads is up to the person who rehearses with it.
fn is_url(text: &str) -> bool {
    text.contains("://") && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_printed_as_it_is_read() {
        for kind in FaultKind::ALL {
            let text = if kind.value() == FaultValue::Url {
                format!("{kind}=https://user@example.com/a?b=c")
            } else {
                kind.name().to_owned()
            };
            let fault: Fault = text.parse().unwrap();
            assert_eq!(fault.kind(), kind);
            assert_eq!(fault.to_string().parse::<Fault>().unwrap(), fault, "{text}");
            assert!(!kind.description().is_empty() && !kind.description().ends_with('.'));
        }
        let mut names = FaultKind::ALL.map(FaultKind::name);
        names.sort_unstable();
        assert!(names.is_sorted_by(|a, b| a < b), "a name twice: {names:?}");
    }

    #[test]
    fn values_and_times_are_read() {
        for (text, number, times) in [
            ("cut-off", 1000, None),
            ("cut-off=0", 0, None),
            ("cut-off=7,times=2", 7, Some(2)),
            ("cut-off,times=2", 1000, Some(2)),
            ("html,times=1", 0, Some(1)),
            ("status-429=3", 3, Some(3)),
            ("status-429", 1, Some(1)),
        ] {
            let fault: Fault = text.parse().unwrap();
            assert_eq!((fault.number(), fault.times()), (number, times), "{text}");
        }
        let redirect: Fault = "redirect=http://127.0.0.1:1/x,times=1".parse().unwrap();
        assert_eq!((redirect.url(), redirect.times()), (Some("http://127.0.0.1:1/x"), Some(1)));
    }

    #[test]
    fn what_is_wrong_is_refused_with_how_it_is_written() {
        for (text, hint) in [
            ("", "choose one of latency, "),
            ("cutoff", "choose one of latency, "),
            ("cut-off=", "write cut-off=1000"),
            ("cut-off=-1", "write cut-off=1000"),
            ("cut-off=+1", "write cut-off=1000"),
            ("cut-off=1,times=", "write cut-off=1000"),
            ("cut-off=1,times=x", "write cut-off=1000"),
            ("cut-off=1,times=0", "write cut-off=1000"),
            ("status-429=0", "write status-429=1"),
            ("html=1", "write html or"),
            ("status-500=1,times=1", "write status-500=1"),
            ("redirect", "write redirect=http"),
            ("redirect=elsewhere", "write redirect=http"),
            ("redirect=http://a/\r\nx: y", "write redirect=http"),
        ] {
            let error = text.parse::<Fault>().unwrap_err().to_string();
            assert!(error.contains(hint), "{text}: {error}");
        }
    }
}
