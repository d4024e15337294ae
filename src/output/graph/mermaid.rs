//! Mermaid, which forges draw inside Markdown.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::layout::{Graph, Node, Why};
use super::palette::{self, colors};
use crate::output::text::Text;

/// How much Mermaid draws where nobody has set it up to draw more, as on GitHub, GitLab and Azure DevOps
/// (`maxTextSize` and `maxEdges` in its settings).
const MOST_CHARACTERS: usize = 50_000;
const MOST_LINES: usize = 500;

/// A graph that is too large for Mermaid as forges use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "Mermaid draws at most {MOST_LINES} lines and {MOST_CHARACTERS} characters, and this graph has {lines} lines and \
     {characters} characters"
)]
pub struct MermaidLimit {
    lines: usize,
    characters: usize,
}

impl Graph<'_> {
    /// The graph as Mermaid, and whether it is too large to be drawn.
    #[must_use]
    pub fn mermaid(&self) -> (Text, Option<MermaidLimit>) {
        let out = self.write_mermaid();
        let limit = MermaidLimit {
            lines: self.lines.len(),
            characters: out.chars().count(),
        };
        let is_too_large = limit.lines > MOST_LINES || limit.characters > MOST_CHARACTERS;
        (Text::lines(&out), is_too_large.then_some(limit))
    }

    fn write_mermaid(&self) -> String {
        let mut out = String::from("flowchart LR\n");
        let mut classes: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        let mut node = |out: &mut String, indent: &str, node: &Node<'_>, name: &str| {
            let _ = writeln!(out, "{indent}n{}[\"{}\"]", node.id, label(name, node));
            let class = classes.entry(self.color(node)).or_default();
            class.push(format!("n{}", node.id));
        };
        for group in &self.groups {
            let root = &group.root;
            // A frame has room for one line above it, and would be drawn downwards if nothing leads out of it.
            let name = escaped(&root.caption());
            let _ = writeln!(out, "  subgraph n{}[\"{name}\"]", root.id);
            out.push_str("    direction LR\n");
            for one in &group.nodes {
                node(&mut out, "    ", one, &one.own_part());
            }
            out.push_str("  end\n");
        }
        for one in &self.loose {
            node(&mut out, "  ", one, &one.address.to_string());
        }
        for line in &self.lines {
            let arrow = match line.why {
                Why::Below => "---",
                Why::Names => "-.->",
            };
            let _ = writeln!(out, "  n{} {arrow} n{}", line.from, line.to);
        }
        for (position, nodes) in &classes {
            let (slug, colors) = (self.kinds[*position].slug, colors(*position));
            let (fill, line, text) = (colors.fill, colors.line, palette::TEXT);
            // A kind may have the name of one of Mermaid's own words.
            let _ = writeln!(
                out,
                "  classDef kind-{slug} fill:{fill},stroke:{line},color:{text}"
            );
            let _ = writeln!(out, "  class {} kind-{slug}", nodes.join(","));
        }
        if !self.groups.is_empty() {
            let frames = self
                .groups
                .iter()
                .map(|group| format!("n{}", group.root.id));
            let _ = writeln!(out, "  classDef group fill:none,stroke:{}", palette::GROUP);
            let _ = writeln!(
                out,
                "  class {} group",
                frames.collect::<Vec<_>>().join(",")
            );
        }
        out
    }
}

fn label(name: &str, node: &Node<'_>) -> String {
    match &node.title {
        Some(title) => format!("{}<br/>{}", escaped(name), escaped(title)),
        None => escaped(name),
    }
}

/// A text of manifests inside a quoted label, where Mermaid reads HTML, Markdown and entities of its own.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '#' | '<' | '>' | '&' | '`' | '\\' | '*' | '_' | ';' | '$' | '@' | '%' => {
                let _ = write!(out, "#{};", u32::from(c));
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
