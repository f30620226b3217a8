use super::*;

pub(super) fn matches(password: &str, stored: &str) -> Option<bool> {
    ForeignHash::parse(stored)?.matches(password.as_bytes())
}

pub(super) const ASCII: &str = "violet-anchor-mosaic-91";
pub(super) const UNICODE: &str = "pässwörd-Ω-42";

/// `password` and not one with another last character.
pub(super) fn assert_only(password: &str, stored: &str) {
    let mut wrong = password.to_owned();
    wrong.pop();
    wrong.push('!');
    assert_eq!(matches(password, stored), Some(true), "{stored}");
    assert_eq!(matches(&wrong, stored), Some(false), "{stored}");
}

pub(super) fn assert_none(stored: &str) {
    assert_eq!(matches(ASCII, stored), None, "{stored}");
}

#[test]
fn the_defaults_of_django_5_2_are_within_the_bounds() {
    let stored = "pbkdf2_sha256$1000000$n34OQdCZRztaRQ9IX6GoU9$\
        CnML7z0RSti93kfy0s0i7uTNuIzHpVnyfuEpKYBb/pA=";
    assert_eq!(matches(ASCII, stored), Some(true));
    let stored = "scrypt$16384$1UckNICUIxPthhtFynZcyC$8$5$\
        ohaDQO6tEaC4Bs9XsMBZcjeg8faMJnwthFTZj2d/NZBBLAaZ0tn1c7OjacOq143Bjp/a55/thH9TUDmFfCTn2Q==";
    assert_eq!(matches(ASCII, stored), Some(true));
    let stored = "argon2$argon2id$v=19$m=102400,t=2,p=8$cFZYaFJrVUtFSXhJUWxVQjJWWnl6NA$\
        QvMfapCl6rIjfFq1SRWoxwPZWO4AvcCjuwZfH7vpyo0";
    assert_eq!(matches(ASCII, stored), Some(true));
}

#[test]
fn django_pbkdf2_is_verified() {
    assert_only(
        ASCII,
        "pbkdf2_sha256$1200$77tIVxgGsi7wZDnq8qur7f$ogDD6xJDVnQbMTTymdpz34UuamcQe28gBpAa7LrLxhg=",
    );
    assert_only(
        UNICODE,
        "pbkdf2_sha256$1200$GiHR6jYHVnxlHuMOKgk3Cf$+ITRvWtWhTjf6T3iRv2eVojsj9EIV/fRqmrDcbosMFw=",
    );
}

#[test]
fn django_scrypt_is_verified() {
    let stored = "scrypt$1024$4128Ec5fVSJaPsllvARQOi$8$5$\
        Ry8uLceiaaq8WhST8ebJccaD4AZpLGuw5YdbWEtjKYoEmhsnR2a8YDQplkvaglxHRBtaMMgZpFrDLLTiPnE8iA==";
    assert_only(ASCII, stored);
    let stored = "scrypt$1024$n72wBJekLtJ38L0ZXgQPN6$8$5$\
        tVly2MA6VWD0icK/NV2gRVriWm2nNCgcEiHc0yjS/TyjOc+UV+gLthcwaCKNTgINMZfeOF501vpxTK7ELOl63Q==";
    assert_only(UNICODE, stored);
}

#[test]
fn django_argon2_is_verified() {
    let stored = "argon2$argon2id$v=19$m=1024,t=2,p=8$aHgyQ2EybE9ia1BLTUI0NnNsNXBoeA$\
        EJm1CHiMOV0nfPzT921n4qnC6L0G3cTsR4dKI6x+XCk";
    assert_only(ASCII, stored);
    let stored = "argon2$argon2id$v=19$m=1024,t=2,p=8$dFZsNElpVHJLUjRMUE5RS2JEcU9rYg$\
        /OwLcqP3ltE5LFe7f0cS6joSVYSzzXxSItk9uOR8AMU";
    assert_only(UNICODE, stored);
    let stored = "argon2$argon2i$v=19$m=1024,t=3,p=2$NlJQbERSclp4b0NGRzRxd0c5YmJkaQ$\
        QJf8XiWYFkrpt8NkR2UDwVNAxRBLskpw4r80/4wDkyo";
    assert_only(ASCII, stored);
    let stored = "argon2$argon2i$v=19$m=1024,t=3,p=2$N1puYU5xMFJXd3RsSXhqMEhoOFVFcg$\
        TL5jiA6q9BUakBWYpOwa91/CI0ECONE7mjSKx10/PkI";
    assert_only(UNICODE, stored);
}

