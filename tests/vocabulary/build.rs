//! Tells the tests whether the checker of Microsoft's schema lies beside the workspace, and Python to run it with;
//! where they do not, the test that needs them is reported as ignored.
#![allow(clippy::print_stdout, reason = "it is how a build script talks to cargo")]

use std::{path::Path, process::Command};

fn main() {
    let contract = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/contract");
    let python = Command::new("python3").arg("--version").output();
    println!("cargo::rustc-check-cfg=cfg(contract)");
    println!("cargo::rerun-if-changed=build.rs");
    let runs = python.is_ok_and(|answer| answer.status.success());
    if runs && contract.join("check_traffic.py").is_file() {
        println!("cargo::rustc-cfg=contract");
        println!("cargo::rerun-if-changed={}", contract.display());
    }
}
