//! Behaviour seen from outside: one binary, one module per subject.

mod emulator;
