//! The form of Azure Pipelines: logging commands.

use std::path::Path;

use super::annotation::{Annotation, Level};
use super::ci_command::CiCommand;

/// Issues of one level; Azure Pipelines names no limit, its page becomes unreadable with more.
pub const MOST_ISSUES: usize = 10;

/// The bytes of a summary that the page still shows in reasonable time.
pub const SUMMARY_BYTES: usize = 1024 * 1024 - 1024;

/// The line that logs an issue; `None` for a notice, which Azure Pipelines does not know.
#[must_use]
pub fn issue_command(annotation: &Annotation) -> Option<CiCommand> {
    let kind = match annotation.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Notice => return None,
    };
    let mut properties = format!("type={kind};");
    if let Some(region) = &annotation.region {
        properties.push_str(&format!(
            "sourcepath={};linenumber={};columnnumber={};",
            escape_property(&region.file),
            region.line,
            region.column
        ));
    }
    properties.push_str(&format!("code={};", escape_property(&annotation.title)));
    let message = escape_message(&annotation.message);
    let line = format!("##vso[task.logissue {properties}]{message}");
    Some(CiCommand::new(line))
}

/// The line that sets an output of the step.
#[must_use]
pub fn output_command(name: &str, value: &str) -> CiCommand {
    CiCommand::new(format!(
        "##vso[task.setvariable variable={};isoutput=true]{}",
        escape_property(name),
        escape_message(value)
    ))
}

/// The line that adds a file to the summary; its path must be absolute.
#[must_use]
pub fn summary_command(file: &Path) -> CiCommand {
    let file = escape_message(&file.to_string_lossy());
    CiCommand::new(format!("##vso[task.uploadsummary]{file}"))
}

/// As the agent's own library does; `%AZP25` is how it writes a per cent sign.
fn escape_message(text: &str) -> String {
    text.replace('%', "%AZP25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn escape_property(text: &str) -> String {
    escape_message(text).replace(']', "%5D").replace(';', "%3B")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::annotation::Region;

    #[test]
    fn nothing_in_an_issue_can_begin_another_command() {
        let annotation = Annotation {
            level: Level::Warning,
            title: "delete api/x]##vso[task.complete]".to_owned(),
            message: "100%\n##vso[task.setvariable variable=a]b".to_owned(),
            region: Some(Region {
                file: "a;b].yaml".to_owned(),
                line: 3,
                column: 5,
                end_line: 3,
                end_column: 9,
            }),
        };
        assert_eq!(
            issue_command(&annotation).unwrap().to_string(),
            "##vso[task.logissue type=warning;sourcepath=a%3Bb%5D.yaml;linenumber=3;columnnumber=5;\
             code=delete api/x%5D#\\u{23}vso[task.complete%5D;]100%AZP25%0A#\\u{23}vso[task.setvariable \
             variable=a]b"
        );
        let notice = Annotation {
            level: Level::Notice,
            ..annotation
        };
        assert_eq!(issue_command(&notice), None);
    }

    #[test]
    fn outputs_and_summaries_are_escaped() {
        assert_eq!(
            output_command("plan-id", "a\nb").to_string(),
            "##vso[task.setvariable variable=plan-id;isoutput=true]a%0Ab"
        );
        assert_eq!(
            summary_command(Path::new("/tmp/50%.md")).to_string(),
            "##vso[task.uploadsummary]/tmp/50%AZP25.md"
        );
    }
}
