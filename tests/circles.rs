//! Files of a layer that need each other in a circle, found from the paths that they name.
//!
//! Layers keep circles between folders out; within a layer Rust allows any. A circle of files can only be
//! read, tested and moved as a whole, so there are none but those listed. The emulator is large enough to
//! have layers of its own: the folders and files directly below it form no circle either.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use crate::architecture::{File, files};

/// Circles that are natural, as the files that may take part, and why.
const NATURAL: &[(&[&str], &str)] = &[(
    &["kinds/kind", "kinds/location"],
    "a resource may be located below another kind",
)];

/// Modules that form a circle with the files of kinds, and why.
const AROUND_THE_TABLE: &[(&str, &str)] = &[
    ("kinds", "the table has a row for each kind"),
    (
        "kinds/wire",
        "the path of a resource follows from the rows of the kinds in its address",
    ),
    (
        "kinds/resource_type",
        "a type that has a row is not for the kind `Resource`, which has a row too and refuses such types",
    ),
];

/// Whether a module is the file of a kind, or one of those around the table: parents and children name each other.
fn is_about_kinds(module: &str, files: &[File]) -> bool {
    let of_kind = |file: &File| file.name.strip_suffix(".rs") == Some(module);
    AROUND_THE_TABLE.iter().any(|(name, _)| *name == module)
        || files
            .iter()
            .filter(|file| file.text.contains(": Kind = Kind {"))
            .any(of_kind)
}

/// A module that is a file: its path below `src`, without the ending.
type Module = String;

/// What a module offers under a name that is defined elsewhere: the path behind it.
type Exports = BTreeMap<String, Vec<String>>;

#[derive(Default)]
struct Graph {
    children: BTreeMap<Module, BTreeSet<String>>,
    exports: BTreeMap<Module, Exports>,
    edges: BTreeMap<Module, BTreeSet<Module>>,
}

fn regex(text: &str) -> Regex {
    Regex::new(text).unwrap()
}

/// `use` statements and other paths of a file, split into their steps.
struct Paths {
    exported: Vec<(String, Vec<String>)>,
    named: Vec<Vec<String>>,
}

fn module(file: &File) -> Module {
    let path = file.name.trim_end_matches(".rs");
    path.trim_end_matches("/mod").to_owned()
}

/// The code of a file without comments and without its tests.
fn code(file: &File) -> String {
    let start = file.tests_start();
    let lines = file.code().take_while(|(number, _)| *number < start);
    lines.map(|(_, line)| format!("{line}\n")).collect()
}

/// The paths of a tree such as `a::{b, c::{d, e as f}}`, each with the name under which it is known.
fn expand(tree: &str, prefix: &[String], found: &mut Vec<(String, Vec<String>)>) {
    let tree = tree.trim();
    if let Some(open) = tree.find('{') {
        let mut steps = prefix.to_vec();
        let head = tree[..open].trim().trim_end_matches("::");
        steps.extend(
            head.split("::")
                .filter(|s| !s.is_empty())
                .map(str::to_owned),
        );
        let inner = &tree[open + 1..tree.rfind('}').unwrap()];
        let (mut depth, mut start) = (0, 0);
        for (i, c) in inner.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    expand(&inner[start..i], &steps, found);
                    start = i + 1;
                }
                _ => {}
            }
        }
        expand(&inner[start..], &steps, found);
    } else if !tree.is_empty() {
        let (path, alias) = tree.split_once(" as ").unwrap_or((tree, ""));
        let mut steps = prefix.to_vec();
        steps.extend(path.trim().split("::").map(str::to_owned));
        if steps.last().is_some_and(|last| last == "self") && steps.len() > 1 {
            steps.pop();
        }
        let name = match alias.trim() {
            "" => steps.last().unwrap().clone(),
            alias => alias.to_owned(),
        };
        found.push((name, steps));
    }
}

