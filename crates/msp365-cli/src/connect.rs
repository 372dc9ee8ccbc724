//! `msp365 connect`.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use msp365::{
    Endpoints, ErrorKind, Msp365, TenantId,
    auth::{App, Connection},
    client::HttpTransport,
    core::service::Cloud,
    sim,
};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::{
    Ended, args,
    args::Global,
    failure::Failure,
    output,
    session::{self, Place},
};

/// How long a sign-in is waited for: no longer than its state is valid.
const PATIENCE: Duration = Duration::from_mins(10);
/// Bytes of a callback request that are read at most.
const CALLBACK_BOUND: usize = 16 * 1024;

/// The line that `sim serve` prints, as far as connecting needs it.
#[derive(Deserialize)]
struct Announcement {
    authority: String,
    graph: String,
    partner_center: String,
    root_certificate: Option<PathBuf>,
    apps: Vec<AnnouncedApp>,
}

#[derive(Deserialize)]
struct AnnouncedApp {
    client_id: String,
    client_secret: SecretString,
    kind: String,
    #[serde(default)]
    redirect_uris: Vec<String>,
}

/// A cloud, and what is known of the app in it.
struct Target {
    place: Place,
    client_id: Option<String>,
    secret: Option<SecretString>,
    redirect: Option<String>,
}

pub(crate) async fn run(global: &Global, command: args::Connect) -> Result<Ended, Failure> {
    let partner: TenantId = command
        .partner
        .parse()
        .map_err(|error: msp365::core::id::NotATenantId| Failure::usage(error.to_string()))?;
    let target = target(&command.cloud)?;
    let client_id = command.client_id.clone().or(target.client_id).ok_or_else(|| {
        Failure::usage("the application's client id is missing").remedy("give it with --client-id")
    })?;
    let secret = session::client_secret(command.secret_file.as_deref())?
        .or(target.secret)
        .ok_or_else(|| {
            Failure::usage("the client secret is missing")
                .remedy("set MSP365_CLIENT_SECRET, or name a file with --secret-file")
        })?;
    let store = session::store(global).await?;
    let keys = session::keys(&*store).await?;
    let app = App::new(&client_id, secret);
    let pages = pages(&target.place)?;
    let msp = session::build(global, app, target.place, store, keys)?;

    let redirect = target.redirect.as_deref();
    let connection = if command.auto {
        walk(&msp, partner, redirect, &pages).await?
    } else {
        sign_in(&msp, partner, redirect).await?
    };
    let tenants = msp.tenants().refresh().await?;
    let customers = tenants.iter().filter(|tenant| tenant.id != partner).count();
    if global.json {
        output::json(&json!({
            "partner": partner, "account": connection.account_name, "client_id": connection.client_id,
            "mfa": connection.mfa, "scopes": connection.scopes, "customers": customers,
        }))?;
    } else {
        let account = output::shown(&connection.account_name);
        output::line(&format!(
            "Connected to {partner} as {account}: {} listed.",
            output::many(customers, "customer")
        ))?;
        output::note(
            global,
            "Next: `msp365 doctor`, then `msp365 tenants sync --all` and `msp365 sync`.",
        );
    }
    Ok(Ended::Done)
}

/// What reaches the sign-in pages of a cloud.
fn pages(place: &Place) -> Result<HttpTransport, Failure> {
    let transport = match &place.root_certificate {
        Some(root) => HttpTransport::trusting(root),
        None => HttpTransport::new(),
    };
    transport.map_err(|error| Failure::from(msp365::Error::from(error)))
}

/// Signs in through the pages of the simulated cloud, as a person would.
async fn walk(
    msp: &Msp365,
    partner: TenantId,
    registered: Option<&str>,
    pages: &HttpTransport,
) -> Result<Connection, Failure> {
    let redirect = registered.ok_or_else(|| {
        Failure::usage("--auto walks through the pages of a simulated cloud alone")
            .remedy("give the file that `msp365 sim serve` printed as --cloud")
    })?;
    let consent = msp.begin_connect(partner, redirect)?;
    let callback = sim::sign_in::walk(pages, consent.url())
        .await
        .map_err(msp365::Error::from)?;
    Ok(msp.connect(consent, &sim::callback_query(&callback)).await?)
}

