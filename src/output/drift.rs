//! What was edited in the portal, for people.

use serde_json::Value;

use super::outline::{Shown, fields_of_portal};
use super::spelling::spelled;
use super::styles::{added, blocked, changed, faint, removed};
use super::text::{Text, cut, styled};
use super::value::texts_by_line;
use crate::document::{DiffLineKind, DiffOptions, unified_diff};
use crate::model::{Address, Sources, Span, counted};
use crate::plan::Change;

/// The most characters of a value on a line (chosen here).
const MOST: usize = 120;

/// The most lines of a difference between texts (chosen here).
const MOST_LINES: usize = 40;

/// What was done in the portal.
#[derive(Debug, Clone, Copy)]
pub struct DriftView<'a> {
    /// The service, in words.
    pub target: &'a str,
    /// Its subscription, which Markdown shortens.
    pub subscription: &'a str,
    /// Declared resources that are live with other values.
    pub edited: &'a [&'a Change],
    /// Declared resources that are not live.
    pub deleted: &'a [&'a Change],
    /// Live resources that are not declared.
    pub created: &'a [Address],
    /// Resources that were deleted or edited in the portal and in the repository, in other ways.
    pub in_conflict: &'a [Address],
    /// How many others are not declared and left out.
    pub unmanaged: usize,
    /// The texts of the manifests.
    pub sources: &'a Sources,
}

/// Lists what was done, with the values from the manifests on the left and the live ones on the right.
#[must_use]
pub fn render_drift(view: &DriftView<'_>) -> Text {
    let mut out = Text::default();
    out.push(view.target.to_owned());
    out.push(String::new());
    for change in view.edited {
        let head = changed(format!("  ~ {}", change.address));
        let place = place(view, change.place);
        out.push(styled![head, ": edited in the portal", faint(place)]);
        push_fields(&mut out, change);
    }
    for change in view.deleted {
        let head = removed(format!("  - {}", change.address));
        let place = place(view, change.place);
        out.push(styled![head, ": deleted in the portal", faint(place)]);
    }
    for address in view.created {
        let head = added(format!("  + {address}"));
        out.push(styled![head, ": created in the portal"]);
    }
    for address in view.in_conflict {
        let head = blocked(format!("  ! {address}"));
        out.push(styled![
            head,
            ": edited in the portal and in the repository"
        ]);
    }
    let listed = view.edited.len() + view.deleted.len() + view.created.len();
    let all = listed + view.in_conflict.len();
    if all == 0 {
        out.push("No drift.".to_owned());
    } else {
        out.push(String::new());
        out.push(format!(
            "Drift: {} edited, {} deleted, {} created.",
            view.edited.len(),
            view.deleted.len(),
            view.created.len()
        ));
    }
    if view.unmanaged > 0 {
        let them = match view.unmanaged {
            1 => "it",
            _ => "them",
        };
        out.push(faint(format!(
            "{} not declared and not of this repository: --include-unmanaged counts {them}, too",
            counted(view.unmanaged, "live resource")
        )));
    }
    out
}

fn place(view: &DriftView<'_>, place: Option<Span>) -> String {
    place.map_or(String::new(), |place| {
        format!("  {}", view.sources.display(place))
    })
}

fn push_fields(out: &mut Text, change: &Change) {
    for field in fields_of_portal(change) {
        let label = format!("      {}: ", field.label);
        match field.shown {
            Shown::Document { .. } => {
                out.push(styled![label, "another document"]);
            }
            // Seen from the manifests, what a plan would bring is what there was.
            Shown::Choices {
                removed: new,
                added: gone,
            } => {
                let mut line = styled![label];
                for value in &gone {
                    line = line.with(removed(format!(" −{}", spelled(Some(value)))));
                }
                for value in &new {
                    line = line.with(added(format!(" +{}", spelled(Some(value)))));
                }
                out.push(line);
            }
            Shown::Value { before, after, .. } => {
                push_value(out, &label, after.as_deref(), before.as_deref());
            }
        }
    }
}

fn push_value(out: &mut Text, label: &str, declared: Option<&Value>, live: Option<&Value>) {
    let Some((old, new)) = texts_by_line(declared, live, MOST) else {
        let side = |value| cut(&spelled(value), MOST).into_owned();
        let sides = (side(declared), side(live));
        out.push(styled![
            label.to_owned(),
            removed(sides.0),
            " → ",
            added(sides.1)
        ]);
        return;
    };
    out.push(label.trim_end().to_owned());
    let options = DiffOptions {
        max_lines: MOST_LINES,
        ..DiffOptions::default()
    };
    for line in unified_diff(&old, &new, options).lines {
        let text = line.text;
        out.push(match line.kind {
            DiffLineKind::Added => styled!["        ", added(format!("+{text}"))],
            DiffLineKind::Removed => styled!["        ", removed(format!("-{text}"))],
            DiffLineKind::Context => styled![format!("         {text}")],
            DiffLineKind::Hunk | DiffLineKind::Note => styled!["        ", faint(text)],
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_counted_in_the_singular_and_the_plural() {
        let said = |unmanaged| {
            let view = DriftView {
                target: "target",
                subscription: "",
                edited: &[],
                deleted: &[],
                created: &[],
                in_conflict: &[],
                unmanaged,
                sources: &Sources::default(),
            };
            render_drift(&view).render(false)
        };
        let one = "1 live resource not declared and not of this repository: --include-unmanaged counts it, too";
        let two = "2 live resources not declared and not of this repository: --include-unmanaged counts them, too";
        assert!(said(1).contains(one), "{}", said(1));
        assert!(said(2).contains(two), "{}", said(2));
        assert!(!said(0).contains("--include-unmanaged"), "{}", said(0));
    }
}
