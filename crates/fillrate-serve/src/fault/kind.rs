//! What can go wrong on purpose: one table.

use std::fmt;

/// What the value of a fault says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultValue {
    /// There is none.
    None,
    /// A number of bytes, milliseconds or records, with the one that is taken where none is given.
    Number(u64),
    /// How often it strikes, with the number that is taken where none is given.
    Times(u64),
    /// A URL, which has to be given.
    Url,
}

/// Declares [`FaultKind`] and all that is known of each kind, so that the two cannot drift apart.
macro_rules! fault_kinds {
    ($($kind:ident, $name:literal, $value:expr, $description:literal;)+) => {
        /// What goes wrong. `N` stands for the number of the [`Fault`](crate::Fault).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum FaultKind {
            $(#[doc = concat!("`", $name, "`: ", $description, ".")] $kind,)+
        }

        impl FaultKind {
            /// Every kind, in the order in which help texts list them.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$kind),+];

            /// The name that [`Fault`](crate::Fault) is parsed from.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)+ }
            }

            /// One line on what it does, for help texts.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self { $(Self::$kind => $description,)+ }
            }

            /// What its value says.
            #[must_use]
            pub const fn value(self) -> FaultValue {
                match self { $(Self::$kind => $value,)+ }
            }
        }
    };
}

use FaultValue::{None as Nothing, Number, Times, Url};

fault_kinds! {
    Latency, "latency", Number(500), "every answer waits N milliseconds";
    TooMany, "status-429", Times(1), "the first N calls get 429, with Retry-After: 1";
    InternalError, "status-500", Times(1), "the first N calls get 500";
    BadGateway, "status-502", Times(1), "the first N calls get 502";
    Unavailable, "status-503", Times(1), "the first N calls get 503";
    GatewayTimeout, "status-504", Times(1), "the first N calls get 504";
    RedirectApi, "redirect-api", Url, "every call of the API but export.csv is redirected to this URL";
    HtmlApi, "html-api", Nothing, "every call of the API but export.csv gets a web page, with status 200";
    Redirect, "redirect", Url, "CSV bodies, export.csv and signed links alike, are redirected to this URL";
    Html, "html", Nothing, "CSV bodies are a web page, with status 200";
    CutOff, "cut-off", Number(1000), "the connection ends after N bytes of a CSV body, which is announced whole";
    CutOffChunked, "cut-off-chunked", Number(1000), "the same, of a chunked body without Content-Length";
    Stall, "stall", Number(1000), "a CSV body stops after N bytes, and the connection stays open";
    Endless, "endless", Nothing, "a CSV body never ends: behind the file come line ends, chunked";
    LongerLength, "longer-length", Number(1), "Content-Length is N bytes more than the CSV body has";
    ShorterLength, "shorter-length", Number(1), "Content-Length is N bytes less, and the CSV body is cut to it";
    Gzip, "gzip", Nothing, "a CSV body is compressed, though nobody asked for it";
    IgnoredRange, "ignored-range", Nothing, "a signed link answers a range with 200 and the whole file";
    WrongContentRange, "wrong-content-range", Number(1), "Content-Range says that the body begins N bytes later";
    RangeRefused, "range-refused", Nothing, "a signed link answers every range with 416";
    ChangedEtag, "changed-etag", Nothing, "a signed link has another ETag each time, so that no If-Range holds";
    ExpiredUrl, "expired-url", Times(1), "the first N links that are signed have expired already";
    PendingExport, "pending-export", Times(1), "the first N answers about a stored export say that it is processing";
    WrongByteSize, "wrong-byte-size", Number(1), "the export record's byteSize is N too high";
    WrongRowCount, "wrong-row-count", Number(1), "the export record's row count is N too high";
    WrongSha1, "wrong-sha1", Nothing, "the export record's contentSha1 is another file's";
    HostileName, "hostile-name", Nothing, "the export record's fileName climbs out of its folder";
    HostileIds, "hostile-ids", Nothing, "the export record's ids are paths that climb out of their folder";
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
