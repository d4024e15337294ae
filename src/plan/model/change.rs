//! One change of a plan.

use std::sync::Arc;

use serde_json::Value;

use super::author::Author;
use super::findings::Block;
use super::write_id::WriteId;
use crate::document::{Breaking, Effects, Sum};
use crate::model::view::PortalView;
use crate::model::{
    Address, Body, Document, FieldPath, Resource, Role, Span, UnmodelledFields, unmodelled_paths,
};

/// What a plan does to a resource, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// It is deleted.
    Delete,
    /// A rule blocks what would happen to it.
    Blocked,
    /// It is created again in place of the live one.
    Replace,
    /// It gets another name, and may change besides.
    Rename,
    /// It changes.
    Update,
    /// It is created.
    Create,
}

impl Action {
    /// The character in front of a change.
    #[must_use]
    pub fn symbol(self) -> char {
        match self {
            Self::Create => '+',
            Self::Update => '~',
            Self::Delete => '-',
            Self::Replace => '±',
            Self::Rename => '>',
            Self::Blocked => '!',
        }
    }

    /// Whether it is what people must see before other changes, by name: one that a rule blocks, or a replacement.
    #[must_use]
    pub fn is_grave(self) -> bool {
        matches!(self, Self::Blocked | Self::Replace)
    }

    /// The word in machine output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Replace => "replace",
            Self::Rename => "rename",
            Self::Blocked => "blocked",
        }
    }
}

/// One field that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldChange {
    /// Which field.
    pub path: FieldPath,
    /// Its live value; `None` where it is absent.
    pub before: Option<Value>,
    /// Its declared value; `None` where it is absent.
    pub after: Option<Value>,
    /// Where it is declared.
    pub place: Option<Span>,
    /// Who made the difference, where that is known.
    pub author: Option<Author>,
}

/// What is sent. A step has only the sides that it needs, so that a wrong one cannot be constructed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Write a resource that does not exist.
    Create {
        /// What is to be.
        after: Arc<Resource>,
    },
    /// Write a resource that exists.
    Update {
        /// What is.
        before: Arc<Resource>,
        /// What is to be.
        after: Arc<Resource>,
    },
    /// Change a resource, if it differs, after preparations gave it another name.
    Rename {
        /// What it is called so far.
        former: Address,
        /// What is, under the present name.
        before: Arc<Resource>,
        /// What is to be.
        after: Arc<Resource>,
    },
    /// Write a resource in place of one that cannot be updated, and then delete that one.
    Replace {
        /// What is.
        before: Arc<Resource>,
        /// What is to be.
        after: Arc<Resource>,
    },
    /// Delete a resource.
    Delete {
        /// What is.
        before: Arc<Resource>,
        /// The resource with which this one vanishes; nothing is sent for this one then.
        with: Option<Address>,
    },
}

/// The two texts of a document that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextChange {
    /// The live text; `None` where there is none or it was not read.
    pub before: Option<Arc<str>>,
    /// The document that is to be imported.
    pub after: Arc<Document>,
    /// What the new text means for callers. Empty if the document does not change, and if the live text was not
    /// read.
    pub effects: Effects,
}

/// What happens to one resource, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The resource.
    pub address: Address,
    /// What is, or would be, sent.
    pub step: Step,
    /// Why a rule blocks it; nothing is sent then.
    pub blocked: Option<Block>,
    /// Why it happens, in words.
    pub reason: String,
    /// What differs.
    pub fields: Vec<FieldChange>,
    /// Live fields that no kind models; see [`Self::unmodelled_fields`].
    pub unmodelled: Body,
    /// All such fields that the resource is to have, where these are more than it has: it had them before an apply
    /// that is undone. They are by their place in the body that is written.
    pub restored: Option<Body>,
    /// The document that is imported with it.
    pub text: Option<TextChange>,
    /// Where the resource is declared.
    pub place: Option<Span>,
    /// Writes that must be done before this one.
    pub waits_for: Vec<WriteId>,
    /// Who made the difference, where that is known; `None` also where its fields have several authors.
    pub author: Option<Author>,
}

