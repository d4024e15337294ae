//! Strings: which match a pattern, and examples of them.

use regex_syntax::hir::{Class, Hir, HirKind};

use super::branch::Texts;
use super::patterns::matches;

/// Longest string that is made, in characters.
const LONGEST: u64 = 70_000;

/// Parts of a pattern that are written for one string, at most.
const MOST_WRITTEN: u32 = 100_000;

impl Texts<'_> {
    /// Whether the string is accepted, as far as it is known without its format.
    pub(super) fn accepts(&self, text: &str) -> bool {
        let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
        length >= self.length.least
            && self.length.most.is_none_or(|most| length <= most)
            && self
                .patterns
                .iter()
                .all(|pattern| matches(pattern, text) == Some(true))
    }

    /// Some of the strings: short and long ones first.
    pub(super) fn samples(&self) -> Vec<String> {
        if *self == Self::default() {
            return ["a", "", "0", "~"].map(str::to_owned).to_vec();
        }
        let mut found: Vec<String> = Vec::new();
        for format in &self.formats {
            found.extend(of_format(format).iter().map(|text| (*text).to_owned()));
        }
        for pattern in &self.patterns {
            found.extend(of_pattern(pattern, self.length.least));
        }
        let lengths = [1, self.length.least, self.length.most.unwrap_or(1), 0, 3];
        for length in lengths.into_iter().filter(|length| *length <= LONGEST) {
            for letter in ["a", "0", "A", "~", " ", "é"] {
                found.push(letter.repeat(usize::try_from(length).unwrap_or_default()));
            }
        }
        found.extend(["a b", "-1", "A1"].map(str::to_owned));
        let mut kept: Vec<String> = Vec::new();
        for text in found {
            if self.accepts(&text) && !kept.contains(&text) {
                kept.push(text);
            }
        }
        kept.truncate(24);
        kept
    }
}

/// Strings that have a format.
fn of_format(format: &str) -> &'static [&'static str] {
    match format {
        "date" => &["2020-01-31"],
        "date-time" => &["2020-01-31T12:00:00Z"],
        "time" => &["12:00:00Z"],
        "duration" => &["P1D"],
        "uuid" => &["123e4567-e89b-12d3-a456-426614174000"],
        "email" | "idn-email" => &["a@example.com"],
        "hostname" | "idn-hostname" => &["a.example.com"],
        "ipv4" => &["192.0.2.1"],
        "ipv6" => &["2001:db8::1"],
        "uri" | "iri" | "url" => &["https://example.com/a"],
        "uri-reference" | "iri-reference" => &["/a", "https://example.com/a"],
        "uri-template" => &["/a/{b}"],
        "json-pointer" => &["/a"],
        "relative-json-pointer" => &["0/a"],
        "regex" => &["a"],
        "byte" => &["YWJj"],
        _ => &[],
    }
}

/// Whether validators are known to check a format.
pub(super) fn is_checked(format: &str) -> bool {
    !of_format(format).is_empty() && format != "url"
}

/// Strings in which a pattern is found, shorter ones first.
fn of_pattern(pattern: &str, least: u64) -> Vec<String> {
    let parsed = regex_syntax::Parser::new().parse(pattern);
    let Ok(hir) = parsed else {
        return Vec::new();
    };
    let written = |choice, extra| {
        let mut writer = Writer {
            choice,
            extra,
            left: MOST_WRITTEN,
            out: String::new(),
        };
        writer.write(&hir);
        writer.out
    };
    let mut all: Vec<String> = (0..6)
        .map(|choice| written(choice, u32::from(choice > 2)))
        .collect();
    let long = written(0, u32::try_from(least.min(4096)).unwrap_or(1));
    let most = usize::try_from(least).unwrap_or(usize::MAX);
    all.extend([long.chars().take(most).collect(), long]);
    all
}

/// Writes one string for a pattern.
struct Writer {
    /// Which alternatives and letters are taken.
    choice: usize,
    /// Repetitions beyond those that are needed.
    extra: u32,
    /// Parts that may still be written: nested repetitions of nothing have no end otherwise.
    left: u32,
    out: String,
}

impl Writer {
    fn write(&mut self, hir: &Hir) {
        if self.left == 0 || self.out.len() > 20_000 {
            return;
        }
        self.left -= 1;
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => self.out.push_str(&String::from_utf8_lossy(&literal.0)),
            HirKind::Class(class) => self.out.extend(letter(class, self.choice)),
            HirKind::Repetition(repetition) => {
                let most = repetition.max.unwrap_or(u32::MAX);
                let times = repetition.min.saturating_add(self.extra).min(most);
                for _ in 0..times.min(10_000) {
                    self.write(&repetition.sub);
                }
            }
            HirKind::Capture(capture) => self.write(&capture.sub),
            HirKind::Concat(parts) => parts.iter().for_each(|part| self.write(part)),
            HirKind::Alternation(parts) => self.write(&parts[self.choice % parts.len()]),
        }
    }
}

/// A letter of a class, a plain one if there is one.
fn letter(class: &Class, choice: usize) -> Option<char> {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class
            .ranges()
            .iter()
            .map(|r| (r.start(), r.end()))
            .collect(),
        Class::Bytes(class) => {
            let ranges = class.ranges().iter();
            ranges
                .map(|r| (char::from(r.start()), char::from(r.end())))
                .collect()
        }
    };
    let has = |c: &char| ranges.iter().any(|(start, end)| start <= c && c <= end);
    let plain = ['a', '0', 'A', '-', 'z', '9', 'Z', '_', ' ', '.'];
    let mut preferred: Vec<char> = plain.into_iter().filter(has).collect();
    preferred.extend(ranges.iter().flat_map(|(start, end)| [*start, *end]));
    preferred.get(choice % preferred.len().max(1)).copied()
}
