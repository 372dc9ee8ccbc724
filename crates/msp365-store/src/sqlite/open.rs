//! Opening a file: what it must be, and bringing its schema up to date.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::{functions, threads::Connections};
use crate::{Error, Result};

/// `msp3` in ASCII: what tells our files from those of other programs.
const APPLICATION: i64 = 0x6d73_7033;
/// How long a writer waits for another process.
const BUSY: Duration = Duration::from_secs(10);
/// Statements kept ready: about 40 of a fixed text, and three for each resource.
const STATEMENTS: usize = 96;
/// Bytes of a page of a new file.
const PAGE_SIZE: i64 = 8192;
/// Connections that read.
const READERS: usize = 2;

const MIGRATIONS: [&str; 5] = [
    include_str!("../../migrations/0001_start.sql"),
    include_str!("../../migrations/0002_decisions.sql"),
    include_str!("../../migrations/0003_plans.sql"),
    include_str!("../../migrations/0004_finding.sql"),
    include_str!("../../migrations/0006_plans.sql"),
];

pub(super) fn open(path: &Path) -> Result<Connections> {
    let shown = path.display().to_string();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if folder.is_some_and(|folder| !folder.is_dir()) {
        return Err(Error::NoFolder { path: shown });
    }
    check_header(path, &shown)?;
    let mut writer = connect(path).map_err(|source| failed(&shown, source))?;
    let version = check(&writer, &shown)?;
    migrate(&mut writer, version).map_err(|source| failed(&shown, source))?;
    tune(&writer).map_err(|source| failed(&shown, source))?;
    let readers = (0..READERS)
        .map(|_| {
            let reader = connect(path)?;
            reader.execute_batch(
                "PRAGMA query_only = ON; PRAGMA cache_size = -16384; PRAGMA mmap_size = 1073741824;",
            )?;
            Ok(reader)
        })
        .collect::<rusqlite::Result<_>>()
        .map_err(|source| failed(&shown, source))?;
    Ok(Connections { writer, readers })
}

/// Looks at the first bytes, because SQLite would overwrite a short text file.
fn check_header(path: &Path, shown: &str) -> Result<()> {
    let failed = |source: io::Error| Error::Open {
        path: shown.to_owned(),
        source: source.into(),
    };
    if path.is_dir() {
        return Err(Error::NotOurs {
            path: shown.to_owned(),
        });
    }
    let mut start = Vec::new();
    match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(error)),
        Ok(file) => file.take(16).read_to_end(&mut start).map_err(failed)?,
    };
    if start.is_empty() || start == b"SQLite format 3\0" {
        Ok(())
    } else {
        Err(Error::NotOurs {
            path: shown.to_owned(),
        })
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    functions::add(&connection)?;
    Ok(connection)
}

/// The schema version of a file that may be used; nothing is written.
fn check(connection: &Connection, shown: &str) -> Result<i64> {
    let path = || shown.to_owned();
    let facts = || -> rusqlite::Result<(i64, i64, i64)> {
        Ok((
            pragma(connection, "application_id")?,
            pragma(connection, "user_version")?,
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?,
        ))
    };
    let (application, version, tables) = facts().map_err(|source| failed(shown, source))?;
    let is_new = (application, version, tables) == (0, 0, 0);
    if application != APPLICATION && !is_new {
        return Err(Error::NotOurs { path: path() });
    }
    let known = limit_version();
    if version > known {
        return Err(Error::Newer {
            path: path(),
            found: version,
            known,
        });
    }
    let finding: String = connection
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(|source| failed(shown, source))?;
    if finding != "ok" {
        return Err(Error::Damaged {
            path: path(),
            finding,
        });
    }
    let is_readonly = connection
        .is_readonly("main")
        .map_err(|source| failed(shown, source))?;
    if is_readonly {
        let source = io::Error::from(io::ErrorKind::PermissionDenied);
        return Err(Error::Open {
            path: path(),
            source: source.into(),
        });
    }
    Ok(version)
}

fn migrate(connection: &mut Connection, version: i64) -> rusqlite::Result<()> {
    if version >= limit_version() {
        return Ok(());
    }
    if version == 0 {
        // Rows are wide: larger pages hold more of them, and a page of rows writes fewer.
        connection.pragma_update(None, "page_size", PAGE_SIZE)?;
    }
    for (number, statements) in (1..).zip(MIGRATIONS) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Another process may have been first.
        if pragma(&transaction, "user_version")? < number {
            transaction.execute_batch(statements)?;
            transaction.pragma_update(None, "application_id", APPLICATION)?;
            transaction.pragma_update(None, "user_version", number)?;
        }
        transaction.commit()?;
    }
    Ok(())
}

fn tune(writer: &Connection) -> rusqlite::Result<()> {
    let mode: String = writer.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
    if mode != "wal" {
        writer.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    }
    // A checkpoint every 256 MiB of log, so that index pages written often are copied seldom.
    writer.execute_batch(
        // What is deleted is overwritten, so that a tenant that was removed is not left behind in pages that are free.
        "PRAGMA secure_delete = ON; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 32768;
         PRAGMA journal_size_limit = 67108864;",
    )
}

pub(super) fn limit_version() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

fn pragma(connection: &Connection, name: &str) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, name, |row| row.get(0))
}

fn failed(shown: &str, source: rusqlite::Error) -> Error {
    let path = shown.to_owned();
    match source.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseCorrupt) => Error::Damaged {
            path,
            finding: source.to_string(),
        },
        Some(rusqlite::ErrorCode::NotADatabase) => Error::NotOurs { path },
        _ => Error::Open {
            path,
            source: source.into(),
        },
    }
}
