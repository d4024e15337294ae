//! The line that names a resource.

use super::layout::{columns, cut_end};
use super::view::PlanView;
use crate::model::Address;
use crate::output::outline::caption_of;
use crate::output::styles::{Piece, added, blocked, changed, faint, removed};
use crate::output::text::{Line, styled};
use crate::plan::{Action, Change};

/// Columns of a title that is longer.
const WIDEST_TITLE: usize = 48;

/// The style of an action.
pub(super) fn style(action: Action) -> fn(String) -> Piece {
    match action {
        Action::Create => added,
        Action::Update | Action::Rename | Action::Replace => changed,
        Action::Delete => removed,
        Action::Blocked => blocked,
    }
}

/// The symbol, the address and the title of a changed resource.
pub(super) fn heading(view: &PlanView<'_>, change: &Change, label: &str, indent: usize) -> Line {
    let action = change.action();
    let address = match view.shows_all() {
        true => change.address.to_string(),
        false => label.to_owned(),
    };
    let name = style(action)(format!("{} {address}", action.symbol())).strong();
    let mut heading = styled![" ".repeat(indent), name];
    if let Some(former) = change.former() {
        heading = styled![heading, format!("  (was {former})")];
    }
    // A resource below an API is recognised by the API, if that has no line of its own.
    let root = change.address.root();
    let of_root = || {
        let is_alone = indent == 0 && change.address != root && !view.shows_all();
        view.captions.get(&root).filter(|_| is_alone).cloned()
    };
    with_caption(heading, of_root().or_else(|| caption_of(change)))
}

/// A resource that does not change, above those that do.
pub(super) fn context(view: &PlanView<'_>, address: &Address, label: &str, indent: usize) -> Line {
    let row = format!("{}  {label}", " ".repeat(indent));
    with_caption(styled![row], view.captions.get(address).cloned())
}

fn with_caption(heading: Line, caption: Option<String>) -> Line {
    match caption {
        Some(caption) => heading.with(styled!["  ", short_caption(&caption)]),
        None => heading,
    }
}

/// A title of at most so many columns, with its quotes.
pub(super) fn short_caption(caption: &str) -> String {
    if columns(caption) <= WIDEST_TITLE {
        return caption.to_owned();
    }
    let quote = if caption.ends_with('"') { "\"" } else { "" };
    let cut = cut_end(caption.trim_end_matches('"'), WIDEST_TITLE - 1);
    format!("{cut}{quote}")
}

/// The heading with words behind it.
pub(super) fn remarked(heading: Line, remark: &str) -> Line {
    match remark {
        "" => heading,
        remark => styled![heading, "  ", faint(remark)],
    }
}
