//! What the difference of two descriptions breaks, for people.

use super::breaking::{self, word};
use super::styles::{added, changed, faint, removed};
use super::text::{Text, styled};
use crate::document::{
    Breaking, Comparison, DocumentPlace, Impact, Sameness, Sum, TextRange, bundle,
};
use crate::model::{DocumentPart, Sources, Span, counted};

/// One of the two descriptions.
#[derive(Debug, Clone, Copy)]
pub struct SpecSide<'a> {
    /// What the user calls it.
    pub name: &'a str,
    /// Whether it is a file, with its parts.
    pub is_file: bool,
    /// Its files.
    pub sources: &'a Sources,
    /// Where its values come from.
    pub parts: &'a [DocumentPart],
}

/// Two descriptions and what the second one breaks.
#[derive(Debug)]
pub struct SpecDiff<'a> {
    pub(super) before: SpecSide<'a>,
    pub(super) after: SpecSide<'a>,
    pub(super) comparison: &'a Comparison,
    pub(super) located: Vec<Located<'a>>,
}

/// A finding and its places in both descriptions.
#[derive(Debug)]
pub(super) struct Located<'a> {
    pub(super) found: &'a Breaking,
    pub(super) before: Option<Span>,
    pub(super) after: Option<Span>,
    /// In the new description: what was concerned, or what is around it.
    pub(super) anchor: Option<Span>,
}

impl<'a> SpecDiff<'a> {
    /// Looks up where the findings are.
    #[must_use]
    pub fn new(before: SpecSide<'a>, after: SpecSide<'a>, comparison: &'a Comparison) -> Self {
        let findings = &comparison.findings;
        let was = spans(before.parts, findings, |found| found.before.as_ref());
        let anchors = spans(after.parts, findings, anchor);
        let located = findings.iter().zip(was).zip(anchors);
        Self {
            before,
            after,
            comparison,
            located: located
                .map(|((found, before), anchor)| Located {
                    found,
                    before,
                    after: anchor.filter(|_| found.after.is_some()),
                    anchor,
                })
                .collect(),
        }
    }

    /// That there may be more findings; `None` if all were looked for.
    pub(super) fn omission(&self) -> Option<&'static str> {
        self.comparison
            .is_cut
            .then_some("There may be more: nothing was looked for beyond that number of findings.")
    }

    /// How many findings surely break, and how many may.
    pub(super) fn counts(&self) -> (usize, usize) {
        let breaks = breaking::count(&self.comparison.findings);
        (breaks, self.comparison.findings.len() - breaks)
    }
}

/// The place by which a finding is looked up in the new description.
pub(super) fn anchor(found: &Breaking) -> Option<&DocumentPlace> {
    let is_pointer = |place: &&DocumentPlace| place.pointer().is_some();
    let around = || found.before.as_ref().filter(is_pointer);
    let after = found.after.as_ref().or(found.around.as_ref());
    after.or_else(around)
}

/// Where findings are in one of the descriptions.
pub(super) fn spans(
    parts: &[DocumentPart],
    findings: &[Breaking],
    place: fn(&Breaking) -> Option<&DocumentPlace>,
) -> Vec<Option<Span>> {
    let mut spans: Vec<Option<Span>> = findings
        .iter()
        .map(|found| match place(found)? {
            DocumentPlace::Text(range) => in_text(parts.first()?, *range),
            DocumentPlace::Pointer(_) => None,
        })
        .collect();
    let wanted: Vec<(usize, &str)> = findings
        .iter()
        .enumerate()
        .filter_map(|(at, found)| Some((at, place(found)?.pointer()?)))
        .collect();
    if wanted.is_empty() {
        return spans;
    }
    let pointers: Vec<&str> = wanted.iter().map(|(_, pointer)| *pointer).collect();
    for ((at, _), span) in wanted.iter().zip(bundle::places_of(parts, &pointers)) {
        spans[*at] = span;
    }
    spans
}

/// A place in a text, which is always in one file.
fn in_text(part: &DocumentPart, range: TextRange) -> Option<Span> {
    let bytes = range.bytes(&part.text);
    (!part.text.is_empty()).then_some(Span {
        source: part.source,
        start: bytes.start,
        end: bytes.end,
    })
}

/// Every finding with its places, then the counts.
#[must_use]
pub fn render_spec_diff(diff: &SpecDiff<'_>) -> Text {
    let mut out = Text::default();
    for located in &diff.located {
        let Breaking {
            impact,
            place,
            message,
            ..
        } = located.found;
        let lead = match impact {
            Impact::Break => removed(word(*impact)),
            Impact::Caution => changed(word(*impact)),
        };
        out.push(styled![lead, format!(": {place}: {message}")]);
        let shown = |side: SpecSide<'_>, span: Option<Span>| Some(side.sources.display(span?));
        let places = [
            shown(diff.before, located.before),
            shown(diff.after, located.after),
        ];
        let places: Vec<String> = places.into_iter().flatten().collect();
        if !places.is_empty() {
            out.push(faint(format!("    {}", places.join(" → "))));
        }
    }
    if !diff.located.is_empty() {
        out.blank();
    }
    if let Some(words) = sums_words(&diff.comparison.sums) {
        out.push(format!("{words}."));
    }
    if diff.comparison.sameness == Sameness::ExceptDescriptions {
        out.push("Only descriptions differ.");
    }
    let is_same = diff.comparison.sameness == Sameness::Same;
    out.push(match (is_same, diff.counts()) {
        (true, _) => added("No changes.").into(),
        (false, (0, 0)) => added("No breaking changes.").into(),
        (false, (0, _)) => styled![
            "No breaking changes, ",
            changed(verdict(diff.counts())),
            "."
        ],
        (false, _) => styled![removed(verdict(diff.counts())), "."],
    });
    if let Some(omission) = diff.omission() {
        out.push(omission);
    }
    out
}

/// Such as "2 breaking changes, 1 caution".
pub(super) fn verdict((breaks, cautions): (usize, usize)) -> String {
    let mut words = Vec::new();
    if breaks > 0 {
        words.push(counted(breaks, "breaking change"));
    }
    if cautions > 0 {
        words.push(counted(cautions, "caution"));
    }
    words.join(", ")
}

/// Such as "21 paths, 40 operations removed; 99 paths, 240 operations added".
pub(super) fn sums_words(sums: &[Sum]) -> Option<String> {
    let side = |count: fn(&Sum) -> usize, word: &str| {
        let all = sums.iter().filter(|sum| count(sum) > 0);
        let words: Vec<String> = all.map(|sum| counted(count(sum), sum.noun)).collect();
        (!words.is_empty()).then(|| format!("{} {word}", words.join(", ")))
    };
    let sides = [
        side(|sum| sum.removed, "removed"),
        side(|sum| sum.added, "added"),
    ];
    let sides: Vec<String> = sides.into_iter().flatten().collect();
    (!sides.is_empty()).then(|| sides.join("; "))
}
