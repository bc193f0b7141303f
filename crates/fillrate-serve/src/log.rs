//! A line for each request, when its answer is over: method, path, status, bytes.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use fillrate::visible;
use http_body::{Body as HttpBody, Frame, SizeHint};

use crate::app::Shared;

/// Writes the line of a request. Its query is left out, where signatures are, and so are all headers.
pub(crate) async fn log(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let line = Line { app, method, path, status, bytes: 0 };
    response.map(|inner| Body::new(Counted { inner, line }))
}

struct Line {
    app: Shared,
    method: Method,
    path: String,
    status: u16,
    bytes: u64,
}

impl Drop for Line {
    fn drop(&mut self) {
        let Self { app, method, path, status, bytes } = self;
        // Whoever puts the key into the address shows it to nobody else.
        let segments =
            path.split('/').map(|part| if app.key.accepts(part.as_bytes()) { "***" } else { part });
        let path = segments.collect::<Vec<_>>().join("/");
        (app.log)(&format!("{method} {} {status} {bytes}", visible(&path)));
    }
}

/// A body whose bytes are counted until it is over, or nobody wants it any more.
struct Counted {
    inner: Body,
    line: Line,
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.inner).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &frame
            && let Some(bytes) = frame.data_ref()
        {
            self.line.bytes += bytes.len() as u64;
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
