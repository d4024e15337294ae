//! Bindings of rpcs to HTTP: `google.api.http`.

use super::options::Options;
use super::path_template::PathTemplate;

const OPTION: &str = "(google.api.http)";

/// Stands for every method.
const ANY_METHOD: &str = "*";

/// A method and a path by which an rpc is called.
pub(super) struct Binding {
    pub(super) method: String,
    /// As written.
    pub(super) path: String,
    pub(super) template: PathTemplate,
    pub(super) body: Option<String>,
    pub(super) response_body: Option<String>,
}

impl Binding {
    /// Whether it accepts the method and the path of every request that the other accepts.
    pub(super) fn takes_address_of(&self, other: &Self) -> bool {
        let has_method = self.method == other.method || self.method == ANY_METHOD;
        has_method && self.template.is_as_wide_as(&other.template)
    }

    /// What is the same for bindings of the same requests.
    pub(super) fn address(&self) -> (&str, &str) {
        (&self.method, self.template.shape())
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
        template: PathTemplate::of(&path),
        path,
        body: text("body"),
        response_body: text("response_body"),
    })
}
