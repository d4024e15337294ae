//! Paths from a manifest to its documents.

use crate::export;

/// The path of a copy of a document: in the project, and from the manifest of its API.
pub(super) fn copy_path(
    manifest: &str,
    api: &str,
    version: &str,
    definition: &str,
    suffix: &str,
) -> (String, String) {
    let file = format!(
        "{}/{}/{}.{suffix}",
        export::file_name(api),
        export::file_name(version),
        export::file_name(definition)
    );
    let path = match manifest.rsplit_once('/') {
        Some((folder, name)) => {
            // `apis/orders/api.yaml` is in the folder of its API already.
            let own = folder.rsplit('/').next() == Some(export::file_name(api).as_str());
            let rest = file.split_once('/').map_or("", |(_, rest)| rest);
            return match own && name.to_lowercase().starts_with("api.") {
                true => (format!("{folder}/{rest}"), rest.to_owned()),
                false => (format!("{folder}/{file}"), file),
            };
        }
        None => file.clone(),
    };
    (path, file)
}

/// A path of the project as it is written in a manifest.
pub(super) fn relative(manifest: &str, path: &str) -> String {
    let mut folders: Vec<&str> = manifest.split('/').collect();
    folders.pop();
    let mut rest: Vec<&str> = path.split('/').collect();
    while let (Some(folder), Some(step)) = (folders.first(), rest.first())
        && folder == step
        && rest.len() > 1
    {
        folders.remove(0);
        rest.remove(0);
    }
    let up = vec![".."; folders.len()];
    up.into_iter().chain(rest).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_found_from_their_manifest() {
        for (manifest, path, written) in [
            (
                "apis/orders.yaml",
                "specs/orders.yaml",
                "../specs/orders.yaml",
            ),
            ("apis/orders.yaml", "apis/a/b.yaml", "a/b.yaml"),
            ("orders.yaml", "specs/a.yaml", "specs/a.yaml"),
            ("a/b/c.yaml", "a/d/e.yaml", "../d/e.yaml"),
            ("a/b/c.yaml", "e.yaml", "../../e.yaml"),
        ] {
            assert_eq!(relative(manifest, path), written);
        }
        let copy = |manifest| copy_path(manifest, "orders", "1.0.0", "openapi", "yaml");
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let file = "orders/1.0.0/openapi.yaml";
        assert_eq!(
            copy("apis/orders.yaml"),
            pair(&format!("apis/{file}"), file)
        );
        assert_eq!(copy("orders.yaml"), pair(file, file));
        assert_eq!(
            copy("apis/orders/api.yaml"),
            pair("apis/orders/1.0.0/openapi.yaml", "1.0.0/openapi.yaml")
        );
    }
}
