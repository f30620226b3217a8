use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// What the suite starts as a process of its own; cargo is called once for all of them.
const STARTED: [&str; 16] = [
    "deliver_mail",
    "get_me",
    "get_member",
    "get_module",
    "healthz",
    "get_signing_keys",
    "get_openapi_document",
    "pages",
    "refresh_token",
    "register",
    "revoke_token",
    "rolecall",
    "rotate_keys",
    "create_token",
    "update_me",
    "xtask",
];

/// The client's examples, which are built beside them.
const CLIENT_EXAMPLES: [&str; 2] = ["axum_service", "lambda_service"];

/// The workspace's root.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// A binary of the workspace as it is now.
pub(crate) fn debug(name: &str) -> PathBuf {
    assert!(STARTED.contains(&name), "add {name} to `STARTED`");
    debug_build().join(name)
}

/// An example of the client as it is now.
pub(crate) fn client_example(name: &str) -> PathBuf {
    assert!(CLIENT_EXAMPLES.contains(&name), "add {name} to `CLIENT_EXAMPLES`");
    debug_build().join("examples").join(name)
}

fn debug_build() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let build = || {
        let bins = STARTED.iter().flat_map(|name| ["--bin", *name]);
        let examples = CLIENT_EXAMPLES.iter().flat_map(|name| ["--example", *name]);
        build(&["--workspace"].into_iter().chain(bins).chain(examples).collect::<Vec<_>>(), "debug")
    };
    BUILT.get_or_init(build)
}

/// A function as it is deployed.
pub(crate) fn release(name: &str) -> PathBuf {
    release_build().join(name)
}

/// A small program that something is measured with.
pub(crate) fn example(name: &str) -> PathBuf {
    release_build().join("examples").join(name)
}

/// Everything that is measured, by one call of cargo: the local stack would bring features that no
/// function is deployed with.
fn release_build() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let packages = ["functions", "rolecall-crypto", "rolecall-runtime"]
        .into_iter()
        .flat_map(|name| ["--package", name]);
    let arguments =
        || ["--release", "--bins", "--examples"].into_iter().chain(packages).collect::<Vec<_>>();
    BUILT.get_or_init(|| build(&arguments(), "release"))
}

pub(crate) fn build(arguments: &[&str], profile: &str) -> PathBuf {
    // Set by who has the tests timed, it would have everything compiled again.
    let built = Command::new(env!("CARGO"))
        .arg("build")
        .args(arguments)
        .env_remove("RUSTC_BOOTSTRAP")
        .current_dir(root())
        .status()
        .unwrap();
    assert!(built.success(), "cargo build {arguments:?}");
    target().join(profile)
}

/// Where this very binary was built: `target/debug/deps/suite-…` lies in it.
fn target() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.ancestors()
        .find(|folder| folder.ends_with("target") || folder.join("CACHEDIR.TAG").exists())
        .expect("a target folder")
        .to_owned()
}
