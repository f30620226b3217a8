use rolecall_domain::{
    api_key::KeyOwner,
    session::{Caller, Whose},
};
use rolecall_http::Problem;

use crate::Context;

/// Whose keys a path names; `me` is the caller.
pub(super) async fn owner(ctx: &Context, caller: &Caller) -> Result<KeyOwner, Problem> {
    let whose = if ctx.path("id")? == "me" { Whose::Own } else { Whose::Of(ctx.path_id("id")?) };
    Ok(KeyOwner::find(&ctx.ports, caller, whose).await?)
}
