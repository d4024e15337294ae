//! What a file says as a whole.

use super::codegen;
use super::features::Syntax;
use super::model::{File, Pair};
use crate::document::breaking::findings::{Entry, Findings, Places, code};

pub(super) fn compare(pair: &Pair<'_>, findings: &mut Findings) {
    let (before, after) = (pair.before, pair.after);
    if before.package != after.package {
        let words = format!(
            "the package is {} now, and was {}",
            code(&after.package),
            code(&before.package)
        );
        let places = Places::changed(&before.package_at, &after.package_at);
        findings.add("package", Entry::new("proto-package", words).within(places));
    }
    let places = || Places::changed(&before.syntax_at, &after.syntax_at);
    if pair.has_other_syntax() {
        let name = |syntax| match syntax {
            Syntax::Proto2 => "proto2",
            Syntax::Proto3 | Syntax::Edition => "proto3",
        };
        let words = format!(
            "the syntax is {} now, and was {}: unknown values of enums, absent fields and texts are treated \
             differently",
            code(name(after.syntax)),
            code(name(before.syntax))
        );
        let entry = Entry::caution("proto-syntax", words);
        findings.add("syntax", entry.within(places()));
    } else if before.features.has_utf8_check != after.features.has_utf8_check && has_texts(before) {
        let words = match after.features.has_utf8_check {
            true => "texts must be UTF-8 now",
            false => "texts are no longer checked to be UTF-8",
        };
        let entry = Entry::caution("proto-utf8", words);
        findings.add("syntax", entry.within(places()));
    }
    codegen::compare(
        "file",
        "",
        (&before.codegen, &after.codegen),
        (&before.syntax_at, &after.syntax_at),
        findings,
    );
}

fn has_texts(file: &File) -> bool {
    let mut fields = file.messages.values().flat_map(|it| it.fields.iter());
    fields.any(|(_, field)| field.of.is_text())
}
