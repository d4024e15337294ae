//! Which addresses of a project may get credentials.
//!
//! Whoever may change a project file must not be able to send the credentials of somebody else to a host of
//! his own. So an address in it gets credentials only if it belongs to a known cloud, is on this machine, or
//! is allowed by the user.

use std::collections::BTreeSet;

use super::endpoint::{Cloud, Endpoint};
use crate::http::{Url, is_loopback};

/// Hosts that the user allows besides the known clouds and this machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowedHosts(BTreeSet<String>);

impl AllowedHosts {
    /// Reads hosts that are separated by commas or blanks. Each may have a port, which then must match, and
    /// may be written as a URL.
    ///
    /// # Errors
    /// The end of a sentence about the first entry that is not a host.
    pub fn parse(text: &str) -> Result<Self, String> {
        let entries = text.split([',', ' ', '\t', '\n', '\r', ';']);
        let entries = entries.filter(|entry| !entry.is_empty()).map(entry);
        entries.collect::<Result<_, _>>().map(Self)
    }

    /// These hosts and others.
    #[must_use]
    pub fn and(mut self, others: &Self) -> Self {
        self.0.extend(others.0.iter().cloned());
        self
    }

    fn allows(&self, url: &Url) -> bool {
        let Some(host) = host_of(url) else {
            return false;
        };
        let with_port = url
            .port_or_known_default()
            .is_some_and(|port| self.0.contains(&format!("{host}:{port}")));
        with_port || self.0.contains(&host)
    }
}

/// A host as it is compared, with the port if one is written.
fn entry(text: &str) -> Result<String, String> {
    let (_, rest) = text.split_once("://").unwrap_or(("", text));
    let address = rest.split('/').next().unwrap_or_default();
    // The port of https would not be visible in a URL of that scheme.
    let url = Url::parse(&format!("https://{address}")).ok();
    let port = address
        .rsplit_once(':')
        .and_then(|(_, port)| port.parse().ok());
    let host = url
        .as_ref()
        .filter(|_| !address.contains(['*', '@', '?', '#']));
    match (host.and_then(host_of), port) {
        (Some(host), None) => Ok(host),
        (Some(host), Some::<u16>(port)) => Ok(format!("{host}:{port}")),
        (None, _) => Err(format!(
            "`{text}` is not a host name such as arm.contoso.com or arm.contoso.com:8443 (patterns are not \
             supported)"
        )),
    }
}

fn host_of(url: &Url) -> Option<String> {
    let host = url.host_str()?.trim_end_matches('.').to_ascii_lowercase();
    (!host.is_empty()).then_some(host)
}

/// A setting of a custom cloud that decides where credentials go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloudSetting {
    /// Where requests with a token go.
    ResourceManager,
    /// Where secrets are exchanged for tokens.
    Authority,
    /// What the tokens are for.
    Audience,
}

/// Why a custom cloud gets no credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrustProblem {
    /// The user has to allow a host.
    NotAllowed {
        /// The setting that names it.
        setting: CloudSetting,
        /// The host, with its port if that is not the usual one.
        host: String,
    },
    /// An audience that is not a URL, so that no host can be allowed.
    NoHost,
    /// A token of a cloud of Microsoft would be sent to another host. Nothing allows that.
    ForeignAudience {
        /// The host that would get the token.
        receiver: String,
    },
}

/// What a custom cloud of a project file lacks in order to get credentials. `authority` is `None` if the
/// project file does not decide it.
#[must_use]
pub fn trust_problems(
    endpoint: &Endpoint,
    authority: Option<&Url>,
    allowed: &AllowedHosts,
) -> Vec<TrustProblem> {
    let manager = endpoint.resource_manager();
    let mut problems = Vec::new();
    let mut require = |setting, url: &Url, known: bool| {
        if !known && !is_loopback(url) && !allowed.allows(url) {
            let host = display(url);
            problems.push(TrustProblem::NotAllowed { setting, host });
        }
    };
    require(
        CloudSetting::ResourceManager,
        manager,
        is_resource_manager(manager),
    );
    if let Some(authority) = authority {
        require(CloudSetting::Authority, authority, is_authority(authority));
    }
    // Without an authority of Microsoft and without a way to this machine from outside, an audience is a name.
    let is_local = is_loopback(manager) && is_loopback(endpoint.authority());
    match audience_url(endpoint.audience()) {
        _ if is_resource_manager(manager) && is_microsoft(endpoint.audience()) => {}
        _ if is_microsoft(endpoint.audience()) => {
            let receiver = display(manager);
            problems.push(TrustProblem::ForeignAudience { receiver });
        }
        _ if is_local => {}
        // The host is that of the resource manager, which was looked at.
        Some(audience) if host_of(&audience) == host_of(manager) => {}
        Some(audience) => require(CloudSetting::Audience, &audience, false),
        None => problems.push(TrustProblem::NoHost),
    }
    problems
}

