//! The planner and the executor: tables of "start from equal, change one thing, expect exactly
//! this", and laws over arbitrary states.

mod arbitrary;
mod case;
mod case_insensitive;
mod content;
mod deletes;
mod execution_invariants;
mod executor;
mod fake_writers;
mod fields;
mod guards;
mod identity;
mod invariants;
mod machine_form;
mod memory;
mod migration_invariants;
mod migrations;
mod only;
mod ownership;
mod renamed_ids;
mod strict_service;
