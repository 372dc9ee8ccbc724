//! No secret is left behind: what goes over the wire and what seals it is sought, in every form, in all that a program
//! leaves behind while every fault of the catalogue happens to it.

use std::{
    collections::{BTreeSet, HashMap},
    fmt::Write as _,
    fs, io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use bytes::Bytes;
use http::{Request, header::AUTHORIZATION};
use msp365::{
    Error, Msp365,
    auth::{App, Certificate, StaticKeyRing, VaultKey},
    client::Recorder,
    core::{Reply, Transport, TransportError},
    sim::{self, Cloud, Sim},
    store,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

/// How many different secrets have to be sought at least.
const CANARIES: usize = 64;
/// The fields of questions and answers that hold secrets.
const SECRET_FIELDS: [&str; 11] = [
    "access_token",
    "refresh_token",
    "id_token",
    "device_code",
    "client_secret",
    "client_assertion",
    "code",
    "code_verifier",
    "state",
    "nonce",
    "refreshToken",
];
/// The vault key.
const KEY: &str = "5ca1ab1e00112233445566778899aabbccddeeff102030405060708090a0b0c0";
/// Shorter values are found by chance.
const SHORTEST: usize = 16;

/// What was written somewhere, shared with who writes.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Paper {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl io::Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Collects the secrets that go through it.
struct Collector {
    inner: Arc<dyn Transport>,
    found: Arc<Mutex<BTreeSet<String>>>,
}

impl Collector {
    fn add(&self, secret: &str) {
        if secret.len() >= SHORTEST {
            self.found.lock().unwrap().insert(secret.to_owned());
        }
    }

    fn read(&self, pairs: impl Iterator<Item = (String, String)>) {
        for (name, value) in pairs {
            if SECRET_FIELDS.contains(&name.as_str()) {
                self.add(&value);
            }
        }
    }
}

#[async_trait]
impl Transport for Collector {
    async fn send(&self, request: Request<Bytes>) -> Result<Reply, TransportError> {
        if let Some(bearer) = request.headers().get(AUTHORIZATION) {
            self.add(bearer.to_str().unwrap_or_default().trim_start_matches("Bearer "));
        }
        self.read(form(std::str::from_utf8(request.body()).unwrap_or_default()));
        let reply = self.inner.send(request).await?;
        if let Ok(Value::Object(body)) = serde_json::from_slice(reply.text_bytes()) {
            let texts = body
                .into_iter()
                .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())));
            self.read(texts);
        }
        Ok(reply)
    }
}

fn form(text: &str) -> impl Iterator<Item = (String, String)> {
    let pairs: Vec<_> = text
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), percent_decoded(value)))
        .collect();
    pairs.into_iter()
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let digits = (byte == b'%')
            .then(|| [rest.next(), rest.next()].map(|digit| char::from(digit.unwrap_or_default())));
        let decoded =
            digits.and_then(|digits| u8::from_str_radix(&digits.iter().collect::<String>(), 16).ok());
        bytes.push(decoded.unwrap_or(if byte == b'+' { b' ' } else { byte }));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// All that a secret may look like.
fn forms(secret: &str) -> Vec<String> {
    let hex = secret.bytes().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let percent = secret.bytes().fold(String::new(), |mut text, byte| {
        let plain = byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
        let _ = if plain {
            write!(text, "{}", char::from(byte))
        } else {
            write!(text, "%{byte:02X}")
        };
        text
    });
    // Without the last signs, which change with what follows.
    let base64 = |text: String| text.get(..text.len() - 4).unwrap_or_default().to_owned();
    vec![
        secret.to_owned(),
        percent,
        hex.to_uppercase(),
        hex,
        base64(STANDARD.encode(secret)),
        base64(URL_SAFE_NO_PAD.encode(secret)),
    ]
}

