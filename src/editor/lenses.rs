//! Above every resource of a document: how it stands to the service.

use std::collections::BTreeMap;

use lsp_types::{CodeLens, Command, Range};
use serde_json::json;

use super::index::Symbol;
use super::view::View;
use crate::model::Address;
use crate::project::Standing;

/// The command that reads the service again.
pub(super) const REFRESH: &str = "apicenter.refresh";

/// How the resources of a file stand to the service. One whose manifest has errors is not among them.
pub(super) type Standings = BTreeMap<Address, Standing>;

/// The lenses of a document; `standings` is `None` as long as the service was not read.
pub(super) fn lenses(view: &View<'_>, standings: Option<&Standings>) -> Vec<CodeLens> {
    let entries = view.facts.index.file(view.file());
    let entries = entries.filter(|entries| !entries.is_stale && !entries.is_overlay);
    let uri = view.uri(view.file());
    let declarations = entries.into_iter().flat_map(|it| &it.declarations);
    let lenses = declarations.filter_map(|declaration| {
        let Symbol::Resource(address) = &declaration.symbol else {
            return None;
        };
        let title = match standings {
            None => "not compared yet".to_owned(),
            Some(standings) => title(*standings.get(address)?),
        };
        let start = declaration.whole.start;
        Some(CodeLens {
            range: Range { start, end: start },
            command: Some(Command {
                title,
                command: REFRESH.to_owned(),
                arguments: uri.as_ref().map(|uri| vec![json!(uri)]),
            }),
            data: None,
        })
    });
    lenses.collect()
}

fn title(standing: Standing) -> String {
    match standing {
        Standing::InStep => "in step".to_owned(),
        Standing::Differs(1) => "1 field differs".to_owned(),
        Standing::Differs(count) => format!("{count} fields differ"),
        Standing::NotLive => "not in the service".to_owned(),
    }
}
