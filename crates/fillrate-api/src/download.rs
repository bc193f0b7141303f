//! A file from an address, to its last byte: gone on with where it broke off if the file is still the same, and begun again
//! if not.

use std::io::Read;
use std::time::{Duration, Instant};

use fillrate::grouped;
use ureq::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, Uri, header};
use ureq::{Body, ResponseExt};

use crate::client::Client;
use crate::digest::Hasher;
use crate::error::{Error, ErrorKind, Result};
use crate::meter::Meter;
use crate::part::{Part, Version};
use crate::range::ContentRange;
use crate::retry::Tries;
use crate::status;
use crate::transport::{Asked, failure};
use crate::url::shown;

/// More than was reported is taken up to so many bytes, so that what is different can be looked at.
const SURPLUS_BYTES: u64 = 1 << 20;

/// Longer than any tag of a file.
const MOST_TAG_BYTES: usize = 1_024;

const ROW_CAP: HeaderName = HeaderName::from_static("x-export-row-cap");

/// What to download.
pub(crate) struct Source<'a> {
    pub(crate) uri: Uri,
    /// The API's own address, which gets the key. Signed URLs do not.
    pub(crate) with_key: bool,
    /// What it is of, so that the bytes of one export are never gone on with by those of another.
    pub(crate) of: String,
    /// The reported size.
    pub(crate) size: Option<u64>,
    /// The reported digest.
    pub(crate) sha1: Option<String>,
    /// Asks for another address when this one is no longer accepted.
    pub(crate) renew: Option<&'a dyn Fn() -> Result<Uri>>,
    /// How often it may.
    pub(crate) renewals: u32,
}

/// What has come.
pub(crate) struct Received {
    pub(crate) sha1: String,
    /// How many bytes were there when the last answer was taken.
    pub(crate) resumed_at: u64,
    /// Whether what had been gone on with was not as reported, and was dropped.
    pub(crate) begun_again: bool,
    /// The most records that the API puts into a direct export.
    pub(crate) row_cap: Option<u64>,
    /// Where it came from, without what is secret.
    pub(crate) from: String,
}

/// A download in the making.
struct Download<'a> {
    client: &'a Client<'a>,
    source: Source<'a>,
    part: &'a mut Part,
    hasher: Hasher,
    end: Instant,
    /// At which byte the last answer that was taken begins, and who gave it.
    resumed_at: u64,
    from: Uri,
}

impl Client<'_> {
    /// Downloads a file into its part.
    pub(crate) fn download(&self, source: Source<'_>, part: &mut Part) -> Result<Received> {
        let mut tries = Tries::new(&self.settings.retries, self.settings.limits.download, self.watch);
        if part.bytes() > 0 {
            self.watch.note(&format!("going on at byte {}", grouped(part.bytes())));
        }
        let (hasher, from) = (part.hash()?, source.uri.clone());
        let mut download =
            Download { client: self, source, part, hasher, end: tries.end(), resumed_at: 0, from };
        let mut sha1 = download.complete(&mut tries)?;
        let begun_again = download.resumed_at > 0 && download.differs(&sha1);
        if begun_again {
            // What was there before may be what is damaged. What differs after this is what the server has.
            self.watch.note("what was gone on with is not what the API reports: beginning again, once");
            tries.succeed();
            download.part.restart()?;
            sha1 = download.complete(&mut tries)?;
        }
        let Download { part, resumed_at, from, .. } = download;
        let row_cap = part.version().and_then(|version| version.row_cap);
        Ok(Received { sha1, resumed_at, begun_again, row_cap, from: shown(&from) })
    }
}

