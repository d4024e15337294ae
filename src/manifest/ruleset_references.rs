//! What the rules of an analyzer refer to: files of their folder, URLs, packages.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::wording::nearest;
use crate::model::{Diagnostic, Diagnostics, Files, Sources, Span, code, without_mark};
use crate::yaml::{self, Node};

/// Where Spectral looks for functions unless `functionsDir` says otherwise (documented).
const FUNCTIONS_FOLDER: &str = "functions";

/// How a reference to a file ends; without one of these, a plain name is that of a package.
const FILE_ENDINGS: [&str; 6] = [".yml", ".yaml", ".json", ".js", ".mjs", ".cjs"];

/// What the file of a function may be called after its name.
const FUNCTION_ENDINGS: [&str; 4] = ["", ".js", ".mjs", ".cjs"];

/// What a text in `extends` names.
enum Target {
    /// Rules that Spectral brings along, or a URL.
    Elsewhere,
    /// An npm package.
    Package,
    /// A file, by its path from the top of the folder; `None` outside of it.
    File(Option<String>),
}

/// Warnings about references in a ruleset that the service cannot follow.
///
/// Only the folder is sent to the service, and the service installs no packages (documented:
/// Azure/api-center#54). Files that are extended are read too.
pub(super) fn problems(
    sources: &mut Sources,
    folder: &str,
    files: &Files,
    main: &str,
) -> Diagnostics {
    let mut search = Search {
        sources,
        folder,
        files,
        seen: BTreeSet::new(),
        problems: Diagnostics::default(),
    };
    let mut waiting = vec![main.to_owned()];
    while let Some(name) = waiting.pop() {
        if search.seen.insert(name.clone()) {
            waiting.extend(search.file(&name));
        }
    }
    search.problems
}

struct Search<'a> {
    sources: &'a mut Sources,
    /// The folder's path in the project.
    folder: &'a str,
    files: &'a Files,
    seen: BTreeSet<String>,
    problems: Diagnostics,
}

impl Search<'_> {
    /// Checks a file, and gives the files that it extends. One that cannot be read is another check's
    /// problem.
    fn file(&mut self, name: &str) -> Vec<String> {
        let Some(bytes) = self.files.get(name) else {
            return Vec::new();
        };
        let Ok(text) = std::str::from_utf8(bytes) else {
            return Vec::new();
        };
        let text = without_mark(text);
        let source = self.sources.set(format!("{}/{name}", self.folder), text);
        let mut syntax = Diagnostics::default();
        let documents = yaml::parse(source, text, &mut syntax);
        let Some(root) = documents.first().and_then(|d| d.root.as_deref()) else {
            return Vec::new();
        };
        self.functions(root, name);
        let overrides = root.get("overrides").and_then(|node| node.items());
        let parts = overrides.into_iter().flatten().map(AsRef::as_ref);
        std::iter::once(root)
            .chain(parts)
            .flat_map(|part| names(part.get("extends")))
            .filter_map(|(target, span)| self.extended(name, target, span))
            .collect()
    }

    /// Checks one text of `extends`, and gives the file of rules that it names.
    fn extended(&mut self, from: &str, target: &str, span: Span) -> Option<String> {
        let path = match classify(from, target) {
            Target::Elsewhere => return None,
            Target::Package => {
                self.package(target, span);
                return None;
            }
            Target::File(None) => {
                self.outside(target, span);
                return None;
            }
            Target::File(Some(path)) => path,
        };
        if self.files.contains_key(&path) {
            return is_data(&path).then_some(path);
        }
        self.missing(target, &path, span);
        None
    }

    fn functions(&mut self, root: &Node, from: &str) {
        let folder_node = root.get("functionsDir");
        let folder = folder_node
            .and_then(|node| node.scalar_text())
            .unwrap_or(FUNCTIONS_FOLDER);
        if is_url(folder) {
            return;
        }
        let functions = names(root.get("functions"));
        if let Some(node) = folder_node.filter(|_| below(from, folder).is_none()) {
            if !functions.is_empty() {
                self.outside(folder, node.span);
            }
            return;
        }
        for (function, span) in functions {
            if is_url(function) {
                continue;
            }
            if function.starts_with('@') {
                self.package(function, span);
                continue;
            }
            let Some(path) = below(from, &format!("{folder}/{function}")) else {
                self.outside(function, span);
                continue;
            };
            let exists = |ending| self.files.contains_key(&format!("{path}{ending}"));
            if !FUNCTION_ENDINGS.into_iter().any(exists) {
                let has_ending = FILE_ENDINGS.iter().any(|ending| path.ends_with(ending));
                let file = if has_ending {
                    path
                } else {
                    format!("{path}.js")
                };
                self.missing(function, &file, span);
            }
        }
    }

    fn package(&mut self, name: &str, span: Span) {
        self.problems.push(
            Diagnostic::warning(
                code::RULESET_REFERENCE,
                format!("the service cannot load the npm package `{name}`"),
            )
            .at(span, "packages are not installed")
            .help("copy the package's files into the folder, or refer to them by URL"),
        );
    }

    fn outside(&mut self, path: &str, span: Span) {
        self.problems.push(
            Diagnostic::warning(
                code::RULESET_REFERENCE,
                format!(
                    "`{path}` is outside the ruleset's folder, so it is not sent to the service"
                ),
            )
            .at(span, "outside the folder")
            .help("copy the file into the folder, or refer to it by URL"),
        );
    }

    fn missing(&mut self, name: &str, path: &str, span: Span) {
        let known: Vec<&str> = self.files.keys().map(String::as_str).collect();
        let help = nearest(path, &known).map_or_else(
            || format!("add the file, or remove `{name}`"),
            |near| format!("did you mean `{near}`?"),
        );
        self.problems.push(
            Diagnostic::warning(
                code::RULESET_REFERENCE,
                format!("the ruleset's folder has no file `{path}`"),
            )
            .at(span, "no such file")
            .help(help),
        );
    }
}

