//! The drawing office on a server of its own.
//!
//! ```sh
//! export ROLECALL_URL=http://127.0.0.1:3000 ROLECALL_KEY=rcs_…
//! cargo run --example axum_service -p rolecall-client
//! ```
//!
//! `ROLECALL_KEY` is an API key of the service's own account.

mod office;

use rolecall_client::{Client, Tracker};
use tokio::signal::{
    ctrl_c,
    unix::{SignalKind, signal},
};

#[tokio::main]
#[expect(clippy::disallowed_methods, reason = "a program reads its settings when it starts")]
#[expect(clippy::print_stdout, reason = "the address that it listens on")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::new(std::env::var("ROLECALL_URL")?)?;
    client.check_document_version().await?;
    let tracker = Tracker::new(&client, std::env::var("ROLECALL_KEY")?);

    let address = std::env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:4000".to_owned());
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    let mut terminated = signal(SignalKind::terminate())?;
    let stopped = async move {
        tokio::select! {
            _ = ctrl_c() => {}
            _ = terminated.recv() => {}
        }
    };
    let service = office::service(client, tracker.clone());
    axum::serve(listener, service).with_graceful_shutdown(stopped).await?;
    tracker.flush().await?;
    Ok(())
}
