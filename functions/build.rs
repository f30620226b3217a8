//! Has the linker fold functions that are the same code, which takes a tenth off every deployed
//! binary.

#[expect(
    clippy::disallowed_methods,
    reason = "this is how Cargo tells a build script what it builds"
)]
fn main() {
    let is = |name: &str, wanted: &str| std::env::var(name).is_ok_and(|value| value == wanted);
    let is_linux = is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ARCH", "x86_64");
    // Rust's own linker on this target knows the flag; somebody else's may not.
    let is_rusts_own = std::env::var_os("RUSTC_LINKER").is_none();
    if is("PROFILE", "release") && is_linux && is_rusts_own {
        println!("cargo::rustc-link-arg-bins=-Wl,--icf=all");
    }
    println!("cargo::rerun-if-changed=build.rs");
}
