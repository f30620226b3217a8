//! The lists that people are found in.

mod fill;
mod page;

pub use fill::{Filled, fill_lists};
pub(crate) use page::page;
