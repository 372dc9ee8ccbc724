//! The threads that own the connections.

use std::{
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
};

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use super::{Done, Failure, tail::Tails};
use crate::{Error, Result};

/// Jobs that wait before callers have to: a page for each of the most tenants that are read at a time.
const WAITING: usize = 64;

type Job<T> = Box<dyn FnOnce(&mut T) + Send>;
type Jobs<T> = mpsc::Sender<Job<T>>;

pub(super) struct Connections {
    pub(super) writer: Connection,
    pub(super) readers: Vec<Connection>,
}

/// The connection that writes, and what it remembers of the rows it wrote last.
struct Writer {
    connection: Connection,
    tails: Tails,
}

impl Writer {
    fn transact<T>(&mut self, work: impl FnOnce(&Connection, &mut Tails) -> Done<T>) -> Done<T> {
        let done = self.attempt(work);
        if done.is_err() {
            self.tails.forget();
        }
        done
    }

    fn attempt<T>(&mut self, work: impl FnOnce(&Connection, &mut Tails) -> Done<T>) -> Done<T> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        self.tails.follow(&transaction)?;
        let done = work(&transaction, &mut self.tails)?;
        transaction.commit()?;
        Ok(done)
    }
}

/// One thread that writes and some that read. Dropping it lets them do what they were given and waits for their end, so
/// that the database is closed and its log written back when the store is gone.
pub(super) struct Threads {
    /// To the readers and to the writer; `None` once they are to end.
    readers: Option<Jobs<Connection>>,
    writer: Option<Jobs<Writer>>,
    reading: Vec<JoinHandle<()>>,
    writing: Vec<JoinHandle<()>>,
}

impl Drop for Threads {
    /// The writer is the last to close: of two connections that close at once, each takes the other for one that stays,
    /// and neither writes the log back.
    fn drop(&mut self) {
        self.readers = None;
        wait(&mut self.reading);
        self.writer = None;
        wait(&mut self.writing);
    }
}

fn wait(threads: &mut Vec<JoinHandle<()>>) {
    for thread in threads.drain(..) {
        // A thread that panicked has nothing left to write.
        let _ = thread.join();
    }
}

impl Threads {
    pub(super) fn start(connections: Connections) -> Result<Self> {
        let (writer, jobs) = mpsc::channel(WAITING);
        let writing = Writer {
            connection: connections.writer,
            tails: Tails::default(),
        };
        let writing = vec![spawn("msp365-store-writer", writing, jobs)?];
        let (reader, jobs) = mpsc::channel(WAITING);
        let mut reading = Vec::new();
        let jobs = Arc::new(Mutex::new(jobs));
        for connection in connections.readers {
            reading.push(spawn_shared(
                "msp365-store-reader",
                connection,
                Arc::clone(&jobs),
            )?);
        }
        Ok(Self {
            readers: Some(reader),
            writer: Some(writer),
            reading,
            writing,
        })
    }

    fn writer(&self) -> Result<&Jobs<Writer>> {
        self.writer.as_ref().ok_or(Error::Closed)
    }

    fn reader(&self) -> Result<&Jobs<Connection>> {
        self.readers.as_ref().ok_or(Error::Closed)
    }

    /// Runs the work in one transaction on the writer, which is committed if the work succeeds.
    pub(super) async fn write<T, F>(&self, doing: &'static str, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Done<T> + Send + 'static,
    {
        self.write_rows(doing, |connection, _| work(connection)).await
    }

    /// The same, for work that adds or removes rows of the directory.
    pub(super) async fn write_rows<T, F>(&self, doing: &'static str, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection, &mut Tails) -> Done<T> + Send + 'static,
    {
        self.write_rows_while(doing, work, || ()).await
    }

    /// The same, and does something else here once the writer has the work.
    pub(super) async fn write_rows_while<T, F, G>(&self, doing: &'static str, work: F, beside: G) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection, &mut Tails) -> Done<T> + Send + 'static,
        G: FnOnce() + Send,
    {
        let answered = send(self.writer()?, |writer: &mut Writer| writer.transact(work)).await?;
        beside();
        answer(doing, answered).await
    }

    /// The same, and the transaction is on the disk before this returns.
    pub(super) async fn write_durably<T, F>(&self, doing: &'static str, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection, &mut Tails) -> Done<T> + Send + 'static,
    {
        run(self.writer()?, doing, |writer: &mut Writer| {
            writer.connection.execute_batch("PRAGMA synchronous = FULL")?;
            let done = writer.transact(work);
            writer.connection.execute_batch("PRAGMA synchronous = NORMAL")?;
            done
        })
        .await
    }

    /// Rewrites the file without what was deleted from it, and empties the log beside it.
    pub(super) async fn scrub(&self, doing: &'static str) -> Result<()> {
        run(self.writer()?, doing, |writer: &mut Writer| {
            Ok(writer.connection.execute_batch("VACUUM")?)
        })
        .await?;
        self.empty_log(doing).await
    }

    /// Moves what the log beside the file holds into the file, and empties the log, as far as readers let it.
    pub(super) async fn empty_log(&self, doing: &'static str) -> Result<()> {
        run(self.writer()?, doing, |writer: &mut Writer| {
            let mut emptied = writer.connection.prepare("PRAGMA wal_checkpoint(TRUNCATE)")?;
            Ok(emptied.query_row([], |_| Ok(()))?)
        })
        .await
    }

    /// Runs the work on a reader; all its statements see the same moment.
    pub(super) async fn read<T, F>(&self, doing: &'static str, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Done<T> + Send + 'static,
    {
        run(self.reader()?, doing, |connection: &mut Connection| {
            work(&*connection.transaction()?)
        })
        .await
    }
}

async fn run<W, T, F>(to: &Jobs<W>, doing: &'static str, work: F) -> Result<T>
where
    W: 'static,
    T: Send + 'static,
    F: FnOnce(&mut W) -> Done<T> + Send + 'static,
{
    answer(doing, send(to, work).await?).await
}

async fn send<W, T, F>(to: &Jobs<W>, work: F) -> Result<oneshot::Receiver<Done<T>>>
where
    W: 'static,
    T: Send + 'static,
    F: FnOnce(&mut W) -> Done<T> + Send + 'static,
{
    let (answer, answered) = oneshot::channel();
    let job: Job<W> = Box::new(move |worker| {
        // A caller that has gone no longer wants the answer.
        let _ = answer.send(work(worker));
    });
    to.send(job).await.map_err(|_| Error::Closed)?;
    Ok(answered)
}

async fn answer<T>(doing: &'static str, answered: oneshot::Receiver<Done<T>>) -> Result<T> {
    let done = answered.await.map_err(|_| Error::Closed)?;
    done.map_err(|failure: Failure| failure.while_doing(doing))
}

fn spawn(name: &str, mut writer: Writer, mut jobs: mpsc::Receiver<Job<Writer>>) -> Result<JoinHandle<()>> {
    start(name, move || {
        while let Some(job) = jobs.blocking_recv() {
            job(&mut writer);
        }
    })
}

fn spawn_shared(
    name: &str,
    mut connection: Connection,
    jobs: Arc<Mutex<mpsc::Receiver<Job<Connection>>>>,
) -> Result<JoinHandle<()>> {
    start(name, move || {
        loop {
            let next = jobs
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .blocking_recv();
            let Some(job) = next else { break };
            job(&mut connection);
        }
    })
}

fn start(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(work)
        .map_err(|source| Error::Statement {
            doing: "start its threads",
            source: source.into(),
        })
}
