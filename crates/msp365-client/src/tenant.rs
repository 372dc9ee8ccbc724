//! The client for requests to one tenant.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::{StreamExt, TryStreamExt, stream};
use msp365_core::{Answers, Batch, Cursor, Endpoints, Page, Replay, Request, TenantId, retry::Deadline};
use secrecy::SecretString;

use crate::{Client, Error, Meter, batch, client::Shared, download, meter::Event, pages, pipeline::Exchange};

/// How long a call may take by default: the limit for background work.
const BACKGROUND: Duration = Duration::from_mins(15);

/// Sends requests to one tenant. Cheap to clone.
///
/// Requests to Partner Center go through the client of the provider's own tenant. Dropping a future cancels what it was
/// doing; a write that was under way may or may not have happened.
#[derive(Debug, Clone)]
pub struct TenantClient {
    client: Client,
    tenant: TenantId,
    limit: Duration,
    meter: Option<Arc<Meter>>,
}

impl TenantClient {
    /// A [`deadline`](Self::deadline) for calls that a person waits for.
    pub const INTERACTIVE: Duration = Duration::from_secs(30);

    pub(crate) const fn new(client: Client, tenant: TenantId) -> Self {
        Self {
            client,
            tenant,
            limit: BACKGROUND,
            meter: None,
        }
    }

    /// The tenant.
    pub const fn id(&self) -> TenantId {
        self.tenant
    }

    /// The services it talks to.
    pub fn endpoints(&self) -> &Endpoints {
        self.client.endpoints()
    }

    /// Limits how long one call may take, including waits, tokens and repetitions; 15 minutes by default. In a listing,
    /// each page is a call.
    #[must_use]
    pub const fn deadline(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Also counts here, besides in the client's meter; replaces a meter given before.
    #[must_use]
    pub fn metered(mut self, meter: Arc<Meter>) -> Self {
        self.meter = Some(meter);
        self
    }

    /// Sends one request, repeating it as its [`Replay`] allows. A read whose answer is empty or broken JSON is sent
    /// once more.
    ///
    /// If the answer to a write was lost and its check finds that it happened, a command succeeds; a request that
    /// returns a value gives [`Error::ValueLost`].
    ///
    /// # Errors
    /// The kind of the service's or the token's error; `Throttled`, `Unavailable` or `Timeout` after all repetitions;
    /// `OutcomeUnknown` for a write if nothing tells whether it happened; `Decode` for an unexpected answer.
    pub async fn send<T>(&self, request: Request<T>) -> Result<T, Error> {
        let deadline = self.call_deadline();
        let call = request.call();
        let done = Exchange::new(self, call).by(deadline).run().await?;
        let may_be_broken = done.is_success() && call.replay() == Replay::Safe;
        match done.decode(&request) {
            Err(error) if may_be_broken && error.is_garbled() => {
                self.count(call.operation(), Event::Retried);
                let done = Exchange::new(self, call).by(deadline).run().await?;
                done.decode(&request)
            }
            decoded => decoded,
        }
    }

    /// The pages of a listing, in order. While one is read and used, the next is already requested.
    ///
    /// Each item may be an error, as of [`send`](Self::send), or `Decode` if the links lead elsewhere or in a circle;
    /// an error is the last item.
    pub fn pages<T: Send + 'static>(
        &self,
        request: Request<Page<T>>,
    ) -> impl Stream<Item = Result<Page<T>, Error>> + Send + use<T> {
        self.pages_from(request, None)
    }

    /// The pages of a listing from a cursor on, or from its start.
    pub fn pages_from<T: Send + 'static>(
        &self,
        request: Request<Page<T>>,
        from: Option<Cursor>,
    ) -> impl Stream<Item = Result<Page<T>, Error>> + Send + use<T> {
        pages::stream(self.clone(), request, from)
    }

    /// The rows of a listing, over all its pages.
    pub fn stream<T: Send + 'static>(
        &self,
        request: Request<Page<T>>,
    ) -> impl Stream<Item = Result<T, Error>> + Send + use<T> {
        self.pages(request)
            .map_ok(|page| stream::iter(page.items).map(Ok))
            .try_flatten()
    }

    /// Sends a batch, twenty requests to a round trip. Entries that were refused due to load are sent again
    /// without the others; an entry whose predecessor failed is answered with status 424. A write whose answer was
    /// lost, but which the check finds to have happened, gives [`Error::ValueLost`], even if it is a command.
    ///
    /// A batch belongs to one tenant: it is sent through that tenant's client. Sending one through the client of all
    /// tenants does not compile (F128).
    ///
    /// ```compile_fail,E0599
    /// # async fn wrong(client: msp365_client::Client, batch: msp365_core::Batch) {
    /// client.batch(batch).await;
    /// # }
    /// ```
    ///
    /// # Errors
    /// `Invalid` for a batch that cannot be sent as one, and the errors of [`send`](Self::send) if no entry was
    /// answered. All other errors are in the answers.
    pub async fn batch(&self, batch: Batch) -> Result<Answers<Error>, Error> {
        batch::send(self, &batch).await
    }

    /// Downloads what a pre-authenticated link leads to. The link is as good as a password: it is sent without a token,
    /// and appears in no error and no log.
    ///
    /// # Errors
    /// `Decode` for a link that is not safe to follow; the kind of the answer's status; `Unavailable` or `Timeout`
    /// after all repetitions.
    pub async fn download(&self, link: &SecretString) -> Result<Bytes, Error> {
        download::get(self, link).await
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.client.shared
    }

    pub(crate) fn call_deadline(&self) -> Deadline {
        Deadline::after(self.shared().clock.now(), self.limit)
    }

    pub(crate) fn count(&self, operation: &'static str, event: Event) {
        self.shared().meter.count(operation, event);
        if let Some(meter) = &self.meter {
            meter.count(operation, event);
        }
    }
}
