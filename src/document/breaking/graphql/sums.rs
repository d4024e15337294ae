//! How much of a schema was removed and added.

use super::model::{Type, TypeKind};
use super::pair::Pair;
use crate::document::breaking::sum::Sum;

pub(super) fn sums(pair: &Pair<'_>) -> Vec<Sum> {
    let mut types = Sum::of("type");
    let mut fields = Sum::of("field");
    let mut arguments = Sum::of("argument");
    let mut values = Sum::of("enum value");
    for (_, was, now) in pair.types() {
        let Some(now) = now else {
            types.removed += 1;
            fields.removed += was.fields.len();
            values.removed += enum_values(was);
            continue;
        };
        fields.count(&was.fields, &now.fields);
        if was.kind == TypeKind::Enum && now.kind == TypeKind::Enum {
            values.count(&was.values, &now.values);
        }
        for (name, field) in &was.fields {
            if let Some(other) = now.fields.get(name) {
                arguments.count(&field.arguments, &other.arguments);
            }
        }
    }
    for (_, of) in pair.added_types() {
        types.added += 1;
        fields.added += of.fields.len();
        values.added += enum_values(of);
    }
    let mut directives = Sum::of("directive");
    if let (Some(before), Some(after)) = (&pair.before.directives, &pair.after.directives) {
        directives.count(before, after);
    }
    vec![types, fields, arguments, values, directives]
}

fn enum_values(of: &Type) -> usize {
    match of.kind {
        TypeKind::Enum => of.values.len(),
        _ => 0,
    }
}
