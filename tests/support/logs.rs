use std::{
    io,
    sync::{Mutex, Once, PoisonError},
};

use tracing::Level;
use tracing_subscriber::{filter::Targets, layer::SubscriberExt, util::SubscriberInitExt};

/// Everything that the suite logged: kept, so that each test can look for its secrets in it.
static LOG: Mutex<String> = Mutex::new(String::new());

struct Kept;

impl io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push_str(&String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Keeps what every stack of this process logs from now on, at `debug` for our own crates.
pub(crate) fn keep() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let ours =
            ["rolecall_http", "rolecall_local", "rolecall_storage", "rolecall_domain", "functions"];
        let kept = Targets::new()
            .with_default(Level::WARN)
            .with_targets(ours.map(|name| (name, Level::DEBUG)));
        let lines = tracing_subscriber::fmt::layer().json().with_writer(|| Kept);
        tracing_subscriber::registry().with(lines).with(kept).init();
    });
}

/// How many bytes were logged so far.
pub(crate) fn length() -> usize {
    LOG.lock().unwrap_or_else(PoisonError::into_inner).len()
}

/// What was logged so far.
pub(crate) fn all() -> String {
    LOG.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// What was logged since there were `start` bytes.
pub(crate) fn since(start: usize) -> String {
    LOG.lock().unwrap_or_else(PoisonError::into_inner)[start..].to_owned()
}
