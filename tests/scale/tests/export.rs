//! An export takes no more memory for many users than for few.
#![cfg(target_os = "linux")]

#[cfg(test)]
#[path = "../benches/memory/endless.rs"]
mod endless;
#[cfg(test)]
#[path = "../benches/export/reader.rs"]
mod reader;

#[tokio::test]
async fn an_export_holds_a_page_at_a_time() {
    let (_, _, few) = reader::exported(2_000).await;

    let (done, out, many) = reader::exported(100_000).await;

    assert_eq!((done.rows, out.lines), (100_000, 100_001));
    assert!(out.bytes > 16 << 20, "{} bytes", out.bytes);
    // All of it at once would be more than 16 MiB.
    assert!(
        many < 8 * 1_024,
        "{few} KiB for two pages, {many} KiB more for a hundred"
    );
}
