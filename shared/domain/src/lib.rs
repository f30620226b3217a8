//! The rules of Rolecall: types that parse, decisions that are pure, use cases over ports.
//!
//! Nothing here knows of AWS, HTTP, JSON on the wire or an async runtime. There are three floors,
//! and imports go down only: `usecases`, [`ports`], `model`. A host builds a [`Ports`] and calls a
//! use case; a use case that needs a caller takes a [`session::Caller`], which only the gate makes.
//!
//! Other crates name things by their area ([`account`], [`session`], …), whichever floor they are
//! on.

mod model;
pub mod ports;
mod usecases;

pub use model::{
    clock, code, fields::Fields, idempotency, ids, meter, patch::Patch, process::Process, rng,
    settings, smtp, versioned::Versioned, violation::Violation, words,
};
pub use ports::{Crypto, Ports, Store};
pub use usecases::{
    administration,
    commit::Created,
    error::{Refusal, UseCaseError},
    resource, setup,
};

/// Accounts: signing up, proving an address, profiles, and administering them.
pub mod account {
    pub use crate::{
        model::account::*,
        usecases::{account::*, service::*},
    };
}

/// What can happen, what happened, and its log.
pub mod activity {
    pub use crate::{
        model::{activity::*, event::*, organization::PLATFORM},
        usecases::activity::*,
    };
}

/// What the log adds up to: minutes, hours and days of an organization, and of everything.
pub mod activity_stats {
    pub use crate::{model::activity_stats::*, usecases::activity_stats::*};
}

/// The activity stream: the log as people read it.
pub mod activity_stream {
    pub use crate::{model::activity_stream::*, usecases::activity_stream::*};
}

/// API keys: what programs call with.
pub mod api_key {
    pub use crate::{model::api_key::*, usecases::api_key::*};
}

/// How the product shows itself: its name, colour, logo, links and language.
pub mod appearance {
    pub use crate::{model::appearance::*, usecases::appearance::*};
}

/// Mail: what is to be written to whom, its one-time tokens, and its delivery.
///
/// No request handler sends. It writes an [`mail::OutboxMail`] with its change, and
/// [`mail::deliver()`] sends it.
pub mod mail {
    pub use crate::{
        model::{mail::*, token::*},
        usecases::{mail::*, token_secret::*},
    };
}

/// Invitations into organizations: making them, and accepting them.
pub mod invitation {
    pub use crate::{model::invitation::*, usecases::invitation::*};
}

/// Organizations, and who belongs to them.
pub mod organization {
    pub use crate::{model::organization::*, usecases::organization::*};
}

/// The lists that people are found in.
pub mod people {
    pub use crate::{model::people::*, usecases::people::*};
}

/// Modules, permissions, and who has them.
pub mod permission {
    pub use crate::{
        model::{authorization::*, permission::*},
        usecases::{authorizer::*, permission::*},
    };
}

/// How much a signed-in user may do in a minute.
pub mod quota {
    pub use crate::{model::quota::*, usecases::quota::*};
}

/// Getting back in, and changing what one gets in with.
pub mod recovery {
    pub use crate::{model::recovery::*, usecases::recovery::*};
}

/// Roles: how much power they stand for, and what they grant.
pub mod role {
    pub use crate::{model::role::*, usecases::role::*};
}

/// Sessions: signing in, rotating, signing out, and the gate before everything else.
pub mod session {
    pub use crate::{
        model::{client::*, session::*},
        usecases::{password::*, session::*},
    };
}

/// Keys: which one signs, which ones are published, which ones make, and how they change.
pub mod signing {
    pub use crate::{
        model::{secret_key::*, signing::*},
        usecases::signing::*,
    };
}

/// How often a network may fail, sign up, or ask for mail.
pub mod throttle {
    pub use crate::{model::throttle::*, usecases::throttle::*};
}
