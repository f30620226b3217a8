//! ASP.NET Core Identity (`PasswordHasher<TUser>`): PBKDF2, all in one Base64 text.

use super::{ForeignHash, Function, OUTPUT_LENGTHS};

/// Version 2, of ASP.NET Identity before Core: HMAC-SHA-1, a thousand times, 16 bytes of salt and
/// 32 of output.
const V2_ITERATIONS: u32 = 1000;
const V2_SALT: usize = 16;
const V2_OUTPUT: usize = 32;

/// The longest salt that is taken.
const MOST_SALT: usize = 64;

pub(super) fn parse(blob: &[u8]) -> Option<ForeignHash> {
    match blob.split_first()? {
        (0, rest) => {
            let (salt, output) = rest.split_at_checked(V2_SALT)?;
            (output.len() == V2_OUTPUT).then_some(())?;
            Function::Sha1.pbkdf2(V2_ITERATIONS, salt.into(), output.into())
        }
        // Version 3: the function, iterations and the salt's length in four bytes each.
        (1, rest) => {
            let (head, rest) = rest.split_first_chunk::<12>()?;
            let (numbers, _) = head.as_chunks::<4>();
            let [function, iterations, salt] = *numbers else { return None };
            let digest = match u32::from_be_bytes(function) {
                0 => Function::Sha1,
                1 => Function::Sha256,
                2 => Function::Sha512,
                _ => return None,
            };
            let salt = usize::try_from(u32::from_be_bytes(salt)).ok()?;
            let (salt, output) = rest.split_at_checked(salt).filter(|_| salt <= MOST_SALT)?;
            OUTPUT_LENGTHS.contains(&output.len()).then_some(())?;
            digest.pbkdf2(u32::from_be_bytes(iterations), salt.into(), output.into())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::foreign::tests::{ASCII, UNICODE, assert_none, assert_only};

    #[test]
    fn asp_net_identity_of_both_versions_is_verified() {
        for stored in [
            "AAABAgMEBQYHCAkKCwwNDg8girq9Vpk46NodeHggRxcLJdRHLSVguM5ucaVw7kYLyw==",
            "AQAAAAAAAAPoAAAAEAABAgMEBQYHCAkKCwwNDg8girq9Vpk46NodeHggRxcLJdRHLSVguM5ucaVw7kYLyw==",
            "AQAAAAEAAAPoAAAAEAABAgMEBQYHCAkKCwwNDg/qHJzh1B8A+XtVKook+Pq5gM3TMgpwC71E+gDpflhU4g==",
            "AQAAAAIAAAPoAAAAEAABAgMEBQYHCAkKCwwNDg9Xds0i1JfGPsGJMCNiJTmCkXUKkA5iUgk9FWZLIO2qUQ==",
        ] {
            assert_only(ASCII, stored);
        }
        assert_only(
            UNICODE,
            "AQAAAAIAAAPoAAAAEAABAgMEBQYHCAkKCwwNDg+pQWmU8pObVs8aa28DWzfxuIJbPc4oakcu5xb1ReORsA==",
        );
        for stored in [
            // Another version, another function, a salt that is not there, one byte less.
            "AgAAAAIAAAPoAAAAEAABAgMEBQYHCAkKCwwNDg9Xds0i1JfGPsGJMCNiJTmCkXUKkA5iUgk9FWZLIO2qUQ==",
            "AQAAAAMAAAPoAAAAEAABAgMEBQYHCAkKCwwNDg9Xds0i1JfGPsGJMCNiJTmCkXUKkA5iUgk9FWZLIO2qUQ==",
            "AQAAAAIAAAPo/////wABAgMEBQYHCAkKCwwNDg9Xds0i1JfGPsGJMCNiJTmCkXUKkA5iUgk9FWZLIO2qUQ==",
            "AAABAgMEBQYHCAkKCwwNDg8girq9Vpk46NodeHggRxcLJdRHLSVguM5ucaVw7kYL",
            "",
            "AQ==",
        ] {
            assert_none(stored);
        }
    }
}