#[test]
fn django_bcrypt_is_verified_with_and_without_sha256_before_it() {
    assert_only(ASCII, "bcrypt$$2b$04$514hPgIU9Z2OvsQoqRzrLOqQkweR2P.8H27aE9Igd.io5fF.CQsl6");
    assert_only(UNICODE, "bcrypt$$2b$04$0NVDik63eikcuIKMCaRT3edXlt9kqrpKG3ybBYfIwMMKRI29c.kE6");
    assert_only(
        ASCII,
        "bcrypt_sha256$$2b$04$CEEUbgUcYZ6hrD2oI818jOtTkeIs5IHTjRqURc7Qfa3f1vaQh5Llq",
    );
    assert_only(
        UNICODE,
        "bcrypt_sha256$$2b$04$n38p.SNYHF6GJIV58bCSmu22kQa.gRT5nB.Iews4MbiFClNRmjUte",
    );
}

/// Made by libxcrypt, passlib's own bcrypt and Python's bcrypt 5.0.
#[test]
fn bare_bcrypt_of_three_versions_is_verified() {
    assert_only(ASCII, "$2a$04$BJzqGvzH7tOoo.iZu0zafuLUqTLOtfV9nPfVCMHQASK0AW3StjWgq");
    assert_only(UNICODE, "$2a$04$nH.ecEVNjfQNdFfSY2vm7.WfQEZ8Rq.PmXn75bbqnNfiku/0whLm2");
    assert_only(ASCII, "$2a$04$QWYuGgAa5zOI4KjzZc8YI.sS4leAGQNcxPOaD.uUNcMIbNxOOAWtm");
    assert_only(UNICODE, "$2a$04$rXNOVIgQMrUwNxER/Dv93.WcE/clo5bvJAad/.pdsaCM9XEL1wFVW");
    assert_only(ASCII, "$2y$04$d3EHcWYlC5SBHkZmPtUlXuepZVoiXPvG3aup9RXSgDD9Dwb9O9w1i");
    assert_only(UNICODE, "$2y$04$f2kad/KrKhnbVGu3Yr5Wku9uIwJGowmR5MVX.BLlEEWHYuR5HyWf6");
    assert_only(ASCII, "$2y$04$egrckE/tx1TiGiH5sN56PO2KWQM/ItU/cNOKkpHeocDY7VOCUE5/e");
    assert_only(UNICODE, "$2y$04$DvM/VIGdg0kYBE2/RtD8JOD0sQOtEMn1jCPbdP2l/M2BesCjUvr4O");
    assert_only(ASCII, "$2b$04$XeeJuZ0p7v8q8b7FjwFC7ejkDi90v4p9hBe8k6J6WEglxsUVW912O");
    assert_only(UNICODE, "$2b$04$ZMOxFNPsHt4K5xC8po/PH..otSKvE2eTVj0xd/MEBqZ0WSStdVYF2");
}

/// Made by Django 5.2 with Python's bcrypt 4.3, which cuts; 5.0 refuses.
#[test]
fn bcrypt_cuts_at_72_bytes_and_a_sha256_before_it_does_not() {
    let long = "violet-anchor-mosaic-91-".repeat(4);
    let cut = "violet-anchor-mosaic-91-".repeat(3);
    let stored = "bcrypt$$2b$04$bbUAGpGgEq7.RWP1K9XcbupnPIJ6wAGDRJg94o4wm8S/e.fRRHqnS";
    assert_eq!(matches(&long, stored), Some(true));
    assert_only(&cut, stored);
    let stored = "bcrypt_sha256$$2b$04$pLwxaUUg1H1nehSyVy5QIuDMCfUfkeFUv5tqxahNSRxuoZUmOWXum";
    assert_only(&long, stored);
    assert_eq!(matches(&cut, stored), Some(false));
}

/// Made by Python's bcrypt 4.3.
#[test]
fn bcrypt_takes_a_nul_as_any_other_character_and_an_empty_password() {
    let stored = "$2b$04$YABhN9qKqP02xc99ly7od.IP05G7rPuNrh2L8rB4rOrP8hMx4ug96";
    assert_only("violet\0anchor", stored);
    assert_eq!(matches("violet", stored), Some(false));
    let stored = "$2b$04$NmEumRBfQsBZqQ91Be6JlOR0vUy6jWjpO6KgQaBBRBzeplyAl9RfK";
    assert_eq!(matches("", stored), Some(true));
    assert_eq!(matches("\0!", stored), Some(false));
}

