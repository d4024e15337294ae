//! One comment for each target: made once, then kept up to date.

use super::body::Body;
use super::error::{Fault, ForgeError};
use super::host::{Forge, Host};
use super::http::Request;
use super::retry::backoff;

/// What became of the comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// It is new.
    Created,
    /// It has another text now.
    Updated,
    /// It said the same already.
    Unchanged,
    /// There is none, and no change that would be worth one.
    Skipped,
}

/// What was done.
#[derive(Debug)]
pub struct Outcome {
    /// What became of the comment.
    pub done: Done,
    /// Whether it is out of the way now: minimised, or its thread closed.
    pub quiet: bool,
    /// Its address, where the forge told.
    pub url: Option<String>,
    /// What the user should know besides.
    pub notes: Vec<String>,
    /// What a dry run would have sent.
    pub held_back: Vec<Request>,
}

/// How often everything is done again when it is not known whether a comment was made.
const MOST_ROUNDS: u32 = 3;

/// Makes or updates the comment. `quiet` gets it out of the way, as nothing is to be changed.
///
/// # Errors
/// If the text is too long, or the forge refuses or does not answer.
pub async fn publish(forge: &Forge, body: &Body, quiet: bool) -> Result<Outcome, ForgeError> {
    require_room(forge.host(), body)?;
    let mut round = 1;
    loop {
        match attempt(forge, body, quiet).await {
            // Looking again tells whether the comment was made after all.
            Err(error) if error.uncertain && round < MOST_ROUNDS => {
                tracing::debug!(%error, "looking whether the comment was made");
                tokio::time::sleep(backoff(round)).await;
                round += 1;
            }
            result => return result,
        }
    }
}

fn require_room(host: Host, body: &Body) -> Result<(), ForgeError> {
    let (length, most) = (body.text.chars().count(), host.most_characters());
    if length <= most {
        return Ok(());
    }
    let message = format!(
        "the comment has {length} characters; {} takes {most}",
        host.name()
    );
    Err(ForgeError::new(Fault::Usage, message).help(format!(
        "write a shorter one with: apicenter plan --format markdown --markdown-budget {}",
        most.min(65_000)
    )))
}

async fn attempt(forge: &Forge, body: &Body, quiet: bool) -> Result<Outcome, ForgeError> {
    let text = forge.wording(&body.text);
    let found = forge.find(&body.marker).await?;
    let mut outcome = Outcome {
        done: Done::Skipped,
        quiet: false,
        url: None,
        notes: Vec::new(),
        held_back: Vec::new(),
    };
    if found.foreign > 0 {
        outcome.notes.push(format!(
            "{} of somebody else with the marker {}: left alone",
            comments(found.foreign),
            body.marker
        ));
    }
    let Some(newest) = found.ours.first() else {
        if !quiet {
            outcome.url = forge.create(&text).await?;
            outcome.done = Done::Created;
        }
        outcome.held_back = forge.held_back();
        return Ok(outcome);
    };
    if found.ours.len() > 1 {
        outcome.notes.push(format!(
            "{} begin with the marker {}: the newest is kept up to date, delete the others",
            comments(found.ours.len()),
            body.marker
        ));
    }
    outcome.url.clone_from(&newest.url);
    let is_same = same(&newest.text, &text);
    if !is_same {
        forge.update(newest, &text).await?;
    }
    outcome.done = if is_same {
        Done::Unchanged
    } else {
        Done::Updated
    };
    outcome.quiet = quiet && forge.host() != Host::GitLab;
    // Whoever hid a comment has seen it: it comes back only with something new to say.
    let turn = match newest.quiet {
        Some(now) => now != quiet && (quiet || !is_same),
        None => quiet,
    };
    if turn && let Err(error) = forge.set_quiet(newest, quiet).await {
        outcome.quiet = newest.quiet.unwrap_or(false);
        let verb = if quiet { "hidden" } else { "shown again" };
        outcome
            .notes
            .push(format!("the comment was not {verb}: {error}"));
    }
    outcome.held_back = forge.held_back();
    Ok(outcome)
}

fn comments(count: usize) -> String {
    match count {
        1 => "1 comment".to_owned(),
        n => format!("{n} comments"),
    }
}

/// Whether two texts are the same to a reader; forges trim them and change line ends.
fn same(a: &str, b: &str) -> bool {
    let lines = |text: &'_ str| -> Vec<String> {
        text.trim()
            .lines()
            .map(|line| line.trim_end().to_owned())
            .collect()
    };
    lines(a) == lines(b)
}
