//! A mail server on a loopback port, as small as RFC 5321 lets it be.

use std::sync::{Arc, Mutex};

use base64::{Engine, engine::general_purpose::STANDARD};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

/// A mail that arrived.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) from: String,
    pub(crate) to: String,
    /// Headers and body, as they came.
    pub(crate) message: String,
    /// Who signed in, with the password.
    pub(crate) user: Option<(String, String)>,
}

/// What the server does.
#[derive(Debug, Default)]
struct State {
    received: Vec<Received>,
    /// The reply to everything that comes to this recipient.
    replies: Vec<(String, String)>,
    /// The password that it wants, if any.
    password: Option<String>,
    connections: usize,
    /// Everything but `EHLO` and `QUIT` that came in clear.
    in_clear: Vec<String>,
}

/// How connections to the server are secured.
#[derive(Clone, Default)]
pub(crate) enum Security {
    #[default]
    Plain,
    /// After `STARTTLS`.
    StartTls(TlsAcceptor),
    /// From the first byte.
    Tls(TlsAcceptor),
}

/// The server; it ends with the test.
#[derive(Clone, Default)]
pub(crate) struct SmtpTestServer {
    state: Arc<Mutex<State>>,
    pub(crate) port: u16,
    security: Security,
}

/// How a conversation ended.
enum Ended {
    Closed,
    /// The client wants TLS now.
    StartTls,
}

impl SmtpTestServer {
    pub(crate) async fn start() -> Self {
        Self::with(Security::Plain).await
    }

    pub(crate) async fn with(security: Security) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Self { port, security, ..Self::default() };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                serving.state.lock().unwrap().connections += 1;
                let serving = serving.clone();
                tokio::spawn(async move {
                    match &serving.security {
                        Security::Plain => drop(serving.serve(stream, false, false).await),
                        Security::Tls(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                drop(serving.serve(stream, true, false).await);
                            }
                        }
                        Security::StartTls(tls) => {
                            let upgraded = serving.serve(stream, false, true).await;
                            if let Ok((stream, Ended::StartTls)) = upgraded
                                && let Ok(stream) = tls.accept(stream).await
                            {
                                drop(serving.serve(stream, true, false).await);
                            }
                        }
                    }
                });
            }
        });
        server
    }

    pub(crate) fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Has it want a password.
    pub(crate) fn want(&self, password: &str) {
        self.state.lock().unwrap().password = Some(password.to_owned());
    }

    /// Has it reply this to a recipient; nothing ends that.
    pub(crate) fn reply(&self, to: &str, reply: Option<&str>) {
        let mut state = self.state.lock().unwrap();
        state.replies.retain(|(one, _)| one != to);
        state.replies.extend(reply.map(|reply| (to.to_owned(), reply.to_owned())));
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.state.lock().unwrap().received.clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }

    /// What came in clear beside `EHLO` and `QUIT`.
    pub(crate) fn in_clear(&self) -> Vec<String> {
        self.state.lock().unwrap().in_clear.clone()
    }

    fn signs_in(&self, given: &str) -> Option<(String, String)> {
        let decoded = String::from_utf8(STANDARD.decode(given).ok()?).ok()?;
        let mut parts = decoded.split('\0').skip(1).map(str::to_owned);
        let (user, password) = (parts.next()?, parts.next()?);
        let wanted = self.state.lock().unwrap().password.clone();
        (wanted.as_ref() == Some(&password)).then_some((user, password))
    }

    async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: S,
        is_secure: bool,
        offers_tls: bool,
    ) -> std::io::Result<(S, Ended)> {
        let mut stream = BufReader::new(stream);
        if !(is_secure && matches!(self.security, Security::StartTls(_))) {
            stream.write_all(b"220 test ESMTP\r\n").await?;
        }
        let (mut from, mut to, mut user) = (String::new(), String::new(), None);
        while let Some(line) = line_of(&mut stream).await? {
            let bare = |prefix: &str| {
                let address = line.get(prefix.len()..).unwrap_or_default();
                address.trim_matches(['<', '>', ' ']).split('>').next().unwrap().to_owned()
            };
            let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
            if !is_secure && !matches!(verb.as_str(), "EHLO" | "QUIT" | "STAR") {
                self.state.lock().unwrap().in_clear.push(line.clone());
            }
            let reply = match verb.as_str() {
                "EHLO" if offers_tls => "250-test\r\n250-STARTTLS\r\n250 AUTH PLAIN".to_owned(),
                "EHLO" => "250-test\r\n250-8BITMIME\r\n250 AUTH PLAIN".to_owned(),
                "STAR" if offers_tls => {
                    stream.write_all(b"220 2.0.0 go on\r\n").await?;
                    return Ok((stream.into_inner(), Ended::StartTls));
                }
                "AUTH" => {
                    user = self.signs_in(line.rsplit(' ').next().unwrap());
                    let is_in = user.is_some();
                    if is_in { "235 2.7.0 in" } else { "535 5.7.8 no" }.to_owned()
                }
                "MAIL" => {
                    from = bare("MAIL FROM:");
                    let is_closed = self.state.lock().unwrap().password.is_some();
                    let may = user.is_some() || !is_closed;
                    if may { "250 2.1.0 ok" } else { "530 5.7.0 sign in" }.to_owned()
                }
                "RCPT" => {
                    to = bare("RCPT TO:");
                    let state = self.state.lock().unwrap();
                    let reply = state.replies.iter().find(|(one, _)| *one == to);
                    reply.map_or_else(|| "250 2.1.5 ok".to_owned(), |(_, reply)| reply.clone())
                }
                "DATA" => {
                    stream.write_all(b"354 go on\r\n").await?;
                    let mut message = String::new();
                    while let Some(line) = line_of(&mut stream).await?.filter(|line| line != ".") {
                        message += line.strip_prefix('.').unwrap_or(&line);
                        message += "\r\n";
                    }
                    let (from, to, user) = (from.clone(), to.clone(), user.clone());
                    let received = Received { from, to, message, user };
                    self.state.lock().unwrap().received.push(received);
                    "250 2.0.0 taken".to_owned()
                }
                "QUIT" => {
                    stream.write_all(b"221 2.0.0 bye\r\n").await?;
                    break;
                }
                _ => "502 5.5.1 what?".to_owned(),
            };
            stream.write_all(format!("{reply}\r\n").as_bytes()).await?;
        }
        Ok((stream.into_inner(), Ended::Closed))
    }
}

/// The next line, without its end.
async fn line_of(stream: &mut (impl AsyncBufReadExt + Unpin)) -> std::io::Result<Option<String>> {
    let mut line = String::new();
    let read = stream.read_line(&mut line).await?;
    Ok((read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned()))
}