/// The texts of `extends` or `functions`: one alone, or a list of texts and of lists that start with
/// one.
fn names(node: Option<&Arc<Node>>) -> Vec<(&str, Span)> {
    let Some(node) = node.filter(|node| !node.is_null()) else {
        return Vec::new();
    };
    let alone = std::slice::from_ref(node);
    let mut found = Vec::new();
    for item in node.items().unwrap_or(alone) {
        let named = item.items().map_or(Some(item), <[_]>::first);
        if let Some((text, span)) = named.and_then(|n| Some((n.scalar_text()?, n.span))) {
            found.push((text, span));
        }
    }
    found
}

fn classify(from: &str, target: &str) -> Target {
    if target.is_empty() || target.starts_with("spectral:") || is_url(target) {
        return Target::Elsewhere;
    }
    let is_path = target.starts_with(['.', '/', '\\'])
        || target.as_bytes().get(1) == Some(&b':')
        || FILE_ENDINGS.iter().any(|ending| target.ends_with(ending));
    if target.starts_with('@') || !is_path {
        return Target::Package;
    }
    Target::File(below(from, target))
}

fn is_url(text: &str) -> bool {
    text.contains("://")
}

fn is_data(path: &str) -> bool {
    FILE_ENDINGS[..3]
        .iter()
        .any(|ending| path.ends_with(ending))
}

