//! What a `User-Agent` says of device, browser and operating system: for people who look at their
//! sessions, never for a decision.

#[cfg(test)]
mod tests;

/// The kind of thing that somebody calls from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceType {
    /// A desktop or laptop computer, with a touch screen or without.
    Desktop,
    Mobile,
    Tablet,
    /// A program that nobody sits at: a crawler, a link preview, a monitor, a scanner, a browser
    /// without a screen.
    Bot,
    /// A command-line tool or the HTTP library of a program.
    Cli,
    /// It cannot be told, or is none of these: a television, a console, a watch.
    Unknown,
}

impl DeviceType {
    pub const ALL: [Self; 6] =
        [Self::Desktop, Self::Mobile, Self::Tablet, Self::Bot, Self::Cli, Self::Unknown];

    /// Its name in answers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Desktop => "desktop",
            Self::Mobile => "mobile",
            Self::Tablet => "tablet",
            Self::Bot => "bot",
            Self::Cli => "cli",
            Self::Unknown => "unknown",
        }
    }
}

/// What a `User-Agent` tells, versions left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agent {
    /// The kind of device.
    pub device_type: DeviceType,
    /// The browser, or the name of the bot, tool or library.
    pub browser: Option<&'static str>,
    /// The operating system; none for bots, which borrow the text of any.
    pub os: Option<&'static str>,
}

impl Agent {
    /// Reads a `User-Agent`; whatever it does not know stays unknown.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let text = text.to_ascii_lowercase();
        let os = first(SYSTEMS, &text);
        if let Some(name) = first(BOTS, &text) {
            Self { device_type: DeviceType::Bot, browser: Some(name), os: None }
        } else if let Some(name) = tool(&text) {
            // Apps of iPhones name Darwin too, but tools run on Macs.
            let os = os.or_else(|| has_word(&text, "darwin").then_some("macOS"));
            Self { device_type: DeviceType::Cli, browser: Some(name), os }
        } else if is_robot(&text) {
            Self { device_type: DeviceType::Bot, browser: None, os: None }
        } else {
            Self { device_type: device_type(&text, os), browser: browser(&text, os), os }
        }
    }
}

/// Names, each with the beginnings of words, in lower case, that give it away; the first match
/// wins.
type Names = &'static [(&'static str, &'static [&'static str])];

// The inspection tool wears a Googlebot, previews of links name each other: the more exact name
// comes first.
const BOTS: Names = &[
    ("Google-InspectionTool", &["google-inspectiontool"]),
    (
        "Googlebot",
        &[
            "googlebot",
            "adsbot-google",
            "googleother",
            "mediapartners-google",
            "feedfetcher-google",
            "apis-google",
        ],
    ),
    ("Bingbot", &["bingbot", "bingpreview", "adidxbot", "msnbot"]),
    ("DuckDuckBot", &["duckduckbot", "duckassistbot"]),
    ("YandexBot", &["yandexbot", "yandexmobilebot", "yandeximages", "yandexmetrika"]),
    ("Baiduspider", &["baiduspider"]),
    ("Yahoo! Slurp", &["yahoo! slurp"]),
    ("Applebot", &["applebot"]),
    ("PetalBot", &["petalbot"]),
    ("Amazonbot", &["amazonbot"]),
    ("GPTBot", &["gptbot"]),
    ("OAI-SearchBot", &["oai-searchbot"]),
    ("ChatGPT-User", &["chatgpt-user"]),
    ("ClaudeBot", &["claudebot", "claude-web", "anthropic-ai"]),
    ("Claude-User", &["claude-user"]),
    ("PerplexityBot", &["perplexitybot", "perplexity-user"]),
    ("Bytespider", &["bytespider"]),
    ("AhrefsBot", &["ahrefsbot", "ahrefssiteaudit"]),
    ("SemrushBot", &["semrushbot"]),
    ("facebookexternalhit", &["facebookexternalhit", "facebookcatalog", "facebot"]),
    ("Twitterbot", &["twitterbot"]),
    ("LinkedInBot", &["linkedinbot"]),
    ("Slackbot", &["slackbot", "slack-imgproxy"]),
    ("Discordbot", &["discordbot"]),
    ("TelegramBot", &["telegrambot"]),
    ("Pinterestbot", &["pinterestbot", "pinterest/0."]),
    ("archive.org_bot", &["archive.org_bot", "ia_archiver"]),
    ("UptimeRobot", &["uptimerobot"]),
    ("Pingdom", &["pingdom"]),
    ("StatusCake", &["statuscake"]),
    ("Datadog", &["datadog"]),
    ("WhatsApp", &["whatsapp/"]),
    ("SkypeUriPreview", &["skypeuripreview"]),
    ("Google Uptime Checks", &["googlestackdrivermonitoring"]),
    ("ELB-HealthChecker", &["elb-healthchecker"]),
    ("kube-probe", &["kube-probe"]),
    ("Scrapy", &["scrapy"]),
    ("sqlmap", &["sqlmap"]),
    ("Nmap", &["nmap scripting engine"]),
    ("Nikto", &["nikto"]),
    ("ZGrab", &["zgrab"]),
    ("Nuclei", &["nuclei"]),
    ("Lighthouse", &["chrome-lighthouse"]),
    ("HeadlessChrome", &["headlesschrome"]),
    ("PhantomJS", &["phantomjs"]),
];