/// The middle of each form of each secret, with the beginning of the secret.
fn needles(secrets: &BTreeSet<String>) -> HashMap<Vec<u8>, &str> {
    let mut needles = HashMap::new();
    for secret in secrets {
        for form in forms(secret) {
            let from = (form.len() - SHORTEST) / 2;
            let middle = form.as_bytes().get(from..from + SHORTEST).unwrap_or_default();
            needles.insert(middle.to_vec(), secret.get(..12).unwrap_or_default());
        }
    }
    needles
}

/// A provider whose every word is kept.
struct Office {
    cloud: Cloud,
    msp: Msp365,
    said: Paper,
}

impl Office {
    fn note<T: std::fmt::Debug>(&self, result: Result<T, Error>) {
        let text = match result {
            Ok(value) => format!("{value:?}\n"),
            Err(error) => format!("{error}\n{error:?}\n{}\n{:?}\n", error.words(), error.remedy()),
        };
        io::Write::write_all(&mut self.said.clone(), text.as_bytes()).unwrap();
    }

    /// All that a person would do in a day.
    async fn work(&self) {
        let partner = self.cloud.partner_tenant();
        let consent = self
            .msp
            .begin_connect(partner, &self.cloud.app().redirect_uri)
            .unwrap();
        self.note(Ok(&consent));
        match sim::sign_in(&self.cloud, consent.url()).await {
            Ok(callback) => self.note(self.msp.connect(consent, &callback).await),
            Err(error) => self.note::<()>(Err(error)),
        }
        self.note(self.msp.tenants().refresh().await);
        let first = &self.cloud.customer_ids()[..1];
        self.note(self.msp.tenants().enrol(first, |_| {}).await);
        self.note(
            self.msp
                .sync()
                .run(first)
                .await
                .map(|report| report.tenants.len()),
        );
    }

    /// The ways to connect besides the browser.
    async fn connect_otherwise(&self, spare: SecretString) {
        let (partner, own) = (self.cloud.partner_tenant(), self.cloud.app_only());
        self.note(self.msp.connect_with_refresh_token(partner, spare).await);
        let sign_in = self.msp.begin_device_connect(partner).await.unwrap();
        self.note(Ok(&sign_in));
        let _ = sim::sign_in::enter_code(&*self.cloud.transport(), sign_in.page(), sign_in.code()).await;
        self.note(self.msp.connect_device(sign_in).await);
        let certificate = Certificate::from_pem(&own.certificate().unwrap()).unwrap();
        let proven = App::proven_by(&own.client_id, certificate);
        self.note(Ok(&proven));
        self.note(self.msp.connect_app(self.cloud.customer_ids()[0], proven).await);
        let wrong = App::new(&own.client_id, "canary-of-a-wrong-client-secret".into());
        self.note(self.msp.connect_app(self.cloud.customer_ids()[1], wrong).await);
    }
}

/// All bytes of the files in a folder: the database, its log and what else lies there.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.display().to_string(), fs::read(&path).unwrap()))
        .collect()
}

/// Works on a database in a folder, with everything written down, until every fault has happened.
async fn all_faults(folder: &Path, recording: &Paper, found: &Arc<Mutex<BTreeSet<String>>>) -> Office {
    let cloud = Sim::seeded(7)
        .customers(2)
        .users_each(1)
        .manual_clock()
        .record(Box::new(recording.clone()))
        .build();
    let recorded = Recorder::new(
        Collector {
            inner: cloud.transport(),
            found: Arc::clone(found),
        },
        Box::new(recording.clone()),
    );
    let kept = store::open(&format!("sqlite:{}", folder.join("kept.db").display()))
        .await
        .unwrap();
    let ring = StaticKeyRing::new(VaultKey::from_text(KEY, b"").unwrap());
    let msp = sim::builder(&cloud)
        .transport(Arc::new(recorded))
        .store(kept, Arc::new(ring))
        .audit_key([0x5c; 32])
        .build()
        .unwrap();
    let office = Office {
        cloud,
        msp,
        said: Paper::default(),
    };
    office.work().await;
    let (partner, redirect) = (office.cloud.partner_tenant(), office.cloud.app().redirect_uri);
    let consent = office.msp.begin_connect(partner, &redirect).unwrap();
    let callback = sim::sign_in(&office.cloud, consent.url()).await.unwrap();
    let spare = office
        .msp
        .connect(consent, &callback)
        .await
        .unwrap()
        .refresh_token;
    found.lock().unwrap().insert(spare.expose_secret().to_owned());
    office.connect_otherwise(spare).await;
    for (id, _) in office.cloud.faults().known().collect::<Vec<_>>() {
        let Ok(script) = office.cloud.faults().script(id) else {
            continue;
        };
        let installed = script.times(3).install();
        office.work().await;
        installed.uninstall();
        office.cloud.advance(std::time::Duration::from_hours(2));
    }
    office
}

