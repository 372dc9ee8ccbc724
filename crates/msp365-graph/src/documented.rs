//! The documentation of each request function names the permissions of its operation, and every operation is used.

use std::{collections::HashMap, fs, path::Path};

use msp365_core::Operation;

/// A request function in its source.
struct Function {
    name: String,
    about: String,
    body: String,
}

#[test]
fn each_request_function_names_its_permissions() {
    let operations = operations();
    for (file, function) in functions() {
        let listed = function
            .constants()
            .filter_map(|name| operations.get(&(file.clone(), name)));
        let permissions = function.about.split("Permission:").nth(1).unwrap_or_default();
        assert!(
            !permissions.is_empty(),
            "{file}: {} names no permission",
            function.name
        );
        for permission in listed.flat_map(|operation| operation.delegated.iter().chain(operation.application))
        {
            assert!(
                permissions.contains(&format!("`{permission}`")),
                "{file}: {} lacks {permission}",
                function.name
            );
        }
    }
}

#[test]
fn each_operation_has_a_name_and_a_path_of_its_own_form() {
    let mut names = std::collections::HashSet::new();
    for operation in crate::operations() {
        assert!(names.insert(operation.name), "{} stands twice", operation.name);
        let (resource, verb) = operation.name.split_once('.').unwrap();
        assert!(!resource.is_empty() && !verb.contains('.'), "{}", operation.name);
        assert!(
            !operation.path.starts_with('/') && !operation.delegated.is_empty(),
            "{}",
            operation.name
        );
    }
    assert!(names.len() > 100, "{}", names.len());
}

impl Function {
    fn constants(&self) -> impl Iterator<Item = String> {
        self.body
            .split(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'))
            .filter(|word| word.len() > 1)
            .map(str::to_owned)
    }
}

/// All operations by file and constant.
fn operations() -> HashMap<(String, String), &'static Operation> {
    let by_name: HashMap<_, _> = crate::operations()
        .map(|operation| (operation.name, operation))
        .collect();
    let mut found = HashMap::new();
    for (file, text) in sources() {
        for part in text.split("\nstatic ").skip(1) {
            let (constant, rest) = part.split_once(':').unwrap();
            let name = rest.split('"').nth(1).and_then(|name| by_name.get(name));
            if let Some(operation) = name {
                found.insert((file.clone(), constant.to_owned()), *operation);
            } else {
                assert!(
                    !rest.starts_with(" Operation"),
                    "{file}: {constant} is not listed"
                );
            }
        }
    }
    found
}

fn functions() -> Vec<(String, Function)> {
    let mut found = Vec::new();
    for (file, text) in sources() {
        let lines: Vec<&str> = text.lines().collect();
        for (at, line) in lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.starts_with("pub fn "))
        {
            let until = lines[at..].iter().position(|line| *line == "}").unwrap();
            let body = lines[at..=at + until].join("\n");
            if !body.split_once('{').unwrap().0.contains("-> Request<") {
                continue;
            }
            let about: Vec<&str> = lines[..at]
                .iter()
                .rev()
                .take_while(|line| line.starts_with("///"))
                .copied()
                .collect();
            found.push((
                file.clone(),
                Function {
                    name: line.to_string(),
                    about: about.into_iter().rev().collect::<Vec<_>>().join(" "),
                    body,
                },
            ));
        }
    }
    assert!(
        found.len() > 100,
        "only {} request functions were found",
        found.len()
    );
    found
}

/// The sources of the crate, except tests.
fn sources() -> Vec<(String, String)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else {
                found.push((entry.display().to_string(), fs::read_to_string(&entry).unwrap()));
            }
        }
    }
    found.retain(|(name, _)| !name.contains("tests"));
    found
}