fn paths(code: &str, children: &BTreeSet<String>) -> Paths {
    static USES: LazyLock<Regex> =
        LazyLock::new(|| regex(r"(?m)^(pub(?:\([^)]*\))?\s+)?use\s+([^;]+);"));
    static OTHERS: LazyLock<Regex> = LazyLock::new(|| regex(r"(?m)(?:^|[^\w:])(\w+(?:::\w+)+)"));
    let mut paths = Paths {
        exported: Vec::new(),
        named: Vec::new(),
    };
    for captures in USES.captures_iter(code) {
        let mut found = Vec::new();
        expand(&captures[2], &[], &mut found);
        if captures.get(1).is_some() {
            paths.exported.extend(found);
        } else {
            paths.named.extend(found.into_iter().map(|(_, path)| path));
        }
    }
    let rest = USES.replace_all(code, "");
    for captures in OTHERS.captures_iter(&rest) {
        let steps: Vec<String> = captures[1].split("::").map(str::to_owned).collect();
        if ["crate", "super", "self"].contains(&steps[0].as_str()) || children.contains(&steps[0]) {
            paths.named.push(steps);
        }
    }
    paths
}

impl Graph {
    fn of(files: &[File]) -> Self {
        let mut graph = Self::default();
        let layered: Vec<&File> = files
            .iter()
            .filter(|file| file.layer().is_some() && !file.is_test())
            .collect();
        for file in &layered {
            let module = module(file);
            graph.children.entry(module.clone()).or_default();
            if let Some((above, name)) = module.rsplit_once('/') {
                let siblings = graph.children.entry(above.to_owned()).or_default();
                siblings.insert(name.to_owned());
            }
        }
        let mut named = Vec::new();
        for file in &layered {
            let module = module(file);
            let paths = paths(&code(file), &graph.children[&module]);
            graph
                .exports
                .insert(module.clone(), paths.exported.into_iter().collect());
            named.push((module, paths.named));
        }
        for (module, paths) in named {
            let targets: BTreeSet<Module> = paths
                .iter()
                .filter_map(|path| graph.resolve(&module, path, 0))
                .filter(|target| *target != module)
                .collect();
            graph.edges.insert(module, targets);
        }
        graph
    }

    /// The file that defines what a path names; `None` if that is outside the module's layer.
    fn resolve(&self, from: &str, path: &[String], depth: usize) -> Option<Module> {
        let layer = from.split('/').next()?;
        let mut steps = path.iter().map(String::as_str).peekable();
        let mut at = from.to_owned();
        match *steps.peek()? {
            "crate" => {
                steps.next();
                at = steps.next().filter(|step| *step == layer)?.to_owned();
            }
            "self" => {
                steps.next();
            }
            "super" => {
                while steps.next_if_eq(&"super").is_some() {
                    at = at.rsplit_once('/')?.0.to_owned();
                }
            }
            first if self.children[from].contains(first) => {}
            _ => return None,
        }
        while let Some(step) = steps.next() {
            if self.children[&at].contains(step) {
                at = format!("{at}/{step}");
                continue;
            }
            let behind = self.exports[&at].get(step).filter(|_| depth < 8);
            if let Some(behind) = behind {
                let whole: Vec<String> = behind
                    .iter()
                    .cloned()
                    .chain(steps.map(str::to_owned))
                    .collect();
                return self.resolve(&at, &whole, depth + 1).or(Some(at));
            }
            break;
        }
        Some(at)
    }

    /// The same, with each folder or file directly below `parent` taken as one; what is elsewhere is left out.
    fn folders_below(&self, parent: &str) -> Self {
        let folder = |module: &Module| -> Option<Module> {
            let rest = module.strip_prefix(parent)?.strip_prefix('/')?;
            rest.split('/').next().map(str::to_owned)
        };
        let mut folders = Self::default();
        for (module, targets) in &self.edges {
            if let Some(from) = folder(module) {
                let others = targets.iter().filter_map(folder);
                let others: Vec<Module> = others.filter(|other| *other != from).collect();
                folders.edges.entry(from).or_default().extend(others);
            }
        }
        folders
    }

