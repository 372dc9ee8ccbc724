//! Both adapters hold what the conformance kit asks for.

use msp365::sync::tool::conformance;
use msp365_contacts::{csv_tool::CsvTool, fake_http::FakeHttp};

#[tokio::test]
async fn the_csv_adapter_holds_what_is_asked() {
    let folder = tempfile::tempdir().unwrap();

    let report = conformance::run(&CsvTool::new(folder.path())).await;

    assert!(report.is_good(), "{report}");
}

#[tokio::test]
async fn the_http_adapter_holds_what_is_asked() {
    let tool = FakeHttp::at("https://tool.example/api/".parse().unwrap());

    let report = conformance::run(&tool).await;

    assert!(report.is_good(), "{report}");
    assert!(
        report.to_string().ends_with("10 of 10 behaviours held"),
        "{report}"
    );
}
