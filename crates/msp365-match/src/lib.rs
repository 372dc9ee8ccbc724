//! Decides which organization or device of a tool is which tenant or device of Microsoft 365, and says why.
//!
//! A wrong link puts one customer's data into another's records, so only what is unique on both sides is
//! [`Certain`](Verdict::Certain); the rest is shown to a person, with its [`Evidence`]. The answer is the
//! same for any order of the input.
//!
//! ```
//! use msp365_match::organizations::{Ours, Theirs, Thresholds, suggest};
//!
//! let tenants = [Ours::new("t-1", "Contoso Ltd."), Ours::new("t-2", "Fabrikam")];
//! let companies = [Theirs::new("7", "Contoso, Limited"), Theirs::new("8", "Fabrikam GmbH")];
//!
//! for pair in suggest(&tenants, &companies, &Thresholds::default()) {
//!     let theirs = pair.theirs.as_deref().unwrap_or("nobody");
//!     println!("{} is {theirs}: {}, as {}", pair.ours, pair.verdict, pair.evidence[0].text);
//! }
//! ```
//!
//! | module | for |
//! |---|---|
//! | [`organizations`] | tenants to organizations: exact folded name, else suggestions by likeness |
//! | [`devices`] | devices to devices by host name, within permitted sites |
//! | [`text`] | names of organizations and hosts in one spelling |
//! | [`score`] | how alike two names are |
//!
//! It stores no decision, makes no request and knows no clock: records go in, [`Pair`]s come out. It goes by
//! names alone; domains, serial numbers and users are not looked at, but for the serial numbers that tell
//! twins apart.

pub mod devices;
pub mod organizations;
mod pair;
mod parallel;
pub mod score;
pub mod text;

pub use pair::{Evidence, MOST_CANDIDATES, Pair, Verdict};