    fn reachable(&self, from: &Module) -> BTreeSet<&Module> {
        let mut found = BTreeSet::new();
        let mut open: Vec<&Module> = self.edges[from].iter().collect();
        while let Some(next) = open.pop() {
            if found.insert(next) {
                open.extend(&self.edges[next]);
            }
        }
        found
    }

    /// The circles: files that reach each other, largest first.
    fn circles(&self) -> Vec<BTreeSet<&Module>> {
        let reachable: BTreeMap<&Module, BTreeSet<&Module>> = self
            .edges
            .keys()
            .map(|module| (module, self.reachable(module)))
            .collect();
        let mut circles = BTreeSet::new();
        for (module, reached) in &reachable {
            let circle: BTreeSet<&Module> = reached
                .iter()
                .copied()
                .filter(|other| reachable[other].contains(module))
                .collect();
            if circle.len() > 1 {
                circles.insert(circle);
            }
        }
        let mut circles: Vec<_> = circles.into_iter().collect();
        circles.sort_by_key(|circle| std::cmp::Reverse(circle.len()));
        circles
    }
}

#[test]
fn files_of_a_layer_form_no_circle() {
    let files = files("src");
    let graph = Graph::of(&files);
    let is_natural = |circle: &BTreeSet<&Module>| {
        circle.iter().all(|module| is_about_kinds(module, &files))
            || NATURAL.iter().any(|(members, _)| {
                circle
                    .iter()
                    .all(|module| members.contains(&module.as_str()))
            })
    };
    let complaints: Vec<String> = graph
        .circles()
        .iter()
        .filter(|circle| !is_natural(circle))
        .map(|circle| {
            let names: Vec<&str> = circle.iter().map(|module| module.as_str()).collect();
            format!("{} files form a circle: {}", names.len(), names.join(" "))
        })
        .collect();
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn folders_of_the_emulator_form_no_circle() {
    let folders = Graph::of(&files("src")).folders_below("emulator");
    for folder in ["base", "store", "core", "providers", "registry", "server"] {
        assert!(folders.edges.contains_key(folder), "{folder}");
    }
    let circles = folders.circles();
    assert!(circles.is_empty(), "{circles:?}\n{:#?}", folders.edges);
}

#[test]
fn a_circle_of_folders_is_found() {
    let file = |name: &str, text: &str| File {
        name: name.to_owned(),
        text: text.to_owned(),
    };
    let files = [
        file("l/mod.rs", "mod a;\nmod b;\npub use a::one::One;\n"),
        file("l/a/mod.rs", "mod one;\nmod two;\n"),
        file("l/a/one.rs", ""),
        file("l/a/two.rs", "use crate::l::b::three::Three;\n"),
        file("l/b/mod.rs", "mod three;\nmod four;\n"),
        file("l/b/three.rs", ""),
        file("l/b/four.rs", "use crate::l::a::one::One;\n"),
    ];
    let graph = Graph::of(&files);
    assert!(graph.circles().is_empty(), "the files form none");
    let folders = graph.folders_below("l");
    let circles = folders.circles();
    let names: Vec<&str> = circles[0].iter().map(|folder| folder.as_str()).collect();
    assert_eq!((circles.len(), names), (1, vec!["a", "b"]));
}

#[test]
fn a_circle_is_found_through_reexports() {
    let file = |name: &str, text: &str| File {
        name: name.to_owned(),
        text: text.to_owned(),
    };
    let files = [
        file(
            "l/mod.rs",
            "mod a;\nmod b;\nmod c;\npub use self::a::{A, Other as Name};\n",
        ),
        file("l/a.rs", "use super::b::B;\n"),
        file("l/b.rs", "use super::Name;\nuse crate::other::X;\n"),
        file("l/c.rs", "use super::{\n    A,\n    b,\n};\n"),
    ];
    let graph = Graph::of(&files);
    let circles = graph.circles();
    let names: Vec<Vec<&str>> = circles
        .iter()
        .map(|circle| circle.iter().map(|module| module.as_str()).collect())
        .collect();
    assert_eq!(names, [["l/a", "l/b"]]);
}
