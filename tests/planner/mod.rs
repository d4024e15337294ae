//! The planner and the executor: tables of "start from equal, change one thing, expect exactly
//! this", and laws over arbitrary states.

mod arbitrary;
mod case;
mod content;
mod deletes;
mod execution_laws;
mod executor;
mod fields;
mod folding;
mod guarded;
mod guards;
mod identity;
mod laws;
mod machine_form;
mod memory;
mod migration_laws;
mod migrations;
mod only;
mod ownership;
mod writers;
