//! Overlays and the manifests that they change.

use std::collections::HashMap;

use super::declaration::Declaration;
use super::overlay;
use super::wording::{NearSearches, did_you_mean};
use crate::model::{Diagnostic, Diagnostics, code};

/// A kind and a name in lower case: names are compared without case.
type Key = (&'static str, String);

/// Where the manifest is that an overlay names.
enum Target {
    Found(usize),
    /// None is named so.
    Missing,
    /// Some are named so, of another type or parent than the overlay says.
    Elsewhere,
    /// Several are named so, and the overlay does not say which type it means.
    Ambiguous,
}

/// The places of manifests, by their names.
struct Targets {
    /// By their qualified names.
    qualified: HashMap<Key, usize>,
    /// By their names alone; `None` where several resources are named so.
    plain: HashMap<Key, Option<usize>>,
}

impl Targets {
    fn of(manifests: &[Declaration]) -> Self {
        let mut qualified = HashMap::with_capacity(manifests.len());
        let mut plain: HashMap<Key, Option<usize>> = HashMap::new();
        for (place, manifest) in manifests.iter().enumerate() {
            // Of two manifests of the same resource, which is an error, the first one counts.
            let first = *qualified.entry(qualified_key(manifest)).or_insert(place);
            if manifest.kind.qualify.is_some() {
                let one = plain.entry(plain_key(manifest)).or_insert(Some(first));
                *one = one.filter(|one| *one == first);
            }
        }
        Self { qualified, plain }
    }

    fn find(&self, overlay: &Declaration) -> Target {
        let (kind, qualified) = qualified_key(overlay);
        // An overlay need not repeat the type.
        let says_type = !qualified.starts_with('/');
        if let Some(place) = self.qualified.get(&(kind, qualified)) {
            return Target::Found(*place);
        }
        match self.plain.get(&plain_key(overlay)) {
            None => Target::Missing,
            Some(_) if says_type => Target::Elsewhere,
            Some(None) => Target::Ambiguous,
            Some(Some(place)) => Target::Found(*place),
        }
    }
}

fn qualified_key(declaration: &Declaration) -> Key {
    let name = declaration.qualified_name().to_ascii_lowercase();
    (declaration.kind.info.name, name)
}

fn plain_key(declaration: &Declaration) -> Key {
    (
        declaration.kind.info.name,
        declaration.name.to_ascii_lowercase(),
    )
}

/// Merges each overlay into the manifest of the same resource.
pub(super) fn apply(
    manifests: &mut [Declaration],
    overlays: Vec<Declaration>,
    diagnostics: &mut Diagnostics,
) {
    let targets = Targets::of(manifests);
    let searches = NearSearches::default();
    for overlay in overlays {
        let diagnostic = match targets.find(&overlay) {
            Target::Found(place) => {
                let manifest = &mut manifests[place];
                manifest.spec = overlay::merge(&manifest.spec, &overlay.spec);
                if !overlay.previously.is_empty() {
                    manifest.previously = overlay.previously;
                }
                continue;
            }
            Target::Missing => unmatched(&overlay).help(near(&overlay, manifests, &searches)),
            Target::Elsewhere => unmatched(&overlay)
                .help("write the `type` and the `parent` of the manifest that it changes"),
            Target::Ambiguous => Diagnostic::error(
                code::OVERLAY_UNMATCHED,
                format!(
                    "several {}s are named `{}`",
                    overlay.kind.info.noun, overlay.name
                ),
            )
            .at(overlay.name_place, "one of several")
            .help("add `type`, and `parent` if the type has parents"),
        };
        diagnostics.push(diagnostic);
    }
}

fn unmatched(overlay: &Declaration) -> Diagnostic {
    Diagnostic::error(
        code::OVERLAY_UNMATCHED,
        format!(
            "no manifest declares {} `{}`",
            overlay.kind.info.name, overlay.name
        ),
    )
    .at(overlay.name_place, "nothing to merge this into")
}

fn near(overlay: &Declaration, manifests: &[Declaration], searches: &NearSearches) -> String {
    let mut known = Vec::new();
    if searches.afford(manifests.len()) {
        let same_kind = manifests
            .iter()
            .filter(|m| m.kind.info == overlay.kind.info);
        known.extend(same_kind.map(|manifest| manifest.name.as_str()));
    }
    did_you_mean(&overlay.name, &known)
        .unwrap_or_else(|| "an overlay changes what a manifest declares in full".to_owned())
}
