use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use dynoxide::{Database, server::serve_with_shutdown};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{data::Files, stack::StackError};

/// The embedded DynamoDB at work.
pub(crate) struct Embedded {
    pub(crate) endpoint: String,
    pub(crate) task: JoinHandle<()>,
}

/// Serves DynamoDB's protocol on loopback, from a file or from memory, until `stop` turns true.
pub(crate) async fn serve(
    files: &Files,
    port: u16,
    mut stop: watch::Receiver<bool>,
) -> Result<Embedded, StackError> {
    let place = files
        .table
        .as_ref()
        .map_or_else(place_in_memory, |file| file.to_string_lossy().into_owned());
    let database =
        Database::new(&place).map_err(|error| StackError::Database(error.to_string()))?;
    tend_stream(&place).map_err(|error| StackError::Database(error.to_string()))?;
    let listener = TcpListener::bind(("127.0.0.1", port))
        .await
        .map_err(|error| StackError::Port(port, error))?;
    let endpoint = format!("http://{}", listener.local_addr().map_err(StackError::Io)?);
    let stopped = async move { drop(stop.wait_for(|stopped| *stopped).await) };
    let task = tokio::spawn(async move {
        if let Err(error) = serve_with_shutdown(listener, database, stopped).await {
            tracing::error!(error, "the embedded DynamoDB stopped");
        }
    });
    Ok(Embedded { endpoint, task })
}

/// A database of its own that this process alone sees, and that goes with its last connection
/// (<https://sqlite.org/inmemorydb.html>).
fn place_in_memory() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("file:rolecall-{}?mode=memory&cache=shared", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The embedded database looks for the last record of the stream at each write, among all there
/// ever were: it gets an index for that, and forgets records after a day, as DynamoDB does.
fn tend_stream(place: &str) -> Result<(), rusqlite::Error> {
    let connection = rusqlite::Connection::open(place)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.execute_batch(
        "CREATE INDEX IF NOT EXISTS rolecall_stream ON _stream_records (table_name, \
            CAST(sequence_number AS INTEGER));
         DELETE FROM _stream_records WHERE created_at < unixepoch() - 86400;",
    )
}
