//! Decides which organization, device or contact of a tool is which tenant, device or person of Microsoft 365, and says
//! why.
//!
//! A wrong link puts one customer's data into another's records, so only a pair that is unique on both sides is
//! [`Certain`](Verdict::Certain). The rest is shown to a person, with its [`Evidence`]. The order of the input does not
//! change the answer.
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
//! | [`organizations`] | tenants to organizations: recorded ids, domains, names; otherwise suggestions by similarity |
//! | [`devices`] | devices to devices: ids, serial numbers, host names, within permitted sites |
//! | [`contacts`] | people to contacts: addresses, names; previews, overlays, the same person across tenants |
//! | [`decisions`] | what people decided about pairs, which no pass overwrites, as a readable file |
//! | [`text`] | names of organizations and hosts in a normal form |
//! | [`score`] | how similar two names are |
//!
//! This crate stores nothing, makes no requests and uses no clock: records go in, [`Pair`]s come out.

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