/// Made by libxcrypt; the salt's last character, `u`, has the four bits too many in the second.
#[test]
fn bcrypt_does_not_mind_the_loose_bits_of_a_salt() {
    assert_only(ASCII, "$2y$04$abcdefghijklmnopqrstuukJUqTSOcfcKSU6m9D5qEWMl84hxLFUO");
    assert_only(ASCII, "$2y$04$abcdefghijklmnopqrstuvkJUqTSOcfcKSU6m9D5qEWMl84hxLFUO");
}

/// Made by passlib, whose base64 has a `.` for the `+`, and by npm's @phc/pbkdf2.
#[test]
fn phc_pbkdf2_is_verified_in_both_dialects() {
    assert_only(
        ASCII,
        "$pbkdf2-sha256$1000$7Z0zZqxVaq0V4ry3lpJy7g$vOL867o2PrHslEBeUBwh9yw5Fk0oVqB0k3B3.WJoCAk",
    );
    assert_only(
        UNICODE,
        "$pbkdf2-sha256$1002$0dqbs7Z2DiGE8N4bw3hvbQ$MIdgs.VMQ1jhrGcW.eOGbZXI/8sZyKpjen4W9UrSFtk",
    );
    assert_only(
        ASCII,
        "$pbkdf2-sha256$i=1000$T71ZY6wv3+lXNp+Zkck0Kg$1GCnaPq7JcLH3V1XHRYr0WnRTJ+1rUnpQEa2ewKStpA",
    );
    assert_only(
        UNICODE,
        "$pbkdf2-sha256$i=1000$AJzIMuxU9grvoRAJNaoxuA$GIMatkHIY4dPfSEpIbNwxm8RspAgKlIBWJsNL+aHcCM",
    );
    assert_only(
        ASCII,
        "$pbkdf2-sha256$i=1000,l=32$T71ZY6wv3+lXNp+Zkck0Kg$1GCnaPq7JcLH3V1XHRYr0WnRTJ+1rUnpQEa2e\
            wKStpA",
    );
}

#[test]
fn phc_scrypt_is_verified() {
    assert_only(
        ASCII,
        "$scrypt$ln=8,r=8,p=2$whhjTElJSWnNOQeglLIWAg$ziyCP+PgFASsIQ5EEk0h2gNsjaWoAAx0Uj/sAkBUuaQ",
    );
    assert_only(
        UNICODE,
        "$scrypt$ln=8,r=8,p=2$nrO2NoYQotSas7Z2rnWuNQ$wQYZ2z6q3UjUWS8kNBdyyOiKDspG/s9Jkf9JRXyPqQI",
    );
}

