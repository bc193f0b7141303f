//! Results → text: what to say (`document`), and how (`table`, `markdown`); `json` says it all.

mod document;
mod figures;
pub(crate) mod json;
mod layout;
pub(crate) mod markdown;
mod screen;
mod stats;
pub(crate) mod table;
mod text;
mod verify;

pub(crate) use screen::Screen;
pub(crate) use text::{counted, grouped};
