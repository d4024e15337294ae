//! Access tokens: JSON web tokens, signed with a secret of the emulator.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::emulator::base::clock::Ticks;
use crate::emulator::core::identity::TENANT;

/// Documented: tokens of applications live for about an hour, in seconds.
pub(super) const LIFETIME: u64 = 3599;

/// The block size of SHA-256, in bytes.
const BLOCK: usize = 64;

/// What tokens are signed with.
pub(super) struct SigningKey(Vec<u8>);

/// Whether a token is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    Full,
    Expired,
    None,
}

impl SigningKey {
    pub(super) fn new(secret: Vec<u8>) -> Self {
        Self(secret)
    }

    /// A token that an application gets for a resource.
    pub(super) fn token(&self, base: &str, tenant: &str, client: &str, audience: &str) -> String {
        let tenant = Uuid::try_parse(tenant).map_or(TENANT.to_owned(), |id| id.to_string());
        let now = Ticks::now().unix_seconds();
        let object = Uuid::new_v5(&Uuid::NAMESPACE_OID, client.as_bytes()).to_string();
        let claims = json!({
            "aud": audience,
            "iss": format!("{base}/{tenant}/"),
            "iat": now,
            "nbf": now,
            "exp": now + LIFETIME,
            "appid": client,
            "appidacr": "1",
            "idp": format!("{base}/{tenant}/"),
            "idtyp": "app",
            "oid": object,
            "sub": object,
            "tid": tenant,
            "uti": Uuid::new_v4().simple().to_string(),
            "ver": "1.0",
        });
        self.signed(&claims)
    }

    fn signed(&self, claims: &Value) -> String {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let head = encode(&json!({"typ": "JWT", "alg": "HS256"}));
        let text = format!("{head}.{}", encode(claims));
        let signature = URL_SAFE_NO_PAD.encode(self.code(text.as_bytes()));
        format!("{text}.{signature}")
    }

    /// Checks a token: only those signed here are valid.
    pub(super) fn trusts(&self, token: &str) -> Trust {
        let genuine = token.rsplit_once('.').and_then(|(text, signature)| {
            let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
            (signature == self.code(text.as_bytes())).then_some(text)
        });
        let expires = genuine.and_then(|text| {
            let claims = URL_SAFE_NO_PAD.decode(text.split_once('.')?.1).ok()?;
            let claims: Value = serde_json::from_slice(&claims).ok()?;
            claims.get("exp")?.as_u64()
        });
        match expires {
            Some(expires) if Ticks::now().unix_seconds() < expires => Trust::Full,
            Some(_) => Trust::Expired,
            None => Trust::None,
        }
    }

    /// HMAC with SHA-256 (RFC 2104).
    fn code(&self, text: &[u8]) -> Vec<u8> {
        let mut block = [0; BLOCK];
        if self.0.len() > BLOCK {
            block[..32].copy_from_slice(&Sha256::digest(&self.0));
        } else {
            block[..self.0.len()].copy_from_slice(&self.0);
        }
        let inner = Sha256::new()
            .chain_update(block.map(|byte| byte ^ 0x36))
            .chain_update(text)
            .finalize();
        let outer = Sha256::new()
            .chain_update(block.map(|byte| byte ^ 0x5c))
            .chain_update(inner)
            .finalize();
        outer.to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 4231, test case 2, and test case 6 with its long key.
        let hex = |key: &[u8], text: &[u8]| {
            let code = SigningKey::new(key.to_vec()).code(text);
            code.iter()
                .map(|byte| format!("{byte:02x}"))
                .collect::<String>()
        };
        assert_eq!(
            hex(b"Jefe", b"what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            hex(
                &[0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First"
            ),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }

    #[test]
    fn only_own_and_young_tokens_are_trusted() {
        let (ours, others) = (
            SigningKey::new(b"ours".to_vec()),
            SigningKey::new(b"others".to_vec()),
        );
        let token = ours.token("https://127.0.0.1:1", "contoso.com", "app", "audience");
        assert_eq!(ours.trusts(&token), Trust::Full);
        assert_eq!(others.trusts(&token), Trust::None);
        assert_eq!(ours.trusts("any"), Trust::None);
        let mut longer = token.clone();
        longer.insert(token.len() / 2, 'x');
        assert_eq!(ours.trusts(&longer), Trust::None);
        let old = ours.signed(&json!({"exp": 1}));
        assert_eq!(ours.trusts(&old), Trust::Expired);
    }
}
