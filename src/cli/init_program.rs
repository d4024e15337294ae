//! The options of `init` that say which program the pipelines run.

use super::failure::Failure;
use crate::scaffold::{Ci, Program};

/// Which program the pipelines run.
#[derive(Debug, clap::Args)]
pub(super) struct ProgramArgs {
    /// Repository and commit that the pipelines build apicenter from, as https://HOST/OWNER/REPO@COMMIT
    #[arg(long, value_name = "REPOSITORY@COMMIT", value_parser = source, conflicts_with = "binary")]
    source: Option<Source>,

    /// Address that the pipelines download apicenter from: the program for Linux, or a .tar.gz that contains it
    #[arg(long, value_name = "URL", value_parser = binary, requires = "sha256")]
    binary: Option<String>,

    /// SHA-256 of what is at the address of --binary
    #[arg(long, value_name = "HEX", value_parser = sha256, requires = "binary")]
    sha256: Option<String>,

    /// Repository on GitHub that must have attested the build of --binary; with --ci github
    #[arg(long, value_name = "OWNER/REPO", value_parser = builder, requires = "binary")]
    attested_by: Option<String>,
}

#[derive(Debug, Clone)]
struct Source {
    repository: String,
    commit: String,
}

impl ProgramArgs {
    /// The program, if there are pipelines that it is for.
    pub(super) fn program(&self, ci: Option<Ci>) -> Result<Program, Failure> {
        let given = [
            ("--source", self.source.is_some()),
            ("--binary", self.binary.is_some()),
        ];
        if let (None, Some((flag, _))) = (ci, given.iter().find(|(_, is_given)| *is_given)) {
            return Err(Failure::usage(format!("{flag} requires --ci"))
                .help("add --ci github, --ci azure-pipelines or --ci gitlab"));
        }
        if self.attested_by.is_some() && ci != Some(Ci::GitHub) {
            return Err(Failure::usage("--attested-by requires --ci github")
                .help("leave it out: the pipelines verify the checksum in any case"));
        }
        if let Some(Source { repository, commit }) = &self.source {
            return Ok(Program::Source {
                repository: repository.clone(),
                commit: commit.clone(),
            });
        }
        Ok(match (&self.binary, &self.sha256) {
            (Some(address), Some(sha256)) => Program::Binary {
                address: address.clone(),
                sha256: sha256.clone(),
                attested_by: self.attested_by.clone(),
            },
            _ => Program::Undecided,
        })
    }
}

/// Values go into YAML and from there into the environment of scripts, so only plain characters pass.
fn address(text: &str, and_also: &str) -> Result<String, String> {
    let Some(rest) = text.strip_prefix("https://") else {
        return Err("must begin with https://".to_owned());
    };
    if rest.contains('@') {
        return Err("must have no user name, password or token: it is written to files".to_owned());
    }
    let plain =
        |c: char| c.is_ascii_alphanumeric() || "-._~/:%".contains(c) || and_also.contains(c);
    if let Some(odd) = rest.chars().find(|c| !plain(*c)) {
        return Err(format!("must not contain {odd:?}"));
    }
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    if host.is_empty() || path.is_empty() {
        return Err("must have a host and a path".to_owned());
    }
    Ok(text.to_owned())
}

fn source(text: &str) -> Result<Source, String> {
    let is_commit =
        |id: &str| [40, 64].contains(&id.len()) && id.bytes().all(|b| b.is_ascii_hexdigit());
    match text.rsplit_once('@') {
        Some((repository, commit)) if is_commit(commit) => Ok(Source {
            repository: address(repository, "")?,
            commit: commit.to_ascii_lowercase(),
        }),
        _ => Err(
            "must be https://HOST/OWNER/REPO@COMMIT with the whole id of a commit (40 hex digits), \
             because a branch or a tag can be moved"
                .to_owned(),
        ),
    }
}

fn binary(text: &str) -> Result<String, String> {
    let path = text.split('?').next().unwrap_or_default();
    let is_other = [".zip", ".exe", ".tar.xz", ".tar.zst", ".tar.bz2"]
        .iter()
        .any(|end| path.to_ascii_lowercase().ends_with(end));
    if is_other {
        return Err(
            "must be a program for Linux or a .tar.gz, because the pipelines run on Linux"
                .to_owned(),
        );
    }
    address(text, "?=&+,;!()*#")
}

fn sha256(text: &str) -> Result<String, String> {
    if text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        Ok(text.to_ascii_lowercase())
    } else {
        Err("must be 64 hex digits, as sha256sum prints them".to_owned())
    }
}

fn builder(text: &str) -> Result<String, String> {
    let plain = |part: &str| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        !part.is_empty() && part.chars().all(is_plain)
    };
    match text.split_once('/') {
        Some((owner, repository)) if plain(owner) && plain(repository) => Ok(text.to_owned()),
        _ => Err("must be OWNER/REPO".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{binary, builder, sha256, source};

    const COMMIT: &str = "0123456789abcdef0123456789ABCDEF01234567";

    #[test]
    fn a_source_is_a_repository_and_a_whole_commit() {
        let read =
            source(&format!("https://github.com/contoso/apicenter@{COMMIT}")).expect("plain");
        assert_eq!(read.repository, "https://github.com/contoso/apicenter");
        assert_eq!(read.commit, COMMIT.to_ascii_lowercase());
        for (text, why) in [
            ("https://github.com/a/b".to_owned(), "whole id"),
            ("https://github.com/a/b@main".to_owned(), "can be moved"),
            ("https://github.com/a/b@0123456".to_owned(), "whole id"),
            (format!("git@github.com:a/b@{COMMIT}"), "https://"),
            (format!("https://t:x@github.com/a/b@{COMMIT}"), "token"),
            (format!("https://github.com/a/$(x)@{COMMIT}"), "'$'"),
            (format!("https://github.com/a b@{COMMIT}"), "' '"),
            (format!("https://github.com@{COMMIT}"), "path"),
        ] {
            let error = source(&text).expect_err(&text);
            assert!(error.contains(why), "{text}: {error}");
        }
    }

    #[test]
    fn what_goes_into_scripts_is_plain() {
        for good in [
            "https://example.com/apicenter",
            "https://example.com/a-1.0.tar.gz?sv=1&sig=a%2Fb=",
        ] {
            assert_eq!(binary(good).as_deref(), Ok(good));
        }
        for bad in [
            "http://example.com/a",
            "https://example.com/a.zip",
            "https://example.com/a.exe?x=1",
            "https://example.com/\"a",
            "https://example.com/a\n",
            "https://example.com/${{x}}",
            "https://example.com",
        ] {
            assert!(binary(bad).is_err(), "{bad}");
        }
        assert!(sha256(&"A1".repeat(32)).is_ok_and(|hex| hex == "a1".repeat(32)));
        assert!(sha256(&"a1".repeat(31)).is_err() && sha256(&"g1".repeat(32)).is_err());
        assert!(builder("contoso/apicenter").is_ok());
        assert!(builder("contoso").is_err() && builder("a/b/c").is_err() && builder("a/").is_err());
    }
}
