//! A simulated cloud as a process.

use std::{fs, path::PathBuf};

use serde_json::Value;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use crate::command::{Answer, answer, command, ended};

/// `sim serve` as a process, and a database.
pub(crate) struct Served {
    child: Child,
    pub(crate) announced: Value,
    folder: TempDir,
}

impl Served {
    pub(crate) async fn begin(arguments: &[&str]) -> Self {
        let folder = msp365_stores::folder();
        let record = folder.path().join("traffic.jsonl");
        let mut serve = command(["sim", "serve", "--customers", "5", "--users", "10", "--record"]);
        let mut child = serve
            .arg(&record)
            .args(arguments)
            .current_dir(&folder)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
        let line = lines.next_line().await.unwrap().unwrap();
        fs::write(folder.path().join("cloud.json"), &line).unwrap();
        Self {
            child,
            announced: serde_json::from_str(&line).unwrap(),
            folder,
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut whole = command(arguments);
        whole
            .arg("--db")
            .arg(format!("sqlite:{}", self.path("served.db").display()));
        whole
    }

    pub(crate) async fn run(&self, arguments: &[&str]) -> Answer {
        ended(self.command(arguments)).await
    }

    /// Ends it as a person or a service manager would.
    pub(crate) async fn stop(self, signal: &str) -> (Answer, TempDir) {
        let id = self.child.id().unwrap().to_string();
        let sent = Command::new("kill").args([signal, &id]).status().await.unwrap();
        assert!(sent.success());
        (answer(self.child).await, self.folder)
    }
}
