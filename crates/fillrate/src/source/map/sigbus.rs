//! Survives what is cut off from a mapped file.
//!
//! To touch a page of a map that the file no longer has, or that its disk cannot give, raises SIGBUS, which ends the
//! process. A handler, installed with the first map and never removed, puts zeros in the place of such pages, notes that
//! the map is no longer what the file was, and lets the thread go on. What is no map of ours goes to whoever handled the
//! signal before.
//!
//! The handler may run on any thread, at any access to a map. So it takes no lock and allocates nothing: maps stand in a
//! table of atomics, of a fixed size.

use std::ffi::{c_int, c_void};
use std::io;
use std::mem;
use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize};

/// How many maps there can be at a time. A file beyond it is read.
const MOST: usize = 256;

static SLOTS: [Slot; MOST] = [const { Slot::new() }; MOST];

/// What the signal did before.
static BEFORE: AtomicPtr<libc::sigaction> = AtomicPtr::new(ptr::null_mut());

static PAGE_BYTES: AtomicUsize = AtomicUsize::new(0);

/// A map's place in the table, for as long as this lives.
pub(super) struct Watch(&'static Slot);

impl Watch {
    /// Watches over a map, which has to be dropped later.
    pub(super) fn over(map: &[u8]) -> io::Result<Self> {
        static INSTALLED: OnceLock<Result<(), Option<i32>>> = OnceLock::new();
        let installed = INSTALLED.get_or_init(|| install().map_err(|error| error.raw_os_error()));
        if let Err(code) = installed {
            return Err(code.map_or(io::ErrorKind::Other.into(), io::Error::from_raw_os_error));
        }
        let start = map.as_ptr().addr();
        let slot = SLOTS.iter().find(|slot| slot.take(start, start + map.len()));
        slot.map(Self).ok_or_else(|| io::Error::other("too many files are mapped into memory"))
    }

    /// Whether any page has been replaced by zeros.
    pub(super) fn is_lost(&self) -> bool {
        self.0.lost.load(SeqCst)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.set(0, 0);
        self.0.taken.store(false, SeqCst);
    }
}

/// Where a map is.
struct Slot {
    taken: AtomicBool,
    /// Odd while `start` and `end` are being set, and another number each time: the handler sees by it whether the two
    /// belong together.
    version: AtomicUsize,
    start: AtomicUsize,
    end: AtomicUsize,
    lost: AtomicBool,
}

impl Slot {
    const fn new() -> Self {
        Self {
            taken: AtomicBool::new(false),
            version: AtomicUsize::new(0),
            start: AtomicUsize::new(0),
            end: AtomicUsize::new(0),
            lost: AtomicBool::new(false),
        }
    }

    /// Takes the slot, if nobody has it.
    fn take(&self, start: usize, end: usize) -> bool {
        let free = self.taken.compare_exchange(false, true, SeqCst, SeqCst).is_ok();
        if free {
            self.lost.store(false, SeqCst);
            self.set(start, end);
        }
        free
    }

    fn set(&self, start: usize, end: usize) {
        self.version.fetch_add(1, SeqCst);
        self.start.store(start, SeqCst);
        self.end.store(end, SeqCst);
        self.version.fetch_add(1, SeqCst);
    }

    /// The end of the map, if it holds an address. A slot that is being set cannot be the one asked for: a map that a
    /// thread touches stays where it is.
    fn end_behind(&self, address: usize) -> Option<usize> {
        let version = self.version.load(SeqCst);
        let (start, end) = (self.start.load(SeqCst), self.end.load(SeqCst));
        let is_one = version.is_multiple_of(2) && self.version.load(SeqCst) == version;
        (is_one && (start..end).contains(&address)).then_some(end)
    }

    /// Puts zeros in the place of all pages from an address to the end of the map; `false` if it is not in this map, or
    /// if the system refuses.
    fn replace_from(&self, address: usize) -> bool {
        let Some(end) = self.end_behind(address) else { return false };
        self.lost.store(true, SeqCst);
        let page = address - address % PAGE_BYTES.load(SeqCst);
        // SAFETY: the pages from `page` to `end` are part of a map in the table. A map leaves the table before it is
        // unmapped, and the thread that faulted holds a borrow of it, so that it is still there and nothing else can be.
        // Its bytes may change at any time anyway (see `Map::new`). `mmap` itself is a plain system call here: it takes
        // no lock and allocates nothing.
        let zeros = unsafe {
            libc::mmap(
                ptr::with_exposed_provenance_mut(page),
                end - page,
                libc::PROT_READ,
                libc::MAP_PRIVATE | libc::MAP_ANON | libc::MAP_FIXED,
                -1,
                0,
            )
        };
        zeros != libc::MAP_FAILED
    }
}

fn install() -> io::Result<()> {
    // SAFETY: `sysconf` only reads. `sigaction` is a C structure of integers, for which zeros are a value, and the calls
    // get pointers to live ones. What was set before is known before the handler can run, and never freed. The handler
    // keeps to what a handler may do (see there), and runs on the stack that the thread has for signals, if it has one.
    unsafe {
        let page = libc::sysconf(libc::_SC_PAGESIZE);
        PAGE_BYTES.store(usize::try_from(page).map_err(|_| io::Error::last_os_error())?, SeqCst);
        let mut before: libc::sigaction = mem::zeroed();
        if libc::sigaction(libc::SIGBUS, ptr::null(), &raw mut before) != 0 {
            return Err(io::Error::last_os_error());
        }
        BEFORE.store(Box::into_raw(Box::new(before)), SeqCst);
        let mut ours: libc::sigaction = mem::zeroed();
        ours.sa_sigaction = handle as *const () as usize;
        ours.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_RESTART;
        if libc::sigaction(libc::SIGBUS, &raw const ours, ptr::null_mut()) != 0 {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}

/// Async-signal-safe: atomics, `mmap`, and in the other case `sigaction` and `raise`.
extern "C" fn handle(signal: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
    // SAFETY: the system calls this with a valid `siginfo_t`, which has an address if the signal is due to a fault.
    let (code, address) = unsafe { ((*info).si_code, (*info).si_addr().addr()) };
    // Above 0 it comes from the system; below, another process sent it, and there is no address.
    let is_fault = code > 0;
    if is_fault && SLOTS.iter().any(|slot| slot.replace_from(address)) {
        return;
    }
    // SAFETY: set before this function could be called, and never freed.
    let before = unsafe { &*BEFORE.load(SeqCst) };
    match before.sa_sigaction {
        // A fault cannot be ignored.
        libc::SIG_IGN if !is_fault => {}
        // SAFETY: both calls are allowed in a handler, and `before` is what `sigaction` itself has given. The signal is
        // blocked until this returns; then it does what it did without us.
        libc::SIG_DFL | libc::SIG_IGN => unsafe {
            libc::sigaction(signal, before, ptr::null_mut());
            libc::raise(signal);
        },
        // SAFETY: with this flag, what is installed is a function of these three arguments.
        handler if before.sa_flags & libc::SA_SIGINFO != 0 => unsafe {
            type Handler = extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void);
            mem::transmute::<usize, Handler>(handler)(signal, info, context);
        },
        // SAFETY: without it, of one.
        handler => unsafe { mem::transmute::<usize, extern "C" fn(c_int)>(handler)(signal) },
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;
    use std::process::Command;

    use super::*;

    #[test]
    fn a_slot_is_for_one_map_at_a_time() {
        let slot = Slot::new();
        assert!(slot.take(100, 200));
        assert!(!slot.take(300, 400));
        assert_eq!(
            [99, 100, 199, 200, 300].map(|at| slot.end_behind(at)),
            [None, Some(200), Some(200), None, None]
        );
        slot.version.fetch_add(1, SeqCst);
        assert_eq!(slot.end_behind(100), None, "while it is being set");
    }

    #[test]
    fn a_place_in_the_table_is_given_back() {
        let bytes = [0; 10];
        for _ in 0..2 * MOST {
            assert!(!Watch::over(&bytes).unwrap().is_lost());
        }
    }

    /// For the process that the next test starts: touches what was cut off from a map that is not ours.
    #[test]
    #[ignore = "ends the process"]
    fn touches_what_is_not_ours() {
        let file = tempfile::tempfile().unwrap();
        file.set_len(10_000).unwrap();
        let ours = super::super::Map::new(&file, 10_000).unwrap();
        // SAFETY: nothing but the access below looks at it.
        let other = unsafe { memmap2::Mmap::map(&file).unwrap() };
        file.set_len(0).unwrap();
        assert_eq!(ours.bytes()[5_000], 0);
        std::process::exit(other[5_000].into());
    }

    #[test]
    fn what_is_not_ours_still_ends_the_process() {
        let test = "source::map::sigbus::tests::touches_what_is_not_ours";
        let mut process = Command::new(std::env::current_exe().unwrap());
        let output = process.args(["--exact", test, "--ignored"]).output().unwrap();
        assert_eq!(output.status.signal(), Some(libc::SIGBUS), "{output:?}");
    }
}
