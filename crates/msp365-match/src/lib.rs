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
//! | [`organizations`] | tenants to organizations: recorded ids, domains, names; else suggestions by likeness |
//! | [`devices`] | devices to devices: ids, serial numbers, host names, within permitted sites |
//! | [`contacts`] | people to contacts: addresses, names; previews, overlays, the same human across tenants |
//! | [`decisions`] | what people said of pairs, which no pass overwrites, as a file one can read |
//! | [`text`] | names of organizations and hosts in one spelling |
//! | [`score`] | how alike two names are |
//!
//! It stores nothing, makes no request and knows no clock: records go in, [`Pair`]s come out.

pub mod contacts;
pub mod decisions;
pub mod devices;
pub mod organizations;
mod pair;
mod parallel;
pub mod score;
pub mod text;
mod texts;

pub use pair::{Evidence, MOST_CANDIDATES, Pair, Verdict};
