//! Runs the command and looks at what it answered.

use std::{ffi::OsStr, fs::OpenOptions, io::Write, process::Stdio, time::Duration};

use serde_json::Value;
use tokio::process::{Child, Command};

/// The key that everything is sealed with, unless a test takes another.
pub(crate) const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
/// How long a command may take. None of those here needs a tenth of it.
const BOUND: Duration = Duration::from_secs(90);

/// What a command answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Answer {
    /// The one JSON document on standard output.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        let lines = self.lines();
        assert_eq!(lines.len(), 1, "{self:#?}");
        lines[0].clone()
    }

    /// The JSON lines on standard output.
    #[track_caller]
    pub(crate) fn lines(&self) -> Vec<Value> {
        let read = |line: &str| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
        self.out.lines().map(read).collect()
    }

    /// Fails unless the command ended with this code.
    #[track_caller]
    pub(crate) fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }
}

/// The command with these arguments, and nothing of ours in its environment but the key.
pub(crate) fn command<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_msp365"));
    // The finest log of each is searched for secrets, where the suite is recorded.
    if let Some(folder) = msp365_stores::recorded() {
        let file = folder.join(format!("{}-commands.log", std::process::id()));
        command.env("MSP365_LOG", "trace").env("MSP365_LOG_FILE", file);
    } else {
        command.env_remove("MSP365_LOG").env_remove("MSP365_LOG_FILE");
    }
    command
        .args(arguments)
        .env_remove("MSP365_CLIENT_SECRET")
        .env("MSP365_VAULT_KEY", KEY)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Waits for a command to end.
pub(crate) async fn ended(mut command: Command) -> Answer {
    answer(command.spawn().unwrap()).await
}

/// Waits for a running command to end.
pub(crate) async fn answer(child: Child) -> Answer {
    let output = tokio::time::timeout(BOUND, child.wait_with_output()).await;
    let output = output.expect("the command does not end").unwrap();
    if let Some(folder) = msp365_stores::recorded() {
        let file = folder.join(format!("{}-commands.out", std::process::id()));
        let mut file = OpenOptions::new().append(true).create(true).open(file).unwrap();
        file.write_all(&without_handover(&output.stdout)).unwrap();
        file.write_all(&output.stderr).unwrap();
    }
    Answer {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Lines for people that hand over a password or a pass.
const HANDOVER: [&[u8]; 2] = [b"Password: ", b"Temporary access pass: "];

/// What was said without the passwords and passes that are handed over there, and nowhere else: in the documents, one a
/// line, and in lines of their own.
fn without_handover(said: &[u8]) -> Vec<u8> {
    let lines = said.split_inclusive(|byte| *byte == b'\n');
    let told = lines.flat_map(|line| match serde_json::from_slice::<Value>(line) {
        Ok(Value::Object(mut members)) => {
            members.remove("secrets");
            format!("{}\n", Value::Object(members)).into_bytes()
        }
        _ if HANDOVER.iter().any(|words| line.starts_with(words)) => b"(handed over)\n".to_vec(),
        _ => line.to_vec(),
    });
    told.collect()
}
