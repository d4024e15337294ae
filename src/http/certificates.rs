//! The certificates of authorities to trust, as variables of the environment name them.
//!
//! On Linux, the TLS library reads the same variables by itself, in place of the certificates of the system. It
//! reports nothing about a file that it cannot use; every connection would fail with an unknown authority.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use tokio_rustls::rustls::RootCertStore;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject as _};

use super::error::{HttpError, HttpErrorKind};

const FILE: &str = "SSL_CERT_FILE";
const FOLDERS: &str = "SSL_CERT_DIR";

/// Whether the TLS library reads the variables itself.
pub(super) const ARE_READ_BY_LIBRARY: bool = !cfg!(any(windows, target_vendor = "apple"));

/// What the variables say.
#[derive(Debug, Clone, Default)]
pub(super) struct Certificates {
    /// `SSL_CERT_FILE`.
    pub(super) file: Option<PathBuf>,
    /// `SSL_CERT_DIR`, if it is not empty.
    pub(super) folders: Option<OsString>,
}

impl Certificates {
    /// The certificates in the file; none if no variable names one.
    ///
    /// # Errors
    /// If the file cannot be read or has no certificate that can be used.
    pub(super) fn read(&self) -> Result<Vec<CertificateDer<'static>>, HttpError> {
        let Some(path) = &self.file else {
            return Ok(Vec::new());
        };
        if path.as_os_str().is_empty() {
            if ARE_READ_BY_LIBRARY {
                return Err(unusable(FILE, format!("{FILE} is set, but empty")));
            }
            return Ok(Vec::new());
        }
        read(path).map_err(|reason| {
            let text = format!("{FILE} names the file {}, which {reason}", path.display());
            unusable(FILE, text)
        })
    }

    /// There is nobody to trust.
    pub(super) fn none_found(&self) -> HttpError {
        match &self.folders {
            Some(folders) => {
                let folders = folders.display();
                let text = format!("{FOLDERS} is `{folders}`; no certificate was found there");
                unusable(FOLDERS, text)
            }
            None => {
                let text = "no certificates of authorities were found on this system";
                HttpError::new(HttpErrorKind::InvalidRequest, text).with_help(format!(
                    "install them (the package is often called ca-certificates), or set {FILE} to a file with \
                     those to trust, in PEM form"
                ))
            }
        }
    }

    /// How to trust the authority of a server.
    pub(super) fn advice(&self) -> String {
        match &self.file {
            Some(path) if !path.as_os_str().is_empty() => format!(
                "if you trust that authority, add its certificate to {}, which {FILE} names",
                path.display()
            ),
            _ => format!(
                "if you trust that authority, set {FILE} to a file with the certificates of all authorities to \
                 trust, in PEM form"
            ),
        }
    }
}

fn unusable(variable: &str, text: String) -> HttpError {
    HttpError::new(HttpErrorKind::InvalidRequest, text).with_help(format!(
        "set {FILE} to a file with the certificates of the authorities to trust, in PEM form, or unset {variable}"
    ))
}

/// The certificates in a file. The error ends a sentence.
fn read(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let sections = CertificateDer::pem_file_iter(path).map_err(|error| reason(&error))?;
    let mut found = Vec::new();
    let mut damaged = None;
    for section in sections {
        match section {
            Ok(certificate) => found.push(certificate),
            Err(error) => damaged = Some(reason(&error)),
        }
    }
    let (usable, _) = RootCertStore::empty().add_parsable_certificates(found.iter().cloned());
    match (usable, damaged) {
        (0, Some(reason)) => Err(reason),
        (0, None) if found.is_empty() => Err(
            "contains no certificate; each must begin with the line `-----BEGIN CERTIFICATE-----`"
                .to_owned(),
        ),
        (0, None) => Err("contains no certificate that can be used".to_owned()),
        _ => Ok(found),
    }
}

fn reason(error: &pem::Error) -> String {
    match error {
        pem::Error::Io(error) => format!("cannot be read: {error}"),
        other => format!("is damaged: {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said about a file with this content.
    fn of(content: &[u8]) -> Result<usize, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        std::fs::write(&path, content).unwrap();
        let certificates = Certificates {
            file: Some(path),
            folders: None,
        };
        let read = certificates.read();
        read.map(|all| all.len())
            .map_err(|error| error.message().to_owned())
    }

    #[test]
    fn a_file_needs_one_certificate_that_can_be_used() {
        let pair = rcgen::generate_simple_self_signed(["x.example".to_owned()]).unwrap();
        let good = pair.cert.pem();
        assert_eq!(of(good.as_bytes()), Ok(1));
        let key = pair.signing_key.serialize_pem();
        assert_eq!(of(format!("# ours\n{key}{good}{good}").as_bytes()), Ok(2));
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert_eq!(of(format!("{broken}{good}").as_bytes()), Ok(2));
        for (content, expected) in [
            (&b""[..], "which contains no certificate; each must begin"),
            (b"garbage", "which contains no certificate; each must begin"),
            (
                pair.cert.der(),
                "which contains no certificate; each must begin",
            ),
            (
                key.as_bytes(),
                "which contains no certificate; each must begin",
            ),
            (
                broken.as_bytes(),
                "which contains no certificate that can be used",
            ),
            (&good.as_bytes()[..good.len() / 2], "which is damaged: "),
        ] {
            let error = of(content).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named_with_its_variable() {
        let folder = tempfile::tempdir().unwrap();
        for path in [folder.path().join("none.pem"), folder.path().to_owned()] {
            let certificates = Certificates {
                file: Some(path.clone()),
                folders: None,
            };
            let error = certificates.read().unwrap_err();
            let start = format!(
                "SSL_CERT_FILE names the file {}, which cannot be read: ",
                path.display()
            );
            assert!(error.message().starts_with(&start), "{error}");
            assert!(
                error.help().is_some_and(|help| help.contains("PEM")),
                "{error}"
            );
        }
    }
}
