use std::{path::Path, time::Duration};

use dynoxide::{Database, server::serve_with_shutdown};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{data::Files, stack::StackError};

/// The embedded DynamoDB at work.
pub(crate) struct Embedded {
    pub(crate) endpoint: String,
    pub(crate) task: JoinHandle<()>,
}

/// Serves DynamoDB's protocol on loopback, from a file or from memory, until `stop` turns true.
pub(crate) async fn serve(files: &Files, port: u16, mut stop: watch::Receiver<bool>) -> Result<Embedded, StackError> {
    let database = match &files.table {
        Some(file) => Database::new(&file.to_string_lossy()),
        None => Database::memory(),
    };
    let database = database.map_err(|error| StackError::Database(error.to_string()))?;
    if let Some(file) = &files.table {
        tend_stream(file).map_err(|error| StackError::Database(error.to_string()))?;
    }
    let listener = TcpListener::bind(("127.0.0.1", port)).await.map_err(|error| StackError::Port(port, error))?;
    let endpoint = format!("http://{}", listener.local_addr().map_err(StackError::Io)?);
    let stopped = async move { drop(stop.wait_for(|stopped| *stopped).await) };
    let task = tokio::spawn(async move {
        if let Err(error) = serve_with_shutdown(listener, database, stopped).await {
            tracing::error!(error, "the embedded DynamoDB stopped");
        }
    });
    Ok(Embedded { endpoint, task })
}

/// The embedded database looks for the last record of the stream at each write, among all there ever were: it gets an index for
/// that, and forgets records after a day, as DynamoDB does.
fn tend_stream(file: &Path) -> Result<(), rusqlite::Error> {
    let connection = rusqlite::Connection::open(file)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.execute_batch(
        "CREATE INDEX IF NOT EXISTS rolecall_stream ON _stream_records (table_name, CAST(sequence_number AS INTEGER));
         DELETE FROM _stream_records WHERE created_at < unixepoch() - 86400;",
    )
}
