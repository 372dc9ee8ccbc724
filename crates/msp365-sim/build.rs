//! Tells the tests whether the checker of Microsoft's schema, its samples and the list of faults lie beside the workspace,
//! and Python to run the checker with; where they do not, the tests that need them are reported as ignored.
#![allow(clippy::print_stdout, reason = "it is how a build script talks to cargo")]

use std::{path::Path, process::Command};

fn main() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let python = Command::new("python3").arg("--version").output();
    println!("cargo::rustc-check-cfg=cfg(contract)");
    println!("cargo::rustc-check-cfg=cfg(fault_list)");
    println!("cargo::rustc-check-cfg=cfg(samples)");
    println!("cargo::rerun-if-changed=build.rs");
    let runs = python.is_ok_and(|answer| answer.status.success());
    if runs && shared.join("contract/check_traffic.py").is_file() {
        println!("cargo::rustc-cfg=contract");
    }
    if shared.join("samples/graph-samples.jsonl").is_file()
        && shared.join("contract/graph-v1.0.json").is_file()
    {
        println!("cargo::rustc-cfg=samples");
    }
    if shared.join("design/faults.md").is_file() {
        println!("cargo::rustc-cfg=fault_list");
    }
}
