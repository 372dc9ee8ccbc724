//! How much of a listing is held at a time.

use super::*;

/// A body that says when it is let go.
struct Body {
    text: Vec<u8>,
    held: Arc<AtomicUsize>,
}

impl AsRef<[u8]> for Body {
    fn as_ref(&self) -> &[u8] {
        &self.text
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        self.held.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Answers page after page, and counts the bodies that somebody holds.
struct Counted {
    asked: AtomicUsize,
    held: Arc<AtomicUsize>,
}

const PAGES: usize = 20;

#[async_trait]
impl Transport for Counted {
    async fn send(&self, _: http::Request<Bytes>) -> Result<Reply, TransportError> {
        let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        let next = (number < PAGES).then(|| link(number));
        let text = page(next.as_deref(), &[&number.to_string()]).into_bytes();
        self.held.fetch_add(1, Ordering::SeqCst);
        let held = Arc::clone(&self.held);
        let body = Bytes::from_owner(Body { text, held });
        Ok(Reply::new(http::StatusCode::OK, http::HeaderMap::new(), body))
    }
}

#[tokio::test]
async fn a_page_is_let_go_once_it_was_handed_on() {
    let held = Arc::<AtomicUsize>::default();
    let transport = Counted {
        asked: AtomicUsize::default(),
        held: Arc::clone(&held),
    };
    let client = Client::builder(Endpoints::public(), Arc::new(Tokens::default()))
        .transport(Arc::new(transport))
        .random(Arc::new(SeededRandom::new(7)))
        .build()
        .unwrap();
    let mut pages = pin!(client.tenant(contoso()).pages(rows()));

    let mut most = Vec::new();
    while let Some(page) = pages.next().await {
        drop(page.unwrap());
        most.push(held.load(Ordering::SeqCst));
    }

    assert_eq!(most.len(), PAGES);
    assert!(most.iter().all(|held| *held <= 1), "{most:?}");
}
