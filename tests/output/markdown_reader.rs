//! A reader of Markdown that knows just enough to tell code from text.

/// What a comment says outside code and fences, line by line, and whether all fences close.
pub(super) struct Reading {
    pub(super) text_lines: Vec<String>,
    pub(super) fences: usize,
}

/// Reads a comment; fails where a fence or a span of code stays open.
pub(super) fn read(markdown: &str) -> Reading {
    let mut reading = Reading {
        text_lines: Vec::new(),
        fences: 0,
    };
    let mut open: Option<usize> = None;
    for line in markdown.lines() {
        // A fence may stand within an item of a list.
        let line = line.strip_prefix("    ").unwrap_or(line);
        let ticks = line.len() - line.trim_start_matches('`').len();
        match open {
            Some(many) if ticks >= many && line.trim_start_matches('`').trim().is_empty() => {
                open = None;
            }
            Some(_) => {}
            None if ticks >= 3 && !line.trim_start_matches('`').contains('`') => {
                open = Some(ticks);
                reading.fences += 1;
            }
            None => reading
                .text_lines
                .push(without_code(&without_shown_links(line))),
        }
    }
    assert_eq!(open, None, "a fence stays open");
    reading
}

/// A line in which a link that shows all of its address, as code, is only that code.
fn without_shown_links(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("[`http") {
        text.push_str(before);
        let url = after.split('`').next().expect("a first part");
        let link = format!("{url}`](http{url})");
        match after.strip_prefix(&link) {
            Some(behind) => {
                text.push_str(&format!("`http{url}`"));
                rest = behind;
            }
            None => {
                text.push_str("[`http");
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text
}

/// A line without its spans of code.
fn without_code(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some(start) = rest.find('`') {
        text.push_str(&rest[..start]);
        let ticks = rest[start..].len() - rest[start..].trim_start_matches('`').len();
        let inside = &rest[start + ticks..];
        let end = closing(inside, ticks);
        let Some(end) = end else {
            panic!("a span of code stays open: {line}");
        };
        text.push('·');
        rest = &inside[end + ticks..];
    }
    text.push_str(rest);
    text
}

/// Where a run of exactly so many backticks begins.
fn closing(text: &str, ticks: usize) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = text[from..].find('`').map(|at| at + from) {
        let run = text[at..].len() - text[at..].trim_start_matches('`').len();
        if run == ticks {
            return Some(at);
        }
        from = at + run;
    }
    None
}

const TAGS: &[&str] = &[
    "<details>",
    "</details>",
    "<summary>",
    "</summary>",
    "<code>",
    "</code>",
    "<br>",
];

/// Where our own links lead, in these tests.
const PAGES: &[&str] = &[
    "https://github.com/contoso/apis/",
    "https://portal.azure.com/#resource/subscriptions/",
];

/// A line without the signs of a table: every row has three cells.
fn without_cells(line: &str) -> String {
    let Some(cells) = line.strip_prefix('|') else {
        return line.to_owned();
    };
    let cells: Vec<&str> = cells.split('|').collect();
    assert!(
        cells.len() == 4 && cells[3].is_empty(),
        "a row of another length: {line}"
    );
    cells.concat()
}

/// A line without links to our own pages.
fn without_links(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("](") {
        let (url, behind) = after.split_once(')').expect("an address that ends");
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~/:#%?=&".contains(c);
        assert!(
            url.chars().all(is_plain) && PAGES.iter().any(|page| url.starts_with(page)),
            "a foreign link: {url}"
        );
        let (start, linked) = before.rsplit_once('[').expect("a text of a link");
        text.push_str(start);
        text.push_str(linked);
        rest = behind;
    }
    text.push_str(rest);
    text
}

/// Fails where anything but our own words and marks is left outside code.
pub(super) fn check(markdown: &str) -> Reading {
    let reading = read(markdown);
    let mut lines = reading.text_lines.iter();
    let first = lines.next().expect("a first line");
    assert!(
        first.starts_with("<!-- apicenter-plan:") && first.ends_with(" -->"),
        "{first}"
    );
    assert_eq!(
        first.matches("--").count(),
        2 + first[4..first.len() - 3].matches("--").count()
    );
    let (mut opened, mut closed) = (0, 0);
    for line in lines {
        let mut line = line.clone();
        opened += line.matches("<details>").count();
        closed += line.matches("</details>").count();
        if let Some((before, rest)) = line.split_once("<code>") {
            let (inside, after) = rest.split_once("</code>").expect("code that closes");
            assert!(!inside.contains(['<', '>']), "{inside}");
            line = format!("{before}{after}");
        }
        for tag in TAGS {
            line = line.replace(tag, "");
        }
        line = without_links(&without_cells(&line));
        assert!(
            !line.contains(['<', '>', '@', '|', '$', '~', '[']),
            "markup in text: {line}"
        );
        assert!(
            !line.contains("://") && !line.contains("www."),
            "a link in text: {line}"
        );
        assert!(
            !line.trim_start().starts_with('/'),
            "a quick action: {line}"
        );
        let hashes = line.trim_start_matches('#');
        let is_heading = line.starts_with("## Plan for ·")
            || line.starts_with("## No plan: ")
            || line.starts_with("## No plan for ·")
            || [
                "### Changes",
                "### ⚠️ Deletes",
                "### Blocked",
                "### ⚠️ Breaking",
                "### Cautions",
                "### ⛔ Refused",
                "### Warnings",
                "### Problems",
            ]
            .iter()
            .any(|heading| line.starts_with(heading));
        assert!(
            hashes.len() == line.len() || is_heading,
            "a foreign heading: {line}"
        );
        assert!(
            is_heading || !line.contains('#'),
            "a reference in text: {line}"
        );
    }
    assert_eq!(opened, closed, "a block stays open");
    reading
}