/// Made by argon2-cffi; version 16 with 24 bytes of output.
#[test]
fn argon2_of_three_kinds_and_two_versions_is_verified() {
    assert_only(
        ASCII,
        "$argon2id$v=19$m=512,t=2,p=2$+sYmnBvCAvnyJhj28/gFSg$yLV94LXgMv2C4X6SqdaceFLbazh1rBqFtRS\
            sSI8Ft/w",
    );
    assert_only(
        UNICODE,
        "$argon2id$v=19$m=512,t=2,p=2$NChBxUFdHVjMQ2/lRhLAtw$ba3RQrfK5+cTp33PYtYw1soNIb/OXfJCMcp\
            ZdZaH4mU",
    );
    assert_only(
        ASCII,
        "$argon2id$v=16$m=512,t=2,p=2$qY1vqvZ82o+0At2BEjENOg$VRUM7txgZFzfOSmd7ULix17RxVJIDzrk",
    );
    assert_only(
        UNICODE,
        "$argon2id$v=16$m=512,t=2,p=2$oSwTwFkX/mMNRN7ergyYYw$mTe+JG2E3zYMFqUDxLM6BxzHgACXnaNx",
    );
    assert_only(
        ASCII,
        "$argon2id$m=512,t=2,p=2$qY1vqvZ82o+0At2BEjENOg$VRUM7txgZFzfOSmd7ULix17RxVJIDzrk",
    );
    assert_only(
        UNICODE,
        "$argon2id$m=512,t=2,p=2$oSwTwFkX/mMNRN7ergyYYw$mTe+JG2E3zYMFqUDxLM6BxzHgACXnaNx",
    );
    assert_only(
        ASCII,
        "$argon2i$v=19$m=512,t=2,p=2$LDKVhpoEIIipVkJHB3A+lg$iBF1p4wjHKbO73iYiSyG0UFjCU2eFqUDimjc\
            Ywojm0o",
    );
    assert_only(
        UNICODE,
        "$argon2i$v=19$m=512,t=2,p=2$Fq0zVOOICfP075pJIvBjUw$3SfGuoYfzxvQzcOnu8uDbH1cC7/vUJgZrMc/\
            VV2zgDE",
    );
    assert_only(
        ASCII,
        "$argon2i$v=16$m=512,t=2,p=2$5qBeWrno2digleY8ZzOhNA$Nw0qffJDFLlfJq+Wcdnoxm8hzjjEaJLK",
    );
    assert_only(
        UNICODE,
        "$argon2i$v=16$m=512,t=2,p=2$ZRe0CdxuHuq3iLDfP0mUVA$VWwknQZyJuoar8K92CxbD3PHG4OajJDX",
    );
    assert_only(
        ASCII,
        "$argon2i$m=512,t=2,p=2$5qBeWrno2digleY8ZzOhNA$Nw0qffJDFLlfJq+Wcdnoxm8hzjjEaJLK",
    );
    assert_only(
        UNICODE,
        "$argon2i$m=512,t=2,p=2$ZRe0CdxuHuq3iLDfP0mUVA$VWwknQZyJuoar8K92CxbD3PHG4OajJDX",
    );
    assert_only(
        ASCII,
        "$argon2d$v=19$m=512,t=2,p=2$7Ub+mnhBtv4+MdrstQen2g$V49lDgoXupOxG9mWZB5evcOL9Ntgbzp0k7BV\
            mjVUjJU",
    );
    assert_only(
        UNICODE,
        "$argon2d$v=19$m=512,t=2,p=2$zN6gdlSyMWogB3ELg15hDw$vulRKHGHpUC77B7b5QeJYMMxTwRrzNZutRka\
            FdwQa6U",
    );
    assert_only(
        ASCII,
        "$argon2d$v=16$m=512,t=2,p=2$taQjCEECcQY+CQ+IlC2ANA$ZB4627/TlY2p9od3+tNQiGXQYuHoVNJT",
    );
    assert_only(
        UNICODE,
        "$argon2d$v=16$m=512,t=2,p=2$B8mqwbBmh0NZeHcVyjFErQ$mxi3UwyidVzVu9I+mlQJqHhdjrjdBpqA",
    );
    assert_only(
        ASCII,
        "$argon2d$m=512,t=2,p=2$taQjCEECcQY+CQ+IlC2ANA$ZB4627/TlY2p9od3+tNQiGXQYuHoVNJT",
    );
    assert_only(
        UNICODE,
        "$argon2d$m=512,t=2,p=2$B8mqwbBmh0NZeHcVyjFErQ$mxi3UwyidVzVu9I+mlQJqHhdjrjdBpqA",
    );
}

#[test]
fn hashes_that_ask_for_too_much_are_not_computed() {
    let (salt, hash) = ("A".repeat(22), "A".repeat(43));
    for stored in [
        format!("pbkdf2_sha256$5000001${salt}${hash}="),
        format!("$pbkdf2-sha256$5000001${salt}${hash}"),
        format!("$pbkdf2-sha256$i=4294967295${salt}${hash}"),
        // Two blocks of output are twice the work.
        format!("$pbkdf2-sha256$i=2500001${salt}${}", "A".repeat(86)),
        format!("$2b$17${}", "A".repeat(53)),
        format!("$2b$99${}", "A".repeat(53)),
        format!("bcrypt_sha256$$2b$31${}", "A".repeat(53)),
        format!("scrypt$262144${salt}$8$1${hash}="),
        format!("scrypt$131072${salt}$9$1${hash}="),
        format!("scrypt$16384${salt}$8$17${hash}="),
        // Little of the table and a gibibyte of the buffer.
        format!("scrypt$2${salt}$524288$16${hash}="),
        format!("$scrypt$ln=18,r=8,p=1${salt}${hash}"),
        format!("$scrypt$ln=63,r=4294967295,p=1${salt}${hash}"),
        format!("$scrypt$ln=64,r=1,p=1${salt}${hash}"),
        format!("$scrypt$ln=4294967295,r=1,p=1${salt}${hash}"),
        format!("$argon2id$v=19$m=262145,t=1,p=1${salt}${hash}"),
        format!("$argon2id$v=19$m=1024,t=17,p=1${salt}${hash}"),
        format!("$argon2d$v=16$m=1024,t=1,p=17${salt}${hash}"),
        format!("argon2$argon2i$v=19$m=4294967295,t=4294967295,p=4294967295${salt}${hash}"),
        format!("$argon2id$v=19$m=1024,t=1,p=1${salt}${}", "A".repeat(172)),
    ] {
        assert_none(&stored);
    }
}

