//! Parser events to trees.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Tag};

use super::frame::{Built, Collection, Frame};
use super::limits::{self, MAX_DEPTH, MAX_VALUES, is_value, may_alias, too_many_values};
use super::mapping::MappingBuilder;
use super::node::YamlDocument;
use super::repaired::Repaired;
use super::scalar::Scalar;
use super::{ranges, repair, syntax_errors, tags};
use crate::model::{Diagnostic, Diagnostics, Severity, SourceId, Span, code};

/// Broken documents of one file that are reported before reading stops.
const MAX_BROKEN: usize = 100;

/// What is kept of a document of which only the top counts: a mapping, and mappings in it.
pub(super) const TOP_DEPTH: usize = 2;

/// The current document cannot be kept; the reason was reported.
struct Abandon;

/// How deeply the parser follows what is left out of an outline: its work grows with the square of this.
const MAX_SKIPPED_DEPTH: usize = 2000;

/// Reads every document of a file, with values that are nested up to `max_depth`. With `skipped`, deeper ones are
/// left out, and otherwise their document is.
pub(super) fn read(
    source: SourceId,
    text: &str,
    diagnostics: &mut Diagnostics,
    max_depth: usize,
    skipped: Option<usize>,
) -> (Vec<YamlDocument>, Vec<Repaired>) {
    let mut options = granit_parser::options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
    };
    if skipped.is_some() {
        options.flow_nesting_limit = MAX_SKIPPED_DEPTH;
        options.block_nesting_limit = MAX_SKIPPED_DEPTH;
    }
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut composer = Composer {
        source,
        text,
        diagnostics,
        frames: Vec::new(),
        anchors: HashMap::new(),
        root: None,
        last_end: 0,
        aliased: 0,
        values: 0,
        max_depth,
        skipped,
        is_cut: false,
        documents: Vec::new(),
        repaired: Vec::new(),
    };
    let mut broken = 0;
    while let Some(result) = parser.next_event() {
        let outcome = match result {
            Ok((Event::StreamEnd, _)) => break,
            Ok((event, span)) => {
                let tag_place = span.tag_span().and_then(|tag| tag.byte_range());
                composer.event(event, span.byte_range().unwrap_or_default(), tag_place)
            }
            Err(error) => {
                composer.syntax_error(&error);
                composer.skipped = composer.skipped.map(|_| 0);
                Err(Abandon)
            }
        };
        if outcome.is_err() {
            composer.frames.clear();
            broken += 1;
            if composer.values > MAX_VALUES {
                break;
            }
            if broken == MAX_BROKEN || !matches!(parser.proceed_next_document(), Ok(true)) {
                break;
            }
        }
    }
    (composer.documents, composer.repaired)
}

struct Composer<'a> {
    source: SourceId,
    text: &'a str,
    diagnostics: &'a mut Diagnostics,
    /// The collections that are open, outermost first.
    frames: Vec<Frame>,
    /// Finished values that have an anchor, by the parser's number.
    anchors: HashMap<usize, Built>,
    root: Option<Built>,
    /// Where the last token ended.
    last_end: usize,
    /// What aliases have added so far.
    aliased: usize,
    /// How many values were read so far.
    values: usize,
    /// Values inside values that are kept.
    max_depth: usize,
    /// In an outline, how many collections are open that are left out.
    skipped: Option<usize>,
    /// Whether something was left out of the outline.
    is_cut: bool,
    documents: Vec<YamlDocument>,
    /// Broken documents, each with its first repair.
    repaired: Vec<Repaired>,
}

