//! The adapters of the domain's ports, one file a port.

mod accounts;
mod activities;
mod activity_stats;
mod activity_stream;
mod api_keys;
mod appearance;
mod changes;
mod definitions;
mod erasures;
mod invitations;
mod keys;
mod log;
mod members;
mod organizations;
mod outbox;
mod own_roles;
mod people;
mod presence;
mod recovery;
mod sessions;
mod update;
