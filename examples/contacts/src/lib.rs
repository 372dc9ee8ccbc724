//! What a documentation tool does with msp365: it links its organizations and contacts with tenants and people,
//! shows what an import would do before it does it, and keeps both sides together through renames and deletions.
//!
//! | module | shows |
//! |---|---|
//! | [`import`] | a pass: match, preview, decide, write |
//! | [`story`] | the whole of it on the simulated cloud |
//! | [`csv_tool`] | an adapter of a tool whose records are CSV files in a folder |
//! | [`http_tool`] | an adapter of a tool that speaks JSON over HTTP, in pages |
//! | [`fake_http`] | such a tool in this process, to try the adapter on |
//!
//! Both adapters pass the conformance kit (`msp365::sync::tool::conformance`); see `tests/conformance.rs`.

pub mod csv_tool;
pub mod fake_http;
pub mod http_tool;
pub mod import;
pub mod story;
