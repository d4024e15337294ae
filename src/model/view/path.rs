//! Reading and writing the field at a dotted path.

use serde_json::Value;

use crate::model::Body;

/// The value at a path such as `source.apiManagement.resourceId`.
pub(super) fn get<'a>(body: &'a Body, path: &str) -> Option<&'a Value> {
    let mut steps = path.split('.');
    let first = body.get(steps.next()?)?;
    steps.try_fold(first, |value, step| value.get(step))
}

/// The text at a path; `None` for a value of another type.
pub(super) fn text<'a>(body: &'a Body, path: &str) -> Option<&'a str> {
    get(body, path)?.as_str()
}

/// The items of the list at a path; none if there is no list.
pub(super) fn items<'a>(body: &'a Body, path: &str) -> &'a [Value] {
    get(body, path)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// The field of a list's item, by the path that the item's field has in the body.
pub(super) fn of_item<'a>(item: &'a Value, path: &str) -> Option<&'a Value> {
    item.get(leaf(path))
}

/// The last step of a path: the name of the field itself.
pub fn leaf(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// Sets the field at a dotted path; mappings on the way are created.
pub fn set(body: &mut Body, path: &str, value: impl Into<Value>) {
    match path.split_once('.') {
        None => {
            body.insert(path.to_owned(), value.into());
        }
        Some((first, rest)) => {
            let nested = body
                .entry(first)
                .or_insert_with(|| Value::Object(Body::new()));
            if let Value::Object(nested) = nested {
                set(nested, rest, value);
            }
        }
    }
}

/// Declares a view of a body with the paths that it reads.
macro_rules! view {
    ($(#[$doc:meta])* $name:ident { $($(#[$path_doc:meta])* $field:ident = $path:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name<'a>(&'a $crate::model::Body);

        impl<'a> $name<'a> {
            $($(#[$path_doc])* pub const $field: &'static str = $path;)*

            /// Every path that this view names.
            pub const PATHS: &'static [&'static str] = &[$($path),*];

            /// The view of a canonical body.
            #[must_use]
            pub fn of(body: &'a $crate::model::Body) -> Self {
                Self(body)
            }
        }
    };
}
pub(super) use view;
