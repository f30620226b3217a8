//! The drawing office as a Lambda function behind an HTTP API.

mod office;

use lambda_http::{Error, tower::ServiceBuilder};
use rolecall_client::{Client, FlushBeforeResponse, Tracker};

#[tokio::main]
#[expect(clippy::disallowed_methods, reason = "a program reads its settings when it starts")]
async fn main() -> Result<(), Error> {
    let client = Client::new(std::env::var("ROLECALL_URL")?)?;
    let tracker = Tracker::new(&client, std::env::var("ROLECALL_KEY")?);
    let service = ServiceBuilder::new()
        .layer(FlushBeforeResponse::new(&tracker))
        .service(office::service(client, tracker));
    lambda_http::run(service).await
}
