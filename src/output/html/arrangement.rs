//! In which order and groups the page shows the changes, and what it calls the resources.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use serde_json::{Map, Value, json};

use super::json_text::JsonText;
use super::metadata::{self, Metadata};
use crate::model::{Address, counted};
use crate::output::outline::{
    Alike, AlikeField, Branch, Brings, Delete, Likeness, Values, branches, caption_of, captions,
    deletes, group, reasons, tally,
};
use crate::output::portal_page::portal_page;
use crate::output::redactor::Redactor;
use crate::output::review::Review;
use crate::plan::{Action, Change, Plan};

/// From this many on, changes of the same fields to different values are a group (chosen here): fewer are easier
/// to read one by one.
const FEWEST_VARIOUS: usize = 20;

/// What the page needs besides the changes themselves.
pub(super) struct Arrangement<'a> {
    plan: &'a Plan,
    review: &'a Review<'a>,
    redactor: Redactor<'a>,
    captions: BTreeMap<Address, String>,
    positions: BTreeMap<&'a Address, usize>,
}

impl<'a> Arrangement<'a> {
    pub(super) fn new(plan: &'a Plan, review: &'a Review<'a>, redactor: Redactor<'a>) -> Self {
        let changes = plan.changes.iter().enumerate();
        Self {
            plan,
            review,
            redactor,
            captions: captions(review.desired),
            positions: changes.map(|(i, change)| (&change.address, i)).collect(),
        }
    }

    /// Writes the fields of the page's data.
    pub(super) fn write(&self, text: &mut JsonText<'_>) -> io::Result<()> {
        let deletes = deletes(self.plan);
        let lost: BTreeSet<&Address> = deletes
            .iter()
            .flat_map(|delete| {
                let top = (!delete.is_change()).then_some(delete.top);
                top.into_iter().chain(delete.taken.iter().copied())
            })
            .map(|change| &change.address)
            .collect();
        let others: Vec<&Change> = self
            .plan
            .changes
            .iter()
            .filter(|change| !lost.contains(&change.address))
            .collect();
        let (groups, rest) = self.grouped(&others);
        let mut trees = branches(rest, false);
        trees.sort_by_key(|tree| (tree.breaks() == 0, tree.is_new()));
        text.list("deletes", deletes.iter().map(|delete| self.delete(delete)))?;
        text.list("tree", trees.iter().map(|tree| self.branch(tree)))?;
        text.list("groups", groups.iter().map(|group| self.group(group)))?;
        text.list("reasons", self.reasons())?;
        text.list("counts", self.counts())?;
        self.write_resources(text)
    }

