//! `apicenter init` from outside: what it writes, and that it is a project at once.

mod files;
mod project;