#[test]
fn other_forms_are_not_known() {
    for stored in [
        "",
        "$",
        "$$$$$$$$$$",
        "violet-anchor-mosaic-91",
        "!Xn0vLZjYqJ",
        "5f4dcc3b5aa765d61d8327deb882cf99",
        "md5$salt$5f4dcc3b5aa765d61d8327deb882cf99",
        "$1$salt$qJH7.N4xYta3aEG/dfqo/0",
        "$5$rounds=5000$salt$AAAAAAAAAAA",
        "$2x$04$abcdefghijklmnopqrstuukJUqTSOcfcKSU6m9D5qEWMl84hxLFUO",
        "$argon2x$v=19$m=1024,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=20$m=1024,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
        "argon2$pbkdf2-sha256$1000$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
    ] {
        assert_none(stored);
    }
}

#[test]
fn malformed_hashes_are_not_computed() {
    let (salt, hash) = ("A".repeat(22), "A".repeat(43));
    for stored in [
        format!("pbkdf2_sha256$0${salt}${hash}="),
        format!("pbkdf2_sha256$-1${salt}${hash}="),
        format!("pbkdf2_sha256$+1${salt}${hash}="),
        format!("pbkdf2_sha256$4294967297${salt}${hash}="),
        format!("pbkdf2_sha256$1000${salt}${hash}=$"),
        format!("pbkdf2_sha256$1000${salt}$Ω{hash}"),
        format!("$pbkdf2-sha256$i=1000,l=31${salt}${hash}"),
        format!("$pbkdf2-sha256$l=32,i=1000${salt}${hash}"),
        format!("$2b$03${}", "A".repeat(53)),
        format!("$2b$xx${}", "A".repeat(53)),
        format!("$2b$04${}", "A".repeat(52)),
        format!("$2b$04${}", "A".repeat(54)),
        format!("$2b$04${}", "Ω".repeat(27)),
        format!("$2b$04${}Ω{}", "A".repeat(21), "A".repeat(30)),
        format!("bcrypt$2b$04${}", "A".repeat(53)),
        format!("scrypt$1000${salt}$8$1${hash}="),
        format!("scrypt$0${salt}$8$1${hash}="),
        format!("scrypt$1${salt}$8$1${hash}="),
        format!("scrypt$16${salt}$0$1${hash}="),
        format!("scrypt$16${salt}$8$0${hash}="),
        format!("$scrypt$ln=0,r=8,p=1${salt}${hash}"),
        format!("$scrypt$ln=4,r=8${salt}${hash}"),
        format!("$scrypt$ln=4,r=8,p=1,p=1${salt}${hash}"),
        format!("$argon2id$v=19$m=7,t=1,p=1${salt}${hash}"),
        format!("$argon2id$v=19$m=8,t=0,p=1${salt}${hash}"),
        format!("$argon2id$v=19$m=8,t=1,p=0${salt}${hash}"),
        format!("$argon2id$v=19$m=8,t=1,p=1,data=AAAA${salt}${hash}"),
        format!("$argon2id$v=19$m=8,t=1,p=1$AAAA${hash}"),
        format!("$argon2id$v=19$m=8,t=1,p=1${salt}"),
    ] {
        assert_none(&stored);
    }
}

#[test]
fn a_hash_of_a_few_bytes_or_none_is_nobodys() {
    for start in [
        "pbkdf2_sha256$1000$AAAAAAAAAAAAAAAAAAAAAA$",
        "scrypt$16$AAAAAAAAAAAAAAAAAAAAAA$8$1$",
        "$2b$04$AAAAAAAAAAAAAAAAAAAAAA",
        "$pbkdf2-sha256$i=1000$AAAAAAAAAAAAAAAAAAAAAA$",
        "$scrypt$ln=4,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$",
        "$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$",
    ] {
        assert_none(start);
        assert_none(&format!("{start}AAAAAAAAAAAA"));
    }
}