// Wrappers before what they wrap: Guzzle names curl, boto and aiohttp name Python.
const TOOLS: Names = &[
    ("Guzzle", &["guzzle"]),
    ("Wget", &["wget"]),
    ("curl", &["curl/", "libcurl", "pycurl"]),
    ("HTTPie", &["httpie"]),
    ("PostmanRuntime", &["postmanruntime"]),
    ("Insomnia", &["insomnia/"]),
    ("PowerShell", &["powershell", "windowspowershell"]),
    ("aws-cli", &["aws-cli"]),
    ("Boto3", &["boto3", "botocore"]),
    ("k6", &["k6/", "grafana k6"]),
    ("python-requests", &["python-requests"]),
    ("httpx", &["python-httpx"]),
    ("Git", &["git/"]),
    ("kubectl", &["kubectl/"]),
    ("Terraform", &["terraform"]),
    ("AWS SDK", &["aws-sdk-"]),
    ("xh", &["xh/"]),
    ("ApacheBench", &["apachebench"]),
    ("PHP", &["php/"]),
    ("got", &["got (", "got/"]),
    ("RestSharp", &["restsharp"]),
    ("ureq", &["ureq/"]),
    ("hyper", &["hyper/"]),
    ("Lynx", &["lynx/"]),
    ("w3m", &["w3m/"]),
    ("Links", &["links (", "elinks/"]),
    ("aiohttp", &["aiohttp"]),
    ("urllib", &["python-urllib"]),
    ("Python", &["python/"]),
    ("Go-http-client", &["go-http-client", "go 1.1 package http"]),
    ("axios", &["axios/"]),
    ("node-fetch", &["node-fetch"]),
    ("undici", &["undici"]),
    ("Deno", &["deno/"]),
    ("Bun", &["bun/"]),
    ("Node.js", &["node"]),
    ("reqwest", &["reqwest"]),
    ("Apache-HttpClient", &["apache-httpclient", "jakarta commons-httpclient"]),
    ("Java", &["java-http-client", "java/", "java1."]),
    ("libwww-perl", &["libwww-perl", "lwp::simple"]),
    ("Ruby", &["ruby"]),
];

// Every browser says that it is Safari, most that they are Chrome: the rarer claim comes first.
const BROWSERS: Names = &[
    ("Facebook", &["fban/", "fbav/", "fb_iab/"]),
    ("Instagram", &["instagram "]),
    ("WeChat", &["micromessenger/"]),
    ("LINE", &["line/"]),
    ("Google App", &["gsa/"]),
    ("Edge", &["edg/", "edga/", "edgios/", "edge/"]),
    ("Opera", &["opr/", "opera", "opios/", "opt/", "opx/"]),
    ("Vivaldi", &["vivaldi"]),
    ("Yandex Browser", &["yabrowser/", "yasearchbrowser/"]),
    ("UC Browser", &["ucbrowser", "ucweb", "uc browser"]),
    ("DuckDuckGo", &["duckduckgo/", "ddg/"]),
    ("Samsung Internet", &["samsungbrowser/"]),
    ("Huawei Browser", &["huaweibrowser/"]),
    ("MIUI Browser", &["miuibrowser/"]),
    ("QQ Browser", &["mqqbrowser/", "qqbrowser/"]),
    ("vivo Browser", &["vivobrowser/"]),
    ("HeyTap Browser", &["heytapbrowser/"]),
    ("Naver Whale", &["whale/"]),
    ("Silk", &["silk/"]),
    ("Electron", &["electron/"]),
    ("Firefox", &["firefox/", "fxios/", "focus/", "klar/"]),
    ("Internet Explorer", &["msie ", "trident/", "iemobile"]),
    ("Android WebView", &["wv)", "version/4.0 chrome/"]),
    ("Chrome", &["chrome/", "crios/"]),
    ("Chromium", &["chromium/"]),
    ("okhttp", &["okhttp"]),
    ("CFNetwork", &["cfnetwork/"]),
    ("Dart", &["dart/"]),
];