/// What a program says that fails with everything in its hands.
fn panic_of(office: &Office) -> Paper {
    let panics = Paper::default();
    let told = panics.clone();
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let _ = io::Write::write_all(&mut told.clone(), format!("{info}\n").as_bytes());
    }));
    let app = sim::app(&office.cloud);
    let _ = catch_unwind(AssertUnwindSafe(|| {
        panic!("{:?} {app:?} {:?}", office.msp, office.msp.client())
    }));
    std::panic::set_hook(before);
    panics
}

/// The secrets that do not go over the wire.
fn kept_secrets(office: &Office) -> Vec<String> {
    let pem = office.cloud.app_only().certificate().unwrap();
    let key = pem
        .expose_secret()
        .split("-----BEGIN PRIVATE KEY-----")
        .nth(1)
        .unwrap();
    let mut secrets: Vec<String> = key
        .lines()
        .filter(|line| line.len() == 64)
        .map(str::to_owned)
        .collect();
    secrets.extend([
        KEY.to_owned(),
        office.cloud.app().client_secret.expose_secret().to_owned(),
        "canary-of-a-wrong-client-secret".to_owned(),
    ]);
    secrets
}

#[tokio::test]
async fn sixty_four_secrets_are_found_nowhere() {
    let folder = msp365_stores::folder();
    let (logs, recording) = (Paper::default(), Paper::default());
    let writer = logs.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();
    let found: Arc<Mutex<BTreeSet<String>>> = Arc::default();

    let office = all_faults(folder.path(), &recording, &found).await;
    let panics = panic_of(&office);

    // The activity log is in the database that is searched.
    let log = office.msp.actions().log().unwrap();
    assert!(log.verify(None).await.unwrap().count > 100);
    let mut secrets = found.lock().unwrap().clone();
    secrets.extend(kept_secrets(&office));
    assert!(secrets.len() >= CANARIES, "{} secrets", secrets.len());
    let mut places = files(folder.path());
    for (name, paper) in [
        ("logs", &logs),
        ("recording", &recording),
        ("panics", &panics),
        ("errors", &office.said),
    ] {
        assert!(!paper.text().is_empty(), "{name}");
        places.push((name.to_owned(), paper.text().into_bytes()));
    }
    let has_log = places.iter().any(|(name, _)| name.ends_with("-wal"));
    assert!(has_log, "the log of the database is there");
    assert_eq!(left(&secrets, &places), BTreeSet::new());
}

/// Which secrets are left where.
fn left(secrets: &BTreeSet<String>, places: &[(String, Vec<u8>)]) -> BTreeSet<String> {
    let needles = needles(secrets);
    let mut left = BTreeSet::new();
    for (name, bytes) in places {
        for window in bytes.windows(SHORTEST) {
            if let Some(secret) = needles.get(window) {
                left.insert(format!("{secret}… in {name}"));
            }
        }
    }
    left
}

#[test]
fn a_secret_that_is_left_is_found_in_every_form() {
    let secret = "canary+of/a secret=that is left";
    let secrets = BTreeSet::from([secret.to_owned()]);

    for form in forms(secret) {
        let place = (
            "somewhere".to_owned(),
            format!("before {form} after").into_bytes(),
        );

        assert_eq!(left(&secrets, &[place]).len(), 1, "{form}");
    }
}
