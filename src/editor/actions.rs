//! What an editor can do about a problem: the fixes of `validate --fix`, a property that is missing, an exemption.

use std::collections::BTreeMap;

use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CreateFile, DocumentChangeOperation,
    DocumentChanges, OneOf, OptionalVersionedTextDocumentIdentifier, Position, Range, ResourceOp,
    TextDocumentEdit, TextEdit, WorkspaceEdit,
};
use serde_json::{Value, json};

use super::diagnostics::{Finding, FindingFix};
use super::missing;
use super::places::range_of;
use super::view::View;
use crate::manifest::{API_VERSION, EXEMPTION_KIND, EXEMPTIONS_FILE};
use crate::model::{Diagnostics, Source, Sources};
use crate::yaml::{self, Edit, PathStep};

/// The actions for a range of a document.
pub(super) fn actions(view: &View<'_>, range: Range) -> Vec<CodeActionOrCommand> {
    let findings = view.facts.findings.get(view.file());
    let findings: Vec<&Finding> = findings.into_iter().flatten().collect();
    let here = findings.iter().filter(|finding| {
        let shown = finding.shown.range;
        shown.start <= range.end && range.start <= shown.end
    });
    let mut actions = Vec::new();
    for finding in here {
        if let Some(fix) = &finding.fix {
            let edits = BTreeMap::from([(fix.file.clone(), fix.edits.clone())]);
            actions.push(CodeAction {
                is_preferred: Some(fix.is_certain),
                ..action(&fix.title, finding, view.edit(edits))
            });
        }
        for (name, text) in missing::additions(view, finding) {
            let edits = BTreeMap::from([(
                view.file().to_owned(),
                vec![difference(view.document, &text)],
            )]);
            actions.push(action(&format!("Add `{name}`"), finding, view.edit(edits)));
        }
        actions.extend(exemption(view, finding));
    }
    actions.extend(fix_all(view, &findings));
    actions
        .into_iter()
        .map(CodeActionOrCommand::CodeAction)
        .collect()
}

fn action(title: &str, finding: &Finding, edit: WorkspaceEdit) -> CodeAction {
    CodeAction {
        title: title.to_owned(),
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: Some(vec![finding.shown.clone()]),
        edit: Some(edit),
        ..CodeAction::default()
    }
}

/// Everything that `validate --fix` fixes in the document at once.
fn fix_all(view: &View<'_>, findings: &[&Finding]) -> Option<CodeAction> {
    let mut edits: Vec<TextEdit> = Vec::new();
    let fixes = findings.iter().filter_map(|finding| finding.fix.as_ref());
    let certain = fixes.filter(|fix| fix.is_certain && fix.file == view.file());
    for FindingFix { edits: own, .. } in certain {
        let is_apart = own.iter().all(|edit| {
            let mut others = edits.iter();
            others.all(|other| {
                edit.range.end < other.range.start || other.range.end < edit.range.start
            })
        });
        if is_apart {
            edits.extend(own.iter().cloned());
        }
    }
    if edits.is_empty() {
        return None;
    }
    Some(CodeAction {
        title: "Fix all that can have meant nothing else".to_owned(),
        kind: Some(CodeActionKind::SOURCE_FIX_ALL),
        edit: Some(view.edit(BTreeMap::from([(view.file().to_owned(), edits)]))),
        ..CodeAction::default()
    })
}

/// Accepts a finding, in the file that an export uses for it too.
fn exemption(view: &View<'_>, finding: &Finding) -> Option<CodeAction> {
    let address = finding.acceptable.as_ref()?;
    let code = &finding.code;
    let mut entry = json!({"code": code.to_string(), "address": address.to_string()});
    if let Some(path) = &finding.field {
        entry["path"] = json!(path);
    }
    entry["reason"] = json!("TODO: why it is accepted");
    let edit = match (view.read)(EXEMPTIONS_FILE) {
        None => created(view, &document(entry))?,
        Some(text) => {
            let new = with_entry(&text, &entry)
                .unwrap_or_else(|| format!("{}\n---\n{}", text.trim_end(), document(entry)));
            let source = Source::new(EXEMPTIONS_FILE.to_owned(), text);
            let edits = vec![difference(&source, &new)];
            view.edit(BTreeMap::from([(EXEMPTIONS_FILE.to_owned(), edits)]))
        }
    };
    let title = format!("Accept `{code}` for {address} in {EXEMPTIONS_FILE}");
    Some(action(&title, finding, edit))
}

/// A document that accepts a finding.
fn document(entry: Value) -> String {
    yaml::emit(&json!({
        "apiVersion": API_VERSION,
        "kind": EXEMPTION_KIND,
        "metadata": {"name": "accepted"},
        "spec": {"findings": [entry]},
    }))
}

/// A file of exemptions with one more entry, in the first document that has a list of them.
fn with_entry(text: &str, entry: &Value) -> Option<String> {
    let source = Sources::default().add("", "");
    let documents = yaml::parse(source, text, &mut Diagnostics::default());
    let at = documents.iter().position(|document| {
        let kind = document.root.as_ref().and_then(|root| root.get("kind"));
        kind.and_then(|kind| kind.scalar_text()) == Some(EXEMPTION_KIND)
    })?;
    let path = [PathStep::Key("spec"), PathStep::Key("findings")];
    yaml::edited(text, at, &path, Edit::Append(entry))
}

/// Makes a file.
fn created(view: &View<'_>, text: &str) -> Option<WorkspaceEdit> {
    let uri = view.uri(EXEMPTIONS_FILE)?;
    let create = DocumentChangeOperation::Op(ResourceOp::Create(CreateFile {
        uri: uri.clone(),
        options: None,
        annotation_id: None,
    }));
    let write = DocumentChangeOperation::Edit(TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier { uri, version: None },
        edits: vec![OneOf::Left(TextEdit {
            range: Range::new(Position::new(0, 0), Position::new(0, 0)),
            new_text: text.to_owned(),
        })],
    });
    Some(WorkspaceEdit {
        document_changes: Some(DocumentChanges::Operations(vec![create, write])),
        ..WorkspaceEdit::default()
    })
}

/// The one edit that makes a text of another, without what they have in common at both ends.
fn difference(source: &Source, new: &str) -> TextEdit {
    let old: &str = &source.text;
    let same = |pair: &(char, char)| pair.0 == pair.1;
    let before: usize = old
        .chars()
        .zip(new.chars())
        .take_while(same)
        .map(|(c, _)| c.len_utf8())
        .sum();
    let rest = (&old[before..], &new[before..]);
    let after: usize = rest
        .0
        .chars()
        .rev()
        .zip(rest.1.chars().rev())
        .take_while(same)
        .map(|(c, _)| c.len_utf8())
        .sum();
    TextEdit {
        range: range_of(source, before, old.len() - after),
        new_text: new[before..new.len() - after].to_owned(),
    }
}
