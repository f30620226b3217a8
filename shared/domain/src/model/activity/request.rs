use super::{
    types::{Activity, Extra},
    users::LoggedUser,
};
use crate::model::{
    client::Client, event::What, ids::SessionId, organization::LogKey, process::Process, rng,
    session::Caller,
};

/// Who called, as far as the gate let them in.
#[derive(Debug, Clone)]
pub struct Who {
    user: LoggedUser,
    session_id: SessionId,
    organization: Option<LogKey>,
}

impl From<&Caller> for Who {
    fn from(caller: &Caller) -> Self {
        let organization = caller.session().log_key();
        Self { user: caller.user().into(), session_id: caller.session().id, organization }
    }
}

/// One call of the API.
#[derive(Debug)]
pub struct Call<'a> {
    /// The route that matched, `GET /api/v1/users/{id}`, or `$default`.
    pub route: &'a str,
    pub status: u16,
    /// How long it took, in microseconds.
    pub micros: u64,
    /// Who called, where that is known.
    pub who: Option<Who>,
    /// From where and with what.
    pub client: &'a Client,
    pub request_id: &'a str,
}

/// The record of a call: refused and failed ones, too. None for what is no part of the API (public
/// keys, health), and for reads that `ROLECALL_RECORD_READS` leaves out.
#[must_use]
pub fn of_call(process: &Process, call: Call<'_>) -> Option<Activity> {
    let Call { route, status, micros, who, client, request_id } = call;
    if !route.contains(" /api/") && route != "$default" {
        return None;
    }
    let is_read = ["GET ", "HEAD "].iter().any(|method| route.starts_with(method)) && status < 400;
    if is_read && !is_drawn(process, process.settings.record_reads) {
        return None;
    }
    let details = [("route".to_owned(), route.into()), ("status".to_owned(), status.into())];
    Some(Activity {
        id: process.id(),
        allowed_on: Vec::new(),
        organization: who.as_ref().and_then(|who| who.organization.clone()),
        what: What::api_request(status),
        actor: who.as_ref().map(|who| who.user.clone()),
        service_id: None,
        subject: None,
        session_id: who.as_ref().map(|who| who.session_id),
        client: client.clone(),
        details: details.into_iter().collect(),
        extra: Extra {
            micros: Some(micros),
            request_id: Some(request_id.to_owned()),
            ..Extra::default()
        },
    })
}

/// One of a hundred, as often as `percent` says.
fn is_drawn(process: &Process, percent: u8) -> bool {
    let draw = u32::from_be_bytes(rng::bytes(process.rng.as_ref()));
    draw % 100 < u32::from(percent)
}
