use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, OnceLock, PoisonError},
};

/// The workspace's root.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// A binary of the workspace as it is now, built at the first call for it: the suite needs less than half of them.
pub(crate) fn debug(name: &str) -> PathBuf {
    static BUILT: Mutex<BTreeMap<String, PathBuf>> = Mutex::new(BTreeMap::new());
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    let build = || build(&["--workspace", "--bin", name], "debug").join(name);
    built.entry(name.to_owned()).or_insert_with(build).clone()
}

/// A function as it is deployed.
pub(crate) fn release(name: &str) -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| build(&["--release", "--package", "functions", "--bins"], "release")).join(name)
}

/// A small program of a package that something is measured with.
pub(crate) fn example(package: &str, name: &str) -> PathBuf {
    build(&["--release", "--package", package, "--examples"], "release").join("examples").join(name)
}

pub(crate) fn build(arguments: &[&str], profile: &str) -> PathBuf {
    let built = Command::new(env!("CARGO")).arg("build").args(arguments).current_dir(root()).status().unwrap();
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
