//! The first answer to an `Idempotency-Key`, sealed: it may hold what only its receiver should
//! have, and the fingerprint of a body that holds a password.

use crate::{
    model::{
        clock::{Timestamp, after},
        idempotency::{Idempotency, IdempotencyRecord, SealedResponse, StoredResponse},
    },
    ports::{Crypto, KeyError, Ports, Refused, Sealing, Store, StoreError},
    usecases::error::{Refusal, UseCaseError},
};

/// What is written with what was made.
pub(crate) async fn record<T>(
    ports: &Ports<impl Store, impl Crypto>,
    idempotency: Option<&Idempotency<'_, T>>,
    made: &T,
    now: Timestamp,
) -> Result<Option<IdempotencyRecord>, KeyError> {
    let Some(idempotency) = idempotency else {
        return Ok(None);
    };
    let Idempotency { key, fingerprint, lifetime, response } = idempotency;
    let content = [fingerprint.as_slice(), &content(&response(made))].concat();
    let sealed = ports.crypto.seal(Sealing::StoredResponse, key, &content).await?;
    let response = SealedResponse(sealed);
    Ok(Some(IdempotencyRecord { key: *key, response, expires_at: after(now, *lifetime) }))
}

/// Set in a status that an `ETag` follows.
const HAS_ETAG: u16 = 0x8000;

/// Status, `ETag` if there is one, and body.
fn content(StoredResponse { status, etag, body }: &StoredResponse) -> Vec<u8> {
    match etag {
        None => [&status.to_be_bytes(), body.as_bytes()].concat(),
        Some(etag) => {
            let status = (status | HAS_ETAG).to_be_bytes();
            [status.as_slice(), &etag.to_be_bytes(), body.as_bytes()].concat()
        }
    }
}

/// The first answer, for the same body. What does not open any more is as good as another body's:
/// nothing is made a second time.
pub(crate) async fn opened<T, R: Refusal>(
    ports: &Ports<impl Store, impl Crypto>,
    idempotency: &Idempotency<'_, T>,
    sealed: &SealedResponse,
) -> Result<StoredResponse, UseCaseError<R>> {
    let content = ports.crypto.open(Sealing::StoredResponse, &idempotency.key, &sealed.0).await?;
    let first = content.as_deref().and_then(|content| stored(content, &idempotency.fingerprint));
    first.ok_or_else(|| StoreError::Refused(Refused::KeyReused).into())
}

/// The answer in what was sealed. Whoever sends a body knows its hash: comparing tells nothing.
fn stored(content: &[u8], fingerprint: &[u8; 32]) -> Option<StoredResponse> {
    let (of, rest) = content.split_first_chunk::<32>()?;
    let (status, rest) = rest.split_first_chunk::<2>()?;
    let status = u16::from_be_bytes(*status);
    let (etag, body) = if status & HAS_ETAG == 0 {
        (None, rest)
    } else {
        let (etag, body) = rest.split_first_chunk::<8>()?;
        (Some(u64::from_be_bytes(*etag)), body)
    };
    let body = String::from_utf8(body.to_vec()).ok()?;
    (of == fingerprint).then_some(StoredResponse { status: status & !HAS_ETAG, etag, body })
}
