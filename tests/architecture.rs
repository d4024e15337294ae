//! The shape of the code: which layer may use which, and where the outside world may be touched.
//!
//! Rust does not check layers within one crate, so this scans the text. Failures name the place.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use apicenter::kinds;

/// Who may use whom; a layer may always use itself. `*` is everyone.
const LAYERS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("yaml", &["model"]),
    ("document", &["model", "yaml"]),
    ("kinds", &["model"]),
    ("manifest", &["model", "yaml", "document", "kinds"]),
    ("checks", &["model", "kinds", "manifest", "plan"]),
    ("plan", &["model", "document"]),
    ("http", &[]),
    ("live", &["model", "kinds", "http"]),
    ("azure", &["model", "kinds", "document", "live", "http"]),
    ("apply", &["model", "plan", "live"]),
    ("output", &["model", "document", "plan", "apply"]),
    ("schema", &["model", "kinds", "manifest"]),
    (
        "export",
        &["model", "kinds", "yaml", "document", "manifest"],
    ),
    (
        "import",
        &["model", "kinds", "yaml", "document", "manifest", "export"],
    ),
    (
        "site",
        &["model", "yaml", "document", "kinds", "output", "export"],
    ),
    ("scaffold", &[]),
    ("emulator", &[]),
    ("forge", &["model", "http"]),
    ("config", &["http"]),
    ("project", &["model", "kinds", "manifest", "checks", "plan"]),
    (
        "drift",
        &[
            "model", "yaml", "kinds", "document", "manifest", "plan", "export", "project",
        ],
    ),
    (
        "editor",
        &[
            "model", "yaml", "document", "kinds", "manifest", "output", "schema", "project",
        ],
    ),
    (
        "workflow",
        &[
            "model", "kinds", "manifest", "plan", "http", "live", "azure", "apply", "export",
            "import", "config", "emulator", "project",
        ],
    ),
    ("cli", &["*"]),
];

/// Why only the console writes.
const NEUTRAL: &str = "only the console writes: it sees to it that foreign text controls nothing";

/// Words that only these files and folders below `src` may hold, and why.
const RESERVED: &[(&str, &[&str], &str)] = &[
    (
        "std::fs",
        &[
            "manifest/listing.rs",
            "manifest/regular.rs",
            "manifest/source.rs",
            "azure/cache.rs",
            "emulator/store/",
            "workflow/artifacts.rs",
            "workflow/connection.rs",
            "workflow/earlier_texts.rs",
            "workflow/import_inputs.rs",
            "cli/",
        ],
        "the core is pure: files of the project are read in manifest::source",
    ),
    (
        "std::env",
        &["config/", "main.rs"],
        "the environment is read once, in config",
    ),
    (
        "tokio",
        &[
            "http/",
            "azure/",
            "apply/",
            "emulator/",
            "forge/",
            "workflow/",
            "cli/",
        ],
        "the core is synchronous",
    ),
    (
        "crate::azure",
        &["azure/", "workflow/"],
        "what is read and written is decided in workflow; everyone else knows the traits only",
    ),
    (
        "crate::live",
        &["live/", "azure/", "apply/", "workflow/", "cli/failure.rs"],
        "what is read and written is decided in workflow; cli only shows errors of the service",
    ),
    (
        "crate::emulator",
        &["emulator/", "workflow/connection.rs", "cli/emulator.rs"],
        "everyone else reaches it over HTTP, as any service",
    ),
    (
        "reqwest",
        &["http/", "emulator/"],
        "connections are opened in one place, which has the rules for all of them",
    ),
    (
        "SystemTime::now",
        &["http/", "azure/", "emulator/", "cli/"],
        "same inputs, same bytes out",
    ),
    (
        "std::time",
        &[
            "apply/",
            "azure/",
            "cli/",
            "config/",
            "emulator/",
            "forge/",
            "http/",
            "workflow/",
        ],
        "what is bounded by time differs from run to run; bound it by size or by steps",
    ),
    (
        "println!",
        &[],
        "data and talk go through the console, which knows colours and broken pipes",
    ),
    ("eprintln!", &[], "talk goes through the console"),
    ("print!", &[], "data and talk go through the console"),
    ("eprint!", &[], "talk goes through the console"),
    ("stdout()", &["cli/console.rs"], NEUTRAL),
    ("stderr()", &["cli/console.rs"], NEUTRAL),
    ("io::stdout", &["cli/console.rs"], NEUTRAL),
    ("io::stderr", &["cli/console.rs"], NEUTRAL),
    ("/dev/", &["cli/out_file.rs"], NEUTRAL),
    ("dbg!", &[], NEUTRAL),
    ("ProgressBar", &["cli/bar.rs"], NEUTRAL),
    ("tracing_subscriber", &["cli/log.rs"], NEUTRAL),
    (
        "Data::own",
        &["cli/man.rs", "cli/completions.rs", "cli/emulator.rs"],
        "foreign data needs the escapes of its notation",
    ),
    (
        "CiCommand::new",
        &["output/azure_pipelines.rs", "output/github_actions.rs"],
        "values are escaped as the pipeline demands",
    ),
    (
        "\\u{1b}",
        &[],
        "colours are pieces of text with a style: output::styles",
    ),
    (
        "\\x1b",
        &[],
        "colours are pieces of text with a style: output::styles",
    ),
];