// Disguises before what they imitate: HarmonyOS names Windows, Windows Phone Android, Android
// Linux, iOS Mac OS X.
const SYSTEMS: Names = &[
    ("HarmonyOS", &["harmonyos", "openharmony"]),
    ("Windows Phone", &["windows phone", "windows mobile", "iemobile"]),
    ("Xbox", &["xbox"]),
    ("Windows", &["windows", "win32", "win64", "win98"]),
    ("watchOS", &["watchos", "apple watch"]),
    ("tvOS", &["tvos", "appletv", "apple tv"]),
    ("iPadOS", &["ipad"]),
    ("iOS", &["iphone", "ipod", "ios"]),
    // These exist on iOS alone, and it is iPads that ask for desktop pages unasked.
    ("iPadOS", &["crios/", "fxios/", "edgios/"]),
    ("ChromeOS", &["cros "]),
    ("KaiOS", &["kaios/"]),
    ("Tizen", &["tizen"]),
    ("webOS", &["web0s", "webos"]),
    ("PlayStation", &["playstation"]),
    // Amazon's models are `; KF...` and `; AFT...`; without the blank it would be anybody's.
    ("Fire OS", &["silk/", "fire os", " kf", " aft"]),
    // The library of Android apps says no system of its own.
    ("Android", &["android", "okhttp"]),
    ("macOS", &["macintosh", "mac os x", "macos"]),
    ("FreeBSD", &["freebsd"]),
    ("OpenBSD", &["openbsd"]),
    ("NetBSD", &["netbsd"]),
    ("Linux", &["linux", "x11", "ubuntu"]),
];

fn first(names: Names, text: &str) -> Option<&'static str> {
    names
        .iter()
        .find(|(_, needles)| needles.iter().any(|needle| has_word(text, needle)))
        .map(|(name, _)| *name)
}

/// Whether a word of `text` begins with `needle`: `opr/` is not found in `xopr/`.
fn has_word(text: &str, needle: &str) -> bool {
    text.match_indices(needle).any(|(at, _)| {
        !text.get(..at).unwrap_or_default().ends_with(|c: char| c.is_ascii_alphanumeric())
    })
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
}

fn tool(text: &str) -> Option<&'static str> {
    // Phones are called Ruby and Node, but tools have no engine.
    let has_engine = has_word(text, "applewebkit/") || has_word(text, "dalvik/");
    if has_engine { None } else { first(TOOLS, text) }
}

/// Whether it calls itself a robot or leaves an address for complaints.
fn is_robot(text: &str) -> bool {
    let is_called_so = words(text).any(|word| word.ends_with("bot") || word.ends_with("bots"))
        || ["crawl", "spider", "headless", "monitor"].iter().any(|part| text.contains(part));
    // Phones are called Cubot and Spider, but they leave no address.
    text.contains("+http") || is_called_so && (!text.contains("android") || text.contains("http"))
}

fn is_television(text: &str) -> bool {
    words(text).any(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()).ends_with("tv"))
        || ["bravia", "crkey", "netcast", "inettvbrowser", " aft"]
            .iter()
            .any(|needle| has_word(text, needle))
}

fn device_type(text: &str, os: Option<&str>) -> DeviceType {
    let says = |needles: &[&str]| needles.iter().any(|needle| has_word(text, needle));
    match os {
        Some("iPadOS") => DeviceType::Tablet,
        Some("iOS" | "KaiOS" | "Windows Phone") => DeviceType::Mobile,
        // Whatever else it says: the touch screen of a laptop makes old ones say `Tablet PC`.
        Some("Windows" | "macOS" | "ChromeOS" | "FreeBSD" | "OpenBSD" | "NetBSD") => {
            DeviceType::Desktop
        }
        Some("Xbox" | "PlayStation" | "tvOS" | "watchOS") => DeviceType::Unknown,
        _ if is_television(text) => DeviceType::Unknown,
        Some("HarmonyOS") if says(&["pc;", "2in1;"]) => DeviceType::Desktop,
        Some("Fire OS") => DeviceType::Tablet,
        _ if says(&["tablet"]) => DeviceType::Tablet,
        _ if says(&["mobile", "phone;", "opera mini", "midp"]) => DeviceType::Mobile,
        Some("Linux") => DeviceType::Desktop,
        // Only browsers mean something by not saying `Mobile`: apps never say it.
        Some("Android" | "HarmonyOS") if text.starts_with("mozilla/") => DeviceType::Tablet,
        Some("Android" | "HarmonyOS") => DeviceType::Mobile,
        _ => DeviceType::Unknown,
    }
}

fn browser(text: &str, os: Option<&str>) -> Option<&'static str> {
    first(BROWSERS, text).or_else(|| match os {
        // The one name that everybody takes in vain.
        _ if !has_word(text, "safari/") => None,
        Some("macOS" | "iOS" | "iPadOS" | "Windows") => Some("Safari"),
        Some("Android") => Some("Android Browser"),
        _ => None,
    })
}
