//! Listings page by page, one page ahead.

mod early;
mod guard;
#[cfg(test)]
mod tests;

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use futures_core::Stream;
use futures_util::stream::unfold;
use msp365_core::{Cursor, ErrorKind, Page, Request, seams::BodyWatch};

use self::{
    early::{Early, early_link},
    guard::Guard,
};
use crate::{
    Error, TenantClient,
    meter::Event,
    pipeline::{Done, Exchange},
};

/// The pages of a listing, in order.
pub(crate) fn stream<T: Send + 'static>(
    tenant: TenantClient,
    request: Request<Page<T>>,
    from: Option<Cursor>,
) -> impl Stream<Item = Result<Page<T>, Error>> + Send + use<T> {
    let guard = Guard::new(from.as_ref());
    let first = match from {
        Some(cursor) => request.resume(cursor),
        None => request.clone(),
    };
    let listing = Listing {
        tenant,
        request,
        guard,
    };
    let flight = Flight::new(&listing.tenant, first);
    unfold(Some((listing, flight)), |state| async {
        let (mut listing, flight) = state?;
        let (item, next) = match listing.turn(flight).await {
            Ok((page, next)) => (Ok(page), next),
            Err(error) => (Err(error), None),
        };
        Some((item, next.map(|flight| (listing, flight))))
    })
}

struct Listing<T> {
    tenant: TenantClient,
    request: Request<Page<T>>,
    guard: Guard,
}

/// One page under way. Nothing is sent before it is polled.
struct Flight<T> {
    request: Request<Page<T>>,
    has_begun: bool,
    link: Arc<Mutex<Option<String>>>,
    work: Pin<Box<dyn Future<Output = Result<Done, Error>> + Send>>,
    landed: Option<Result<Done, Error>>,
}

impl<T: Send + 'static> Listing<T> {
    /// One page, with the next one under way.
    async fn turn(&mut self, mut flight: Flight<T>) -> Result<(Page<T>, Option<Flight<T>>), Error> {
        let was_ahead = flight.has_begun;
        let mut ahead = None;
        let mut done = self.land(&mut flight, &mut ahead).await;
        let ran_out = |error: &Error| error.kind() == ErrorKind::Timeout;
        if was_ahead && done.as_ref().is_err_and(ran_out) {
            // Nobody waited for it while the previous page was in use, so its time limit was not fair.
            flight = Flight::new(&self.tenant, flight.request);
            done = self.land(&mut flight, &mut ahead).await;
        }
        let mut page = self.read(done?, &flight.request);
        if page.as_ref().is_err_and(Error::is_garbled) {
            let operation = flight.request.call().operation();
            self.tenant.count(operation, Event::Retried);
            flight = Flight::new(&self.tenant, flight.request);
            let done = self.land(&mut flight, &mut ahead).await?;
            page = self.read(done, &flight.request);
        }
        let page = page?;
        let next = match &page.next {
            None => None,
            Some(cursor) => Some(self.next(cursor, ahead)?),
        };
        Ok((page, next))
    }

    /// The page that arrived, counted.
    fn read(&mut self, done: Done, request: &Request<Page<T>>) -> Result<Page<T>, Error> {
        let body = done.body();
        let page = done.decode(request)?;
        self.guard.count(&page.items, &body);
        Ok(page)
    }

    /// Waits for a page. As soon as the link to the next page shows up in its body, that page is requested.
    async fn land(
        &self,
        flight: &mut Flight<T>,
        ahead: &mut Option<(Cursor, Flight<T>)>,
    ) -> Result<Done, Error> {
        poll_fn(|context| {
            let landed = flight.poll(context);
            if ahead.is_none() {
                *ahead = self.ahead(flight);
            }
            if let Some((_, next)) = ahead {
                next.advance(context);
            }
            landed
        })
        .await
    }

    fn ahead(&self, flight: &Flight<T>) -> Option<(Cursor, Flight<T>)> {
        let link = flight
            .link
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()?;
        let cursor = Cursor::link(link);
        if self.guard.has_seen(&cursor) || self.guard.is_spent() {
            return None;
        }
        let request = self.request.resume(cursor.clone());
        // A link that leads elsewhere is refused when the page is decoded, not here.
        request.call().url(&self.tenant.shared().endpoints).ok()?;
        Some((cursor, Flight::new(&self.tenant, request)))
    }

    /// The page that a decoded one leads to: the one requested ahead, if it is the same.
    fn next(&mut self, cursor: &Cursor, ahead: Option<(Cursor, Flight<T>)>) -> Result<Flight<T>, Error> {
        let (operation, tenant) = (self.request.call().operation(), self.tenant.id());
        self.guard.admit(cursor, operation, tenant)?;
        Ok(match ahead {
            Some((early, flight)) if early == *cursor => flight,
            _ => Flight::new(&self.tenant, self.request.resume(cursor.clone())),
        })
    }
}

impl<T: Send + 'static> Flight<T> {
    fn new(tenant: &TenantClient, request: Request<Page<T>>) -> Self {
        let link = Arc::<Mutex<Option<String>>>::default();
        let found = Arc::clone(&link);
        let watch = BodyWatch(Arc::new(move |body: &[u8]| match early_link(body) {
            Early::Unknown => false,
            Early::Absent => true,
            Early::Link(text) => {
                *found.lock().unwrap_or_else(PoisonError::into_inner) = Some(text);
                true
            }
        }));
        let (tenant, call) = (tenant.clone(), request.call().clone());
        let work = Box::pin(async move { Exchange::new(&tenant, &call).watched(watch).run().await });
        Self {
            request,
            has_begun: false,
            link,
            work,
            landed: None,
        }
    }

    /// Polls it, keeping what arrives for later.
    fn advance(&mut self, context: &mut Context<'_>) {
        self.has_begun = true;
        if self.landed.is_none()
            && let Poll::Ready(done) = self.work.as_mut().poll(context)
        {
            self.landed = Some(done);
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<Done, Error>> {
        self.advance(context);
        self.landed.take().map_or(Poll::Pending, Poll::Ready)
    }
}
