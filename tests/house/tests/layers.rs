//! The arrows between crates that must never be.

use msp365_house::{builds, files, needs, packages, root};

/// Crates of ours, and those they must never need at run time.
const NEVER: [(&str, &[&str]); 12] = [
    (
        "msp365-core",
        &["msp365", "tokio", "reqwest", "rusqlite", "sqlx", "tokio-postgres"],
    ),
    (
        "msp365-match",
        &["msp365", "tokio", "reqwest", "rusqlite", "sqlx", "tokio-postgres"],
    ),
    (
        "msp365-graph",
        &[
            "tokio",
            "reqwest",
            "rusqlite",
            "sqlx",
            "tokio-postgres",
            "msp365-partner",
        ],
    ),
    (
        "msp365-partner",
        &[
            "tokio",
            "reqwest",
            "rusqlite",
            "sqlx",
            "tokio-postgres",
            "msp365-graph",
        ],
    ),
    ("msp365-client", &["msp365-auth"]),
    ("msp365-auth", &["msp365-client", "reqwest"]),
    ("msp365-store", &["msp365-graph", "reqwest"]),
    (
        "msp365-sync",
        &["msp365-auth", "reqwest", "rusqlite", "sqlx", "tokio-postgres"],
    ),
    (
        "msp365-actions",
        &["msp365-auth", "reqwest", "rusqlite", "sqlx", "tokio-postgres"],
    ),
    (
        "msp365-sim",
        &[
            "msp365-graph",
            "msp365-partner",
            "msp365-client",
            "msp365-auth",
            "msp365-store",
        ],
    ),
    ("msp365", &["reqwest", "rusqlite", "sqlx", "tokio-postgres"]),
    ("msp365-cli", &["reqwest", "rusqlite", "sqlx", "tokio-postgres"]),
];

/// Libraries that are an implementation's own business, and the only files that may name them.
const PRIVATE: [(&str, &[&str]); 12] = [
    (
        "reqwest::",
        &[
            "crates/msp365-client/src/http",
            "crates/msp365-auth/src/oauth/tests",
        ],
    ),
    (
        "rcgen::",
        &[
            "crates/msp365-auth/src/certificate/tests.rs",
            "crates/msp365-sim/src/app.rs",
            "crates/msp365-sim/src/tls.rs",
        ],
    ),
    ("p12_keystore::", &["crates/msp365-auth/src/certificate"]),
    ("x509_parser::", &["crates/msp365-auth/src/certificate"]),
    (
        "tokio_postgres::",
        &["crates/msp365-store/src/postgres", "tests/stores"],
    ),
    ("deadpool_postgres::", &["crates/msp365-store/src/postgres"]),
    (
        "tokio_postgres_rustls::",
        &["crates/msp365-store/src/postgres/open.rs"],
    ),
    ("tokio_rustls::", &["crates/msp365-sim/src/tls.rs"]),
    ("oauth2::", &["crates/msp365-auth/src/oauth"]),
    ("hpke::", &["crates/msp365-actions/src/secret/sealed.rs"]),
    (
        "jsonwebtoken::",
        &[
            "crates/msp365-auth/src/id_token",
            "crates/msp365-auth/src/keys",
            "crates/msp365-sim/src/identity",
        ],
    ),
    (
        "rusqlite::",
        &[
            "crates/msp365-store/src/sqlite",
            "tests/scale/benches",
            "tests/stores/tests",
        ],
    ),
];

#[test]
fn no_crate_needs_what_its_layer_forbids() {
    let mut broken = Vec::new();
    for package in packages().unwrap() {
        let forbidden = NEVER
            .iter()
            .find(|(name, _)| *name == package.name.as_str())
            .map_or(&[][..], |(_, list)| list);
        for need in needs(&package) {
            let ours = forbidden.contains(&"msp365") && need.starts_with("msp365");
            if ours || forbidden.contains(&need.as_str()) {
                broken.push(format!("{} -> {need}", package.name));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// What nobody who takes the vocabulary alone has to build: runtimes, HTTP libraries, databases.
const HEAVY: [&str; 7] = [
    "tokio",
    "async-std",
    "mio",
    "hyper",
    "reqwest",
    "rusqlite",
    "sqlx",
];

/// Asking the system for the time, which only behind the seam `Clock` is done.
const CLOCKS: [&str; 4] = ["SystemTime", "Instant", "Timestamp::now", "Zoned::now"];

const VOCABULARY: [&str; 4] = ["msp365-core", "msp365-graph", "msp365-partner", "msp365-match"];

#[test]
fn the_vocabulary_builds_without_a_runtime_an_http_library_or_a_database() {
    for name in VOCABULARY {
        let all = builds(name).unwrap();

        assert!(all.len() > 5, "{name}: {all:?}");
        let heavy: Vec<_> = all.iter().filter(|one| HEAVY.contains(&one.as_str())).collect();
        assert!(heavy.is_empty(), "{name} builds {heavy:?}");
    }
}

#[test]
fn the_vocabulary_asks_no_clock() {
    let mut broken = Vec::new();
    for name in VOCABULARY {
        for file in files(&root().join("crates").join(name).join("src"), ".rs") {
            let text = std::fs::read_to_string(&file).unwrap();
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            let asks = |line: &str| CLOCKS.iter().any(|clock| line.contains(clock));
            broken.extend(
                code.filter(|line| asks(line))
                    .map(|line| format!("{}: {line}", file.display())),
            );
        }
    }

    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn only_the_facade_and_tests_know_the_simulator() {
    for package in packages().unwrap() {
        let knows = needs(&package).iter().any(|need| need == "msp365-sim");
        let may = package.name.as_str() == "msp365" || package.manifest_path.as_str().contains("/tests/");
        assert!(!knows || may, "{} -> msp365-sim", package.name);
    }
}

#[test]
fn the_simulator_knows_core_alone() {
    let packages = packages().unwrap();
    let sim = packages
        .iter()
        .find(|package| package.name.as_str() == "msp365-sim")
        .unwrap();

    let ours: Vec<_> = needs(sim)
        .into_iter()
        .filter(|need| need.starts_with("msp365"))
        .collect();

    assert_eq!(ours, ["msp365-core"]);
}

#[test]
fn programs_use_the_facade_alone() {
    for package in packages().unwrap() {
        let is_program =
            package.name.as_str() == "msp365-cli" || package.manifest_path.as_str().contains("/examples/");
        if is_program {
            let inner: Vec<_> = needs(&package)
                .into_iter()
                .filter(|need| need.starts_with("msp365-"))
                .collect();
            assert!(
                inner.is_empty(),
                "{} -> {inner:?}: what it needs is missing from the facade",
                package.name
            );
        }
    }
}

#[test]
fn private_libraries_stay_in_their_files() {
    let root = root();
    let mut broken = Vec::new();
    for file in files(&root.join("crates"), ".rs")
        .into_iter()
        .chain(files(&root.join("examples"), ".rs"))
    {
        let name = file
            .strip_prefix(&root)
            .unwrap()
            .to_string_lossy()
            .replace('\\', "/");
        let text = std::fs::read_to_string(&file).unwrap();
        for (library, homes) in PRIVATE {
            if text.contains(library) && !homes.iter().any(|home| name.starts_with(home)) {
                broken.push(format!("{name} names {library}"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}
