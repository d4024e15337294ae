//! What reviewers are shown: comments and pages, from plans made by the real planner.

mod fixtures;
mod html;
mod markdown;
mod markdown_reader;
mod text;
mod text_groups;
mod untrusted_text;
mod values;
