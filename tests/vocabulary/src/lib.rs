//! Tests of all request functions together, of Graph and of Partner Center; they are in `tests/`.

use std::{fs, path::Path};

/// Holds a page of `docs` against what it is made from. With `MSP365_WRITE_DOCS` set, it is written first.
///
/// # Panics
/// If the page is another one; the text says how it is written anew.
pub fn assert_page_is(name: &str, page: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../docs/{name}.md"));
    if std::env::var_os("MSP365_WRITE_DOCS").is_some() {
        let written = fs::write(&file, page);
        assert!(written.is_ok(), "{}: {written:?}", file.display());
    }
    assert!(
        fs::read_to_string(&file).unwrap_or_default() == page,
        "write it anew: MSP365_WRITE_DOCS=1 cargo test -p msp365-vocabulary {name}"
    );
}
