//! The cloud that is meant, and what is known of the app in it.

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use msp365::{
    Endpoints,
    auth::{App, Certificate},
    core::service::Cloud,
};
use secrecy::SecretString;
use serde::Deserialize;

use crate::{
    args,
    failure::Failure,
    session::{self, Place},
};

/// The variable that holds the password of a PKCS#12 file.
const CERTIFICATE_PASSWORD: &str = "MSP365_CERTIFICATE_PASSWORD";

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
pub(super) struct Target {
    pub(super) place: Place,
    client_id: Option<String>,
    secret: Option<SecretString>,
    pub(super) redirect: Option<String>,
}

/// The app that is to connect, with its secret or certificate.
pub(super) fn app(command: &args::Connect, target: &mut Target) -> Result<App, Failure> {
    let client_id = command
        .client_id
        .clone()
        .or(target.client_id.take())
        .ok_or_else(|| {
            Failure::usage("the application's client id is missing").remedy("give it with --client-id")
        })?;
    if let Some(path) = &command.certificate {
        return Ok(App::proven_by(&client_id, certificate(path)?));
    }
    let secret = session::client_secret(command.secret_file.as_deref())?
        .or(target.secret.take())
        .ok_or_else(|| {
            Failure::usage("the client secret is missing")
                .remedy("set MSP365_CLIENT_SECRET, or name a file with --secret-file or --certificate")
        })?;
    let ends = command.secret_ends.map(|day| day.to_zoned(TimeZone::UTC));
    let ends = ends
        .transpose()
        .map_err(|error| Failure::usage(error.to_string()))?;
    Ok(App::new(&client_id, secret).secret_ends_at(ends.map(|day| day.timestamp())))
}

fn certificate(path: &Path) -> Result<Certificate, Failure> {
    let bytes = std::fs::read(path).map_err(|error| {
        Failure::usage(format!(
            "cannot read the certificate `{}`: {error}",
            path.display()
        ))
    })?;
    let read = match String::from_utf8(bytes) {
        Ok(text) if text.contains("-----BEGIN") => Certificate::from_pem(&SecretString::from(text)),
        Ok(text) => Certificate::from_pkcs12(text.as_bytes(), &password()),
        Err(binary) => Certificate::from_pkcs12(binary.as_bytes(), &password()),
    };
    read.map_err(|error| Failure::usage(format!("`{}`: {error}", path.display())))
}

fn password() -> SecretString {
    std::env::var(CERTIFICATE_PASSWORD).unwrap_or_default().into()
}

/// A named cloud, or the one whose line is in a file.
pub(super) fn target(command: &args::Connect) -> Result<Target, Failure> {
    let cloud = command.cloud.as_str();
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
    let kind = if command.app_only { "app_only" } else { "delegated" };
    announced(&path, &text, kind)
}

fn announced(path: &Path, text: &str, kind: &str) -> Result<Target, Failure> {
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
    let app = found.apps.into_iter().find(|app| app.kind == kind);
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
