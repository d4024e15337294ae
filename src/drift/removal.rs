//! A resource that was deleted in the portal.

use super::home::{Home, homes};
use super::step::Step;
use super::texts::{Edited, Texts};
use crate::model::Address;
use crate::project::LoadedProject;
use crate::yaml::{self, Edit, Node, Rest};

/// Removes a resource from its manifest and from overlays. A file without any other document is removed.
///
/// # Errors
/// Why it stays, as a clause.
pub(super) fn remove(
    project: &LoadedProject,
    address: &Address,
    texts: &mut Texts<'_>,
) -> Result<(), String> {
    let mut homes = homes(project, texts, address);
    if homes.is_empty() {
        return Err("its manifest cannot be edited".to_owned());
    }
    // From the end of each file, so that the numbers of the documents in front stay as they are.
    homes.sort_by_key(|home| std::cmp::Reverse(home.document));
    for home in &homes {
        let is_removed = match address.parent() {
            None => remove_document(home, texts),
            Some(_) => remove_item(home, texts),
        };
        if !is_removed {
            return Err(format!("{} cannot be edited without it", home.path));
        }
    }
    Ok(())
}

fn remove_document(home: &Home, texts: &mut Texts<'_>) -> bool {
    let Some(text) = texts.text(&home.path) else {
        return false;
    };
    match yaml::without_document(&text, home.document) {
        Some(Rest::Text(rest)) => texts.set(&home.path, Edited::Text(rest)),
        Some(Rest::Nothing) => texts.set(&home.path, Edited::Removed),
        None => return false,
    }
    true
}

/// Removes an item of a list; the list goes with its last item.
fn remove_item(home: &Home, texts: &mut Texts<'_>) -> bool {
    let Some((_, list)) = home.steps.split_last() else {
        return false;
    };
    let documents = texts.documents(&home.path);
    let root = documents
        .get(home.document)
        .and_then(|it| it.root.as_deref());
    let is_last = root
        .and_then(|root| value_at(root, list))
        .and_then(|list| list.items())
        .is_some_and(|items| items.len() == 1);
    let steps = if is_last { list } else { &home.steps };
    texts.edit((&home.path, home.document), steps, Edit::Remove)
}

fn value_at<'a>(root: &'a Node, steps: &[Step]) -> Option<&'a Node> {
    let mut node = root;
    for step in steps {
        node = match step {
            Step::Key(key) => node.get(key)?,
            Step::Item(at) => node.items()?.get(*at)?,
        };
    }
    Some(node)
}
