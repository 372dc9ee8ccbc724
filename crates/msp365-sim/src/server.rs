//! The cloud over HTTP, on one port.

use std::{future::Future, net::SocketAddr, ops::Deref};

use axum::{
    Router,
    body::{self, Body},
    extract::{Request, State},
    response::Response,
};
use bytes::Bytes;
use http::{HeaderValue, StatusCode, Uri, header};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tower_http::compression::CompressionLayer;

use crate::{Cloud, Error, cut};

/// The largest body that is read: Graph itself takes no more.
const LARGEST_BODY: usize = 4 << 20;

/// A served cloud. It stops when it is dropped.
#[derive(Debug)]
pub struct Server {
    cloud: Cloud,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<std::io::Result<()>>,
}

#[derive(Debug, Clone)]
struct Site {
    cloud: Cloud,
    address: SocketAddr,
}

impl Server {
    pub(crate) async fn start(cloud: Cloud, address: SocketAddr) -> Result<Self, Error> {
        let refused = |source| Error::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        cloud.set_address(format!("http://{address}"));
        let site = Site {
            cloud: cloud.clone(),
            address,
        };
        let router = Router::new()
            .fallback(answer)
            .with_state(site)
            .layer(CompressionLayer::new());
        let (stop, stopped) = oneshot::channel();
        let serving = axum::serve(listener, router).with_graceful_shutdown(async {
            // Sent or dropped: either way it is time to stop.
            let _ = stopped.await;
        });
        let task = tokio::spawn(serving.into_future());
        Ok(Self {
            cloud,
            address,
            stop: Some(stop),
            task,
        })
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The cloud that is served.
    pub const fn cloud(&self) -> &Cloud {
        &self.cloud
    }

    /// Serves until a future is ready, then finishes what is under way.
    ///
    /// # Errors
    /// `Unavailable` if serving failed.
    pub async fn serve_until(mut self, signal: impl Future<Output = ()> + Send) -> Result<(), Error> {
        tokio::select! {
            () = signal => self.stop().await,
            ended = &mut self.task => conclude(ended),
        }
    }

    /// Stops once what is under way is answered.
    ///
    /// # Errors
    /// `Unavailable` if serving failed.
    pub async fn stop(mut self) -> Result<(), Error> {
        drop(self.stop.take());
        conclude((&mut self.task).await)
    }
}

impl Deref for Server {
    type Target = Cloud;

    fn deref(&self) -> &Cloud {
        &self.cloud
    }
}

fn conclude(ended: Result<std::io::Result<()>, tokio::task::JoinError>) -> Result<(), Error> {
    ended
        .map_err(|source| Error::Ended { source })?
        .map_err(|source| Error::Serve { source })
}

async fn answer(State(site): State<Site>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let Ok(bytes) = body::to_bytes(body, LARGEST_BODY).await else {
        return status(StatusCode::PAYLOAD_TOO_LARGE);
    };
    let Some(uri) = absolute(&parts.uri, parts.headers.get(header::HOST), site.address) else {
        return status(StatusCode::BAD_REQUEST);
    };
    parts.uri = uri;
    let delivery = site.cloud.exchange(http::Request::from_parts(parts, bytes)).await;
    cut::response(delivery)
}

fn status(status: StatusCode) -> Response {
    let mut response = Response::new(Body::from(Bytes::new()));
    *response.status_mut() = status;
    response
}

/// The whole address of a request, by the host it names.
fn absolute(uri: &Uri, host: Option<&HeaderValue>, address: SocketAddr) -> Option<Uri> {
    let host = match host {
        Some(host) => host.to_str().ok()?.to_owned(),
        None => address.to_string(),
    };
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    Uri::builder()
        .scheme("http")
        .authority(host)
        .path_and_query(path)
        .build()
        .ok()
}
