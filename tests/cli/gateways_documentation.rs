//! docs/gateways.md, followed word for word.

use super::harness::Project;

/// A step of the page: a file to write, or a command with what it is said to print.
pub(super) enum Step {
    Write { path: String, text: String },
    Run { command: String, shown: Vec<String> },
}

/// What a page tells its readers to do.
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

/// Lines without what differs from run to run, in no order: two streams come together on a terminal.
pub(super) fn comparable<'a>(lines: impl IntoIterator<Item = &'a str>) -> Vec<String> {
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
    let lines = lines.into_iter().filter(|line| !line.is_empty());
    let mut lines: Vec<String> = lines
        .map(|line| {
            volatile
                .iter()
                .fold(line.to_owned(), |line, (pattern, put)| {
                    pattern.replace_all(&line, *put).into_owned()
                })
        })
        .collect();
    lines.sort();
    lines
}

/// With `UPDATE_DOCS` in the environment, writes what a command printed to the page. Its lines may have to be brought
/// into the order in which a reader sees them.
pub(super) fn updated(page: &str, command: &str, shown: &[String], said: &str) -> bool {
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

#[test]
fn the_page_shows_what_the_program_prints() {
    let project = Project::empty();
    let mut ran = 0;
    for step in steps("gateways.md") {
        let (command, shown) = match step {
            Step::Write { path, text } => {
                project.write(&path, text);
                continue;
            }
            Step::Run { command, shown } => (command, shown),
        };
        if let Some(files) = command.strip_prefix("rm ") {
            remove(&project, files);
        }
        let Some(arguments) = command.strip_prefix("apicenter ") else {
            continue;
        };
        ran += 1;
        let outcome = project.run(arguments);
        let said = comparable(outcome.stdout.lines().chain(outcome.stderr.lines()));
        let expected = comparable(shown.iter().map(String::as_str).filter(|line| *line != "…"));
        if shown.iter().any(|line| line == "…") {
            for line in expected {
                assert!(said.contains(&line), "{command}: {line}\n{said:#?}");
            }
        } else if said != expected {
            let text = format!("{}{}", outcome.stderr, outcome.stdout);
            let is_updated = updated("gateways.md", &command, &shown, &text);
            assert!(is_updated, "{command}: {said:#?}\n is not {expected:#?}");
        }
    }
    assert!(ran > 10, "{ran} commands");
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
