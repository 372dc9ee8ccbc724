use std::pin::pin;

use futures_util::StreamExt;
use msp365_core::ErrorKind;

use super::{answer, ids, link, page};
use crate::{
    Error,
    testing::{Bench, listen, ok, over_sockets, read, rows, write},
};

#[tokio::test]
async fn f071_a_link_to_the_page_itself_ends_the_listing() {
    let bench = Bench::new([answer(Some(&link(1)), &["a"]), answer(Some(&link(1)), &["b"])]);

    let error = ids(&bench, rows()).await.unwrap_err();

    assert!(matches!(error, Error::PagingLoop { .. }));
    assert_eq!(bench.asked().len(), 2);
}

#[tokio::test]
async fn f073_a_circle_of_fifty_pages_ends_after_one_round() {
    let round = (1..=50).chain([1]);
    let bench = Bench::new(round.map(|number| answer(Some(&link(number)), &[&number.to_string()])));

    let error = ids(&bench, rows()).await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(matches!(error, Error::PagingLoop { .. }));
    assert_eq!(bench.asked().len(), 51);
}

#[tokio::test]
async fn f075_a_link_to_another_host_is_refused_before_any_connection() {
    let (hostile, elsewhere) = listen().await;
    let body = page(Some(&format!("{elsewhere}/v1.0/rows?$skiptoken=1")), &["a"]);
    let (listener, base) = listen().await;
    let server = async {
        let (mut socket, _) = listener.accept().await.unwrap();
        read(&mut socket).await;
        write(&mut socket, &ok(&body)).await;
    };
    let tenant = over_sockets(&base);
    let mut pages = pin!(tenant.pages(rows()));

    let ((), first) = tokio::join!(server, pages.next());
    let second = pages.next().await.unwrap().unwrap_err();

    assert_eq!(first.unwrap().unwrap().items.len(), 1);
    assert!(matches!(
        second,
        Error::Core(msp365_core::Error::ForeignCursor { .. })
    ));
    let connections = futures_util::FutureExt::now_or_never(hostile.accept());
    assert!(connections.is_none());
}

#[tokio::test]
async fn f076_links_that_only_look_alike_are_refused() {
    for hostile in [
        "http://graph.microsoft.com/v1.0/rows",
        "https://graph.microsoft.com@evil.example/v1.0/rows",
        "https://ada@graph.microsoft.com/v1.0/rows",
        "https://graph.microsoft.com:444/v1.0/rows",
        "https://graph.microsoft.com.evil.example/v1.0/rows",
        "https://graph.microsoft.com/v1.0.evil/rows",
        "https://graph.microsoft.com./v1.0/rows",
        "https://20.190.128.1/v1.0/rows",
        "https://gr\u{430}ph.microsoft.com/v1.0/rows",
        "https://graph.microsoft.com\\\\@evil.example/v1.0/rows",
        "https://graph.microsoft.com\\t/v1.0/rows",
        "//evil.example/v1.0/rows",
        "rows",
    ] {
        let bench = Bench::new([answer(Some(hostile), &["a"])]);

        let error = ids(&bench, rows()).await.unwrap_err();

        assert_eq!(error.kind(), ErrorKind::Decode, "{hostile}");
        assert_eq!(bench.asked().len(), 1, "{hostile}");
    }
}

#[tokio::test]
async fn f077_a_link_to_another_version_or_service_is_refused() {
    for elsewhere in [
        "https://graph.microsoft.com/beta/rows",
        "https://dod-graph.microsoft.us/v1.0/rows",
        "https://api.partnercenter.microsoft.com/v1/rows",
    ] {
        let bench = Bench::new([answer(Some(elsewhere), &["a"])]);

        let error = ids(&bench, rows()).await.unwrap_err();

        assert_eq!(
            (error.kind(), bench.asked().len()),
            (ErrorKind::Decode, 1),
            "{elsewhere}"
        );
    }
}

#[tokio::test]
async fn f079_a_link_without_an_origin_is_followed_at_that_of_the_service() {
    let bench = Bench::new([
        answer(Some("/v1.0/rows?$skiptoken=1"), &["a"]),
        answer(None, &["b"]),
    ]);

    assert_eq!(ids(&bench, rows()).await.unwrap(), ["a", "b"]);
    assert_eq!(bench.asked()[1], format!("GET {}", link(1)));
}

#[tokio::test]
async fn f079_a_blank_link_is_no_end() {
    let bench = Bench::new([answer(Some(" "), &["a"])]);

    let error = ids(&bench, rows()).await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn f072_the_same_page_under_ever_new_links_ends_the_listing() {
    let bench = Bench::new((1..=9).map(|number| answer(Some(&link(number)), &["a"])));

    let error = ids(&bench, rows()).await.unwrap_err();

    assert!(matches!(error, Error::PagingLoop { .. }));
    assert!(bench.asked().len() <= 4, "{:?}", bench.asked());
}
