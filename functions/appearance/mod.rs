//! How the product shows itself: on its pages and in its mails.

pub mod get_appearance;
pub mod get_appearance_logo;
mod shown;
pub mod update_appearance;

pub use shown::{Shown, example};
