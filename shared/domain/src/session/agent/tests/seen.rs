/// Device type, browser and operating system.
pub(super) type Recognized = (&'static str, Option<&'static str>, Option<&'static str>);

/// Agents that were seen in the wild, and what each of them is.
pub(super) const SEEN: &[(Recognized, &str)] = &[
    // Windows.
    (
        ("desktop", Some("Chrome"), Some("Windows")),
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
            Chrome/140.0.0.0 Safari/537.36",
    ),
    (
        ("desktop", Some("Edge"), Some("Windows")),
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 \
         Edg/140.0.0.0",
    ),
    (
        ("desktop", Some("Firefox"), Some("Windows")),
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0",
    ),
    (
        ("desktop", Some("Opera"), Some("Windows")),
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 \
         OPR/122.0.0.0",
    ),
    (
        ("desktop", Some("Opera"), Some("Windows")),
        "Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.16",
    ),
    (
        ("desktop", Some("Vivaldi"), Some("Windows")),
        "Mozilla/5.0 (Windows NT 6.3; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/40.0.2214.114 Safari/537.36 \
         Vivaldi/1.0.105.7",
    ),
    (
        ("desktop", Some("Yandex Browser"), Some("Windows")),
        "Mozilla/5.0 (Windows NT 6.2; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/28.0.1500.95 \
         YaBrowser/13.10.1500.9323 Safari/537.36",
    ),
    (
        ("desktop", Some("Internet Explorer"), Some("Windows")),
        "Mozilla/5.0 (Windows NT 6.3; Win64; x64; Trident/7.0; Touch; TAJB; rv:11.0) like Gecko",
    ),
    (
        ("desktop", Some("Internet Explorer"), Some("Windows")),
        "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; WOW64; Trident/4.0; .NET CLR \
            2.0.50727; Tablet PC 2.0)",
    ),
    (
        ("desktop", Some("Electron"), Some("Windows")),
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Trae/1.107.1 Chrome/142.0.7444.235 \
         Electron/39.2.7 Safari/537.36",
    ),
    (
        ("mobile", Some("Edge"), Some("Windows Phone")),
        "Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950 XL) AppleWebKit/537.36 (KHTML, like Gecko) \
         Chrome/52.0.2743.116 Mobile Safari/537.36 Edge/15.15031",
    ),
    (
        ("mobile", Some("Internet Explorer"), Some("Windows Phone")),
        "Mozilla/5.0 (Mobile; Windows Phone 8.1; Android 4.0; ARM; Trident/7.0; Touch; rv:11.0; IEMobile/11.0; NOKIA; Lumia \
         928) like iPhone OS 7_0_3 Mac OS X AppleWebKit/537 (KHTML, like Gecko) Mobile Safari/537",
    ),
    (
        ("unknown", Some("Edge"), Some("Xbox")),
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox One X) AppleWebKit/537.36 (KHTML, like Gecko) \
         Chrome/48.0.2564.82 Safari/537.36 Edge/20.02",
    ),
    // Macs, iPhones and iPads.
    (
        ("desktop", Some("Safari"), Some("macOS")),
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) \
            Version/18.6 Safari/605.1.15",
    ),
    (
        ("desktop", Some("Chrome"), Some("macOS")),
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) \
            Chrome/140.0.0.0 Safari/537.36",
    ),
    (
        ("desktop", Some("Firefox"), Some("macOS")),
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:143.0) Gecko/20100101 Firefox/143.0",
    ),
    (
        ("desktop", Some("DuckDuckGo"), Some("macOS")),
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 \
         Safari/605.1.15 Ddg/17.5",
    ),
    (
        ("mobile", Some("Safari"), Some("iOS")),
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 \
         Mobile/15E148 Safari/604.1",
    ),
    (
        ("mobile", Some("Chrome"), Some("iOS")),
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.7339.101 \
         Mobile/15E148 Safari/604.1",
    ),
    (
        ("mobile", Some("Firefox"), Some("iOS")),
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/143.0 \
         Mobile/15E148 Safari/605.1.15",
    ),
    (
        ("mobile", Some("Opera"), Some("iOS")),
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 \
         Mobile/15E148 Safari/604.1 OPT/5.6.1",
    ),
    (
        ("mobile", Some("Google App"), Some("iOS")),
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) GSA/383.0.797833943 \
         Mobile/15E148 Safari/604.1",
    ),
    (
        ("mobile", Some("Facebook"), Some("iOS")),
        "Mozilla/5.0 (iPhone; CPU iPhone OS 14_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/18C66 \
         [FBAN/FBIOS;FBDV/iPhone10,6;FBMD/iPhone;FBSN/iOS;FBSV/14.3;FBSS/3;FBID/phone;FBLC/ru_RU;FBOP/5]",
    ),
    (
        ("mobile", None, Some("iOS")),
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like \
            Gecko) Mobile/15E148",
    ),
    (
        ("tablet", Some("Safari"), Some("iPadOS")),
        "Mozilla/5.0 (iPad; CPU OS 9_3_5 like Mac OS X) AppleWebKit/601.1.46 (KHTML, like Gecko) Version/9.0 Mobile/13G36 \
         Safari/601.1",
    ),
    (
        ("tablet", Some("Chrome"), Some("iPadOS")),
        "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.7339.101 \
         Mobile/15E148 Safari/604.1",
    ),
    (
        ("tablet", Some("Chrome"), Some("iPadOS")),
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_13_5) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/85 Version/11.1.1 \
         Safari/605.1.15",
    ),
    (
        ("tablet", Some("Edge"), Some("iPadOS")),
        "Mozilla/5.0 (iPad; CPU OS 16_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) EdgiOS/120.0.2210.150 \
         Version/16.0 Mobile/15E148 Safari/604.1",
    ),
    (("unknown", Some("CFNetwork"), None), "Reeder/5040002 CFNetwork/1408.0.4 Darwin/22.5.0"),
    (("unknown", None, Some("tvOS")), "PrimeVideo/2.9.1 (AppleTV6,2; tvOS 26.4; Scale/2.0)"),
    // Android and its children.
    (
        ("mobile", Some("Chrome"), Some("Android")),
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) \
            Chrome/140.0.0.0 Mobile Safari/537.36",
    ),
    (
        ("tablet", Some("Chrome"), Some("Android")),
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) \
            Chrome/140.0.0.0 Safari/537.36",
    ),
    (
        ("mobile", Some("Samsung Internet"), Some("Android")),
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 \
         Mobile Safari/537.36",
    ),
    (
        ("tablet", Some("Samsung Internet"), Some("Android")),
        "Mozilla/5.0 (Linux; Android 15; SM-X526B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 \
         Chrome/130.0.0.0 Safari/537.36",
    ),
    (
        ("mobile", Some("Edge"), Some("Android")),
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36 \
         EdgA/140.0.0.0",
    ),
    (
        ("mobile", Some("Opera"), Some("Android")),
        "Opera/9.80 (Android; Opera Mini/36.2.2254/119.132; U; id) Presto/2.12.423 Version/12.16",
    ),
    (
        ("mobile", Some("Firefox"), Some("Android")),
        "Mozilla/5.0 (Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0",
    ),
    (
        ("tablet", Some("Firefox"), Some("Android")),
        "Mozilla/5.0 (Android 12; Tablet; rv:109.0) Gecko/115.0 Firefox/115.0",
    ),
    (
        ("mobile", Some("DuckDuckGo"), Some("Android")),
        "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/113.0.5672.162 Mobile \
         DuckDuckGo/5 Safari/537.36",
    ),
    (
        ("mobile", Some("MIUI Browser"), Some("Android")),
        "Mozilla/5.0 (Linux; U; Android 12; ru-ru; Redmi Note 11E Pro Build/SKQ1.211006.001) AppleWebKit/537.36 (KHTML, like \
         Gecko) Version/4.0 Chrome/100.0.4896.127 Mobile Safari/537.36 XiaoMi/MiuiBrowser/13.19.2-gn",
    ),
    (
        ("mobile", Some("UC Browser"), Some("Android")),
        "Mozilla/5.0 (Linux; U; Android 11; en-US; 20200808A1 Build/RP1A.201005.001) AppleWebKit/537.36 (KHTML, like Gecko) \
         Version/4.0 Chrome/100.0.4896.58 UCBrowser/13.7.5.1321 Mobile Safari/537.36",
    ),
    (
        ("mobile", Some("Android Browser"), Some("Android")),
        "Mozilla/5.0 (Linux; U; Android 2.3.5; en-us; GT-S5360L Build/GINGERBREAD) AppleWebKit/533.1 (KHTML, like Gecko) \
         Version/4.0 Mobile Safari/533.1",
    ),
    (
        ("mobile", Some("Android WebView"), Some("Android")),
        "Mozilla/5.0 (Linux; Android 14; SM-A156M Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) \
         Version/4.0 Chrome/122.0.6261.119 Mobile Safari/537.36",
    ),
    (
        ("mobile", Some("Instagram"), Some("Android")),
        "Mozilla/5.0 (Linux; Android 8.1.0; G255 Build/O11019; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 \
         Chrome/66.0.3359.126 Mobile Safari/537.36 Instagram 85.0.0.21.100 Android (27/8.1.0; 240dpi; 480x888; DEXP; G255; \
         G255; mt6580; ru_RU; 146536616)",
    ),
    (("mobile", Some("okhttp"), Some("Android")), "okhttp/4.12.0"),
    (
        ("mobile", None, Some("Android")),
        "Dalvik/2.1.0 (Linux; U; Android 14; SM-S921U Build/UP1A.231005.007)",
    ),
    (
        ("mobile", Some("Chrome"), Some("Android")),
        "Mozilla/5.0 (Linux; Android 10; CUBOT J9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/81.0.4044.138 Mobile \
         Safari/537.36",
    ),
    (
        ("mobile", Some("Chrome"), Some("Android")),
        "Mozilla/5.0 (Linux; Android 7.0; S710 Ruby) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/85.0.4183.81 Mobile \
         Safari/537.36",
    ),
    (
        ("tablet", Some("Silk"), Some("Fire OS")),
        "Mozilla/5.0 (Linux; Android 11; KFRAWI) AppleWebKit/537.36 (KHTML, like Gecko) Silk/106.6.3 like \
         Chrome/106.0.5249.208 Safari/537.36",
    ),
    (
        ("tablet", Some("Android WebView"), Some("Fire OS")),
        "Mozilla/5.0 (Linux; Android 11; KFTUWI Build/RS8321.1924N; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 \
         Chrome/118.0.0.0 Safari/537.36",
    ),
    (
        ("mobile", Some("Huawei Browser"), Some("HarmonyOS")),
        "Mozilla/5.0 (Linux; Android 12; HarmonyOS; MNA-AL00; HMSCore 6.11.0.302) AppleWebKit/537.36 (KHTML, like Gecko) \
         Chrome/99.0.4844.88 HuaweiBrowser/13.0.6.302 Mobile Safari/537.36",
    ),
    (
        ("mobile", Some("Chrome"), Some("HarmonyOS")),
        "Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 Safari/537.36 \
         ArkWeb/4.1.6.1 Mobile",
    ),
    (
        ("desktop", Some("Huawei Browser"), Some("HarmonyOS")),
        "Mozilla/5.0 (PC; OpenHarmony 6.1; Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/132.0.0.0 \
         Safari/537.36 ArkWeb/6.1.0.100 HuaweiBrowser/6.1.3.321",
    ),
    // Linux, ChromeOS and others.
    (
        ("desktop", Some("Chrome"), Some("Linux")),
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 \
            Safari/537.36",
    ),
    (
        ("desktop", Some("Firefox"), Some("Linux")),
        "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
    ),
    (
        ("desktop", Some("Firefox"), Some("OpenBSD")),
        "Mozilla/5.0 (X11; OpenBSD amd64; rv:128.0) Gecko/20100101 Firefox/128.0",
    ),
    (
        ("desktop", Some("Firefox"), Some("FreeBSD")),
        "Mozilla/5.0 (X11; FreeBSD amd64; rv:122.0) Gecko/20100101 Firefox/122.0",
    ),
    (
        ("desktop", None, Some("Linux")),
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 \
            Safari/605.1.15",
    ),
    (
        ("desktop", Some("Chrome"), Some("ChromeOS")),
        "Mozilla/5.0 (X11; CrOS x86_64 4731.101.0) AppleWebKit/537.36 (KHTML, like Gecko) \
            Chrome/31.0.1650.67 Safari/537.36",
    ),
    (
        ("mobile", Some("Firefox"), Some("KaiOS")),
        "Mozilla/5.0 (Mobile; Nokia_2720_Flip; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5.2.2",
    ),
    // Televisions and consoles.
    (
        ("unknown", Some("Samsung Internet"), Some("Tizen")),
        "Mozilla/5.0 (SMART-TV; Linux; Tizen 2.3) AppleWebkit/538.1 (KHTML, like Gecko) \
            SamsungBrowser/1.0 TV Safari/538.1",
    ),
    (
        ("unknown", Some("Chrome"), Some("webOS")),
        "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/68.0.3440.106 Safari/537.36 \
         WebAppManager",
    ),
    (
        ("unknown", Some("Chrome"), Some("Android")),
        "Mozilla/5.0 (Linux; Android 8.0.0; BRAVIA 4K UR2) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/78.0.3904.96 Mobile \
         Safari/537.36",
    ),
    (
        ("unknown", Some("Silk"), Some("Fire OS")),
        "Mozilla/5.0 (Linux; Android 7.1.2; AFTMM) AppleWebKit/537.36 (KHTML, like Gecko) Silk/91.1.138 like \
         Chrome/91.0.4472.114 Safari/537.36",
    ),
    (
        ("unknown", None, Some("PlayStation")),
        "Mozilla/5.0 (PlayStation 5/SmartTV) AppleWebKit/605.1.15 (KHTML, like Gecko)",
    ),
    // Tools and libraries.
    (("cli", Some("curl"), None), "curl/8.7.1"),
    (("cli", Some("Wget"), Some("Linux")), "Wget/1.14 (linux-gnu)"),
    (("cli", Some("HTTPie"), None), "HTTPie/3.2.2"),
    (("cli", Some("python-requests"), None), "python-requests/2.21.0"),
    (("cli", Some("httpx"), None), "python-httpx/0.27.0"),
    (("cli", Some("aiohttp"), None), "Python/3.8 aiohttp/3.7.2"),
    (("cli", Some("Go-http-client"), None), "Go-http-client/2.0"),
    (("cli", Some("PostmanRuntime"), None), "PostmanRuntime/7.43.0"),
    (("cli", Some("Insomnia"), None), "insomnia/2022.6.0"),
    (("cli", Some("axios"), None), "axios/1.7.7"),
    (("cli", Some("Node.js"), None), "node"),
    (("cli", Some("reqwest"), None), "reqwest/0.12.9"),
    (("cli", Some("Java"), None), "Java/17.0.9"),
    (("cli", Some("Java"), None), "Java-http-client/11.0.13"),
    (("cli", Some("Apache-HttpClient"), None), "Apache-HttpClient/4.5.7 (Java/11.0.3)"),
    (("cli", Some("Guzzle"), None), "GuzzleHttp/6.5.5 curl/7.58.0 PHP/7.4.21"),
    (("cli", Some("Ruby"), None), "Ruby"),
    (
        ("cli", Some("PowerShell"), Some("Windows")),
        "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.18362.1714",
    ),
    (
        ("cli", Some("aws-cli"), Some("Linux")),
        "aws-cli/2.2.35 Python/3.8.8 Linux/5.8.0-1040-azure exe/x86_64.ubuntu.20 prompt/off \
            command/sts.get-caller-identity",
    ),
    (("cli", Some("k6"), None), "k6/0.31.1 (https://k6.io/)"),
    (
        ("cli", Some("Boto3"), Some("macOS")),
        "Boto3/1.17.18 Python/3.8.5 Darwin/19.6.0 Botocore/1.20.18",
    ),
    (("cli", Some("Git"), None), "git/2.43.0"),
    (("cli", Some("kubectl"), Some("Linux")), "kubectl/v1.29.1 (linux/amd64) kubernetes/bc401b9"),
    (("cli", Some("xh"), None), "xh/0.22.0"),
    (("cli", Some("ApacheBench"), None), "ApacheBench/2.3"),
    (("cli", Some("got"), None), "got (https://github.com/sindresorhus/got)"),
    (("cli", Some("Lynx"), None), "Lynx/2.9.0dev.12 libwww-FM/2.14 SSL-MM/1.4.1 GNUTLS/3.7.8"),
    (
        ("cli", Some("Links"), Some("Linux")),
        "Links (2.29; Linux 6.1.0-18-amd64 x86_64; GNU C 12.2; text)",
    ),
    (("cli", Some("AWS SDK"), Some("Linux")), "aws-sdk-rust/1.3.3 os/linux lang/rust/1.81.0"),
    (("cli", Some("RestSharp"), None), "RestSharp/110.2.0.0"),
    // Bots.
    (("bot", Some("WhatsApp"), None), "WhatsApp/2.23.20.0"),
    (
        ("bot", Some("Nmap"), None),
        "Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)",
    ),
    (("bot", Some("ZGrab"), None), "Mozilla/5.0 zgrab/0.x"),
    (("bot", Some("Nikto"), None), "Mozilla/5.00 (Nikto/2.5.0) (Evasions:None) (Test:Port Check)"),
    (
        ("bot", Some("SkypeUriPreview"), None),
        "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 \
            skype-url-preview@microsoft.com",
    ),
    (
        ("bot", Some("Googlebot"), None),
        "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) \
         Chrome/140.0.7339.127 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    ),
    (
        ("bot", Some("Bingbot"), None),
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) \
         Chrome/116.0.1938.76 Safari/537.36",
    ),
    (
        ("bot", Some("Applebot"), None),
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_10_1) AppleWebKit/600.2.5 (KHTML, like Gecko) Version/8.0.2 Safari/600.2.5 \
         (Applebot/0.1; +http://www.apple.com/go/applebot)",
    ),
    (
        ("bot", Some("ClaudeBot"), None),
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; \
            +claudebot@anthropic.com)",
    ),
    (
        ("bot", Some("AhrefsBot"), None),
        "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
    ),
    (
        ("bot", Some("facebookexternalhit"), None),
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    ),
    (("bot", Some("Slackbot"), None), "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"),
    (
        ("bot", Some("UptimeRobot"), None),
        "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
    ),
    (
        ("bot", Some("HeadlessChrome"), None),
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
            HeadlessChrome/140.0.0.0 Safari/537.36",
    ),
    (("bot", None, None), "Mozilla/5.0 (compatible; SeekportBot; +https://bot.seekport.com)"),
    (
        ("bot", None, None),
        "Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)",
    ),
    // Nothing that can be recognized.
    (("unknown", None, None), ""),
    (("unknown", None, None), "Mozilla/5.0"),
    (("unknown", None, None), "knowledge/1 macros"),
    (("unknown", None, None), "' OR 1=1 --"),
];