impl Change {
    /// Whether both sides made it another one than they last agreed on, in other ways.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.author == Some(Author::Both)
    }

    /// Whether it lets people read the catalogue without signing in who could not before.
    #[must_use]
    pub fn is_opening(&self) -> bool {
        let is_public = |resource: &Resource| PortalView::of(&resource.body).is_public();
        self.blocked.is_none()
            && self.address.is(Role::Portal)
            && self.after().is_some_and(is_public)
            && !self.before().is_some_and(is_public)
    }

    /// What it does, in one word.
    #[must_use]
    pub fn action(&self) -> Action {
        if self.blocked.is_some() {
            return Action::Blocked;
        }
        match self.step {
            Step::Create { .. } => Action::Create,
            Step::Update { .. } => Action::Update,
            Step::Replace { .. } => Action::Replace,
            Step::Rename { .. } => Action::Rename,
            Step::Delete { .. } => Action::Delete,
        }
    }

    /// What the resource is to be; `None` for a delete.
    #[must_use]
    pub fn after(&self) -> Option<&Resource> {
        match &self.step {
            Step::Create { after }
            | Step::Update { after, .. }
            | Step::Rename { after, .. }
            | Step::Replace { after, .. } => Some(after),
            Step::Delete { .. } => None,
        }
    }

    /// What the resource is; `None` for a create.
    #[must_use]
    pub fn before(&self) -> Option<&Resource> {
        match &self.step {
            Step::Update { before, .. }
            | Step::Rename { before, .. }
            | Step::Replace { before, .. }
            | Step::Delete { before, .. } => Some(before),
            Step::Create { .. } => None,
        }
    }

    /// What the resource is called so far, if it gets another name.
    #[must_use]
    pub fn former(&self) -> Option<&Address> {
        match &self.step {
            Step::Rename { former, .. } => Some(former),
            _ => None,
        }
    }

    /// What it keeps of the live fields that no kind models, and what it drops.
    #[must_use]
    pub fn unmodelled_fields(&self) -> UnmodelledFields {
        match self.after() {
            Some(after) => self.unmodelled_in(after),
            None => UnmodelledFields {
                dropped_paths: unmodelled_paths(&self.unmodelled),
                ..UnmodelledFields::default()
            },
        }
    }

    /// The same for a form of the resource on the way there.
    #[must_use]
    pub fn unmodelled_in(&self, resource: &Resource) -> UnmodelledFields {
        let before = self.before().map_or(&resource.body, |before| &before.body);
        let kind = self.address.kind();
        let fields = UnmodelledFields::new(before, &resource.body, &self.unmodelled, kind);
        match (&self.restored, self.after()) {
            (Some(restored), Some(after)) => UnmodelledFields {
                kept: UnmodelledFields::new(&after.body, &resource.body, restored, kind).kept,
                ..fields
            },
            _ => fields,
        }
    }

    /// Whether it writes a resource that is as declared, to set again what a preparation clears.
    #[must_use]
    pub fn is_rewrite(&self) -> bool {
        self.fields.is_empty() && matches!(self.step, Step::Update { .. })
    }

    /// Whether the resource itself is written, as opposed to its document alone.
    #[must_use]
    pub fn writes_resource(&self) -> bool {
        let content = self.address.kind().content_fields;
        match self.step {
            Step::Create { .. } | Step::Replace { .. } => true,
            Step::Update { .. } | Step::Rename { .. } => {
                self.is_rewrite() || self.fields.iter().any(|f| !is_under(&f.path, content))
            }
            Step::Delete { .. } => false,
        }
    }

    /// Whether a document is imported.
    #[must_use]
    pub fn writes_document(&self) -> bool {
        self.text.is_some()
    }

    /// Whether a field represents the document that is imported with this change.
    #[must_use]
    pub fn is_document(&self, field: &FieldChange) -> bool {
        self.text.is_some() && self.address.kind().digest_field() == Some(field.path.as_str())
    }

    /// How many parts of the API the new document removes and adds.
    #[must_use]
    pub fn sums(&self) -> &[Sum] {
        match &self.text {
            Some(text) if self.blocked.is_none() => &text.effects.sums,
            _ => &[],
        }
    }

    /// Whether a document is replaced whose live text was not read, so that nobody knows what that breaks.
    #[must_use]
    pub fn is_unjudged(&self) -> bool {
        let is_replaced = |field: &FieldChange| self.is_document(field) && field.before.is_some();
        let is_unread = self
            .text
            .as_ref()
            .is_some_and(|text| text.before.is_none() && text.after.files.is_none());
        is_unread && self.blocked.is_none() && self.fields.iter().any(is_replaced)
    }

    /// What the new document breaks for callers. Empty if nothing is replaced: for a new definition, a
    /// change that a rule blocks, and a live text that was not read.
    #[must_use]
    pub fn breaking(&self) -> &[Breaking] {
        match &self.text {
            Some(text) if self.blocked.is_none() => &text.effects.findings,
            _ => &[],
        }
    }

    /// How many write requests it takes.
    #[must_use]
    pub fn writes(&self) -> usize {
        match self.step {
            _ if self.blocked.is_some() => 0,
            Step::Delete { with: Some(_), .. } => 0,
            Step::Delete { with: None, .. } => 1,
            Step::Replace { .. } => 2,
            _ => usize::from(self.writes_resource()) + usize::from(self.writes_document()),
        }
    }
}

/// Whether a path is one of the fields or below one.
pub(in crate::plan) fn is_under(path: &str, fields: &[&str]) -> bool {
    fields.iter().any(|field| {
        path.strip_prefix(field)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_under_a_field_by_whole_steps_only() {
        let content = ["specification", "source"];
        for path in ["source", "specification.version", "specification[0].x"] {
            assert!(is_under(path, &content), "{path}");
        }
        for path in ["sources", "sourceUrl.x", "a.source", "", "spec"] {
            assert!(!is_under(path, &content), "{path}");
        }
    }

    #[test]
    fn deletes_sort_first_and_creates_last_each_with_its_own_symbol_and_word() {
        let all = [
            Action::Delete,
            Action::Blocked,
            Action::Replace,
            Action::Rename,
            Action::Update,
            Action::Create,
        ];
        assert!(all.is_sorted());
        let symbols: String = all.into_iter().map(Action::symbol).collect();
        assert_eq!(symbols, "-!±>~+");
        let words = all.map(Action::word);
        assert_eq!(
            words,
            ["delete", "blocked", "replace", "rename", "update", "create"]
        );
    }
}
