//! How much memory it takes to export users without end.

use std::io::{self, Write};

use msp365::{
    actions::{Export, Exported},
    store::{UserColumn, UserQuery},
};

use crate::endless::{Endless, peak};

/// Users on a page; an export asks for as many.
const PAGE: u64 = 1_000;

/// Counts what is written, and keeps none of it.
#[derive(Default)]
pub(crate) struct Counted {
    pub(crate) bytes: u64,
    pub(crate) lines: u64,
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes += bytes.len() as u64;
        self.lines += bytes.split(|byte| *byte == b'\n').skip(1).count() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Exports so many users with every column. Answers what was written, and by how many kibibytes the peak of the memory of this
/// process grew meanwhile.
pub(crate) async fn exported(users: u64) -> (Exported, Counted, u64) {
    let reader = Endless::of(1, users, PAGE).await;
    let export = Export::default().columns(UserColumn::ALL.iter().copied());
    let mut out = Counted::default();
    let before = peak();
    let done = export.write(&reader, &UserQuery::all(), &mut out).await.unwrap();
    (done, out, peak() - before)
}
