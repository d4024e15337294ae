//! Hints for failed sign-ins.

use super::method::Method;

/// The first sentence of an error, and the id under which the authority logged it. After the sentence, the
/// authority repeats ids and times, on lines of their own or behind it (observed).
pub(super) fn sentence(text: &str) -> (String, Option<String>) {
    let marks = ["Trace ID:", "Correlation ID:", "Timestamp:"];
    let end = marks.iter().filter_map(|mark| text.find(mark)).min();
    let line = text[..end.unwrap_or(text.len())].trim();
    let line = line.lines().next().unwrap_or_default().trim();
    let trace = text.split_once(marks[0]).and_then(|(_, rest)| {
        let id = rest.split_whitespace().next()?;
        (id.len() <= 64).then(|| id.to_owned())
    });
    (line.trim_end_matches('.').to_owned(), trace)
}

/// The number in `AADSTS7000215`, anywhere in a text.
pub(super) fn number(text: &str) -> Option<u64> {
    let (_, rest) = text.split_once("AADSTS")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// What to do about a failed sign-in.
pub(super) fn help(method: Method, text: &str, client: Option<&str>) -> String {
    let client = client.unwrap_or("CLIENT_ID");
    number(text)
        .and_then(|number| for_number(number, client))
        .or_else(|| for_words(method, text))
        .unwrap_or_else(|| for_method(method).to_owned())
}

/// Documented: the codes of Microsoft Entra.
fn for_number(number: u64, client: &str) -> Option<String> {
    let text = match number {
        7_000_215 => format!(
            "AZURE_CLIENT_SECRET must be the value of a secret of the application, not the secret's id; create \
             a new one with: az ad app credential reset --id {client}"
        ),
        7_000_222 => format!(
            "the secret has expired; create a new one with: az ad app credential reset --id {client}"
        ),
        700_016 => {
            "check AZURE_CLIENT_ID, and that the application is in the tenant AZURE_TENANT_ID"
                .to_owned()
        }
        90_002 | 900_021 | 900_023 => {
            "check AZURE_TENANT_ID; az account show prints yours".to_owned()
        }
        70_021 | 700_211 | 700_212 | 700_213 | 7_002_138 => format!(
            "the application trusts another issuer, subject or audience than this token has; list what it \
             trusts with: az ad app federated-credential list --id {client}, and add what is missing with: \
             az ad app federated-credential create"
        ),
        700_024 => {
            "the assertion has expired; check the clock of this machine, and that \
                    the token is issued again for each job"
                .to_owned()
        }
        50_027 => "the assertion is not a token; check the file in AZURE_FEDERATED_TOKEN_FILE"
            .to_owned(),
        500_011 | 500_014 => {
            "the tenant does not know the audience; check spec.targets.NAME.cloud in \
                              apicenter.yaml and AZURE_TENANT_ID"
                .to_owned()
        }
        7_000_112 => {
            "the application is disabled; enable its sign-in in Microsoft Entra".to_owned()
        }
        50_173 | 70_043 | 700_082 | 50_078 | 50_076 | 50_079 => {
            "sign in again: az login (or azd auth login)".to_owned()
        }
        53_003 => {
            "a Conditional Access policy of the tenant does not allow it; ask the administrator of the tenant"
                .to_owned()
        }
        _ => return None,
    };
    Some(text)
}

fn for_words(method: Method, text: &str) -> Option<String> {
    let says = |words: &str| text.contains(words);
    let unreachable = says("refuses connections") || says("cannot be resolved");
    let text = match method {
        Method::AzureCli if says("not found on PATH") => {
            "install the Azure CLI (https://aka.ms/azure-cli), or choose another way with --auth"
        }
        Method::AzureCli if says("login") || says("logged in") => {
            "sign in with: az login (or az login --tenant TENANT), or choose another way with --auth"
        }
        Method::AzureDeveloperCli if says("not found on PATH") => {
            "install the Azure Developer CLI (https://aka.ms/azd), or choose another way with --auth"
        }
        Method::ManagedIdentity if unreachable || says("no connection to") => {
            "this machine has no Azure metadata service; choose another way with --auth"
        }
        _ => return None,
    };
    Some(text.to_owned())
}

fn for_method(method: Method) -> &'static str {
    match method {
        Method::ClientSecret => "check AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET",
        Method::WorkloadIdentity => {
            "check AZURE_TENANT_ID, AZURE_CLIENT_ID and the file that AZURE_FEDERATED_TOKEN_FILE names"
        }
        Method::GitHubOidc => {
            "check AZURE_TENANT_ID, AZURE_CLIENT_ID and that the job has `permissions: id-token: write`"
        }
        Method::AzurePipelines => {
            "check that the step has `env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)`, and that the pipeline \
             may use the service connection"
        }
        Method::AzureCli => "check what this prints: az account get-access-token --output none",
        Method::AzureDeveloperCli => "sign in with: azd auth login",
        Method::ManagedIdentity => {
            "assign an identity to this machine or service; AZURE_CLIENT_ID picks one of several, and must be \
             unset for the system's own"
        }
    }
}

/// What to do if the service does not accept a token that was obtained.
pub(super) fn rejected(method: Method) -> String {
    let tenant = match method {
        Method::AzureCli => {
            "the token is for the current account of the Azure CLI: az account set --subscription ID, or az \
             login --tenant TENANT, picks another"
        }
        Method::AzureDeveloperCli => {
            "the token is for the account of azd; AZURE_TENANT_ID picks the tenant"
        }
        Method::ManagedIdentity => {
            "the identity must be of the tenant of the subscription; AZURE_CLIENT_ID picks one of several"
        }
        _ => "AZURE_TENANT_ID must be the tenant of the subscription",
    };
    format!("{tenant}; `cloud` of the target must be the subscription's")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_is_cut_where_ids_begin() {
        let id = "0b1c2d3e-0000-1111-2222-333344445555";
        for between in ["\r\n", " "] {
            let text = format!(
                "AADSTS700016: Application with identifier 'x' was not found.{between}Trace ID: {id}{between}\
                 Correlation ID: c{between}Timestamp: 2026-01-01 00:00:00Z"
            );
            let expected = "AADSTS700016: Application with identifier 'x' was not found";
            assert_eq!(sentence(&text), (expected.to_owned(), Some(id.to_owned())));
        }
        assert_eq!(sentence("plain"), ("plain".to_owned(), None));
        assert_eq!(sentence(""), (String::new(), None));
    }

    #[test]
    fn codes_have_advice_of_their_own() {
        assert_eq!(number("x says AADSTS7000215: no"), Some(7_000_215));
        assert_eq!(number("AADSTS: no"), None);
        let advice = help(Method::GitHubOidc, "AADSTS700213: No match", Some("app-1"));
        assert!(
            advice.contains("federated-credential list --id app-1"),
            "{advice}"
        );
        let advice = help(Method::ClientSecret, "AADSTS1: odd", None);
        assert!(advice.contains("AZURE_CLIENT_SECRET"), "{advice}");
    }
}
