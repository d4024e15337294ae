//! Which program the pipelines run.

/// How the pipelines obtain the program: from a commit, or from an address with a checksum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Program {
    /// Built from a commit.
    Source {
        /// Address of the repository.
        repository: String,
        /// The whole id of the commit.
        commit: String,
    },
    /// Downloaded.
    Binary {
        /// Address of the program, or of a `.tar.gz` that contains it.
        address: String,
        /// SHA-256 of what is at the address, in hex.
        sha256: String,
        /// The repository on GitHub that must have attested the build.
        attested_by: Option<String>,
    },
    /// Not decided: the pipelines are written with empty values and fail until they are filled in.
    Undecided,
}

/// The steps of one forge that obtain the program.
pub(super) struct Steps {
    pub(super) build: &'static str,
    pub(super) download: &'static str,
    pub(super) attestation: &'static str,
}

impl Program {
    /// The steps with what was given filled in.
    pub(super) fn fill(&self, steps: &Steps) -> String {
        match self {
            Self::Source { repository, commit } => steps
                .build
                .replace("@SOURCE@", repository)
                .replace("@COMMIT@", commit)
                .replace("@RUST@", env!("CARGO_PKG_RUST_VERSION")),
            Self::Binary {
                address,
                sha256,
                attested_by,
            } => {
                let attestation = attested_by.as_ref().map_or_else(String::new, |builder| {
                    steps.attestation.replace("@BUILDER@", builder)
                });
                download(steps, address, sha256, &attestation)
            }
            Self::Undecided => download(steps, "", "", ""),
        }
    }
}

fn download(steps: &Steps, address: &str, sha256: &str, attestation: &str) -> String {
    steps
        .download
        .replace("@ATTESTATION@\n", attestation)
        .replace("@ADDRESS@", address)
        .replace("@SHA256@", sha256)
}
