//! The cloud over HTTP or HTTPS, on one port.

use std::{
    future::Future,
    net::SocketAddr,
    ops::Deref,
    path::{self, Path, PathBuf},
};

use axum::{
    Router,
    body::{self, Body},
    extract::{ConnectInfo, Request, State},
    response::Response,
    serve::Listener,
};
use bytes::Bytes;
use http::{HeaderValue, StatusCode, Uri, header};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    sync::watch,
    task::JoinHandle,
};
use tower_http::compression::CompressionLayer;

use crate::{
    Cloud, Error,
    cloud::Address,
    cut::{self, Place},
    tls::{Identity, TlsListener},
    wire::{Listening, Wire},
};

/// The largest body that is read: Graph itself takes no more.
const LARGEST_BODY: usize = 4 << 20;

/// How clients come in.
#[derive(Debug)]
pub(crate) enum Entrance {
    Plain,
    /// HTTPS; the root certificate goes to a file.
    Tls {
        root: Option<PathBuf>,
    },
}

/// A served cloud. It stops when it is dropped.
#[derive(Debug)]
pub struct Server {
    cloud: Cloud,
    address: SocketAddr,
    root: Option<String>,
    stop: Option<watch::Sender<()>>,
    task: JoinHandle<std::io::Result<()>>,
}

#[derive(Debug, Clone)]
struct Site {
    cloud: Cloud,
    scheme: &'static str,
    address: SocketAddr,
    /// Changes, or ends, when the server is to stop.
    stopped: watch::Receiver<()>,
}

impl Server {
    pub(crate) async fn start(cloud: Cloud, address: SocketAddr, entrance: Entrance) -> Result<Self, Error> {
        let refused = |source| Error::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let (identity, file) = match entrance {
            Entrance::Plain => (None, None),
            Entrance::Tls { root } => (Some(Identity::create(address.ip())?), root),
        };
        let certificate = match (&identity, file) {
            (Some(identity), Some(file)) => Some(write(&file, &identity.root)?),
            _ => None,
        };
        let scheme = if identity.is_some() { "https" } else { "http" };
        cloud.set_address(Address {
            root: format!("{scheme}://{address}"),
            certificate,
        });
        let (stop, stopped) = watch::channel(());
        let router = Router::new()
            .fallback(answer)
            .with_state(Site {
                cloud: cloud.clone(),
                scheme,
                address,
                stopped: stopped.clone(),
            })
            .layer(CompressionLayer::new());
        let task = match &identity {
            Some(identity) => spawn(TlsListener::new(listener, identity), router, stopped),
            None => spawn(listener, router, stopped),
        };
        Ok(Self {
            cloud,
            address,
            root: identity.map(|identity| identity.root),
            stop: Some(stop),
            task,
        })
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The root certificate that clients have to trust, as PEM; `None` over plain HTTP.
    pub fn root_certificate(&self) -> Option<&str> {
        self.root.as_deref()
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

/// Serves until the sender is used or dropped.
fn spawn<L>(listener: L, router: Router, mut stopped: watch::Receiver<()>) -> JoinHandle<std::io::Result<()>>
where
    L: Listener<Addr = SocketAddr>,
    L::Io: AsyncRead + AsyncWrite,
{
    let service = router.into_make_service_with_connect_info::<Wire>();
    let serving = axum::serve(Listening::new(listener), service).with_graceful_shutdown(async move {
        // Sent or dropped: either way it is time to stop.
        let _ = stopped.changed().await;
    });
    tokio::spawn(serving.into_future())
}

/// Writes the root certificate. Answers the whole path, which a program elsewhere needs.
fn write(file: &Path, root: &str) -> Result<PathBuf, Error> {
    std::fs::write(file, root)
        .and_then(|()| path::absolute(file))
        .map_err(|source| Error::WriteRoot {
            path: file.to_owned(),
            source,
        })
}

fn conclude(ended: Result<std::io::Result<()>, tokio::task::JoinError>) -> Result<(), Error> {
    ended
        .map_err(|source| Error::Ended { source })?
        .map_err(|source| Error::Serve { source })
}

async fn answer(
    State(site): State<Site>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    request: Request,
) -> Response {
    let turn = wire.begin();
    let (mut parts, body) = request.into_parts();
    let Ok(bytes) = body::to_bytes(body, LARGEST_BODY).await else {
        return status(StatusCode::PAYLOAD_TOO_LARGE);
    };
    let Some(uri) = absolute(&parts.uri, parts.headers.get(header::HOST), &site) else {
        return status(StatusCode::BAD_REQUEST);
    };
    parts.uri = uri;
    let delivery = site.cloud.exchange(http::Request::from_parts(parts, bytes)).await;
    let place = Place {
        wire,
        turn,
        clock: site.cloud.clock(),
        stopped: site.stopped,
    };
    cut::response(delivery, place).await
}

fn status(status: StatusCode) -> Response {
    let mut response = Response::new(Body::from(Bytes::new()));
    *response.status_mut() = status;
    response
}

/// The whole address of a request, by the host it names: HTTP/2 has it in the address, HTTP/1.1 in a header.
fn absolute(uri: &Uri, host: Option<&HeaderValue>, site: &Site) -> Option<Uri> {
    let host = match (uri.authority(), host) {
        (Some(authority), _) => authority.to_string(),
        (None, Some(host)) => host.to_str().ok()?.to_owned(),
        (None, None) => site.address.to_string(),
    };
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    Uri::builder()
        .scheme(site.scheme)
        .authority(host)
        .path_and_query(path)
        .build()
        .ok()
}
