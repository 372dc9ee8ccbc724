//! Numbers of requests, benchmarks, and the labelled records that matching is measured on.
//!
//! | module | for |
//! |---|---|
//! | [`chance`] | reproducible dice |
//! | [`matching`] | devices and organizations of both sides with the truth about them, and what matching makes of it |

pub mod chance;
pub mod matching;
