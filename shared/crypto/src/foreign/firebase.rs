//! Firebase Authentication: scrypt makes a key, and AES-256-CTR under it encrypts the project's
//! signer key; that is the hash (<https://github.com/firebase/scrypt>).

use aws_lc_rs::{
    cipher::{AES_256, EncryptingKey, EncryptionContext, UnboundCipherKey},
    iv::FixedLength,
};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use rolecall_domain::signing::KeyId;

use super::{ForeignHash, Scheme, bytes, numbers, output, scrypt_params};

/// What its text begins with: `$firebase-scrypt$ln=14,r=8$SIGNER$SEPARATOR$SALT$HASH`.
pub(super) const NAME: &str = "firebase-scrypt";

/// scrypt makes twice what AES takes.
const DERIVED: usize = 64;
const AES_KEY: usize = 32;

pub(super) fn parse(
    params: &str,
    signer: &str,
    [salt, separator]: [&str; 2],
    hash: &str,
) -> Option<ForeignHash> {
    let [log_n, r] = numbers(params, ["ln", "r"])?;
    let (log_n, r, _) = scrypt_params([log_n, r, 1])?;
    let (signer, expected) = (output(signer)?, output(hash)?);
    let salt = [bytes(salt)?, bytes(separator)?].concat();
    let is_whole = signer.len() == expected.len();
    let scheme = Scheme::Firebase { log_n, r, signer };
    is_whole.then_some(ForeignHash { scheme, salt, expected })
}

pub(super) fn derive(
    password: &[u8],
    salt: &[u8],
    (log_n, r): (u8, u32),
    signer: &[u8],
) -> Option<Vec<u8>> {
    let mut derived = [0; DERIVED];
    let params = scrypt::Params::new(log_n, r, 1).ok()?;
    scrypt::scrypt(password, salt, &params, &mut derived).ok()?;
    let key = UnboundCipherKey::new(&AES_256, derived.get(..AES_KEY)?).ok()?;
    let mut found = signer.to_vec();
    let start = EncryptionContext::Iv128(FixedLength::from([0; 16]));
    EncryptingKey::ctr(key).ok()?.less_safe_encrypt(&mut found, start).ok()?;
    Some(found)
}

/// What all hashes of a Firebase project have in common; it is a secret, as the signer key is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Project(String);

impl Project {
    pub(crate) fn from_secret(secret: &[u8]) -> Option<Self> {
        String::from_utf8(secret.to_vec()).ok().map(Self)
    }

    pub(crate) fn as_secret(&self) -> &[u8] {
        self.0.as_bytes()
    }

    pub(crate) fn id(&self) -> KeyId {
        KeyId::of(self.as_secret())
    }
}

/// The project of a hash, and the text that is left of it, which names the project by its id.
pub(crate) fn kept_apart(hash: &str) -> Option<(Project, String)> {
    let fields: Vec<&str> = hash.split('$').collect();
    let ["", NAME, params, signer, separator, salt, output] = *fields.as_slice() else {
        return None;
    };
    // In one spelling, so that a project has one id.
    let [signer, separator] = [bytes(signer)?, bytes(separator)?];
    let (signer, separator) = (STANDARD_NO_PAD.encode(signer), STANDARD_NO_PAD.encode(separator));
    let project = Project(format!("{params}${signer}${separator}"));
    let rest = format!("${NAME}${}${salt}${output}", project.id());
    Some((project, rest))
}

/// The id of the project of a hash that names it, and how the whole hash is put together.
pub(crate) fn put_together(hash: &str) -> Option<(KeyId, impl Fn(&Project) -> String)> {
    let fields: Vec<String> = hash.split('$').map(str::to_owned).collect();
    let [empty, name, id, salt, output] = <[String; 5]>::try_from(fields).ok()?;
    let id = KeyId::from_name(&id).filter(|_| empty.is_empty() && name == NAME)?;
    Some((id, move |project: &Project| format!("${NAME}${}${salt}${output}", project.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::foreign::tests::{ASCII, assert_none, assert_only};

    /// The vector of Firebase's own `scrypt` repository.
    const VECTOR: &str = "$firebase-scrypt$ln=14,r=8$jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn\
        210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==$Bw==$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/\
        LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==";
    const OWN: &str = "$firebase-scrypt$ln=4,r=8$u4xZFYm4y7kyQ26eX32iRBpmI3SLSj8bHKWFFXAbcIgAh4O0uk\
        W4yIVhDcUNe8a9HAMnsXuQkDWK2eZ9KwMTZg$Bw$MDEyMzQ1Njc4OQ$yn5XeIxjEtA0+yNDyC7pj4EjtJNs/zH56j5\
        ww0swMG6Nb66RyOwQOV5yqRK68Gzp56laLvNNidu7J4UumQGBOg";

    #[test]
    fn firebase_is_verified() {
        assert_only("user1password", VECTOR);
        assert_only(ASCII, OWN);
        for wrong in [
            VECTOR.replace("ln=14", "ln=40"),
            VECTOR.replace("ln=14", "ln=0"),
            VECTOR.replace("lQ==", ""),
            VECTOR.replace("$Bw==", ""),
            "$firebase-scrypt$ln=14,r=8$$Bw$Wq/2PCBH4Gpvvw$".to_owned(),
        ] {
            assert_none(&wrong);
        }
    }

    #[test]
    fn the_project_is_kept_apart_and_put_together_again() {
        for (password, whole) in [("user1password", VECTOR), (ASCII, OWN)] {
            let (project, rest) = kept_apart(whole).unwrap();
            assert!(!rest.contains("jxspr8Ki") && !rest.contains("u4xZFYm4"), "{rest}");
            assert!(ForeignHash::parse(&rest).is_none() && kept_apart(&rest).is_none());
            let (id, together) = put_together(&rest).unwrap();
            assert_eq!(id, project.id());
            assert_only(password, &together(&project));
            assert_eq!(Project::from_secret(project.as_secret()), Some(project));
        }
        let padded = kept_apart(&OWN.replace("Zg$Bw$", "Zg==$Bw==$")).unwrap().0;
        assert_eq!(padded, kept_apart(OWN).unwrap().0, "one project, one id");
        assert!(put_together("$argon2id$v=19$m=8,t=1,p=1$AAAA").is_none());
        assert!(put_together("").is_none());
    }
}
