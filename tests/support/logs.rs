use std::{
    io,
    sync::{Mutex, Once, PoisonError},
};

/// Everything that the suite logged: kept, so that each test can look for its secrets in it.
static LOG: Mutex<String> = Mutex::new(String::new());

struct Kept;

impl io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.lock().unwrap_or_else(PoisonError::into_inner).push_str(&String::from_utf8_lossy(bytes));
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
        tracing_subscriber::fmt()
            .json()
            .with_env_filter(
                "warn,rolecall_http=debug,rolecall_local=debug,functions=debug,rolecall_storage=debug,rolecall_domain=debug",
            )
            .with_writer(|| Kept)
            .init();
    });
}

/// What was logged so far.
pub(crate) fn all() -> String {
    LOG.lock().unwrap_or_else(PoisonError::into_inner).clone()
}
