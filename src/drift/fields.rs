//! From a declared and a live body to edits of the mappings in which the body is written.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::step::{Step, with};
use super::variables::{rewritten, variable_in};
use crate::export::escaped;
use crate::model::{FieldPath, field_path};
use crate::yaml::Node;

/// A value as one of the homes of a resource has it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layer<'a> {
    /// The number of the home.
    pub(super) home: usize,
    pub(super) node: &'a Arc<Node>,
}

/// What is done at the end of a way.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Deed {
    /// A key or an item gets a value.
    Set(Value),
    /// A list gets an item in front of the one that has its number so far.
    Insert(Value),
    /// A key or an item is removed.
    Remove,
}

/// One edit of one home.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FieldEdit {
    pub(super) home: usize,
    pub(super) steps: Vec<Step>,
    pub(super) deed: Deed,
    /// The keys that precede a new one.
    pub(super) after: Vec<String>,
    /// The field, for messages.
    pub(super) path: FieldPath,
}

/// A field that cannot be edited, and why.
pub(super) type Unwritten = (FieldPath, String);

/// The edits of one resource.
pub(super) struct FieldEdits<'a> {
    /// The values of variables; `None` for a text that has none.
    pub(super) values: Option<&'a BTreeMap<String, String>>,
    /// The fields that differ: others are not looked at. All of them if it is empty.
    pub(super) differing: Vec<&'a str>,
    pub(super) edits: Vec<FieldEdit>,
    pub(super) unwritten: Vec<Unwritten>,
}

/// A place in a body: the way to it, and its path in messages.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    pub(super) steps: Vec<Step>,
    pub(super) path: FieldPath,
}

impl Spot {
    /// The body itself.
    pub(super) fn top() -> Self {
        Self {
            steps: Vec::new(),
            path: FieldPath::new(),
        }
    }

    fn key(&self, key: &str) -> Self {
        Self {
            steps: with(&self.steps, Step::key(key)),
            path: field_path(&self.path, key),
        }
    }

    pub(super) fn item(&self, at: usize) -> Self {
        Self {
            steps: with(&self.steps, Step::Item(at)),
            path: format!("{}[{at}]", self.path),
        }
    }
}

impl<'a> FieldEdits<'a> {
    pub(super) fn new(
        values: Option<&'a BTreeMap<String, String>>,
        differing: Vec<&'a str>,
    ) -> Self {
        Self {
            values,
            differing,
            edits: Vec::new(),
            unwritten: Vec::new(),
        }
    }

    /// Compares two mappings. The layers are the same mapping in the homes that have it.
    pub(super) fn maps(
        &mut self,
        declared: &Map<String, Value>,
        live: &Map<String, Value>,
        layers: &[Layer<'_>],
        at: &Spot,
    ) {
        for (key, new) in live {
            let old = declared.get(key);
            if old != Some(new) {
                let first = self.edits.len();
                self.field((old, Some(new)), layers, (key, at));
                let before = live.keys().take_while(|other| *other != key);
                let before: Vec<String> = before.cloned().collect();
                let own = self.edits[first..].iter_mut();
                for edit in own.filter(|edit| edit.steps.len() == at.steps.len() + 1) {
                    edit.after.clone_from(&before);
                }
            }
        }
        for (key, old) in declared {
            if !live.contains_key(key) {
                self.field((Some(old), None), layers, (key, at));
            }
        }
    }

    fn field(
        &mut self,
        (old, new): (Option<&Value>, Option<&Value>),
        layers: &[Layer<'_>],
        (key, above): (&str, &Spot),
    ) {
        let at = above.key(key);
        let mut differing = self.differing.iter();
        if !self.differing.is_empty() && !differing.any(|path| overlap(path, &at.path)) {
            return;
        }
        let holders: Vec<Layer<'_>> = layers
            .iter()
            .filter_map(|layer| {
                let node = layer.node.get(key)?;
                Some(Layer { node, ..*layer })
            })
            .collect();
        match (new, holders.as_slice(), layers.first()) {
            (Some(new), [], Some(base)) => self.set(base.home, &at, new),
            (Some(new), _, _) => self.value((old, new), &holders, &at),
            (None, [only], _) => self.push(only.home, &at, Deed::Remove),
            // Without its own value, the overlay would let that of the manifest through.
            (None, [.., last], _) => self.push(last.home, &at, Deed::Set(Value::Null)),
            (None, [], _) => self.refuse(&at, "no manifest has it".to_owned()),
        }
    }

    fn value(&mut self, (old, new): (Option<&Value>, &Value), holders: &[Layer<'_>], at: &Spot) {
        let Some(last) = holders.last() else {
            return;
        };
        match (old, new) {
            (Some(Value::Object(old)), Value::Object(new))
                if holders.iter().all(|layer| layer.node.entries().is_some()) =>
            {
                self.maps(old, new, holders, at);
            }
            (Some(Value::Array(old)), Value::Array(new)) if holders.len() == 1 => {
                self.list(old, new, *last, at);
            }
            _ => self.whole(new, *last, at),
        }
    }

    /// Writes a value in place of the whole one.
    pub(super) fn whole(&mut self, new: &Value, layer: Layer<'_>, at: &Spot) {
        let (Some(values), Some(name)) = (self.values, variable_in(layer.node)) else {
            return self.set(layer.home, at, new);
        };
        let written = layer.node.scalar_text().zip(new.as_str());
        let after = written.and_then(|(written, new)| rewritten(written, new, values));
        match after {
            Some(text) => self.push(layer.home, at, Deed::Set(Value::from(text))),
            None => self.refuse(at, format!("it is written with the variable `{name}`")),
        }
    }

    fn set(&mut self, home: usize, at: &Spot, new: &Value) {
        let value = self.written(new);
        self.push(home, at, Deed::Set(value));
    }

    /// A value as it is written.
    pub(super) fn written(&self, value: &Value) -> Value {
        match self.values {
            Some(_) => escaped(value.clone()),
            None => value.clone(),
        }
    }

    pub(super) fn push(&mut self, home: usize, at: &Spot, deed: Deed) {
        self.edits.push(FieldEdit {
            home,
            steps: at.steps.clone(),
            deed,
            after: Vec::new(),
            path: at.path.clone(),
        });
    }

    fn refuse(&mut self, at: &Spot, why: String) {
        self.unwritten.push((at.path.clone(), why));
    }
}

/// Whether one of two paths is the other, or leads to it.
pub(super) fn overlap(one: &str, other: &str) -> bool {
    let leads = |above: &str, below: &str| {
        let rest = below.strip_prefix(above);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    // Items have a number in one path and a name in another: they count as the whole list.
    let list = |path: &str| {
        path.find('[')
            .filter(|at| *at > 0)
            .map(|at| path[..at].to_owned())
    };
    let (first, second) = (
        list(one).unwrap_or_else(|| one.to_owned()),
        list(other).unwrap_or_else(|| other.to_owned()),
    );
    leads(&first, &second) || leads(&second, &first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_overlap_by_whole_steps() {
        for (one, other, wanted) in [
            ("title", "title", true),
            ("server", "server.type", true),
            ("server.type", "server", true),
            ("title", "titles", false),
            ("contacts[a].name", "contacts[0].url", true),
            ("customProperties[\"a.b\"]", "customProperties.c", true),
            ("customProperties.a", "customProperties.b", false),
        ] {
            assert_eq!(overlap(one, other), wanted, "{one} {other}");
        }
    }
}
