//! What depends on what, for Mermaid and Graphviz.

mod dot;
mod layout;
mod mermaid;
mod palette;

pub use layout::Graph;
pub use mermaid::MermaidLimit;
