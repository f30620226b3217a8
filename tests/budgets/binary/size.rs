use std::{
    fs,
    process::Command,
    time::{Duration, Instant},
};

use super::Compared;
use crate::support::binaries;

const MIB: f64 = 1024.0 * 1024.0;

fn functions() -> Vec<&'static str> {
    let endpoints = functions::routes::all().into_iter().map(|endpoint| endpoint.name);
    endpoints
        .chain([functions::routes::fallback().name, "pages"])
        .chain(functions::jobs::all().into_iter().map(|job| job.name))
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "a file has fewer than 2^52 bytes")]
fn size(path: &std::path::Path) -> f64 {
    fs::metadata(path).unwrap().len() as f64 / MIB
}

/// MiB of a file as a zip holds it; gzip and zip share DEFLATE.
fn zipped(path: &std::path::Path) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let zip = folder.path().join("bootstrap.gz");
    fs::write(&zip, Command::new("gzip").args(["-7", "-c"]).arg(path).output().unwrap().stdout)
        .unwrap();
    size(&zip)
}

#[test]
#[ignore = "needs the release build; .ci/run runs it"]
#[expect(clippy::print_stdout, reason = "the table of what was measured")]
fn binaries_are_small() {
    let empty = size(&binaries::example("empty"));
    println!(
        "| function | stripped MiB | zipped MiB | times an empty one of {empty:.2} MiB |\n| --- | \
            --- | --- | --- |"
    );
    let functions = functions();
    let measure = |name: &&'static str| {
        let path = binaries::release(name);
        (*name, size(&path), zipped(&path))
    };
    let (some, others) = functions.split_at(functions.len() / 2);
    let measured = std::thread::scope(|scope| {
        let others = scope.spawn(|| others.iter().map(measure).collect::<Vec<_>>());
        let some: Vec<_> = some.iter().map(measure).collect();
        [some, others.join().unwrap()].concat()
    });
    for (name, stripped, zipped) in measured {
        println!("| {name} | {stripped:.2} | {zipped:.2} | {:.2} |", stripped / empty);
        let (most, most_zipped) = match name {
            // Their answers depend on nothing but the request: they link no adapter.
            "healthz" | "get_openapi_document" | "pages" => (3.0, 1.5),
            _ => (8.0, 3.5),
        };
        assert!(
            stripped <= most && zipped <= most_zipped,
            "{name}: {stripped:.2} MiB, {zipped:.2} MiB zipped"
        );
    }
}

/// Seconds that cargo takes to link a program again whose source was touched.
fn seconds_to_link(source: &str, binary: &std::path::Path, arguments: &[&str]) -> f64 {
    let source = binaries::root().join(source);
    let touch = |time| {
        let times = fs::FileTimes::new().set_modified(time);
        fs::File::options().append(true).open(&source).unwrap().set_times(times).unwrap();
    };
    let before = fs::metadata(&source).unwrap().modified().unwrap();
    touch(fs::metadata(binary).unwrap().modified().unwrap() + Duration::from_secs(2));
    let started = Instant::now();
    binaries::build(arguments, "release");
    let took = started.elapsed().as_secs_f64();
    touch(before);
    took
}

#[tokio::test]
#[ignore = "needs the release build; .ci/run runs it"]
async fn one_function_links_again_in_ten_seconds() {
    let [function, empty] = [binaries::release("create_token"), binaries::example("empty")];
    // The 10 s of docs/budgets.md are those of two cores that link an empty function in 2.2.
    Compared { what: "linking `token` again", with: "an empty function", unit: "s", most: 4.5 }
        .holds(async || {
            let function_again = ["--release", "--package", "functions", "--bin", "create_token"];
            let empty_again = [
                "--release",
                "--package",
                "functions",
                "--package",
                "rolecall-runtime",
                "--example",
                "empty",
            ];
            [
                seconds_to_link(
                    "functions/sessions/create_token/main.rs",
                    &function,
                    &function_again,
                ),
                seconds_to_link("shared/runtime/examples/empty.rs", &empty, &empty_again),
            ]
        })
        .await;
}
