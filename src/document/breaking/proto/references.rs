//! Names of messages and enums, whichever way they are written.

use std::collections::BTreeSet;

use prost_types::{DescriptorProto, EnumDescriptorProto, FileDescriptorProto};

/// Packages around the own one, at most, in which a name is looked up.
const MOST_PACKAGES: usize = 32;

/// The names within the package that a file defines, and its package.
pub(super) struct Scope<'f> {
    package: &'f str,
    defined: BTreeSet<String>,
}

/// What a type is referred to by.
pub(super) struct Reference {
    /// For messages: without the own package.
    pub(super) name: String,
    /// What it may mean. A name of another file is looked up in the package and in those around it.
    meanings: BTreeSet<String>,
}

impl Reference {
    /// Whether both may mean the same type.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        !self.meanings.is_disjoint(&other.meanings)
    }
}

impl<'f> Scope<'f> {
    pub(super) fn of(file: &'f FileDescriptorProto) -> Self {
        let mut defined = BTreeSet::new();
        names("", &file.message_type, &file.enum_type, &mut defined);
        Self {
            package: file.package(),
            defined,
        }
    }

    /// What a name means within a message, whose name is empty at the top of a file.
    pub(super) fn resolve(&self, written: &str, within: &str) -> Reference {
        if let Some(full) = written.strip_prefix('.') {
            return self.known(self.own(full));
        }
        let mut outer = within;
        loop {
            let name = match outer {
                "" => written.to_owned(),
                outer => format!("{outer}.{written}"),
            };
            if self.defined.contains(&name) {
                return self.known(name);
            }
            match outer.rsplit_once('.') {
                Some((above, _)) => outer = above,
                None if outer.is_empty() => break,
                None => outer = "",
            }
        }
        let mut packages = vec![""];
        packages.extend(
            self.package
                .match_indices('.')
                .take(MOST_PACKAGES)
                .map(|(end, _)| &self.package[..end]),
        );
        packages.push(self.package);
        let meanings: BTreeSet<String> = packages
            .into_iter()
            .map(|package| match package {
                "" => self.own(written),
                package => self.own(&format!("{package}.{written}")),
            })
            .collect();
        match meanings.iter().find(|name| self.defined.contains(*name)) {
            Some(name) => self.known(name.clone()),
            None => Reference {
                name: written.to_owned(),
                meanings,
            },
        }
    }

    fn known(&self, name: String) -> Reference {
        Reference {
            name: name.trim_start_matches('.').to_owned(),
            meanings: BTreeSet::from([name]),
        }
    }

    /// A full name without the own package; others begin with a dot.
    fn own(&self, full: &str) -> String {
        let inner = full.strip_prefix(self.package);
        match inner.and_then(|rest| rest.strip_prefix('.')) {
            Some(inner) => inner.to_owned(),
            None if self.package.is_empty() => full.to_owned(),
            None => format!(".{full}"),
        }
    }
}

/// Collects the names of messages and enums; the parser bounds how deep they are nested.
fn names(
    outer: &str,
    messages: &[DescriptorProto],
    enums: &[EnumDescriptorProto],
    into: &mut BTreeSet<String>,
) {
    into.extend(enums.iter().map(|of| format!("{outer}{}", of.name())));
    for message in messages {
        let name = format!("{outer}{}", message.name());
        let inner = format!("{name}.");
        names(&inner, &message.nested_type, &message.enum_type, into);
        into.insert(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_of_many_parts_are_bounded() {
        let package = vec!["a"; 3000].join(".");
        let scope = Scope {
            package: &package,
            defined: BTreeSet::new(),
        };
        let of = scope.resolve("Cup", "");
        assert!(of.meanings.len() <= MOST_PACKAGES + 2);
        assert!(of.is_same(&scope.resolve(&format!(".{package}.Cup"), "")));
    }

    #[test]
    fn one_type_is_the_same_however_it_is_written() {
        let scope = Scope {
            package: "shop.v1",
            defined: ["Cup", "Cup.In", "In"].map(str::to_owned).into(),
        };
        let same = |one: (&str, &str), other: (&str, &str)| {
            let of = |(name, within): (&str, &str)| scope.resolve(name, within);
            of(one).is_same(&of(other))
        };
        assert!(same(("Cup", ""), (".shop.v1.Cup", "Other")));
        assert!(same(("In", "Cup"), ("Cup.In", "")));
        assert!(!same(("In", "Cup"), ("In", "")));
        assert!(same(("shop.v1.Cup", ""), ("v1.Cup", "")));
        assert!(same(
            ("google.protobuf.Any", ""),
            (".google.protobuf.Any", "")
        ));
        assert!(!same(
            ("google.protobuf.Any", ""),
            ("google.protobuf.Empty", "")
        ));
        assert_eq!(scope.resolve(".shop.v1.Cup.In", "").name, "Cup.In");
        assert_eq!(scope.resolve(".a.B", "").name, "a.B");
    }
}