pub(crate) struct File {
    /// Path below the folder that was listed, with `/` between its parts.
    pub(crate) name: String,
    pub(crate) text: String,
}

impl File {
    /// The lines that are code, with their numbers; comments are not.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate();
        lines
            .map(|(i, line)| (i + 1, line.trim_start()))
            .filter(|(_, line)| !line.starts_with("//"))
    }

    /// The first line of the tests at the bottom; one past the end if there are none.
    pub(crate) fn tests_start(&self) -> usize {
        let lines: Vec<&str> = self.text.lines().collect();
        let is_start =
            |pair: &[&str]| pair[0].trim() == "#[cfg(test)]" && pair[1].starts_with("mod tests {");
        let start = lines.windows(2).position(is_start);
        start.map_or(lines.len() + 1, |i| i + 1)
    }

    /// Whether all of it is tests.
    pub(crate) fn is_test(&self) -> bool {
        self.name.ends_with("/tests.rs") || self.name.contains("/tests/")
    }

    /// The layer that it belongs to; `None` for `lib.rs` and `main.rs`.
    pub(crate) fn layer(&self) -> Option<&str> {
        let first = self.name.split('/').next()?.trim_end_matches(".rs");
        (!["lib", "main"].contains(&first)).then_some(first)
    }

    /// How many modules lie above its items: `super::` as often as this is the crate's root.
    fn depth(&self) -> usize {
        let steps = self.name.split('/').count();
        if self.name.ends_with("mod.rs") {
            steps - 1
        } else {
            steps
        }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn files(folder: &str) -> Vec<File> {
    let root = root().join(folder);
    let mut files = Vec::new();
    let mut open = vec![root.clone()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                // A package of its own has its own modules.
                open.extend((!path.join("Cargo.toml").exists()).then_some(path));
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(file(&root, &path));
            }
        }
    }
    assert!(!files.is_empty(), "no Rust file in {folder}");
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

#[expect(clippy::disallowed_methods, reason = "the files are the code itself")]
fn file(root: &Path, path: &Path) -> File {
    let name = path.strip_prefix(root).unwrap().to_str().unwrap();
    File {
        name: name.replace('\\', "/"),
        text: fs::read_to_string(path).unwrap(),
    }
}

fn demand_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// The first step of every `crate::` path in a line.
fn crate_paths(line: &str) -> impl Iterator<Item = &str> {
    let starts = line.match_indices("crate::").map(|(i, _)| i);
    let paths = starts.filter(|&i| !line[..i].ends_with('$'));
    paths.map(|i| {
        let rest = &line[i + "crate::".len()..];
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
        &rest[..end.unwrap_or(rest.len())]
    })
}

#[test]
fn imports_point_down_only() {
    let mut complaints = Vec::new();
    for file in files("src") {
        let Some(layer) = file.layer() else { continue };
        let Some((_, may_use)) = LAYERS.iter().find(|(name, _)| *name == layer) else {
            complaints.push(format!("src/{}:1: no row in LAYERS", file.name));
            continue;
        };
        let tests_start = file.tests_start();
        for (number, line) in file.code().filter(|(number, _)| *number < tests_start) {
            for used in crate_paths(line) {
                let place = format!("src/{}:{number}", file.name);
                if used.is_empty() {
                    complaints.push(format!("{place}: one `crate::` path per line, no braces"));
                } else if used != layer && !may_use.contains(&used) && !may_use.contains(&"*") {
                    complaints.push(format!("{place}: {layer} may not use {used}"));
                }
            }
        }
    }
    demand_none(&complaints);
}

#[test]
fn no_path_climbs_out_of_its_layer() {
    let mut complaints = Vec::new();
    for file in files("src") {
        let tests_start = file.tests_start();
        for (number, line) in file.code().filter(|(_, line)| line.contains("super::")) {
            let depth = file.depth() + usize::from(number >= tests_start);
            if line.contains(&"super::".repeat(depth)) {
                complaints.push(format!(
                    "src/{}:{number}: say `crate::`, so that the layer shows",
                    file.name
                ));
            }
        }
    }
    demand_none(&complaints);
}