impl Composer<'_> {
    fn event(
        &mut self,
        event: Event<'_>,
        place: Range<usize>,
        tag_place: Option<Range<usize>>,
    ) -> Result<(), Abandon> {
        if self.skips(&event) {
            return Ok(());
        }
        self.count(&event, &place)?;
        let end = place.end;
        match event {
            Event::DocumentStart(explicit, _) => {
                self.anchors.clear();
                self.root = None;
                self.last_end = if explicit { place.end } else { place.start };
                return Ok(());
            }
            Event::DocumentEnd => self.finish_document(),
            Event::Scalar(text, style, anchor, tag) => {
                let tag = self.tag(tag.as_deref(), tag_place, |tag| {
                    let empty = style == ScalarStyle::Plain && place.is_empty();
                    tags::scalar_problem(tag, if empty { "" } else { &text })
                });
                self.scalar(text, style, anchor, tag, place);
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.tag(tag.as_deref(), tag_place, |tag| {
                    tags::collection_problem(tag, "!!seq")
                });
                self.open(Collection::Sequence(Vec::new()), anchor, place)?;
            }
            Event::MappingStart(_, anchor, tag) => {
                self.tag(tag.as_deref(), tag_place, |tag| {
                    tags::collection_problem(tag, "!!map")
                });
                self.open(
                    Collection::Mapping(MappingBuilder::default()),
                    anchor,
                    place,
                )?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(place),
            Event::Alias(id) => self.alias(id, place)?,
            Event::UnresolvedAlias(name) => {
                self.report(syntax_errors::dangling_alias(&name, self.span(&place)));
                self.attach(self.nothing(place));
            }
            _ => {}
        }
        self.last_end = self.last_end.max(end);
        Ok(())
    }

    /// Counts the values of the file.
    fn count(&mut self, event: &Event<'_>, place: &Range<usize>) -> Result<(), Abandon> {
        self.values += usize::from(is_value(event));
        if self.values <= MAX_VALUES {
            return Ok(());
        }
        self.report(too_many_values(self.span(place)));
        Err(Abandon)
    }

    fn finish_document(&mut self) {
        let root = self.root.take().map(|built| built.node).filter(|node| {
            let empty =
                |s: &Scalar| s.text.is_empty() && s.plain && node.span.start == node.span.end;
            !node.scalar().is_some_and(empty)
        });
        self.documents.push(YamlDocument { root });
    }

    fn scalar(
        &mut self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<String>,
        place: Range<usize>,
    ) {
        let mut place = place;
        let mut text = text.into_owned();
        match style {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                place = ranges::block_text(self.text, self.last_end, &place, &text);
            }
            ScalarStyle::Plain if place.is_empty() => {
                // The parser says `~` where nothing was written, and points before the colon.
                text.clear();
                if self.text[place.start..].starts_with(':') {
                    place = place.start + 1..place.start + 1;
                }
            }
            _ => {}
        }
        let scalar = Scalar {
            plain: style == ScalarStyle::Plain && tag.is_none(),
            text,
            tag,
        };
        let span = self.span(&place);
        let built = Built::scalar(scalar, place, span);
        self.finish(built, anchor);
    }

    fn open(
        &mut self,
        collection: Collection,
        anchor: usize,
        place: Range<usize>,
    ) -> Result<(), Abandon> {
        if self.frames.len() >= self.max_depth {
            self.too_deep(&place)?;
            self.skipped = Some(1);
            self.attach(self.nothing(place));
            return Ok(());
        }
        self.frames.push(Frame::new(collection, anchor, place));
        Ok(())
    }

    fn close(&mut self, end: Range<usize>) {
        let Some(mut frame) = self.frames.pop() else {
            return;
        };
        if !end.is_empty() {
            frame.place.end = end.end;
        }
        let (span, anchor) = (self.span(&frame.place), frame.anchor);
        let built = frame.finish(span, self.diagnostics);
        self.finish(built, anchor);
    }

    fn alias(&mut self, id: usize, place: Range<usize>) -> Result<(), Abandon> {
        let Some(target) = self.anchors.get(&id) else {
            if self.is_cut {
                self.attach(self.nothing(place));
                return Ok(());
            }
            let problem = "this alias is inside the value that it names";
            self.report(Diagnostic::error(code::YAML_ALIAS, problem).at(self.span(&place), "here"));
            self.attach(self.nothing(place));
            return Ok(());
        };
        if self.frames.len() + target.height > self.max_depth {
            self.too_deep(&place)?;
            self.attach(self.nothing(place));
            return Ok(());
        }
        self.aliased = self.aliased.saturating_add(target.weight);
        if self.aliased > may_alias(self.text.len()) {
            let problem = "the aliases of this file expand beyond any reasonable size";
            self.report(Diagnostic::error(code::YAML_ALIAS, problem).at(self.span(&place), "here"));
            return Err(Abandon);
        }
        let target = target.clone();
        self.attach(Built {
            place,
            alias: true,
            ..target
        });
        Ok(())
    }

    /// Remembers a finished value if it has an anchor, and puts it where it belongs.
    fn finish(&mut self, built: Built, anchor: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, built.clone());
        }
        self.attach(built);
    }

    fn attach(&mut self, built: Built) {
        let span = self.span(&built.place);
        match self.frames.last_mut() {
            Some(frame) => frame.take(built, span, self.diagnostics),
            None => self.root = Some(built),
        }
    }

    /// Takes the place of an alias that could not be followed.
    fn nothing(&self, place: Range<usize>) -> Built {
        let scalar = Scalar {
            text: String::new(),
            plain: true,
            tag: None,
        };
        Built {
            alias: true,
            ..Built::scalar(scalar, place.clone(), self.span(&place))
        }
    }

    /// The tag in short form, once it was checked.
    fn tag(
        &mut self,
        tag: Option<&Tag>,
        place: Option<Range<usize>>,
        problem: impl FnOnce(&str) -> Option<String>,
    ) -> Option<String> {
        let tag = tags::short(tag?);
        if let (Some(problem), Some(place)) = (problem(&tag), place) {
            self.report(
                Diagnostic::error(code::YAML_SYNTAX, problem)
                    .at(self.span(&place), "this tag")
                    .help("remove the tag; quote the value if it is a text"),
            );
        }
        Some(tag)
    }

    /// Whether an event belongs to a value that is left out.
    fn skips(&mut self, event: &Event<'_>) -> bool {
        let Some(open) = self.skipped.filter(|&open| open > 0) else {
            return false;
        };
        self.skipped = Some(match event {
            Event::SequenceStart(..) | Event::MappingStart(..) => open + 1,
            Event::SequenceEnd | Event::MappingEnd => open - 1,
            _ => open,
        });
        true
    }

    /// Reports the first value of an outline that is nested too deeply; outside of one, the document
    /// cannot be kept.
    fn too_deep(&mut self, place: &Range<usize>) -> Result<(), Abandon> {
        let is_known = std::mem::replace(&mut self.is_cut, self.skipped.is_some());
        if !is_known && self.max_depth == MAX_DEPTH {
            self.report(limits::nested_too_deeply(self.span(place)));
        }
        self.skipped.map(drop).ok_or(Abandon)
    }

    fn syntax_error(&mut self, error: &ScanError) {
        let offset = error.marker().byte_offset().unwrap_or(self.text.len());
        if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
            // The parser stops here, in an outline too.
            let place = self.span(&ranges::character(self.text, offset));
            return self.report(limits::nested_beyond_reading(place));
        }
        let offset = ranges::noticed(self.text, offset, error.kind());
        let kind = match ranges::is_indenting_tab(self.text, offset) {
            true => &ErrorKind::TabInPlainScalar,
            false => error.kind(),
        };
        let (message, help) = syntax_errors::explain(kind);
        let mut diagnostic = Diagnostic::error(code::YAML_SYNTAX, message)
            .at(self.span(&ranges::character(self.text, offset)), "here");
        let open = self.frames.iter().rev().filter(|frame| frame.flow);
        let open: Vec<usize> = open.map(|frame| frame.place.start).collect();
        if let Some(&at) = open.first() {
            diagnostic = diagnostic.related(self.span(&(at..at + 1)), "this bracket is still open");
        }
        let broken = repair::Broken {
            source: self.source,
            text: self.text,
            offset: self.text.floor_char_boundary(offset),
            kind,
            open,
        }
        .with_unread_bracket();
        let has_room = self.diagnostics.count(Severity::Error) < repair::MOST_TRIES;
        let is_tried = has_room && self.skipped.is_none();
        let (diagnostic, repaired) = broken.helped(diagnostic, help, is_tried);
        self.report(diagnostic);
        self.repaired.extend(repaired);
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn span(&self, place: &Range<usize>) -> Span {
        Span {
            source: self.source,
            start: place.start,
            end: place.end,
        }
    }
}
