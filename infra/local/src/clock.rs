use std::{
    fs, io,
    path::PathBuf,
    sync::atomic::{AtomicI64, Ordering},
};

use rolecall_domain::clock::{Clock, SignedDuration, SystemClock, Timestamp, after};

/// The machine's clock, moved forward by hand. The offset outlives the process with the data,
/// because what was written lies at moved times.
pub(crate) struct MovableClock {
    offset_seconds: AtomicI64,
    file: Option<PathBuf>,
}

impl MovableClock {
    pub(crate) fn new(file: Option<PathBuf>) -> Self {
        let kept = file
            .as_ref()
            .and_then(|file| fs::read_to_string(file).ok())
            .and_then(|text| text.trim().parse().ok());
        Self { offset_seconds: AtomicI64::new(kept.unwrap_or_default()), file }
    }

    /// Moves forward, and tells the new time.
    pub(crate) fn advance(&self, seconds: u32) -> io::Result<Timestamp> {
        let moved = self.offset_seconds.fetch_add(i64::from(seconds), Ordering::SeqCst)
            + i64::from(seconds);
        if let Some(file) = &self.file {
            fs::write(file, moved.to_string())?;
        }
        Ok(self.now())
    }
}

impl Clock for MovableClock {
    fn now(&self) -> Timestamp {
        after(
            SystemClock.now(),
            SignedDuration::from_secs(self.offset_seconds.load(Ordering::SeqCst)),
        )
    }
}
