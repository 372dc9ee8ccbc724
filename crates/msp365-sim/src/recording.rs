//! A recording of whatever runs, so that the traffic of a whole test suite can be held against the schema.

use std::{
    env,
    fs::OpenOptions,
    io::Write,
    path::Path,
    process,
    sync::atomic::{AtomicU64, Ordering},
};

/// A new file in the folder that the environment names.
pub(crate) fn file() -> Option<Box<dyn Write + Send>> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let folder = env::var_os("MSP365_RECORD_DIR")?;
    // Numbers of processes come again.
    (0..1_000).find_map(|_| {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}-{number}.jsonl", process::id());
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(Path::new(&folder).join(name));
        file.ok().map(|file| Box::new(file) as Box<dyn Write + Send>)
    })
}