#[test]
fn the_outside_world_is_touched_only_at_the_rim() {
    let mut complaints = Vec::new();
    for file in files("src").iter().filter(|file| !file.is_test()) {
        let tests_start = file.tests_start();
        for (number, line) in file.code().take_while(|(number, _)| *number < tests_start) {
            for (word, homes, why) in RESERVED {
                let at_home = homes.iter().any(|home| file.name.starts_with(home));
                if line.contains(word) && !at_home {
                    complaints.push(format!("src/{}:{number}: `{word}`: {why}", file.name));
                }
            }
        }
    }
    demand_none(&complaints);
}

#[test]
fn every_file_is_wired_in() {
    let mut complaints = Vec::new();
    for folder in ["src", "tests"] {
        let files = files(folder);
        for file in &files {
            let path = file.name.trim_end_matches(".rs").trim_end_matches("/mod");
            if ["lib", "main"].contains(&path) {
                continue;
            }
            let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
            let declared = files
                .iter()
                .filter(|other| match above {
                    "" => ["lib.rs", "main.rs"].contains(&other.name.as_str()),
                    _ => other.name == format!("{above}/mod.rs"),
                })
                .any(|other| declares(other, name));
            if !declared {
                complaints.push(format!(
                    "{folder}/{}:1: no `mod {name};` above it",
                    file.name
                ));
            }
        }
    }
    demand_none(&complaints);
}

fn declares(file: &File, module: &str) -> bool {
    let wanted = format!("mod {module};");
    file.code()
        .filter_map(|(_, line)| line.strip_suffix(wanted.as_str()))
        .any(|before| before.is_empty() || (before.starts_with("pub") && before.ends_with(' ')))
}

#[test]
fn every_kind_stands_in_the_table() {
    let mut written = BTreeSet::new();
    for file in files("src/kinds") {
        let tests_start = file.tests_start();
        let mut lines = file.code().take_while(|(number, _)| *number < tests_start);
        while let Some((number, line)) = lines.next() {
            if !line.contains("static ") || !line.ends_with(": Kind = Kind {") {
                continue;
            }
            let name = lines
                .by_ref()
                .find_map(|(_, line)| line.strip_prefix("name: \"")?.strip_suffix("\","))
                .unwrap();
            assert!(
                kinds::by_name(name).is_some(),
                "src/kinds/{}:{number}: {name} has no row in KINDS",
                file.name
            );
            assert!(written.insert(name.to_owned()), "{name} is written twice");
        }
    }
    assert_eq!(written.len(), kinds::KINDS.len());
}

/// Folders below `src` whose files may name kinds and their fields: the kinds themselves, the typed views
/// of their bodies, and the emulator, which reads the service's contract on its own.
const KNOW_KINDS: &[&str] = &["kinds/", "model/view/", "emulator/"];

#[test]
fn only_kinds_know_their_names() {
    let mut complaints = Vec::new();
    let outside = |file: &&File| {
        !file.is_test() && !KNOW_KINDS.iter().any(|home| file.name.starts_with(home))
    };
    for file in files("src").iter().filter(outside) {
        let tests_start = file.tests_start();
        let is_sample = |line: &str| line.starts_with("name: \"");
        for (number, line) in file.code().take_while(|(number, _)| *number < tests_start) {
            for kind in kinds::KINDS.iter().filter(|_| !is_sample(line)) {
                let name = kind.info.name;
                let is_literal = line.contains(&format!("\"{name}\""));
                if is_literal || line.contains(&format!("kind: {name}\\n")) {
                    complaints.push(format!(
                        "src/{}:{number}: `{name}`: ask for its role instead of its name",
                        file.name
                    ));
                }
            }
        }
    }
    demand_none(&complaints);
}

/// Names of fields that are unmistakable although they are one lower-case word.
const FIELDS_OF_ONE_WORD: &[&str] = &["specification", "ruleset", "onboarding"];

/// Where such a name is the word of another format, and which format.
const OTHER_FORMATS: &[(&str, &[&str], &str)] = &[
    (
        "import/metadata_extraction.rs",
        &["termsOfService"],
        "OpenAPI's own field",
    ),
    (
        "import/path_facts.rs",
        &["specification"],
        "a word that file names have",
    ),
    (
        "azure/service_context.rs",
        &["userAssignedIdentities"],
        "the response of the service, which is not in canonical form",
    ),
    (
        "import/arm/terraform.rs",
        &["userAssignedIdentities"],
        "the body of Azure Resource Manager, of which azapi has another form",
    ),
    (
        "document/breaking/asyncapi/bindings.rs",
        &["clientId"],
        "a field of AsyncAPI's bindings for Kafka",
    ),
];

