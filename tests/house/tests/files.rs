//! Sizes and names of files, links in the documents, and the tree at the top.

use std::{collections::BTreeSet, fs};

use msp365_house::{files, packages, root};

/// Most lines of a file, tests included.
const LINES: usize = 400;

/// What may lie at the top of the repository.
const TOP: [&str; 18] = [
    ".cargo",
    ".ci",
    ".clippy.toml",
    ".config",
    ".deny.toml",
    ".git",
    ".gitattributes",
    ".gitignore",
    ".rustfmt.toml",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "crates",
    "docs",
    "examples",
    "tests",
];

#[test]
fn no_source_file_is_longer_than_four_hundred_lines() {
    let long: Vec<_> = files(&root(), ".rs")
        .into_iter()
        .map(|file| (fs::read_to_string(&file).unwrap().lines().count(), file))
        .filter(|(lines, _)| *lines > LINES)
        .collect();

    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn files_are_named_for_their_subject() {
    let kinds = ["types", "utils", "helpers", "common", "misc", "util", "helper"];
    let odd: Vec<_> = files(&root(), ".rs")
        .into_iter()
        .filter(|file| {
            file.file_stem()
                .is_some_and(|stem| kinds.contains(&stem.to_string_lossy().as_ref()))
        })
        .collect();

    assert!(odd.is_empty(), "{odd:#?}");
}

#[test]
fn the_top_of_the_tree_holds_what_belongs_there() {
    let allowed: BTreeSet<_> = TOP.into_iter().collect();
    let odd: Vec<_> = fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| !allowed.contains(name.as_str()) && name != "target" && !name.contains(".db"))
        .collect();

    assert!(odd.is_empty(), "{odd:?}");
}

#[test]
fn each_crate_lies_in_a_folder_of_its_name() {
    for package in packages().unwrap() {
        let path = package.manifest_path.as_str().replace('\\', "/");
        if path.contains("/crates/") {
            assert!(
                path.ends_with(&format!("/crates/{}/Cargo.toml", package.name)),
                "{path}"
            );
        } else {
            assert_eq!(
                package.publish,
                Some(Vec::new()),
                "{} would be published",
                package.name
            );
        }
    }
}

#[test]
fn links_in_the_documents_lead_somewhere() {
    let root = root();
    let mut dead = Vec::new();
    for file in files(&root, ".md") {
        let text = fs::read_to_string(&file).unwrap();
        for link in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split_once(')'))
            .map(|(link, _)| link)
        {
            let target = link.split('#').next().unwrap_or_default();
            let local = !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:");
            if local && !file.parent().unwrap().join(target).exists() {
                dead.push(format!("{}: {link}", file.display()));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
}
