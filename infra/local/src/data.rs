use std::{fs, io, path::PathBuf};

use crate::options::Data;

/// The files of a data folder; all `None` when nothing is kept.
pub(crate) struct Files {
    pub(crate) table: Option<PathBuf>,
    pub(crate) mail: Option<PathBuf>,
    pub(crate) clock: Option<PathBuf>,
    pub(crate) keys: Option<PathBuf>,
    pub(crate) environment: Option<PathBuf>,
}

impl Files {
    /// Makes the folder if it is not there.
    pub(crate) fn of(data: &Data) -> io::Result<Self> {
        let Data::Folder(folder) = data else {
            return Ok(Self {
                table: None,
                mail: None,
                clock: None,
                keys: None,
                environment: None,
            });
        };
        fs::create_dir_all(folder)?;
        let folder = folder.canonicalize()?;
        let file = |name: &str| Some(folder.join(name));
        Ok(Self {
            table: file("table.db"),
            mail: file("mail.jsonl"),
            clock: file("clock"),
            keys: file("keys"),
            environment: file("functions.env"),
        })
    }
}
