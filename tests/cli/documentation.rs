//! Pages of the documentation, followed word for word: what a page shows is all that a command prints, in its order.

use super::harness::Project;

/// A step of the page: a file to write, or a command with what it is said to print.
pub(super) enum Step {
    Write { path: String, text: String },
    Run { command: String, shown: Vec<String> },
}

/// What a page says its readers should do.
pub(super) fn steps(page: &str) -> Vec<Step> {
    let path = format!("{}/docs/{page}", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).expect("the page is there");
    let page = String::from_utf8(bytes).expect("the page is text");
    let mut steps = Vec::new();
    // Between fences: text, a block, text, a block and so on.
    for block in page.split("```").skip(1).step_by(2) {
        let (language, body) = block.split_once('\n').expect("a language and a body");
        match language {
            "yaml" => steps.extend(file(body)),
            "console" => commands(body, &mut steps),
            other => panic!("a block in `{other}`"),
        }
    }
    steps
}

/// The first line of a manifest is a comment with its path.
fn file(body: &str) -> Option<Step> {
    let path = body.lines().next()?.strip_prefix("# ")?;
    Some(Step::Write {
        path: path.to_owned(),
        text: body.to_owned(),
    })
}

fn commands(body: &str, steps: &mut Vec<Step>) {
    for line in body.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            steps.push(Step::Run {
                command: command.to_owned(),
                shown: Vec::new(),
            });
        } else if let Some(Step::Run { shown, .. }) = steps.last_mut() {
            shown.push(line.to_owned());
        }
    }
}

/// The line that stands for lines which are not shown.
const CUT: &str = "…";

/// Lines without what differs from run to run.
fn comparable<'a>(lines: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let volatile = [
        (r"\d{12,20}", "N"),
        (r"p2-[0-9a-f]{32}", "p2-ID"),
        (r"\(\d+\.\ds\)", "(0.0s)"),
        (r"\b\d+\.\d s\b", "0.0 s"),
        (r"\(\d+ requests\)", "(N requests)"),
        (r"identity '[0-9a-f-]{36}'", "identity 'GUID'"),
        // How far a place is from its row depends on the numbers in between.
        (r"(\S) {3,}", "$1  "),
    ];
    let volatile = volatile.map(|(pattern, put)| {
        let pattern = regex::Regex::new(pattern).expect("the pattern is a constant");
        (pattern, put)
    });
    let without = |line: &str| {
        let line = line.trim_end().to_owned();
        volatile.iter().fold(line, |line, (pattern, put)| {
            pattern.replace_all(&line, *put).into_owned()
        })
    };
    let mut lines: Vec<String> = lines.into_iter().map(without).collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// Whether lines are what is shown. Each mark stands for one line or more.
fn is_shown(shown: &[String], said: &[String]) -> bool {
    let Some(cut) = shown.iter().position(|line| line == CUT) else {
        return shown == said;
    };
    let (before, after) = (&shown[..cut], &shown[cut + 1..]);
    let Some(rest) = said.strip_prefix(before) else {
        return false;
    };
    (1..=rest.len()).any(|at| is_shown(after, &rest[at..]))
}

/// Runs a command of a page, and compares all that it prints on a terminal with what the page shows.
#[track_caller]
pub(super) fn run(page: &str, project: &Project, arguments: &str, shown: &[String]) -> bool {
    let (is_success, said) = project.run_on_one_stream(arguments);
    let said = said.replace(&project.root().display().to_string(), CUT);
    let expected = comparable(shown.iter().map(String::as_str));
    let found = comparable(said.lines());
    if !is_shown(&expected, &found) {
        let command = format!("apicenter {arguments}");
        let is_updated = updated(page, &command, shown, &said);
        assert!(is_updated, "{command}: {found:#?}\n is not {expected:#?}");
    }
    is_success
}

/// With `UPDATE_DOCS` in the environment, writes what a command printed to the page.
fn updated(page: &str, command: &str, shown: &[String], said: &str) -> bool {
    #[expect(
        clippy::disallowed_methods,
        reason = "it decides whether a page is rewritten"
    )]
    if std::env::var_os("UPDATE_DOCS").is_none() {
        return false;
    }
    let path = format!("{}/docs/{page}", env!("CARGO_MANIFEST_DIR"));
    let text = String::from_utf8(std::fs::read(&path).expect("the page is there"));
    let text = text.expect("the page is text");
    let lines = |lines: &str| format!("$ {command}\n{lines}");
    let old = lines(
        &shown
            .iter()
            .map(|line| format!("{line}\n"))
            .collect::<String>(),
    );
    assert!(text.contains(&old), "{command} in {page}");
    std::fs::write(path, text.replacen(&old, &lines(said), 1)).expect("the page is written");
    true
}

pub(super) fn remove(project: &Project, files: &str) {
    for file in files.split(' ').filter(|file| !file.starts_with('-')) {
        let path = project.path(file);
        let removed = if path.is_dir() {
            std::fs::remove_dir_all(path)
        } else {
            std::fs::remove_file(path)
        };
        removed.expect("the page removes what is there");
    }
}

#[test]
fn a_mark_stands_for_one_line_or_more() {
    let lines = |text: &str| -> Vec<String> { text.split(' ').map(str::to_owned).collect() };
    let said = lines("a b c d");
    for (shown, is) in [
        ("a b c d", true),
        ("a b c", false),
        ("b a c d", false),
        ("… d", true),
        ("a …", true),
        ("a … c d", true),
        ("a … d", true),
        ("… b … d", true),
        ("a b … c d", false),
        ("a b c d …", false),
        ("… c b", false),
        ("… c", false),
        ("…", true),
    ] {
        assert_eq!(is_shown(&lines(shown), &said), is, "{shown}");
    }
}
