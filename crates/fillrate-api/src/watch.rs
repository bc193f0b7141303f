//! Who is told how far it has come.

/// Is told what happens while something is fetched. Neither keys nor the queries of addresses are ever handed to it.
pub trait Watch: Sync {
    /// So many bytes of a file are here, of so many, if that is known. They may become fewer where it has to begin again.
    fn progress(&self, done: u64, total: Option<u64>) {
        let _ = (done, total);
    }

    /// Something that only a curious person wants to know.
    fn note(&self, text: &str) {
        let _ = text;
    }
}

/// Nobody.
impl Watch for () {}