impl Download<'_> {
    /// Tries until all of the file is here, and gives its digest.
    fn complete(&mut self, tries: &mut Tries<'_>) -> Result<String> {
        let mut furthest = self.part.bytes();
        let mut is_renewed = false;
        while let Err(error) = self.attempt() {
            let bytes = self.part.bytes();
            if bytes > furthest {
                furthest = bytes;
                is_renewed = false;
                tries.succeed();
            }
            match self.source.renew {
                Some(renew)
                    if error.kind() == ErrorKind::Forbidden && !is_renewed && self.source.renewals > 0 =>
                {
                    self.source.renewals -= 1;
                    self.client.watch.note("the signed URL is no longer accepted: asking for another one");
                    self.source.uri = renew()?;
                    is_renewed = true;
                }
                _ => tries.pause(error)?,
            }
        }
        std::mem::replace(&mut self.hasher, Hasher::new()?).finish()
    }

    /// Whether what is here is not what was reported.
    fn differs(&self, sha1: &str) -> bool {
        self.source.size.is_some_and(|size| size != self.part.bytes())
            || self.source.sha1.as_ref().is_some_and(|reported| reported != sha1)
    }

    /// Asks for what is missing, and takes it.
    fn attempt(&mut self) -> Result<()> {
        let here = self.part.bytes();
        let range = self.range()?;
        let response = self.client.transport.send(&Asked {
            method: Method::GET,
            uri: self.source.uri.clone(),
            with_key: self.source.with_key,
            accept: "text/csv, */*;q=0.1",
            time: self.end.saturating_duration_since(Instant::now()),
            headers: &range,
        })?;
        let headers = response.headers().clone();
        let content_range = text(&headers, &header::CONTENT_RANGE).and_then(ContentRange::parse);
        match response.status().as_u16() {
            200 => {
                self.begin(&headers)?;
                self.taken(0, &response);
            }
            206 if content_range.is_some_and(|range| range.is_rest(here, self.source.size))
                && self.is_same(&headers) =>
            {
                self.taken(here, &response);
            }
            416 if content_range.is_some_and(|range| range.is_all_here(here, self.source.size)) => {
                self.taken(here, &response);
                return Ok(());
            }
            206 | 416 if !range.is_empty() => return Err(self.started_over()?),
            _ => return Err(self.refused(response)),
        }
        // Of the whole file: a 206 has no byte behind it.
        let end = content_range.and_then(|range| range.size).filter(|_| response.status().as_u16() == 206);
        self.take(response, end)
    }

    /// Notes which answer brings what is behind a byte.
    fn taken(&mut self, at: u64, response: &Response<Body>) {
        self.resumed_at = at;
        self.from = response.get_uri().clone();
    }

    /// What asks for the rest of the file, if it is still the same.
    fn range(&self) -> Result<Vec<(HeaderName, HeaderValue)>> {
        let validator = self.part.version().and_then(Version::validator);
        let Some(validator) = validator.filter(|_| self.part.bytes() > 0) else { return Ok(Vec::new()) };
        let value = |text: &str| {
            let unusable =
                |_| Error::new(ErrorKind::Files, "the file beside the download is damaged", "remove it");
            HeaderValue::from_str(text).map_err(unusable)
        };
        Ok(vec![
            (header::RANGE, value(&format!("bytes={}-", self.part.bytes()))?),
            (header::IF_RANGE, value(validator)?),
        ])
    }

    /// Whether the file is the one that the first bytes are of. It was asked for on this condition, but not every server
    /// knows that.
    fn is_same(&self, headers: &HeaderMap) -> bool {
        let Some(version) = self.part.version() else { return false };
        let (etag, modified) = (text(headers, &header::ETAG), text(headers, &header::LAST_MODIFIED));
        let agrees = |told: Option<&str>, known: Option<&str>| told.is_none() || told == known;
        // What it was asked for by has to be said again: silence is no proof.
        let is_proven = match version.strong_tag() {
            Some(tag) => etag == Some(tag),
            None => modified.is_some() && modified == version.last_modified.as_deref(),
        };
        is_proven
            && agrees(etag, version.etag.as_deref())
            && agrees(modified, version.last_modified.as_deref())
    }

    /// The whole file comes: what was there is dropped.
    fn begin(&mut self, headers: &HeaderMap) -> Result<()> {
        let announced = length(headers);
        if announced.is_some_and(|bytes| bytes > self.most()) {
            return Err(self.too_long());
        }
        self.part.restart()?;
        self.hasher = Hasher::new()?;
        let owned =
            |name| text(headers, &name).filter(|text| text.len() <= MOST_TAG_BYTES).map(str::to_owned);
        self.part.begin(Version {
            of: self.source.of.clone(),
            etag: owned(header::ETAG),
            last_modified: owned(header::LAST_MODIFIED),
            byte_size: self.source.size,
            row_cap: row_cap(headers),
        })
    }

    fn started_over(&mut self) -> Result<Error> {
        self.part.restart()?;
        self.hasher = Hasher::new()?;
        let what = "the server sends another part of the file than was asked for, or of another file";
        Ok(Error::new(ErrorKind::Incomplete, what, "try again").passing(Duration::ZERO))
    }

    fn refused(&self, response: Response<Body>) -> Error {
        let (status, headers) = (response.status(), response.headers().clone());
        let from = response.get_uri().clone();
        let what = format!("the download from {}", shown(&from));
        // Where the API redirects to a signed URL, also on its own origin, the refusal says nothing of the key.
        let is_of_api = self.source.with_key
            && self.client.settings.origin.is_of(&from)
            && from.query() == self.source.uri.query();
        if status.as_u16() == 403 && !is_of_api {
            let link = if self.source.with_key { " that the API redirects to" } else { "" };
            let what =
                format!("{what} is refused (403): the signed URL{link} has expired, or is not accepted");
            return Error::new(ErrorKind::Forbidden, what, "run it again for a new URL");
        }
        if is_of_api {
            let body = self.client.transport.read(response, &from, 64 << 10).unwrap_or_default();
            return status::error(&what, status, &headers, &body);
        }
        // What a store of files says is not the API's, nor does it mean what the API means by it.
        let error = status::error(&what, status, &headers, &[]);
        if error.may_pass() {
            return error;
        }
        let what = format!("{what} is refused ({})", status.as_u16());
        Error::new(ErrorKind::Answer, what, "run it again for a new URL")
    }

    /// Writes what comes, to its end, which is that of the file at byte `end` if that was told.
    fn take(&mut self, response: Response<Body>, end: Option<u64>) -> Result<()> {
        let left = length(response.headers());
        let total = self.source.size.or(left.map(|left| self.part.bytes() + left));
        let is_framed = left.is_some() || response.headers().contains_key(header::TRANSFER_ENCODING);
        // The end of a connection is no end of a file, unless the file is as long as it should be.
        let least = if is_framed { end } else { self.source.size.or(end).or(Some(u64::MAX)) };
        let mut reader = response.into_body().into_reader();
        let limits = &self.client.settings.limits;
        let mut meter = Meter::new(limits, self.end);
        loop {
            let mut buffer = self.hasher.buffer()?;
            let (filled, end) = self.fill(&mut reader, &mut buffer, &mut meter, total);
            buffer.truncate(filled);
            self.part.append(&buffer)?;
            self.hasher.feed(buffer)?;
            match end {
                None if self.part.bytes() > self.most() => {
                    self.part.restart()?;
                    return Err(self.too_long());
                }
                None => {}
                Some(Err(error)) => return Err(self.broken_off(error)),
                Some(Ok(())) if least.is_some_and(|least| self.part.bytes() < least) => {
                    let what = "the connection ended, and nothing says that the file did";
                    let error = Error::new(ErrorKind::Incomplete, what, "").passing(Duration::ZERO);
                    return Err(self.broken_off(error));
                }
                Some(Ok(())) => return Ok(()),
            }
        }
    }

    /// Fills a buffer as far as anything comes; says how it ended, if it did.
    fn fill(
        &self,
        reader: &mut impl Read,
        buffer: &mut [u8],
        meter: &mut Meter<'_>,
        total: Option<u64>,
    ) -> (usize, Option<Result<()>>) {
        let mut filled = 0;
        while filled < buffer.len() {
            match reader.read(&mut buffer[filled..]) {
                Ok(0) => return (filled, Some(Ok(()))),
                Ok(bytes) => {
                    filled += bytes;
                    self.client.watch.progress(self.part.bytes() + filled as u64, total);
                    if let Err(error) = meter.count(bytes) {
                        return (filled, Some(Err(error)));
                    }
                }
                Err(error) => return (filled, Some(Err(failure(&self.source.uri, error.into())))),
            }
        }
        (filled, None)
    }

    fn most(&self) -> u64 {
        let most = self.client.settings.limits.download_bytes;
        self.source.size.map_or(most, |size| size.saturating_add(SURPLUS_BYTES))
    }

    fn too_long(&self) -> Error {
        let what = match self.source.size {
            Some(size) => {
                format!("the download is longer than the {} bytes that the API reports", grouped(size))
            }
            None => format!("the download is longer than {} bytes", grouped(self.most())),
        };
        Error::new(ErrorKind::Incomplete, what, "none of it was kept: check the address of the API")
    }

    fn broken_off(&self, error: Error) -> Error {
        let got = grouped(self.part.bytes());
        let of = self.source.size.map_or(String::new(), |size| format!(" of {}", grouped(size)));
        let advice = "run it again to go on where it was";
        error.adding(&format!("; got {got}{of} bytes")).advising(advice)
    }
}

fn row_cap(headers: &HeaderMap) -> Option<u64> {
    text(headers, &ROW_CAP)?.parse().ok()
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn length(headers: &HeaderMap) -> Option<u64> {
    text(headers, &header::CONTENT_LENGTH).and_then(|text| text.trim().parse().ok())
}
