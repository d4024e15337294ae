//! Bindings of rpcs to HTTP: `google.api.http`.

use super::options::Options;

const OPTION: &str = "(google.api.http)";

/// A method and a path by which an rpc is called.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Binding {
    pub(super) method: String,
    /// As written.
    pub(super) path: String,
    pub(super) body: Option<String>,
    pub(super) response_body: Option<String>,
}

impl Binding {
    /// Whether it accepts every request that the other accepts; the names of variables do not matter.
    pub(super) fn takes_address_of(&self, other: &Self) -> bool {
        self.method == other.method && is_as_wide(&shape(&self.path), &shape(&other.path))
    }
}

/// The bindings of a rule and of those in addition.
pub(super) fn bindings(options: &Options) -> Vec<Binding> {
    let rule = Options::joined(options.blocks(OPTION));
    let mut all: Vec<Binding> = binding(&rule).into_iter().collect();
    all.extend(rule.blocks("additional_bindings").filter_map(binding));
    all
}

fn binding(rule: &Options) -> Option<Binding> {
    let methods = ["get", "put", "post", "delete", "patch"];
    let known = methods.iter().find_map(|method| {
        let path = rule.text(&[method])?;
        Some((method.to_uppercase(), path.to_owned()))
    });
    let custom = || {
        let method = rule.text(&["custom", "kind"])?.to_owned();
        Some((method, rule.text(&["custom", "path"])?.to_owned()))
    };
    let (method, path) = known.or_else(custom)?;
    let text = |name: &str| {
        let text = rule.text(&[name])?;
        (!text.is_empty()).then(|| text.to_owned())
    };
    Some(Binding {
        method,
        path,
        body: text("body"),
        response_body: text("response_body"),
    })
}

/// Whether a path has the segments of another one, or `**` where the other has `*`.
fn is_as_wide(path: &str, other: &str) -> bool {
    let (segments, others) = (path.split('/'), other.split('/'));
    let is_wider = |segment: &str, other: &str| {
        let rest = segment.strip_prefix("**");
        segment == other || rest.is_some() && rest == other.strip_prefix('*')
    };
    segments.clone().count() == others.clone().count()
        && segments
            .zip(others)
            .all(|(one, other)| is_wider(one, other))
}

/// `/v1/{name=shelves/*}` is `/v1/shelves/*`, and `/v1/{id}` is `/v1/*`.
fn shape(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for (at, piece) in path.split('{').enumerate() {
        match piece.split_once('}') {
            Some((variable, rest)) if at > 0 => {
                out.push_str(variable.split_once('=').map_or("*", |(_, pattern)| pattern));
                out.push_str(rest);
            }
            _ => out.push_str(piece),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_stars_take_what_one_takes() {
        let is_wider = |path: &str, other: &str| is_as_wide(&shape(path), &shape(other));
        assert!(is_wider("/v1/{id=**}:get", "/v1/{id}:get"));
        assert!(!is_wider("/v1/{id}", "/v1/{id=**}"));
        assert!(!is_wider("/v1/{id=**}:get", "/v1/{id}"));
        assert!(!is_wider("/v1/{id=**}", "/v1/{id}/{part}"));
    }

    #[test]
    fn names_of_variables_do_not_matter() {
        for (path, expected) in [
            ("/v1/{id}", "/v1/*"),
            ("/v1/{name=shelves/*}:get", "/v1/shelves/*:get"),
            ("/v1/a", "/v1/a"),
            ("/v1/{open", "/v1/open"),
            ("}{", "}"),
        ] {
            assert_eq!(shape(path), expected);
        }
    }
}