/// Signs in by a person whose browser comes back to this machine.
async fn sign_in(msp: &Msp365, partner: TenantId, registered: Option<&str>) -> Result<Connection, Failure> {
    let listener = listen().await?;
    let port = listener.local_addr().map_err(|error| unheard(&error))?.port();
    let consent = msp.begin_connect(partner, &local(registered, port))?;
    output::tell(&format!(
        "Open this address and sign in with the service account:
{}",
        consent.url()
    ));
    let query = tokio::time::timeout(PATIENCE, callback(&listener))
        .await
        .map_err(|_| {
            Failure::new(ErrorKind::Timeout, "nobody signed in within ten minutes")
                .remedy("run `msp365 connect` again")
        })??;
    Ok(msp.connect(consent, &query).await?)
}

/// A named cloud, or the one whose line is in a file.
fn target(cloud: &str) -> Result<Target, Failure> {
    if let Some(named) = Cloud::named(cloud) {
        return Ok(Target {
            place: Place {
                endpoints: Endpoints::of(named),
                root_certificate: None,
            },
            client_id: None,
            secret: None,
            redirect: None,
        });
    }
    let path = PathBuf::from(cloud);
    let text = std::fs::read_to_string(&path).map_err(|error| {
        Failure::usage(format!(
            "`{cloud}` is neither a cloud nor a file that can be read ({error})"
        ))
        .remedy("give public, usgov, usgov-dod, china, or the file with the line of `msp365 sim serve`")
    })?;
    announced(&path, &text)
}

fn announced(path: &Path, text: &str) -> Result<Target, Failure> {
    let line = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let found: Announcement = serde_json::from_str(line).map_err(|error| {
        Failure::usage(format!(
            "`{}` does not hold the line of `msp365 sim serve` ({error})",
            path.display()
        ))
    })?;
    let root_certificate = found.root_certificate.as_deref().map(root).transpose()?;
    let app = found.apps.into_iter().find(|app| app.kind == "delegated");
    let place = Place {
        endpoints: Endpoints::custom(&found.authority, &found.graph, &found.partner_center),
        root_certificate,
    };
    Ok(match app {
        Some(app) => Target {
            place,
            client_id: Some(app.client_id),
            secret: Some(app.client_secret),
            redirect: app.redirect_uris.into_iter().next(),
        },
        None => Target {
            place,
            client_id: None,
            secret: None,
            redirect: None,
        },
    })
}

fn root(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| {
        Failure::usage(format!(
            "cannot read the cloud's root certificate `{}`: {error}",
            path.display()
        ))
    })
}

/// The redirect address on this machine: the registered one with the port that was free. The sign-in service compares
/// all but the port.
fn local(registered: Option<&str>, port: u16) -> String {
    let path = registered
        .and_then(|url| url.strip_prefix("http://localhost"))
        .unwrap_or("/");
    let path = path.find('/').and_then(|at| path.get(at..)).unwrap_or("/");
    format!("http://localhost:{port}{path}")
}

async fn listen() -> Result<TcpListener, Failure> {
    TcpListener::bind(("127.0.0.1", 0))
        .await
        .map_err(|error| unheard(&error))
}

fn unheard(error: &std::io::Error) -> Failure {
    Failure::new(
        ErrorKind::Unavailable,
        format!("cannot wait for the redirect on loopback: {error}"),
    )
}

/// Waits for the browser's redirect and answers it. Requests without a query, such as for an icon, are not it.
async fn callback(listener: &TcpListener) -> Result<String, Failure> {
    loop {
        let (mut browser, _) = listener.accept().await.map_err(|error| unheard(&error))?;
        if let Some(query) = answered(&mut browser).await {
            return Ok(query);
        }
    }
}

async fn answered(browser: &mut TcpStream) -> Option<String> {
    let mut request = Vec::new();
    let mut piece = [0; 1024];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") && request.len() < CALLBACK_BOUND {
        match browser.read(&mut piece).await {
            Ok(0) | Err(_) => break,
            Ok(read) => request.extend_from_slice(piece.get(..read)?),
        }
    }
    let text = String::from_utf8_lossy(&request);
    let target = text.strip_prefix("GET ")?.split(' ').next()?;
    let query = target.split_once('?').map(|(_, query)| query.to_owned());
    let (status, words) = if query.is_some() {
        ("200 OK", "You can close this page and go back to the terminal.")
    } else {
        ("404 Not Found", "Nothing here.")
    };
    let answer = format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{words}",
        words.len()
    );
    let _ = browser.write_all(answer.as_bytes()).await;
    query
}
