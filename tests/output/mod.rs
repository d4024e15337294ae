//! What reviewers are shown: comments and pages, from plans made by the real planner.

mod checker;
mod hostile;
mod html;
mod markdown;
mod text;
mod world;
