//! A person connects through a real browser: Chromium without a screen, driven by the W3C's `WebDriver` protocol.
//!
//! Needs the programs `chromium` and `chromedriver`.

use std::{process::Stdio, time::Duration};

use bytes::Bytes;
use http::{Method, Request, header};
use msp365::{client::HttpTransport, core::Transport};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use crate::{command::answer, office::Office};

/// The programs, as Debian names them.
const BROWSER: &str = "/usr/bin/chromium";
const DRIVER: &str = "/usr/bin/chromedriver";
/// How the protocol names an element in its answers.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// How long a page may take to come.
const PATIENCE: Duration = Duration::from_secs(20);

/// A browser with one window.
struct Browser {
    transport: HttpTransport,
    session: String,
    driver: Child,
    /// Goes with the browser.
    profile: TempDir,
}

impl Browser {
    async fn open() -> Self {
        let profile = tempfile::tempdir().unwrap();
        let mut driver = Command::new(DRIVER)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = loop {
            let line = lines.next_line().await.unwrap().expect("the driver ended");
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                break port.trim_end_matches('.').to_owned();
            }
        };
        let mut browser = Self {
            transport: HttpTransport::new().unwrap(),
            session: format!("http://127.0.0.1:{port}/session"),
            driver,
            profile,
        };
        let folder = format!("--user-data-dir={}", browser.profile.path().display());
        let options = json!({
            "binary": BROWSER,
            "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", folder],
        });
        let wanted = json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}});
        let made = browser.ask(Method::POST, "", &wanted).await.unwrap();
        browser.session = format!("{}/{}", browser.session, made["sessionId"].as_str().unwrap());
        browser
    }

    /// Asks the driver; the error is what it says.
    async fn ask(&self, method: Method, path: &str, body: &Value) -> Result<Value, Value> {
        let body = if method == Method::POST {
            Bytes::from(body.to_string())
        } else {
            Bytes::new()
        };
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.session))
            .header(header::CONTENT_TYPE, "application/json")
            .body(body)
            .unwrap();
        let reply = self.transport.send(request).await.unwrap();
        let mut told: Value = serde_json::from_slice(reply.text_bytes()).unwrap();
        let value = told["value"].take();
        if reply.status.is_success() {
            Ok(value)
        } else {
            Err(value)
        }
    }

    async fn title(&self) -> String {
        let title = self.ask(Method::GET, "/title", &Value::Null).await.unwrap();
        title.as_str().unwrap().to_owned()
    }

    async fn text(&self) -> String {
        let body = self.find("body").await.unwrap();
        let text = self
            .ask(Method::GET, &format!("/element/{body}/text"), &Value::Null)
            .await;
        text.unwrap().as_str().unwrap().to_owned()
    }

    async fn find(&self, selector: &str) -> Result<String, Value> {
        let wanted = json!({"using": "css selector", "value": selector});
        let found = self.ask(Method::POST, "/element", &wanted).await?;
        Ok(found[ELEMENT].as_str().unwrap().to_owned())
    }

    /// Waits for the page of this title, and clicks on what is meant there.
    async fn click(&self, title: &str, selector: &str) {
        let clicking = async {
            while self.title().await != title {}
            let element = self.find(selector).await.unwrap();
            let path = format!("/element/{element}/click");
            self.ask(Method::POST, &path, &json!({})).await.unwrap();
        };
        let is_clicked = tokio::time::timeout(PATIENCE, clicking).await.is_ok();
        assert!(is_clicked, "`{}` instead of `{title}`", self.title().await);
    }

    async fn close(mut self) {
        self.ask(Method::DELETE, "", &Value::Null).await.unwrap();
        self.driver.kill().await.unwrap();
    }
}

/// Why there is no browser, if there is none.
pub(crate) fn missing() -> Option<String> {
    let absent = |program: &&str| !std::path::Path::new(program).exists();
    let program = [BROWSER, DRIVER].into_iter().find(absent)?;
    Some(format!("{program} is not installed"))
}

pub(crate) async fn a_person_connects_by_clicking() {
    let browser = Browser::open().await;
    let office = Office::open(2, 3, Duration::ZERO).await;
    let (cloud, partner) = (
        office.cloud.to_str().unwrap(),
        office.server.partner_tenant().to_string(),
    );
    let mut connect = office.command(&["connect", "--cloud", cloud, "--partner", &partner, "--json"]);
    let mut child = connect.stderr(Stdio::piped()).spawn().unwrap();
    let mut told = BufReader::new(child.stderr.take().unwrap()).lines();
    let address = loop {
        let line = told.next_line().await.unwrap().expect("it says where to sign in");
        if line.starts_with("http") {
            break line;
        }
    };

    browser
        .ask(Method::POST, "/url", &json!({ "url": address }))
        .await
        .unwrap();
    browser.click("Pick an account", "button.row").await;
    browser
        .click("Approve sign-in request", "button[value=approve]")
        .await;
    browser.click("Permissions requested", "button.main").await;
    let connected = answer(child).await.ended(0).json();
    let shown = browser.text().await;
    browser.close().await;

    assert_eq!(connected["account"], office.server.service_account());
    assert_eq!(
        (&connected["mfa"], &connected["customers"]),
        (&"proven".into(), &2.into())
    );
    assert!(shown.contains("close this page"), "{shown}");
    office
        .run(&["tenants", "list", "--refresh", "--json"])
        .await
        .ended(0);
}
