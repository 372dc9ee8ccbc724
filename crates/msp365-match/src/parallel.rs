//! Work distributed over all cores.

use std::num::NonZero;
use std::thread;

/// More threads than this get no more memory bandwidth.
const MOST_THREADS: usize = 8;

/// The number of threads for this many records, if fewer than `worth` do not justify a second one.
pub(crate) fn threads(count: usize, worth: usize) -> usize {
    if count < worth {
        return 1;
    }
    thread::available_parallelism()
        .map_or(1, NonZero::get)
        .min(MOST_THREADS)
}

/// Calls `work` with each number below `threads`, at the same time; the results are in that order.
pub(crate) fn in_threads<T: Send>(threads: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    if threads <= 1 {
        return vec![work(0)];
    }
    let work = &work;
    thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|number| scope.spawn(move || work(number)))
            .collect();
        running
            .into_iter()
            .map(|thread| {
                thread
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    })
}

/// Does both, at the same time if that is worth a thread.
pub(crate) fn at_once<A: Send, B>(
    is_worth: bool,
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B,
) -> (A, B) {
    if !is_worth {
        return (one(), other());
    }
    thread::scope(|scope| {
        let running = scope.spawn(one);
        let other = other();
        let one = running
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        (one, other)
    })
}
