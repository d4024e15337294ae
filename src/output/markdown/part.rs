//! A part of a comment, in ever shorter forms.

use super::escaper::grouped;
use super::height::height;

/// What a part is about; in the order in which the parts stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Priority {
    Heading,
    Refusals,
    Deletes,
    Blocked,
    Breaking,
    Changes,
    Warnings,
    Fields,
    Document,
    Exempted,
    Unmanaged,
    Unchanged,
    NextSteps,
}

/// A text with what it takes.
#[derive(Debug)]
struct Measured {
    text: String,
    /// Characters, with an empty line behind it.
    size: usize,
    height: usize,
}

impl Measured {
    fn new(text: String) -> Self {
        Self {
            size: match text.chars().count() {
                0 => 0,
                n => n + 1,
            },
            height: height(&text),
            text,
        }
    }
}

/// One part of a comment.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) priority: Priority,
    /// How many things it is about, for saying what was left out.
    pub(super) weight: usize,
    /// What is seen, from the longest to the shortest.
    visible: Vec<Measured>,
    /// What is behind a click as soon as less than everything is seen, from the longest to the shortest.
    folded: Vec<Measured>,
    /// Whether even the longest form shows less than everything.
    is_partial: bool,
    pub(super) shown: usize,
    pub(super) fold: usize,
    pub(super) is_cut: bool,
}

impl Part {
    pub(super) fn new(
        priority: Priority,
        weight: usize,
        visible: impl IntoIterator<Item = String>,
    ) -> Self {
        Self {
            priority,
            weight,
            visible: visible.into_iter().map(Measured::new).collect(),
            folded: Vec::new(),
            is_partial: false,
            shown: 0,
            fold: 0,
            is_cut: false,
        }
    }

    /// The part with what is behind a click once it is shortened, or at once if its longest form is partial.
    pub(super) fn folding(
        self,
        folded: impl IntoIterator<Item = String>,
        is_partial: bool,
    ) -> Self {
        Self {
            folded: folded.into_iter().map(Measured::new).collect(),
            is_partial,
            ..self
        }
    }

    pub(super) fn text(&self) -> String {
        let texts = [Some(&self.visible[self.shown]), self.below()];
        let texts = texts.into_iter().flatten().map(|one| one.text.as_str());
        let texts: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
        texts.join("\n")
    }

    pub(super) fn size(&self) -> usize {
        self.visible[self.shown].size + self.below().map_or(0, |below| below.size)
    }

    /// What is in the frame of others has no height of its own.
    pub(super) fn height(&self) -> usize {
        if matches!(self.priority, Priority::Fields | Priority::Document) {
            return 0;
        }
        self.visible[self.shown].height + self.below().map_or(0, |below| below.height)
    }

    /// What is behind a click; not names that are seen already.
    fn below(&self) -> Option<&Measured> {
        let is_less = self.shown > 0 || self.is_partial;
        let is_seen = self.is_essential() && self.fold == self.shown;
        self.folded.get(self.fold).filter(|_| is_less && !is_seen)
    }

    /// Whether not even the names are left.
    pub(super) fn is_only_counted(&self) -> bool {
        self.shown > 1 && self.fold > 1
    }

    /// Takes a shorter form, if there is one.
    pub(super) fn show(&mut self, form: usize) {
        if form < self.visible.len() && form > self.shown {
            self.shown = form;
        }
    }

    /// Takes a shorter form of what is behind a click, if there is one.
    pub(super) fn shorten_fold(&mut self, form: usize) {
        if form < self.folded.len() && form > self.fold {
            self.fold = form;
        }
    }

    pub(super) fn is_essential(&self) -> bool {
        matches!(
            self.priority,
            Priority::Refusals | Priority::Deletes | Priority::Blocked
        )
    }

    /// Keeps the first line of what is seen, and as many of the others as fit; nothing is behind a click then.
    pub(super) fn cut_to(&mut self, room: usize) {
        let lines: Vec<&str> = self.visible[self.shown].text.lines().collect();
        let mut kept = String::new();
        let mut size = 60;
        let mut left_out = 0;
        for (i, line) in lines.iter().enumerate() {
            size += line.chars().count() + 1;
            if i > 0 && size > room {
                let rest = lines[i..].iter();
                left_out = rest.filter(|line| line.starts_with("- ")).count();
                break;
            }
            kept.push_str(line);
            kept.push('\n');
        }
        if left_out > 0 {
            kept.push_str(&format!("- … and {} more\n", grouped(left_out)));
        }
        self.visible.push(Measured::new(kept));
        self.shown = self.visible.len() - 1;
        self.folded.clear();
        self.is_cut = true;
    }
}
