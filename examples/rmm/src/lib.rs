//! What a monitoring tool does with msp365 for its technicians: a desk at which they find users of the customers they look
//! after, see what there is to know, are told beforehand whether something will work, and change it on record.
//!
//! | module | shows |
//! |---|---|
//! | [`desk`] | the desk: everything a technician does goes through it, and is checked by the tool's own levels and sites |
//! | [`page`] | cards and previews as lines of text |
//!
//! `cargo run -p msp365-rmm` plays a day at the desk on a simulated cloud. To lift it into a tool, keep [`desk`]: in place of
//! the simulated cloud goes `Msp365::builder` with an app, a store and keys, and in place of the simulated records the
//! tool's own [`Inventory`](msp365::sync::tool::Inventory).

pub mod desk;
pub mod page;
