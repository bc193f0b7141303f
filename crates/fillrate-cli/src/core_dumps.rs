//! Keeps cells out of core dumps: whatever ends this process, its memory is not to be written to a disk.

/// Sets the limit on the size of a core dump to 0, for good.
///
/// It is no promise: a system that hands core dumps to a program, instead of writing files, may leave limits to it.
#[cfg(unix)]
pub(crate) fn forbid() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    // To lower a limit is always allowed. Where it is not, there is no reason not to count.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
}

#[cfg(not(unix))]
pub(crate) fn forbid() {}