/// The names of fields that nothing but a kind can mean: those of two words, and a few of one.
fn unmistakable_fields() -> BTreeSet<String> {
    fn walk(schema: &serde_json::Value, found: &mut BTreeSet<String>) {
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            if name.chars().any(char::is_uppercase) {
                found.insert(name.clone());
            }
            walk(property, found);
            walk(&property["items"], found);
        }
    }
    let mut found: BTreeSet<String> = FIELDS_OF_ONE_WORD
        .iter()
        .map(|name| (*name).to_owned())
        .collect();
    for kind in kinds::KINDS {
        walk((kind.schema)(), &mut found);
    }
    // Every manifest has it.
    found.remove("apiVersion");
    found
}

#[test]
fn only_kinds_know_their_fields() {
    let mut complaints = Vec::new();
    let fields = unmistakable_fields();
    let outside = |file: &&File| {
        !file.is_test() && !KNOW_KINDS.iter().any(|home| file.name.starts_with(home))
    };
    for file in files("src").iter().filter(outside) {
        let tests_start = file.tests_start();
        let excepted = |field: &str| {
            OTHER_FORMATS
                .iter()
                .any(|(name, words, _)| *name == file.name && words.contains(&field))
        };
        for (number, line) in file.code().take_while(|(number, _)| *number < tests_start) {
            for field in fields.iter().filter(|field| !excepted(field)) {
                if line.contains(&format!("\"{field}\"")) {
                    complaints.push(format!(
                        "src/{}:{number}: `{field}`: use a view of the body, or the table of kinds",
                        file.name
                    ));
                }
            }
        }
    }
    demand_none(&complaints);
}

/// The house limit for a file, not counting its tests.
const MOST_LINES: usize = 400;

#[test]
fn files_are_short() {
    let mut complaints = Vec::new();
    for file in files("src").iter().filter(|file| !file.is_test()) {
        let lines = file.tests_start() - 1;
        if lines > MOST_LINES {
            complaints.push(format!(
                "src/{}:{MOST_LINES}: {lines} lines before its tests, {MOST_LINES} at most",
                file.name
            ));
        }
    }
    demand_none(&complaints);
}

/// The words between backticks in a text.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the page is the project's own")]
fn the_layers_in_the_map_are_those_here() {
    let map = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let table = map.split("## Who may use whom").nth(1).unwrap();
    let table = table.split("\n## ").next().unwrap();
    let rows: Vec<(&str, BTreeSet<&str>)> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` |"))
        .map(|(layer, used)| (layer, quoted(used).collect()))
        .collect();
    let expected: Vec<(&str, BTreeSet<&str>)> = LAYERS
        .iter()
        .map(|(layer, used)| {
            (
                *layer,
                used.iter().copied().filter(|name| *name != "*").collect(),
            )
        })
        .collect();
    assert_eq!(rows, expected);
}

/// Pages that name files, and the folder that short names are relative to.
const PAGES: &[&str] = &[
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "docs",
    "docs/decisions",
];

#[test]
#[expect(clippy::disallowed_methods, reason = "the pages are the project's own")]
fn every_file_that_a_page_names_exists() {
    let root = root();
    let mut pages = Vec::new();
    for page in PAGES {
        let path = root.join(page);
        if path.is_dir() {
            let entries = fs::read_dir(path)
                .unwrap()
                .map(|entry| entry.unwrap().path());
            pages.extend(entries.filter(|path| path.extension().is_some_and(|e| e == "md")));
        } else {
            pages.push(path);
        }
    }
    let mut complaints = Vec::new();
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        for name in quoted(&text).filter(|name| is_source(name)) {
            let exists = root.join(name).exists() || root.join("src").join(name).exists();
            if !exists {
                complaints.push(format!("{}: no {name}", page.display()));
            }
        }
    }
    demand_none(&complaints);
}

/// Whether a text names a Rust file or a folder of code.
fn is_source(name: &str) -> bool {
    let is_path = name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
    let first = name.split('/').next().unwrap_or_default();
    let is_of_code = ["src", "tests", "benches"].contains(&first)
        || LAYERS.iter().any(|(layer, _)| *layer == first);
    is_path && is_of_code && (name.contains('/') || name.ends_with(".rs")) && !name.contains("NAME")
}