/// The path that a file of the folder names, from the top of the folder; `None` outside of it.
fn below(from: &str, target: &str) -> Option<String> {
    let target = target.replace('\\', "/");
    if target.starts_with('/') || target.as_bytes().get(1) == Some(&b':') {
        return None;
    }
    let mut steps: Vec<&str> = from.split('/').collect();
    steps.pop();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop()?;
            }
            step => steps.push(step),
        }
    }
    Some(steps.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first problem of each reference, by what is said about it.
    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let owned = |(path, text): &(&str, &str)| ((*path).to_owned(), text.as_bytes().to_vec());
        let files: Files = files.iter().map(owned).collect();
        let mut sources = Sources::default();
        let problems = problems(&mut sources, "rules", &files, "ruleset.yml");
        problems
            .iter()
            .map(|problem| {
                let label = problem.primary.as_ref().unwrap();
                format!("{} {}", sources.display(label.span), problem.message)
            })
            .collect()
    }

    #[test]
    fn what_the_service_can_follow_is_fine() {
        let fine = "extends:\n  - spectral:oas\n  - [spectral:asyncapi, all]\n  - https://example.com/r.yaml\n  - ./more/strict.yml\n  - plain.json\nfunctions:\n  - one\n  - [two, {type: object}]\n  - three.mjs\nrules: {}\n";
        let files = [
            ("ruleset.yml", fine),
            (
                "more/strict.yml",
                "extends: ../plain.json\nfunctions: [deep]\nfunctionsDir: ../functions/more\n",
            ),
            (
                "plain.json",
                "{\"extends\": [\"./ruleset.yml\"], \"rules\": {}}",
            ),
            ("functions/one.js", ""),
            ("functions/two.js", ""),
            ("functions/three.mjs", ""),
            ("functions/more/deep.cjs", ""),
        ];
        assert_eq!(found(&files), Vec::<String>::new());
        for alone in [
            "extends: spectral:oas",
            "functions:",
            "extends: ''",
            "rules: {}",
            "[1]",
            "extends: {a: b}",
            "overrides: 3",
        ] {
            assert_eq!(
                found(&[("ruleset.yml", alone)]),
                Vec::<String>::new(),
                "{alone}"
            );
        }
    }

    #[test]
    fn what_it_cannot_follow_is_named() {
        for (rules, expected) in [
            (
                "extends: '@acme/rules'",
                "rules/ruleset.yml:1:10 the service cannot load the npm package `@acme/rules`",
            ),
            (
                "extends: [[acme-rules, all]]",
                "rules/ruleset.yml:1:12 the service cannot load the npm package `acme-rules`",
            ),
            (
                "extends: ['@acme/rules/main.yml']",
                "rules/ruleset.yml:1:11 the service cannot load the npm package `@acme/rules/main.yml`",
            ),
            (
                "extends: ../a.yml",
                "rules/ruleset.yml:1:10 `../a.yml` is outside the ruleset's folder, so it is not sent to the service",
            ),
            (
                "extends: /etc/a.yml",
                "rules/ruleset.yml:1:10 `/etc/a.yml` is outside the ruleset's folder, so it is not sent to the service",
            ),
            (
                "extends: 'C:\\a.yml'",
                "rules/ruleset.yml:1:10 `C:\\a.yml` is outside the ruleset's folder, so it is not sent to the service",
            ),
            (
                "extends: x/../../a.yml",
                "rules/ruleset.yml:1:10 `x/../../a.yml` is outside the ruleset's folder, so it is not sent to the service",
            ),
            (
                "extends: ./a.yml",
                "rules/ruleset.yml:1:10 the ruleset's folder has no file `a.yml`",
            ),
            (
                "overrides:\n  - files: ['*']\n    extends: b.yaml\n",
                "rules/ruleset.yml:3:14 the ruleset's folder has no file `b.yaml`",
            ),
            (
                "functions: [mine]",
                "rules/ruleset.yml:1:13 the ruleset's folder has no file `functions/mine.js`",
            ),
            (
                "functions: [[mine, {}]]",
                "rules/ruleset.yml:1:14 the ruleset's folder has no file `functions/mine.js`",
            ),
            (
                "functions: [Own]",
                "rules/ruleset.yml:1:13 the ruleset's folder has no file `functions/Own.js`",
            ),
            (
                "functionsDir: lib\nfunctions: [own]",
                "rules/ruleset.yml:2:13 the ruleset's folder has no file `lib/own.js`",
            ),
            (
                "functionsDir: ../lib\nfunctions: [own, two]",
                "rules/ruleset.yml:1:15 `../lib` is outside the ruleset's folder, so it is not sent to the service",
            ),
            (
                "functions: [../../own]",
                "rules/ruleset.yml:1:13 `../../own` is outside the ruleset's folder, so it is not sent to the service",
            ),
            (
                "functions: ['@acme/own']",
                "rules/ruleset.yml:1:13 the service cannot load the npm package `@acme/own`",
            ),
            (
                "extends: more.yml",
                "rules/more.yml:1:10 the service cannot load the npm package `deep`",
            ),
        ] {
            let files = [
                ("ruleset.yml", rules),
                ("functions/own.js", ""),
                ("more.yml", "extends: deep\n"),
            ];
            assert_eq!(found(&files), [expected], "{rules}");
        }
    }
}