/// Whether a token for this audience may be sent to the endpoint: that of a cloud of Microsoft only to its
/// resource manager.
#[must_use]
pub fn may_receive(endpoint: &Endpoint, audience: &str) -> bool {
    is_resource_manager(endpoint.resource_manager()) || !is_microsoft(audience)
}

fn display(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

fn is_resource_manager(url: &Url) -> bool {
    Cloud::ALL
        .iter()
        .any(|cloud| same_origin(url, cloud.urls().0))
}

fn is_authority(url: &Url) -> bool {
    Cloud::ALL
        .iter()
        .any(|cloud| same_origin(url, cloud.urls().1))
}

fn same_origin(url: &Url, known: &str) -> bool {
    Url::parse(known).is_ok_and(|known| known.origin() == url.origin())
}

/// An audience as a URL; one may leave out the scheme.
fn audience_url(audience: &str) -> Option<Url> {
    let with_host = |text: &str| Url::parse(text).ok().filter(|url| host_of(url).is_some());
    with_host(audience).or_else(|| with_host(&format!("https://{audience}")))
}

/// Domains whose hosts are services of Microsoft, and so are audiences in them (documented for the resource
/// managers, Microsoft Graph, Key Vault, Storage and others).
const MICROSOFT: [&str; 19] = [
    "azure.com",
    "azure.net",
    "azure.us",
    "azure.cn",
    "azure-apicenter.ms",
    "windows.net",
    "windows-ppe.net",
    "microsoft.com",
    "microsoft.us",
    "microsoftazure.de",
    "cloudapi.de",
    "microsoftonline.com",
    "microsoftonline.us",
    "microsoftonline.cn",
    "office.com",
    "office365.com",
    "usgovcloudapi.net",
    "chinacloudapi.cn",
    "sharepoint.com",
];

/// The domains below those in which customers have names: of their virtual machines.
const CUSTOMERS: [&str; 3] = [
    "cloudapp.azure.com",
    "cloudapp.usgovcloudapi.net",
    "cloudapp.chinacloudapi.cn",
];

/// Ids of applications that are audiences too (documented): the resource manager, Microsoft Graph and its
/// predecessor, Key Vault, Storage, Azure DevOps, Azure SQL.
const MICROSOFT_IDS: [&str; 7] = [
    "797f4846-ba00-4fd7-ba43-dac1f8f63013",
    "00000003-0000-0000-c000-000000000000",
    "00000002-0000-0000-c000-000000000000",
    "cfa8b339-82a2-471a-a3c9-0fc0be7a4093",
    "e406a681-f3d4-42a8-90b6-c2b029497af1",
    "499b84ac-1321-427f-aa17-267ca6975798",
    "022907d3-0f1b-48f7-badc-1ba6abab6d66",
];

/// Whether an audience is a service of Microsoft, in any of the clouds.
fn is_microsoft(audience: &str) -> bool {
    let audience = audience.to_ascii_lowercase();
    let is_below = |host: &str, domain: &str| {
        host.strip_suffix(domain)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    let by_host = audience_url(&audience)
        .and_then(|url| host_of(&url))
        .is_some_and(|host| {
            let any = |domains: &[&str]| domains.iter().any(|domain| is_below(&host, domain));
            any(&MICROSOFT) && !any(&CUSTOMERS)
        });
    by_host || MICROSOFT_IDS.iter().any(|id| audience.contains(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(manager: &str, authority: Option<&str>, audience: &str, allowed: &str) -> String {
        let audience = (!audience.is_empty()).then_some(audience);
        let endpoint = Endpoint::custom(manager, authority, audience).unwrap();
        let decided = authority.map(|_| endpoint.authority());
        let allowed = AllowedHosts::parse(allowed).unwrap();
        let found = trust_problems(&endpoint, decided, &allowed).into_iter();
        let words = found.map(|problem| match problem {
            TrustProblem::NotAllowed { setting, host } => format!("{setting:?} {host}"),
            TrustProblem::NoHost => "no host".to_owned(),
            TrustProblem::ForeignAudience { receiver } => format!("never {receiver}"),
        });
        words.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn each_address_is_known_on_this_machine_or_allowed() {
        for (manager, authority, audience, allowed, expected) in [
            ("https://management.azure.com", None, "", "", ""),
            (
                "https://management.azure.com/",
                Some("https://login.microsoftonline.us"),
                "",
                "",
                "",
            ),
            (
                "http://127.0.0.1:81",
                Some("http://127.0.0.1:82"),
                "",
                "",
                "",
            ),
            (
                "http://127.0.0.1:81",
                Some("http://[::1]:82"),
                "https://arm.x.com",
                "",
                "",
            ),
            (
                "http://127.0.0.1:81",
                None,
                "https://arm.x.com",
                "",
                "Audience arm.x.com",
            ),
            (
                "http://127.0.0.1:81",
                Some("https://in.x.com"),
                "",
                "",
                "Authority in.x.com",
            ),
            (
                "https://arm.x.com",
                None,
                "",
                "",
                "ResourceManager arm.x.com",
            ),
            (
                "https://arm.x.com:444",
                None,
                "",
                "",
                "ResourceManager arm.x.com:444",
            ),
            ("https://arm.x.com:444", None, "", "ARM.x.com.", ""),
            (
                "https://arm.x.com:444",
                None,
                "",
                "arm.x.com:443",
                "ResourceManager arm.x.com:444",
            ),
            ("https://arm.x.com", None, "", "arm.x.com:443", ""),
            ("https://arm.x.com", None, "", "https://arm.x.com/a", ""),
            (
                "https://arm.x.com",
                None,
                "",
                "x.com sub.arm.x.com",
                "ResourceManager arm.x.com",
            ),
            (
                "https://arm.x.com",
                Some("https://in.y.com"),
                "https://z.com",
                "",
                "ResourceManager arm.x.com, Authority in.y.com, Audience z.com",
            ),
            (
                "https://arm.x.com",
                Some("https://in.y.com"),
                "api://z",
                "arm.x.com,in.y.com z",
                "",
            ),
            ("https://arm.x.com", None, "urn:z", "arm.x.com", "no host"),
            (
                "https://management.azure.com:444",
                None,
                "",
                "",
                "ResourceManager management.azure.com:444, never management.azure.com:444",
            ),
            (
                "https://management.azure.com.evil.com",
                None,
                "",
                "",
                "ResourceManager management.azure.com.evil.com",
            ),
        ] {
            assert_eq!(
                problems(manager, authority, audience, allowed),
                expected,
                "{manager} {authority:?} {audience} {allowed}"
            );
        }
    }

    #[test]
    fn a_token_of_microsoft_is_for_microsoft_whatever_is_allowed() {
        for audience in [
            "https://management.azure.com",
            "https://MANAGEMENT.azure.com//",
            "https://management.azure.com.:443/x",
            "http://management.azure.com",
            "management.azure.com",
            "https://management.core.windows.net/",
            "https://management.usgovcloudapi.net",
            "https://management.chinacloudapi.cn",
            "https://graph.microsoft.com",
            "https://vault.azure.net",
            "797F4846-ba00-4fd7-ba43-dac1f8f63013",
            "api://797f4846-ba00-4fd7-ba43-dac1f8f63013",
            "spn:797f4846-ba00-4fd7-ba43-dac1f8f63013",
        ] {
            let allowed = "arm.x.com management.azure.com graph.microsoft.com";
            let found = problems("https://arm.x.com", None, audience, allowed);
            assert_eq!(found, "never arm.x.com", "{audience}");
            let found = problems(
                "http://localhost:1",
                Some("http://localhost:2"),
                audience,
                "",
            );
            assert_eq!(found, "never localhost:1", "{audience}");
            let endpoint = Endpoint::custom("https://arm.x.com", None, None).unwrap();
            assert!(!may_receive(&endpoint, audience));
        }
        let of_a_customer = "https://gate.westeurope.cloudapp.azure.com";
        assert_eq!(problems(of_a_customer, None, "", of_a_customer), "");
        let public = Endpoint::of(Cloud::Public).unwrap();
        assert!(may_receive(&public, "https://management.azure.com"));
    }

    #[test]
    fn what_is_not_a_host_cannot_be_allowed() {
        for bad in [
            "*",
            "*.contoso.com",
            "https://",
            "joe@contoso.com",
            "a:b",
            "a?b",
        ] {
            let error = AllowedHosts::parse(bad).unwrap_err();
            assert!(error.contains("is not a host name"), "{bad}: {error}");
        }
        assert_eq!(
            AllowedHosts::parse(" , ;").unwrap(),
            AllowedHosts::default()
        );
        let both = AllowedHosts::parse("a, b:1").unwrap();
        let alone = AllowedHosts::parse("a").unwrap();
        assert_eq!(
            alone.and(&AllowedHosts::parse("https://b:1/").unwrap()),
            both
        );
    }
}
