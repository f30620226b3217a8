//! Functions that an event starts.

pub mod deliver_mail;
