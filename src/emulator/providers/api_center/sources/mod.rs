//! API sources: what is synchronised from other gateways, and what is copied from them once.
//!
//! * `offer` lists the APIs of a source, whichever gateway it is (`amazon` has the samples of one); `git` has
//!   the samples of a repository;
//! * `access` checks whether an identity of the service may read it;
//! * `writing` brings them into the service, `ownership` protects what belongs to the source;
//! * `sync` and `unlink` are the background jobs, `copy` is the one-time import.

mod access;
mod amazon;
pub(super) mod copy;
mod git;
mod identity;
pub(super) mod link_state;
mod offer;
mod offered;
pub(super) mod ownership;
pub(super) mod settings;
pub(super) mod sync;
pub(super) mod unlink;
mod writing;
