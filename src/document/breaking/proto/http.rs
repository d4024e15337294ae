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
    /// Whether both accept the same requests; the names of variables do not matter.
    pub(super) fn has_address_of(&self, other: &Self) -> bool {
        self.method == other.method && shape(&self.path) == shape(&other.path)
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
