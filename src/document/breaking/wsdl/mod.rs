//! WSDL 1.1 and 2.0, with the XML Schema within.

mod alternatives;
mod bindings;
mod built_in;
mod compare;
mod content;
mod order;
mod parts;
mod projection;
mod services;
mod simple;
mod tree;
mod view;
mod words;

pub(super) use compare::compare;
