//! The lists that people are found in.

mod fill;
mod page;

pub use fill::fill_lists;
pub(crate) use page::page;
