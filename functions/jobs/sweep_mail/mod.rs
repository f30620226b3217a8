//! Tries the mails that are due: those that the mail service did not take, and those whose delivery
//! ended in the middle.

use std::sync::Arc;

use rolecall_domain::{
    mail::Delivered,
    ports::{Mailer, Outbox},
};
use serde_json::{Value, json};

use super::mailing::Mailing;
use crate::Ports;

/// So many are read at once.
const PAGE: usize = 50;

/// So many are tried in a run at most; the next run goes on.
const MOST: usize = 1000;

/// Takes EventBridge's event. It stops where the mail service takes no mail: what was not tried
/// stays due. Running it twice, or twice at once, sends nothing twice.
pub async fn handler(
    ports: Ports,
    mailer: Arc<dyn Mailer>,
    _event: Value,
) -> Result<Value, String> {
    let now = ports.clock.now();
    let mut mailing = Mailing::new(&ports, mailer.as_ref());
    let (mut sent, mut given_up, mut postponed) = (0, 0, 0);
    let (mut last, mut seen) = (None, 0);
    let told = |error: rolecall_domain::ports::StoreError| error.to_string();
    'run: while seen < MOST {
        let page = ports.store.due_mails(now, last, PAGE).await.map_err(told)?;
        let is_last = page.len() < PAGE;
        for due in page {
            if mailing.is_over() {
                break 'run;
            }
            match mailing.deliver(due.id).await.map_err(told)? {
                // Whoever holds it may still fail: it stays due.
                Delivered::Busy => {}
                delivered => {
                    ports.store.forget_due_mail(due).await.map_err(told)?;
                    match delivered {
                        Delivered::Sent => sent += 1,
                        Delivered::GivenUp(_) => given_up += 1,
                        Delivered::Postponed(_) | Delivered::Deferred(_) => postponed += 1,
                        Delivered::Nothing | Delivered::NoRoom | Delivered::Busy => {}
                    }
                }
            }
            (last, seen) = (Some(due), seen + 1);
        }
        if is_last {
            break;
        }
    }
    if seen > 0 {
        tracing::info!(seen, sent, given_up, postponed, "due mails");
    }
    Ok(json!({ "sent": sent, "given_up": given_up, "postponed": postponed }))
}
