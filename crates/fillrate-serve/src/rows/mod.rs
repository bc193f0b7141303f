//! Records as the API's result rows: found by number, and nested or flat.

mod cell;
mod flat;
mod index;
mod nested;

pub(crate) use index::{Index, Row, end_of};
