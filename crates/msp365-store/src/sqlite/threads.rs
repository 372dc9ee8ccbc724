//! The threads that own the connections.

use std::{
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
};

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use super::{Done, Failure};
use crate::{Error, Result};

/// Jobs that wait before callers have to: a page for each of the most tenants that are read at a time.
const WAITING: usize = 64;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

pub(super) struct Connections {
    pub(super) writer: Connection,
    pub(super) readers: Vec<Connection>,
}

/// One thread that writes and some that read. Dropping it lets them do what they were given and waits for their end, so
/// that the database is closed and its log written back when the store is gone.
pub(super) struct Threads {
    /// To the writer and to the readers; `None` once the threads are to end.
    jobs: Option<(mpsc::Sender<Job>, mpsc::Sender<Job>)>,
    running: Vec<JoinHandle<()>>,
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.jobs = None;
        for thread in self.running.drain(..) {
            // A thread that panicked has nothing left to write.
            let _ = thread.join();
        }
    }
}

impl Threads {
    pub(super) fn start(connections: Connections) -> Result<Self> {
        let (writer, jobs) = mpsc::channel(WAITING);
        let mut running = vec![spawn("msp365-store-writer", connections.writer, jobs)?];
        let (reader, jobs) = mpsc::channel(WAITING);
        let jobs = Arc::new(Mutex::new(jobs));
        for connection in connections.readers {
            running.push(spawn_shared(
                "msp365-store-reader",
                connection,
                Arc::clone(&jobs),
            )?);
        }
        Ok(Self {
            jobs: Some((writer, reader)),
            running,
        })
    }

    fn writer(&self) -> Result<&mpsc::Sender<Job>> {
        self.jobs.as_ref().map(|(writer, _)| writer).ok_or(Error::Closed)
    }

    fn reader(&self) -> Result<&mpsc::Sender<Job>> {
        self.jobs.as_ref().map(|(_, reader)| reader).ok_or(Error::Closed)
    }

    /// Runs the work in one transaction on the writer, which is committed if the work succeeds.
    pub(super) async fn write<T, F>(&self, doing: &'static str, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Done<T> + Send + 'static,
    {
        run(self.writer()?, doing, |connection| transact(connection, work)).await
    }

    /// The same, and the transaction is on the disk before this returns.
    pub(super) async fn write_durably<T, F>(&self, doing: &'static str, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Done<T> + Send + 'static,
    {
        run(self.writer()?, doing, |connection| {
            connection.execute_batch("PRAGMA synchronous = FULL")?;
            let done = transact(connection, work);
            connection.execute_batch("PRAGMA synchronous = NORMAL")?;
            done
        })
        .await
    }

    /// Runs the work on a reader; all its statements see the same moment.
    pub(super) async fn read<T, F>(&self, doing: &'static str, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Done<T> + Send + 'static,
    {
        run(self.reader()?, doing, |connection| {
            work(&*connection.transaction()?)
        })
        .await
    }
}

fn transact<T>(connection: &mut Connection, work: impl FnOnce(&Connection) -> Done<T>) -> Done<T> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = work(&transaction)?;
    transaction.commit()?;
    Ok(done)
}

async fn run<T, F>(to: &mpsc::Sender<Job>, doing: &'static str, work: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&mut Connection) -> Done<T> + Send + 'static,
{
    let (answer, answered) = oneshot::channel();
    let job: Job = Box::new(move |connection| {
        // A caller that has gone no longer wants the answer.
        let _ = answer.send(work(connection));
    });
    to.send(job).await.map_err(|_| Error::Closed)?;
    let done = answered.await.map_err(|_| Error::Closed)?;
    done.map_err(|failure: Failure| failure.while_doing(doing))
}

fn spawn(name: &str, mut connection: Connection, mut jobs: mpsc::Receiver<Job>) -> Result<JoinHandle<()>> {
    start(name, move || {
        while let Some(job) = jobs.blocking_recv() {
            job(&mut connection);
        }
    })
}

fn spawn_shared(
    name: &str,
    mut connection: Connection,
    jobs: Arc<Mutex<mpsc::Receiver<Job>>>,
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
