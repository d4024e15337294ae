//! Paths from a manifest to its documents.

use crate::export;

/// The folder of the copies of an API's documents, from the folder of its manifest and with a `/` at its end; empty
/// for `apis/orders/api.yaml`, which is in the folder of its API already.
fn copy_folder_from_manifest(manifest: &str, api: &str) -> String {
    let own = export::file_name(api);
    let is_own = manifest.rsplit_once('/').is_some_and(|(folder, name)| {
        folder.rsplit('/').next() == Some(own.as_str()) && name.to_lowercase().starts_with("api.")
    });
    if is_own {
        String::new()
    } else {
        format!("{own}/")
    }
}

/// A path from the folder of a manifest, as a path of the project.
fn beside(manifest: &str, path: &str) -> String {
    match manifest.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{path}"),
        None => path.to_owned(),
    }
}

/// The path of a copy of a document: in the project, and from the manifest of its API.
pub(super) fn copy_path(
    manifest: &str,
    api: &str,
    version: &str,
    definition: &str,
    suffix: &str,
) -> (String, String) {
    let file = format!(
        "{}{}/{}.{suffix}",
        copy_folder_from_manifest(manifest, api),
        export::file_name(version),
        export::file_name(definition)
    );
    (beside(manifest, &file), file)
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
        assert_eq!(copy("api.yaml"), pair(file, file));
        assert_eq!(
            copy("apis/orders/api.yaml"),
            pair("apis/orders/1.0.0/openapi.yaml", "1.0.0/openapi.yaml")
        );
    }
}
