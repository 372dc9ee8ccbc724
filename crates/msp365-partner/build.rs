//! Tells the tests whether Microsoft's samples lie beside the workspace; where they do not, the test that reads them is
//! reported as ignored.
#![allow(clippy::print_stdout, reason = "it is how a build script talks to cargo")]

use std::path::Path;

fn main() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples");
    println!("cargo::rustc-check-cfg=cfg(samples)");
    println!("cargo::rerun-if-changed=build.rs");
    if samples.is_dir() {
        println!("cargo::rustc-cfg=samples");
        println!("cargo::rerun-if-changed={}", samples.display());
    }
}
