//! Prepares the pages, and has GNU's linker make the deployed binaries: it drops the unwind tables
//! of code that is not there, a megabyte of every function; Rust's own linker keeps them.

#[path = "pages/build.rs"]
mod pages;

#[expect(
    clippy::disallowed_methods,
    reason = "this is how Cargo tells a build script what it builds"
)]
fn main() {
    let is = |name: &str, wanted: &str| std::env::var(name).is_ok_and(|value| value == wanted);
    // Somebody else's linker, such as that of a cross build, is left as it is.
    let is_ours = std::env::var_os("RUSTC_LINKER").is_none();
    if is("PROFILE", "release") && is("CARGO_CFG_TARGET_OS", "linux") && is_ours {
        println!("cargo::rustc-link-arg-bins=-fuse-ld=bfd");
    }
    println!("cargo::rerun-if-changed=build.rs");
    let out = std::env::var_os("OUT_DIR").unwrap_or_default();
    if let Err(error) = pages::build("pages".as_ref(), out.as_ref()) {
        println!("cargo::error=the pages cannot be built: {error}");
    }
}
