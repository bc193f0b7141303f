//! Which code scans: chosen once, from what the processor has.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use super::portable::Portable;
use super::strip::{Expected, Strip, Verdict, scan};
#[cfg(target_arch = "x86_64")]
use super::{avx2::Avx2, avx2::Avx2NoPext, avx512::Avx512};
use crate::error::{Error, ErrorKind, Result};

/// The code that scans. All backends give the same figures; they differ in speed and in what they need.
///
/// A value is the proof that the processor has what it needs: there is no way to one but [`detect`](Backend::detect),
/// [`available`](Backend::available) and parsing, which refuses what the processor lacks.
///
/// ```
/// use fillrate::Backend;
///
/// let fastest = Backend::detect();
/// assert!(Backend::available().any(|backend| backend == fastest));
/// assert_eq!("reference".parse::<Backend>()?.name(), "reference");
/// assert!("abacus".parse::<Backend>().is_err());
/// # Ok::<(), fillrate::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Backend(Kind);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx2NoPext,
    Portable,
    Reference,
}

impl Kind {
    /// The fastest first.
    const ALL: &[Self] = &[
        #[cfg(target_arch = "x86_64")]
        Self::Avx512,
        #[cfg(target_arch = "x86_64")]
        Self::Avx2,
        #[cfg(target_arch = "x86_64")]
        Self::Avx2NoPext,
        Self::Portable,
        Self::Reference,
    ];

    fn name(self) -> &'static str {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => "avx512",
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => "avx2",
            #[cfg(target_arch = "x86_64")]
            Self::Avx2NoPext => "avx2-nopext",
            Self::Portable => "portable",
            Self::Reference => "reference",
        }
    }

    fn is_available(self) -> bool {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => {
                Self::Avx2.is_available()
                    && is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
            }
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => Self::Avx2NoPext.is_available() && is_x86_feature_detected!("bmi2"),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2NoPext => {
                is_x86_feature_detected!("avx2")
                    && is_x86_feature_detected!("pclmulqdq")
                    && is_x86_feature_detected!("bmi1")
                    && is_x86_feature_detected!("popcnt")
            }
            Self::Portable | Self::Reference => true,
        }
    }
}

/// Whether `pext` is microcode: on AMD before Zen 3, whose family is 0x19.
#[cfg(target_arch = "x86_64")]
fn has_slow_pext() -> bool {
    use std::arch::x86_64::__cpuid;
    let vendor = __cpuid(0);
    let is_amd = [vendor.ebx, vendor.edx, vendor.ecx].map(u32::to_le_bytes) == [*b"Auth", *b"enti", *b"cAMD"];
    let version = __cpuid(1).eax;
    let (base, extended) = (version >> 8 & 0xF, version >> 20 & 0xFF);
    is_amd && base + extended < 0x19
}

#[cfg(not(target_arch = "x86_64"))]
fn has_slow_pext() -> bool {
    false
}

impl Backend {
    /// The fastest one that this processor has.
    #[must_use]
    pub fn detect() -> Self {
        // Once: a virtual machine answers `cpuid` in microseconds, not in cycles.
        static FASTEST: LazyLock<Backend> = LazyLock::new(|| {
            let slow = |backend: &Backend| has_slow_pext() && matches!(backend.name(), "avx512" | "avx2");
            // The reference is always there.
            Backend::available().find(|backend| !slow(backend)).unwrap_or(Backend(Kind::Reference))
        });
        *FASTEST
    }

    /// All that this processor has, the fastest first; the last is the reference, which the others are held to.
    pub fn available() -> impl Iterator<Item = Self> {
        Kind::ALL.iter().filter(|kind| kind.is_available()).map(|&kind| Self(kind))
    }

    /// Its name, as `FILLRATE_BACKEND` takes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// Scans a strip, as [`scan`] says; `None` if this is the reference, which knows no strips.
    pub(crate) fn scan(
        self,
        expected: &Expected,
        bytes: &[u8],
        target: usize,
        strip: &mut Strip,
    ) -> Option<Verdict> {
        Some(match self.0 {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: there is a `Backend` of this kind only where the processor has these features.
            Kind::Avx512 => unsafe { scan_avx512(expected, bytes, target, strip) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: likewise.
            Kind::Avx2 => unsafe { scan_avx2(expected, bytes, target, strip) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: likewise.
            Kind::Avx2NoPext => unsafe { scan_avx2_nopext(expected, bytes, target, strip) },
            // SAFETY: this one needs no feature.
            Kind::Portable => unsafe { scan::<Portable>(expected, bytes, target, strip) },
            Kind::Reference => return None,
        })
    }
}

/// The instantiations. Only these are compiled for an instruction set: what they call is inlined into them, since a
/// function without the feature could not hold its vectors in registers.
macro_rules! instantiate {
    ($($name:ident, $isa:ty, $features:literal;)+) => {$(
        /// # Safety
        ///
        /// The processor must have the features that the function is compiled for.
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = $features)]
        unsafe fn $name(
            expected: &Expected,
            bytes: &[u8],
            target: usize,
            strip: &mut Strip,
        ) -> Verdict {
            // SAFETY: the caller's.
            unsafe { scan::<$isa>(expected, bytes, target, strip) }
        }
    )+};
}

instantiate! {
    scan_avx512, Avx512, "avx512f,avx512bw,avx2,bmi1,bmi2,pclmulqdq,popcnt";
    scan_avx2, Avx2, "avx2,bmi1,bmi2,pclmulqdq,popcnt";
    scan_avx2_nopext, Avx2NoPext, "avx2,bmi1,pclmulqdq,popcnt";
}

impl Default for Backend {
    fn default() -> Self {
        Self::detect()
    }
}

impl fmt::Debug for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Backend {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        Self::available().find(|backend| backend.name() == name).ok_or_else(|| {
            let names: Vec<_> = Self::available().map(Self::name).collect();
            Error::new(
                ErrorKind::Usage,
                format!("this machine has no backend called {name}; it has {}", names.join(", ")),
                "choose one of these, or none to take the fastest",
            )
        })
    }
}
