use std::{fs, io, path::Path};

use rolecall_domain::clock::{Clock, SystemClock};
use tokio::{
    sync::mpsc,
    task::{JoinHandle, spawn_blocking},
};

use super::{
    AT_ONCE, ImportArguments, ImportError, of_file,
    records::{self, Record},
    sources::{Context, Converted, HashConfig},
};

/// Reads and converts on a thread of its own, a few records ahead.
pub(super) struct Reader {
    pub(super) records: mpsc::Receiver<(u64, Result<Converted, String>)>,
    thread: JoinHandle<io::Result<()>>,
}

impl Reader {
    pub(super) async fn start(arguments: &ImportArguments) -> Result<Self, ImportError> {
        let (source, file, first) = (arguments.from, arguments.file.clone(), arguments.start_at);
        let mut context = Context { now: SystemClock.now(), ..Context::default() };
        if let Some(file) = &arguments.hash_config {
            let text = fs::read_to_string(file).map_err(of_file(file))?;
            let config = HashConfig::parse(&text).map_err(io::Error::other);
            context.hash_config = Some(config.map_err(of_file(file))?);
        }
        let (layout, columns) = (source.layout(), source.columns());
        if source.is_read_twice() {
            let file = file.clone();
            let read = spawn_blocking(move || {
                let read = records::read(&file, layout, columns, |record| {
                    if let Ok(value) = &record.value {
                        source.prepare(value, &mut context);
                    }
                    true
                });
                read.map(|()| context)
            });
            context = read.await?.map_err(of_file(&arguments.file))?;
        }
        let (send, records) = mpsc::channel(2 * AT_ONCE);
        let thread = spawn_blocking(move || {
            records::read(&file, layout, columns, |Record { line, value }| {
                let is_wanted = line >= first;
                let convert = || value.map(|value| source.convert(value, &context));
                !is_wanted || send.blocking_send((line, convert())).is_ok()
            })
        });
        Ok(Self { records, thread })
    }

    /// What ended the reading.
    pub(super) async fn end(self, file: &Path) -> Result<(), ImportError> {
        drop(self.records);
        self.thread.await?.map_err(of_file(file))
    }
}
