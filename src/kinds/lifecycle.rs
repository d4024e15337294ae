//! The stages of life that several kinds share.

use super::schema::Known;

/// Stages of life, in their usual order.
pub(super) const STAGES: &Known = &[
    ("design", "Being designed; nothing runs yet."),
    ("development", "Being built."),
    ("testing", "Being tested."),
    ("preview", "Open to consumers who accept that it changes."),
    (
        "production",
        "In full use, with the promises that come with it.",
    ),
    (
        "deprecated",
        "Still there, but new consumers should take another version.",
    ),
    ("retired", "No longer available."),
];
