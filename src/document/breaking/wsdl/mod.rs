//! WSDL 1.1 and 2.0, with the XML Schema within.

mod alternatives;
mod bindings;
mod built_in;
mod choices;
mod compare;
mod content;
mod headers;
mod order;
mod particles;
mod parts;
mod pattern;
mod projection;
mod relations;
mod services;
mod simple;
mod snippet;
mod stand_ins;
mod tree;
mod values;
mod view;
mod words;

pub(super) use compare::compare;
pub(super) use tree::{QUALIFIED, XSD};