    /// The changes that are alike, and all others.
    fn grouped(&self, changes: &[&'a Change]) -> (Vec<Alike<'a>>, Vec<&'a Change>) {
        let stepped: BTreeSet<usize> = self.plan.migrations.iter().map(|m| m.change).collect();
        let has_steps = |change: &Change| stepped.contains(&self.positions[&change.address]);
        let (mut alone, candidates): (Vec<&Change>, Vec<&Change>) =
            changes.iter().partition(|change| has_steps(change));
        let (mut groups, rest) = group(&candidates, Likeness::Same);
        // Documents differ each in its own way.
        let (documents, rest): (Vec<&Change>, Vec<&Change>) =
            rest.iter().partition(|change| change.writes_document());
        alone.extend(documents);
        let (various, rest) = group(&rest, Likeness::SameFields);
        for group in various {
            if group.changes.len() < FEWEST_VARIOUS {
                alone.extend(group.changes);
            } else {
                groups.push(group);
            }
        }
        alone.extend(rest);
        (groups, alone)
    }

    fn position(&self, change: &Change) -> usize {
        self.positions[&change.address]
    }

    fn branch(&self, branch: &Branch<'_>) -> Value {
        let mut node = Map::new();
        node.insert(
            "address".to_owned(),
            self.redactor.address(&branch.address).into(),
        );
        if let Some(change) = branch.change {
            node.insert("change".to_owned(), self.position(change).into());
        } else if let Some(title) = self.title(&branch.address) {
            node.insert("title".to_owned(), title.into());
        }
        if branch.is_new() && !branch.below.is_empty() {
            let mut addresses = Vec::new();
            collect(&branch.below, &mut addresses);
            let brings = Brings::of(addresses);
            node.insert("brings".to_owned(), brings.to_string().into());
        }
        if !branch.below.is_empty() {
            let below = branch.below.iter().map(|below| self.branch(below));
            node.insert("below".to_owned(), below.collect());
        }
        node.into()
    }

    fn delete(&self, delete: &Delete<'_>) -> Value {
        let taken: Vec<usize> = delete.taken.iter().map(|c| self.position(c)).collect();
        let brings = Brings::of(delete.taken.iter().map(|change| &change.address));
        json!({"top": self.position(delete.top), "sent": !delete.is_change(),
            "taken": taken, "words": brings.to_string()})
    }

    fn group(&self, group: &Alike<'_>) -> Value {
        let first = group.changes[0];
        let changes: Vec<usize> = group.changes.iter().map(|c| self.position(c)).collect();
        let fields: Vec<Value> = group
            .fields
            .iter()
            .map(|field| self.group_field(group, field))
            .collect();
        json!({"words": counted(changes.len(), first.address.kind().noun),
            "action": group.action.word(), "changes": changes, "fields": fields})
    }

    /// What a field of a group has in common; a document has nothing that one could read.
    fn group_field(&self, group: &Alike<'_>, field: &AlikeField<'_>) -> Value {
        let first = field.first;
        let is_document = group.changes.iter().any(|change| {
            change
                .fields
                .iter()
                .any(|one| one.path == field.path && change.is_document(one))
        });
        let mut value = match &field.values {
            _ if is_document => json!({}),
            Values::Various => json!({}),
            Values::Same => json!({"before": first.before, "after": first.after}),
            Values::SameAfter(after) => json!({"to": after}),
            Values::Prefixed(text) => json!({"prefix": text}),
            Values::Suffixed(text) => json!({"suffix": text}),
        };
        value = self.redactor.value(value);
        value["path"] = self.redactor.text(field.path).into();
        value["count"] = field.count.into();
        if let Some(author) = first.author {
            value["author"] = author.word().into();
        }
        value
    }

    /// Why callers break, each reason once.
    fn reasons(&self) -> Vec<Value> {
        let reasons = reasons(&self.plan.changes);
        let reasons = reasons.iter().map(|reason| {
            let changes = reason.addresses.iter();
            let changes: Vec<usize> = changes.map(|address| self.positions[address]).collect();
            let breaking = &reason.breaking;
            json!({"place": self.redactor.text(&breaking.place),
                "message": self.redactor.text(&breaking.message), "changes": changes})
        });
        reasons.collect()
    }

    /// How many changes of each action a kind has.
    fn counts(&self) -> Vec<Value> {
        let actions = [
            Action::Delete,
            Action::Blocked,
            Action::Replace,
            Action::Rename,
            Action::Update,
            Action::Create,
        ];
        let counts = tally(self.plan);
        let counts = counts.iter().map(|kind| {
            let counts = actions.iter().filter(|action| kind.count(**action) > 0);
            let counts = counts.map(|action| {
                let word = action.word().to_owned();
                (word, kind.count(*action).into())
            });
            json!({"noun": kind.noun, "counts": Value::Object(counts.collect())})
        });
        counts.collect()
    }

    /// Writes the title and the metadata of each changed resource, and of the topmost one above it.
    fn write_resources(&self, text: &mut JsonText<'_>) -> io::Result<()> {
        let mut roots: BTreeMap<Address, usize> = BTreeMap::new();
        for change in &self.plan.changes {
            let next = roots.len();
            roots.entry(change.address.root()).or_insert(next);
        }
        let about = self.plan.changes.iter().map(|change| {
            let mut about = Map::new();
            let root = roots[&change.address.root()];
            about.insert("root".to_owned(), root.into());
            about.extend(self.title_and_metadata(&change.address, &metadata::of_change(change)));
            Value::Object(about)
        });
        text.list("about", about)?;
        let mut by_position: Vec<(&Address, usize)> =
            roots.iter().map(|(address, at)| (address, *at)).collect();
        by_position.sort_by_key(|(_, at)| *at);
        let roots = by_position.into_iter().map(|(address, _)| {
            let mut root = Map::new();
            root.insert("address".to_owned(), self.redactor.address(address).into());
            root.insert("noun".to_owned(), address.kind().noun.into());
            if let Some(page) = portal_page(self.review, address) {
                root.insert("portal".to_owned(), page.into());
            }
            let declared = self.review.desired.resources.get(address);
            let mut metadata = declared.map_or_else(Metadata::new, |declared| {
                metadata::of_body(&declared.resource.body)
            });
            if let Some(position) = self.positions.get(address) {
                metadata = metadata::of_change(&self.plan.changes[*position]);
            }
            root.extend(self.title_and_metadata(address, &metadata));
            Value::Object(root)
        });
        text.list("roots", roots)
    }

    fn title_and_metadata(
        &self,
        address: &Address,
        metadata: &Metadata,
    ) -> impl Iterator<Item = (String, Value)> {
        let title = self.title(address).map(Value::from);
        let metadata = (!metadata.is_empty()).then(|| self.redactor.value(json!(metadata)));
        let title = title.map(|title| ("title".to_owned(), title));
        title
            .into_iter()
            .chain(metadata.map(|metadata| ("metadata".to_owned(), metadata)))
    }

    /// What people call a resource; for one that is deleted, what they have called it.
    fn title(&self, address: &Address) -> Option<String> {
        let declared = self.captions.get(address).cloned();
        let live = || {
            let change = &self.plan.changes[*self.positions.get(address)?];
            caption_of(change)
        };
        let title = declared.or_else(live)?;
        Some(self.redactor.text(&title).into_owned())
    }
}

/// The addresses of all changes in branches.
fn collect<'a>(branches: &'a [Branch<'_>], into: &mut Vec<&'a Address>) {
    for branch in branches {
        into.extend(branch.change.map(|_| &branch.address));
        collect(&branch.below, into);
    }
}
