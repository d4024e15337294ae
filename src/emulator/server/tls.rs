//! https with a certificate of the emulator's own.
//!
//! Clients trust the authority that signed the certificate. Its key is thrown away as soon as it has
//! signed, so that whoever trusts it trusts this emulator and nothing else. Authority, certificate and
//! key are kept with the state.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType, date_time_ymd,
};
use serde::{Deserialize, Serialize};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::emulator::base::clock::Ticks;
use crate::emulator::base::error::EmulatorError;
use crate::emulator::store::Store;

/// The name under which the certificate is kept.
const KEPT: &str = "certificate";

/// Chosen here: what browsers and operating systems take at most is 398 days.
const VALID: Duration = Duration::from_secs(397 * 24 * 60 * 60);

/// A stored certificate is replaced if it is valid for less than this.
const RENEWED: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// A certificate with all that belongs to it, as PEM.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::emulator) struct Certificate {
    /// The certificate of the authority, for clients to trust.
    pub(in crate::emulator) authority: String,
    certificate: String,
    key: String,
    until: Ticks,
    /// The names that it is for, besides those of this machine.
    #[serde(default)]
    hosts: Vec<String>,
}

impl Certificate {
    /// The stored certificate, or a new one if there is none, it is for other hosts, or it expires soon.
    pub(in crate::emulator) fn open(
        store: &Store,
        hosts: &[String],
    ) -> Result<Self, EmulatorError> {
        let kept = store.read(|view| view.kept(KEPT))?;
        let kept: Option<Self> = kept.and_then(|text| serde_json::from_str(&text).ok());
        if let Some(kept) =
            kept.filter(|kept| kept.hosts == hosts && kept.until.remaining() > RENEWED)
        {
            return Ok(kept);
        }
        let new =
            Self::made(hosts).map_err(|error| EmulatorError::Certificate(error.to_string()))?;
        let text = serde_json::to_string(&new)
            .map_err(|error| EmulatorError::Certificate(error.to_string()))?;
        store.change_blocking(move |changes| changes.keep(KEPT, &text))?;
        Ok(new)
    }

    fn made(hosts: &[String]) -> Result<Self, rcgen::Error> {
        let until = Ticks::now().plus(VALID);
        let mut authority = params("apicenter emulator authority", until)?;
        authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let issuer_key = KeyPair::generate()?;
        let authority_pem = authority.self_signed(&issuer_key)?.pem();
        let issuer = Issuer::new(authority, issuer_key);

        let mut server = params("apicenter emulator", until)?;
        server.subject_alt_names = vec![
            SanType::DnsName("localhost".try_into()?),
            SanType::IpAddress(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            SanType::IpAddress(IpAddr::V6(Ipv6Addr::LOCALHOST)),
        ];
        for host in hosts {
            server.subject_alt_names.push(match host.parse() {
                Ok(address) => SanType::IpAddress(address),
                Err(_) => SanType::DnsName(host.as_str().try_into()?),
            });
        }
        server.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        server.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate()?;
        Ok(Self {
            authority: authority_pem,
            certificate: server.signed_by(&key, &issuer)?.pem(),
            key: key.serialize_pem(),
            until,
            hosts: hosts.to_vec(),
        })
    }

    /// What turns a connection into an encrypted one.
    pub(in crate::emulator) fn acceptor(&self) -> Result<TlsAcceptor, EmulatorError> {
        let failed = |error: &dyn std::fmt::Display| EmulatorError::Certificate(error.to_string());
        let certificate = CertificateDer::from_pem_slice(self.certificate.as_bytes())
            .map_err(|error| failed(&error))?;
        let key =
            PrivateKeyDer::from_pem_slice(self.key.as_bytes()).map_err(|error| failed(&error))?;
        let provider = Arc::new(aws_lc_rs::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|builder| {
                builder
                    .with_no_client_auth()
                    .with_single_cert(vec![certificate], key)
            })
            .map_err(|error| failed(&error))?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

fn params(name: &str, until: Ticks) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::<String>::new())?;
    params.distinguished_name = rcgen::DistinguishedName::new();
    // Two emulators have two authorities: their names must not be mixed up.
    let id = uuid::Uuid::new_v4().simple().to_string();
    let name = format!("{name} {}", &id[..8]);
    params.distinguished_name.push(DnType::CommonName, name);
    let (year, month, day) = until.date();
    params.not_after = date_time_ymd(year, month, day);
    // Clocks differ; yesterday is soon enough for all of them.
    let (year, month, day) = Ticks::now().minus(Duration::from_secs(24 * 60 * 60)).date();
    params.not_before = date_time_ymd(year, month, day);
    Ok(params)
}
