//! How long to wait for what, and how often to try: everything that a test has to make small.

use std::time::Duration;

use crate::origin::Origin;

/// What a [`Client`](crate::Client) keeps to.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the API is.
    pub origin: Origin,
    /// What a server may take and send.
    pub limits: Limits,
    /// How often to try again.
    pub retries: Retries,
    /// How to wait for an export that is being made.
    pub waiting: Waiting,
    /// Certificates in DER to trust instead of Mozilla's. For tests with an authority of their own: there is no option that
    /// sets it.
    pub roots: Option<Vec<Vec<u8>>>,
}

/// What a server may take and send before it is given up.
#[derive(Clone, Debug)]
pub struct Limits {
    /// To find and reach it, and to agree on encryption.
    pub connect: Duration,
    /// Between any two bytes.
    pub idle: Duration,
    /// For the head of an answer, and for the whole of one in JSON.
    pub answer: Duration,
    /// For a whole download, with all that is tried again.
    pub download: Duration,
    /// Fewer bytes a second than these, over [`slow`](Limits::slow), are too few.
    pub bytes_per_second: u64,
    /// The time over which the speed is measured.
    pub slow: Duration,
    /// Bytes in the head of an answer.
    pub head_bytes: usize,
    /// Bytes of a download whose size nobody has told.
    pub download_bytes: u64,
}

/// How often to try again what may pass by itself.
#[derive(Clone, Debug)]
pub struct Retries {
    /// Tries in a row that bring nothing new, the first one included.
    pub tries: u32,
    /// The pause after the first of them; each further one is twice as long, and a part of it is left to chance.
    pub first: Duration,
    /// The longest pause.
    pub most: Duration,
    /// For one call, with all its tries and pauses.
    pub total: Duration,
}

/// How to wait for an export that is not completed.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The first pause; each further one is half as long again.
    pub first: Duration,
    /// The longest pause.
    pub most: Duration,
    /// How long altogether.
    pub total: Duration,
}

impl Settings {
    /// The limits of everyday use.
    #[must_use]
    pub fn new(origin: Origin) -> Self {
        Self {
            origin,
            limits: Limits {
                connect: Duration::from_secs(20),
                idle: Duration::from_secs(30),
                answer: Duration::from_mins(1),
                download: Duration::from_hours(6),
                bytes_per_second: 1_000,
                slow: Duration::from_mins(1),
                head_bytes: 64 << 10,
                download_bytes: 16 << 30,
            },
            retries: Retries {
                tries: 6,
                first: Duration::from_millis(500),
                most: Duration::from_secs(30),
                total: Duration::from_mins(5),
            },
            waiting: Waiting {
                first: Duration::from_secs(1),
                most: Duration::from_secs(15),
                total: Duration::from_mins(15),
            },
            roots: None,
        }
    }
}
