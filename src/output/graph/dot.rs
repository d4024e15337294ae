//! DOT, for Graphviz.

use std::fmt::Write as _;

use super::layout::{Graph, Node, Why};
use super::palette::{self, colors};
use crate::output::text::Text;

impl Graph<'_> {
    /// The graph as DOT.
    #[must_use]
    pub fn dot(&self) -> Text {
        let mut out = String::from(
            "digraph apicenter {\n  rankdir=LR;\n  compound=true;\n  \
             graph [fontname=\"Helvetica,Arial,sans-serif\"];\n  \
             node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica,Arial,sans-serif\"",
        );
        let _ = writeln!(out, ", fontcolor=\"{}\"];", palette::TEXT);
        for group in &self.groups {
            let root = &group.root;
            let _ = writeln!(out, "  subgraph cluster_{} {{", root.id);
            let name = quoted(&root.caption());
            let color = palette::GROUP;
            let _ = writeln!(out, "    label={name}; style=rounded; color=\"{color}\";");
            for node in &group.nodes {
                self.write_node(&mut out, "    ", node, &node.own_part());
            }
            out.push_str("  }\n");
        }
        for node in &self.loose {
            self.write_node(&mut out, "  ", node, &node.address.to_string());
        }
        let frames = self.frames();
        for line in &self.lines {
            let mut attributes = vec![match line.why {
                Why::Below => "dir=none".to_owned(),
                Why::Names => "style=dashed".to_owned(),
            }];
            // Graphviz joins nodes only; a line to a group is one to a node in it that ends at its frame.
            let mut end = |id: usize, attribute: &str| match frames.get(&id) {
                Some(inner) => {
                    attributes.push(format!("{attribute}=cluster_{id}"));
                    *inner
                }
                None => id,
            };
            let (from, to) = (end(line.from, "ltail"), end(line.to, "lhead"));
            let _ = writeln!(out, "  n{from} -> n{to} [{}];", attributes.join(", "));
        }
        out.push_str("}\n");
        Text::lines(&out)
    }

    fn write_node(&self, out: &mut String, indent: &str, node: &Node<'_>, name: &str) {
        let (id, colors) = (node.id, colors(self.color(node)));
        let _ = writeln!(
            out,
            "{indent}n{id} [label={}, tooltip={}, fillcolor=\"{}\", color=\"{}\"];",
            label(name, node),
            quoted(&node.address.to_string()),
            colors.fill,
            colors.line,
        );
    }
}

fn label(name: &str, node: &Node<'_>) -> String {
    match &node.title {
        Some(title) => quoted(&format!("{name}\n{title}")),
        None => quoted(name),
    }
}

/// A string of DOT, which knows escapes for quotes, backslashes and line breaks.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '&' => out.push_str("&amp;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
