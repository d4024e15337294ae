//! What a text becomes, and that every text has a result.

mod composing;
mod hostile;
mod syntax;

use serde_json::{Value, json};

use super::*;
use crate::model::{Diagnostic, Sources, code};

struct Read {
    sources: Sources,
    documents: Vec<YamlDocument>,
    diagnostics: Diagnostics,
}

fn read(text: &str) -> Read {
    let mut sources = Sources::default();
    let source = sources.add("a.yaml", text);
    let mut diagnostics = Diagnostics::default();
    let documents = parse(source, text, &mut diagnostics);
    Read {
        sources,
        documents,
        diagnostics,
    }
}

impl Read {
    fn root(&self) -> &Node {
        self.documents[0].root.as_ref().unwrap()
    }

    fn at(&self, path: &str) -> &Node {
        path.split('/')
            .fold(self.root(), |node, step| match step.parse::<usize>() {
                Ok(index) => &node.items().unwrap()[index],
                Err(_) => node.get(step).unwrap(),
            })
    }

    fn text(&self, path: &str) -> &str {
        self.sources.text(self.at(path).span)
    }

    fn only(&self) -> &Diagnostic {
        let all: Vec<_> = self.diagnostics.iter().collect();
        assert_eq!(all.len(), 1, "{all:#?}");
        all[0]
    }

    fn primary(&self, diagnostic: &Diagnostic) -> &str {
        self.sources.text(diagnostic.primary.as_ref().unwrap().span)
    }
}

fn value(text: &str) -> Value {
    let read = read(text);
    assert!(
        read.diagnostics.is_empty(),
        "{text:?}: {:#?}",
        read.diagnostics
    );
    read.root().to_json()
}
