//! The form of GitHub Actions: workflow commands, the step summary, outputs.

use super::annotation::Annotation;
use super::ci_command::CiCommand;

/// Annotations of one level that GitHub shows for a step.
pub const MOST_ANNOTATIONS: usize = 10;

/// The bytes that a step's summary may have; GitHub drops a longer one as a whole. One MiB, less a bit.
pub const SUMMARY_BYTES: usize = 1024 * 1024 - 1024;

/// The line that shows an annotation. GitHub takes it from either stream.
#[must_use]
pub fn annotation_command(annotation: &Annotation) -> CiCommand {
    let mut properties = vec![("title", annotation.title.clone())];
    if let Some(region) = &annotation.region {
        properties.push(("file", region.file.clone()));
        properties.push(("line", region.line.to_string()));
        properties.push(("col", region.column.to_string()));
        // GitHub shows an annotation below its last line, so a long region would be far from its start.
        if region.end_line == region.line && region.end_column > region.column {
            properties.push(("endLine", region.line.to_string()));
            properties.push(("endColumn", (region.end_column - 1).to_string()));
        }
    }
    let properties: Vec<String> = properties
        .into_iter()
        .map(|(name, value)| format!("{name}={}", escape_property(&value)))
        .collect();
    CiCommand::new(format!(
        "::{} {}::{}",
        annotation.level.word(),
        properties.join(","),
        escape_message(&annotation.message)
    ))
}

/// The lines for the file that `GITHUB_OUTPUT` names.
#[must_use]
pub fn output_lines(outputs: &[(&'static str, String)]) -> String {
    outputs
        .iter()
        .map(|(name, value)| format!("{name}={}\n", value.replace(['\r', '\n'], " ")))
        .collect()
}

fn escape_message(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn escape_property(text: &str) -> String {
    escape_message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::annotation::{Level, Region};

    #[test]
    fn nothing_in_an_annotation_can_begin_another_command() {
        let annotation = Annotation {
            level: Level::Error,
            title: "100%, a: b".to_owned(),
            message: "first, 100%: x\r\n::set-output name=a::b".to_owned(),
            region: Some(Region {
                file: "a,b:c\n::error::x.yaml".to_owned(),
                line: 3,
                column: 5,
                end_line: 3,
                end_column: 9,
            }),
        };
        assert_eq!(
            annotation_command(&annotation).to_string(),
            "::error title=100%25%2C a%3A b,file=a%2Cb%3Ac%0A%3A%3Aerror%3A%3Ax.yaml,line=3,col=5,\
             endLine=3,endColumn=8::first, 100%25: x%0D%0A::set-output name=a::b"
        );
    }

    #[test]
    fn a_region_of_many_lines_stays_at_its_start() {
        let annotation = Annotation {
            level: Level::Notice,
            title: "t".to_owned(),
            message: "m".to_owned(),
            region: Some(Region {
                file: "a.yaml".to_owned(),
                line: 3,
                column: 5,
                end_line: 30,
                end_column: 1,
            }),
        };
        assert_eq!(
            annotation_command(&annotation).to_string(),
            "::notice title=t,file=a.yaml,line=3,col=5::m"
        );
    }

    #[test]
    fn an_output_is_one_line() {
        let outputs = [("a", "1".to_owned()), ("b", "x\ny=2".to_owned())];
        assert_eq!(output_lines(&outputs), "a=1\nb=x y=2\n");
    }
}
