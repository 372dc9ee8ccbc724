//! A recording of whatever runs, so that the traffic of a whole test suite can be held against the schema, and searched
//! for secrets together with its logs.

use std::{
    env,
    fs::{File, OpenOptions},
    io::Write,
    path::Path,
    process,
    sync::{
        Mutex, Once, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use tracing_subscriber::filter::LevelFilter;

/// Shorter secrets are not sought.
const SHORTEST: usize = 12;

/// A new file for exchanges, in the folder that the environment names.
pub(crate) fn file() -> Option<Box<dyn Write + Send>> {
    Some(Box::new(new("jsonl")?))
}

/// Writes all that this process logs from now on, at the finest level, into a file of that folder.
pub(crate) fn log() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if let Some(file) = new("log") {
            // A process that writes its own log goes on doing so.
            let _ = tracing_subscriber::fmt()
                .with_max_level(LevelFilter::TRACE)
                .with_ansi(false)
                .with_writer(Mutex::new(file))
                .try_init();
        }
    });
}

/// Notes a secret that clients made themselves, which bears no mark of ours, so that it is searched for as well. What is
/// too short is found by chance.
pub(crate) fn seek(secret: &str) {
    static FILE: OnceLock<Option<Mutex<File>>> = OnceLock::new();
    let is_line = secret.len() >= SHORTEST && !secret.contains('\n');
    let file = FILE.get_or_init(|| new("sought").map(Mutex::new)).as_ref();
    if let Some(Ok(mut file)) = file.filter(|_| is_line).map(Mutex::lock) {
        let _ = file.write_all(format!("{secret}\n").as_bytes());
    }
}

fn new(ending: &str) -> Option<File> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let folder = env::var_os("MSP365_RECORD_DIR")?;
    // Numbers of processes come again.
    (0..1_000).find_map(|_| {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}-{number}.{ending}", process::id());
        let place = Path::new(&folder).join(name);
        OpenOptions::new().write(true).create_new(true).open(place).ok()
    })
}
