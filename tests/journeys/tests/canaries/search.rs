//! The search through all that the test suite leaves behind finds a secret in each form and place.

use std::{fs, path::Path, process::Command};

use tempfile::TempDir;

/// A mark of the simulated cloud within a secret, as it is and encoded after none, one and two other bytes.
const FORMS: [&str; 7] = [
    "1.AUwAc4NaRyf00",
    "63344e615279",
    "63344E615279",
    "YzROYVJ5",
    "MWM0TmFSeQ",
    "MTJjNE5hUnk",
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJvaWQiOiIwMDAwMDAwMC0wMDAw.c2lnbmF0dXJlLW9mLWl0",
];
/// A file of each kind.
const PLACES: [&str; 5] = [
    "1-0.jsonl",
    "1-0.log",
    "tests.out",
    "kept-1/msp365.db",
    "kept-1/msp365.db-wal",
];

/// A folder as a suite leaves it, without a secret.
fn left_behind() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("kept-1")).unwrap();
    for place in PLACES {
        fs::write(folder.path().join(place), "nothing of note\n").unwrap();
    }
    fs::write(folder.path().join("1-1.sought"), "Xy7-quiet-river\n").unwrap();
    folder
}

/// The exit code, and what is said.
fn search(folder: &Path) -> (Option<i32>, String) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.ci/secrets");
    let done = Command::new(script).arg(folder).output().unwrap();
    (done.status.code(), String::from_utf8(done.stdout).unwrap())
}

#[test]
fn nothing_is_found_where_no_secret_is_left() {
    let (code, said) = search(left_behind().path());

    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("none in 1 recordings, 1 logs, 1 output, 2 databases"),
        "{said}"
    );
}

#[test]
fn a_secret_that_is_left_behind_is_found_in_each_place_and_form() {
    let planted = FORMS.into_iter().map(|form| (form, PLACES[0]));
    let planted = planted.chain(PLACES.map(|place| ("Xy7-quiet-river", place)));
    for (secret, place) in planted {
        let folder = left_behind();
        fs::write(folder.path().join(place), format!("\u{0}before {secret}\" after")).unwrap();

        let (code, said) = search(folder.path());

        assert_eq!(code, Some(1), "{secret} in {place}: {said}");
        assert!(said.trim_end().ends_with(place), "{said}");
    }
}

#[test]
fn a_search_in_nothing_is_no_search() {
    for place in &PLACES[..3] {
        let folder = left_behind();
        fs::remove_file(folder.path().join(place)).unwrap();

        let (code, said) = search(folder.path());

        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("there are no"), "{said}");
    }
}