#[test]
fn pbkdf2_with_other_functions_is_verified_in_its_usual_spellings() {
    for stored in [
        "pbkdf2_sha1$1000$abcdefgh12345678$FO6+9QMQVgTB6l8ktwB0Ww71eNM=",
        "$pbkdf2$1000$y5mzttZay9l7LwWAUEpJ6Q$9ByY3NW9ET1QH70ceiI.iUOVWbk",
        "$pbkdf2-sha1$i=1000,l=20$YWJjZGVmZ2gxMjM0NTY3OA$FO6+9QMQVgTB6l8ktwB0Ww71eNM",
        "pbkdf2_sha512$1000$abcdefgh12345678$jokoYNnbltgV6/PNJu02tV5aKFxnpogMUXcSjbWoY24qHz1eCz2Fc9\
            UwNRG+DzkEMAuY5iXHCFTOyltH/a/mVQ==",
        "$pbkdf2-sha512$1000$AgCg1FrLWYvx/r.3Nsb4nw$NS2wxEQS16xLcCEG6KqLwIgo8f.Q.uD..6Jw7NH.SkawM8\
            2GUod5RsUIUV7kZV0fLdDoFssMB.ZbtS/eOWGiYg",
        "$pbkdf2-sha512$i=1000,l=64$YWJjZGVmZ2gxMjM0NTY3OA$jokoYNnbltgV6/PNJu02tV5aKFxnpogMUXcSjbWo\
            Y24qHz1eCz2Fc9UwNRG+DzkEMAuY5iXHCFTOyltH/a/mVQ",
        "pbkdf2:sha256:1000$ZLsWjEokw0Qf3A7w$7bf3f9b3dcc6e5e53fa7eceb930eed41e205a0cef8f2b021660e76\
            1902061925",
        "pbkdf2:sha1:1000$ebCkAiIUrnTg7pL2$7fb0ee4734cddb8589767ed6f9378dd2e15a3c94",
        "pbkdf2:sha512:1000$Vle1JFYh1l6j2bBy$46cda077301a69ecaba3f308e51075a7cc941715d94d1c74cb9463\
            c50950fe8136bcd0a1e6f42034c83436b9edf449a488aa97f3b1c1d5a72b5866a020e5aebc",
        "scrypt:1024:8:1$LaPWJugbnqMaCGQK$e4b7c8e3883958ef9ec1a570b57b54921cd828fdb9a107dd31a3f6d87\
            7877004d06179530110512a49f69cf1d5f9677d04109b83798262f52386b1126f4ab0cd",
    ] {
        assert_only(ASCII, stored);
    }
    assert_only(
        UNICODE,
        "$pbkdf2-sha512$i=1000,l=64$YWJjZGVmZ2gxMjM0NTY3OA$VPoh9KWUhGAEib6sNAw86LNhUo1lz0cIA188FWqd\
            tiGyPMd8PRO3Nu3rmwsEE4Mz9QsEmXI1VaF/mICrrrPfiQ",
    );
    for stored in [
        "pbkdf2_md5$1000$abcdefgh12345678$FO6+9QMQVgTB6l8ktwB0Ww71eNM=",
        "pbkdf2_sha1$9000000$abcdefgh12345678$FO6+9QMQVgTB6l8ktwB0Ww71eNM=",
        "pbkdf2:sha1:1000$ebCkAiIUrnTg7pL2$7FB0EE4734CDDB8589767ED6F9378DD2E15A3C94",
        "pbkdf2:sha1:1000$ebCkAiIUrnTg7pL2$7fb0ee4734cddb8589767ed6f9378dd2e15a3c9",
        "pbkdf2:sha1:1000$ebCkAiIUrnTg7pL2$7f",
        "scrypt:1000:8:1$LaPWJugbnqMaCGQK$e4b7c8e3883958ef9ec1a570b57b5492",
        "$pbkdf2-$1000$y5mzttZay9l7LwWAUEpJ6Q$9ByY3NW9ET1QH70ceiI.iUOVWbk",
    ] {
        assert_none(stored);
    }
}
