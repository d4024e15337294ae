//! docs/gateways.md, followed word for word.

use super::documentation::{Step, remove, run, steps};
use super::harness::Project;

#[test]
fn the_page_shows_what_the_program_prints() {
    let project = Project::empty();
    let mut ran = 0;
    for step in steps("gateways.md") {
        let (command, shown) = match step {
            Step::Write { path, text } => {
                project.write(&path, text);
                continue;
            }
            Step::Run { command, shown } => (command, shown),
        };
        if let Some(files) = command.strip_prefix("rm ") {
            remove(&project, files);
        }
        if let Some(arguments) = command.strip_prefix("apicenter ") {
            ran += 1;
            run("gateways.md", &project, arguments, &shown);
        }
    }
    assert!(ran > 10, "{ran} commands");
}
