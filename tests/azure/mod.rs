//! Signing in to Azure, with stand-ins for everything that gives tokens.

mod authority;
mod clouds;
mod denied;
mod failures;
mod methods;
mod order;
mod secrets;
