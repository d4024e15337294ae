//! Fields, by their numbers.

use super::codegen;
use super::model::{Cardinality, Field, Fields, Pair, Reserved};
use super::reserved::Reserve;
use super::wire::{Change, change};
use crate::document::breaking::findings::{DocumentPlace, Entry, Findings, Places, code};

/// What the fields belong to.
pub(super) struct Owner<'p> {
    pub(super) place: &'p str,
    /// Where it is in the new file.
    pub(super) at: &'p DocumentPlace,
    pub(super) reserved: Option<&'p Reserved>,
    pub(super) is_extension: bool,
}

pub(super) fn compare(
    pair: &Pair<'_>,
    owner: &Owner<'_>,
    (was, now): (&Fields, &Fields),
    findings: &mut Findings,
) {
    for (number, field) in was.iter() {
        match now.get(number) {
            Some(other) => changed(pair, owner, number, (field, other), findings),
            None => removed(owner, number, (field, now), findings),
        }
    }
    for (number, field) in now.iter() {
        if field.cardinality == Cardinality::Required && was.get(number).is_none() {
            let words = format!("the field {} is new and required", code(&field.name));
            let entry = Entry::new("proto-field-required", words);
            findings.add(owner.place, entry.within(Places::added(&field.at)));
        }
    }
}

fn removed(
    owner: &Owner<'_>,
    number: i32,
    (field, now): (&Field, &Fields),
    findings: &mut Findings,
) {
    let name = code(&field.name);
    if let Some((to, other)) = now.named(&field.name) {
        let words = format!("the field {name} has the number {to} now, and had {number}");
        let places = Places::changed(&field.at, &other.at);
        let entry = Entry::new("proto-field-number", words);
        findings.add(owner.place, entry.within(places));
        return;
    }
    let reserve = match owner.reserved {
        Some(reserved) => Reserve::of(reserved, number, &field.name),
        None => Reserve::Nothing,
    };
    let is_required = field.cardinality == Cardinality::Required;
    let since = if field.is_deprecated {
        "; it was deprecated"
    } else {
        ""
    };
    let noun = if owner.is_extension {
        "extension"
    } else {
        "field"
    };
    let words = format!("{noun} {name} ({number}) removed{since}{}", reserve.words());
    let rule = match owner.is_extension {
        true => "proto-extension-removed",
        false => "proto-field-removed",
    };
    let entry = match reserve == Reserve::Both && !is_required {
        true => Entry::caution(rule, words),
        false => Entry::new(rule, words),
    };
    let places = Places::removed(&field.at, Some(owner.at));
    findings.add(owner.place, entry.within(places));
}

fn changed(
    pair: &Pair<'_>,
    owner: &Owner<'_>,
    number: i32,
    (was, now): (&Field, &Field),
    findings: &mut Findings,
) {
    let places = || Places::changed(&was.at, &now.at);
    let name = code(&was.name);
    let mut add = |entry: Entry<'_>| {
        findings.add(owner.place, entry.within(places()));
    };
    if let Some(entry) = names(number, was, now) {
        add(entry);
    }
    if let Some(entry) = types(pair, &name, was, now) {
        add(entry);
    } else if let Some(entry) = labels(&name, was, now) {
        add(entry);
    } else if let Some(entry) = defaults(&name, was, now) {
        add(entry);
    }
    let file = (
        pair.before.features.has_utf8_check,
        pair.after.features.has_utf8_check,
    );
    let checks = (was.has_utf8_check, now.has_utf8_check);
    // What the files differ in is said once.
    let is_own = checks.0 != checks.1 && checks != file && !pair.has_other_syntax();
    if is_own && was.of.is_text() && now.of.is_text() {
        let words = match now.has_utf8_check {
            true => "must be UTF-8 now",
            false => "is no longer checked to be UTF-8",
        };
        add(Entry::caution(
            "proto-utf8",
            format!("the field {name} {words}"),
        ));
    }
    let lead = format!("the field {name}: ");
    let options = (&was.codegen, &now.codegen);
    codegen::compare(owner.place, &lead, options, (&was.at, &now.at), findings);
}

fn names(number: i32, was: &Field, now: &Field) -> Option<Entry<'static>> {
    let (name, other) = (code(&was.name), code(&now.name));
    let has_json_name = was.json_name == now.json_name;
    if was.name == now.name {
        let words = format!(
            "the field {name} has the JSON name {} now, and had {}",
            code(&now.json_name),
            code(&was.json_name)
        );
        return (!has_json_name).then(|| Entry::new("proto-field-json-name", words));
    }
    let words = format!("the field {number} is {other} now, and was {name}");
    Some(match has_json_name {
        true => Entry::caution(
            "proto-field-name",
            format!("{words}; its JSON name is still {}", code(&was.json_name)),
        ),
        false => Entry::new("proto-field-name", words),
    })
}

fn types(pair: &Pair<'_>, name: &str, was: &Field, now: &Field) -> Option<Entry<'static>> {
    let types = (code(&now.of.to_string()), code(&was.of.to_string()));
    let words = format!(
        "the field {name} has the type {} now, and had {}",
        types.0, types.1
    );
    match change(&was.of, &now.of, pair) {
        Change::Nothing => None,
        Change::OnTheWire => Some(Entry::caution(
            "proto-field-type",
            format!("{words}: the bytes can be read, but values and JSON may differ"),
        )),
        Change::Everything => Some(Entry::new("proto-field-type", words)),
    }
}

fn labels(name: &str, was: &Field, now: &Field) -> Option<Entry<'static>> {
    use Cardinality as C;
    let field = |words: &str| format!("the field {name} {words}");
    let (rule, words) = match (was.cardinality, now.cardinality) {
        (was, now) if was == now => return None,
        (_, C::Repeated) => ("proto-field-cardinality", "is repeated now"),
        (C::Repeated, C::Required | C::Explicit | C::Implicit) => {
            ("proto-field-cardinality", "is no longer repeated")
        }
        (_, C::Required) => ("proto-field-required", "is required now"),
        (C::Required, _) => ("proto-field-required", "is no longer required"),
        (C::Implicit, _) => {
            let words = field("differs now between absent and the default value");
            return Some(Entry::caution("proto-field-presence", words));
        }
        (C::Explicit, _) => {
            let words = field("no longer differs between absent and the default value");
            return Some(Entry::caution("proto-field-presence", words));
        }
    };
    Some(Entry::new(rule, field(words)))
}

fn defaults(name: &str, was: &Field, now: &Field) -> Option<Entry<'static>> {
    let words = match (&was.default, &now.default) {
        (Some(one), Some(other)) if now.of.is_same_value(one, other) => return None,
        (None, None) => return None,
        (Some(was), Some(now)) => format!("{} now, and had {}", code(now), code(was)),
        (None, Some(now)) => format!("{} now, and had none", code(now)),
        (Some(was), None) => {
            let words = format!("the field {name} no longer has the default {}", code(was));
            return Some(Entry::new("proto-field-default", words));
        }
    };
    let words = format!("the field {name} has the default {words}");
    Some(Entry::new("proto-field-default", words))
}
