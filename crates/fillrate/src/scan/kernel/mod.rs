//! The vector scanner: whole blocks of 64 bytes at a time, for what is plain.
//!
//! **Read this before changing anything here.** The kernel never finds anything: it proves, for a stretch of whole
//! records, that there is nothing to find (regular quotes, rectangular, no empty line, one kind of line end, no NUL,
//! valid UTF-8) and then says where cells end and which are filled. A stretch that it cannot prove plain is left to the
//! reference scanner, from a record start to a record start. So findings and their places come from one place only, and
//! a proof that is too strict costs time, never a count.
//!
//! What belongs together: [`isa`] names the operations that differ between instruction sets, one file each implements
//! them, [`block`], [`pack`] and [`strip`] are the algorithm, written once over that trait, and [`backend`] compiles it for each set
//! and chooses.

#![allow(unsafe_code)]
// A function of an instruction set that is not inlined into one compiled for it cannot use its registers.
#![allow(clippy::inline_always)]
// The loads are those that take any alignment.
#![allow(clippy::cast_ptr_alignment)]

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod backend;
mod block;
mod isa;
mod pack;
mod portable;
mod round;
mod strip;

pub use backend::Backend;
pub(crate) use isa::Wanted;
pub(crate) use round::Round;
pub(crate) use strip::{Expected, Strip, Verdict};
