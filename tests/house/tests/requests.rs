//! What each request function has to say of itself, and each source file.

use std::fs;

use msp365_house::{files, root};

/// The crates that others depend on for requests and models alone.
const VOCABULARY: [&str; 4] = ["msp365-core", "msp365-graph", "msp365-partner", "msp365-client"];

/// The public functions of a file that return a request, each with the lines above it and its signature.
fn requests(text: &str) -> Vec<(String, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        if !line.trim_start().starts_with("pub fn ") {
            continue;
        }
        let head: Vec<&str> = lines[number..]
            .iter()
            .copied()
            .take_while(|line| !line.trim().is_empty())
            .collect();
        let signature = head.join(" ");
        let signature = signature.split('{').next().unwrap_or_default().to_owned();
        let above: Vec<&str> = lines[..number]
            .iter()
            .rev()
            .copied()
            .take_while(|line| {
                ["///", "#["]
                    .iter()
                    .any(|start| line.trim_start().starts_with(start))
            })
            .collect();
        if signature.contains("-> Request<") || signature.contains("-> Option<Request<") {
            found.push((signature, above.join("\n")));
        }
    }
    found
}

#[test]
fn each_request_function_names_its_permission() {
    let mut silent = Vec::new();
    let mut all = 0;
    for name in ["msp365-graph", "msp365-partner"] {
        for file in files(&root().join("crates").join(name).join("src"), ".rs") {
            let found = requests(&fs::read_to_string(&file).unwrap());
            all += found.len();
            let without = found
                .into_iter()
                .filter(|(_, docs)| !docs.contains("/// Permission: "));
            silent.extend(without.map(|(signature, _)| format!("{}: {signature}", file.display())));
        }
    }

    assert!(all > 150, "only {all} request functions were found");
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn each_module_of_the_vocabulary_says_what_it_covers() {
    let mut silent = Vec::new();
    for name in VOCABULARY {
        for file in files(&root().join("crates").join(name).join("src"), ".rs") {
            let path = file.to_string_lossy().replace('\\', "/");
            let is_test = path.contains("/tests/") || path.ends_with("/tests.rs");
            if !is_test && !fs::read_to_string(&file).unwrap().starts_with("//! ") {
                silent.push(path);
            }
        }
    }

    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn the_front_page_of_each_crate_of_the_vocabulary_has_an_example_that_runs() {
    for name in VOCABULARY {
        let file = root().join("crates").join(name).join("src/lib.rs");
        let text = fs::read_to_string(file).unwrap();
        let fences: Vec<&str> = text.lines().filter(|line| line.starts_with("//! ```")).collect();

        assert!(fences.contains(&"//! ```"), "{name} shows no example");
        let unrun = fences
            .iter()
            .find(|fence| fence.contains("ignore") || fence.contains("no_run"));
        assert_eq!(unrun, None, "{name}");
    }
}
