//! The cases of `docs/attacks.md`, one test each, over HTTP on the running stack.

mod access_tokens;
mod administrators;
mod api_keys;
mod bounds;
mod cookies;
mod detours;
mod existence;
mod front_door;
mod incident;
mod input;
mod invitations;
mod last_administrator;
mod lists;
mod mail;
mod mail_bounds;
mod matrix;
mod passwords;
pub(crate) mod refresh_tokens;
mod repeats;
mod reset;
mod rights;
mod sign_up;
mod walls;
