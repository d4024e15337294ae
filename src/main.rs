//! The `apicenter` program.

fn main() {}
