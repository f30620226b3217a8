//! A mail server on a loopback port, as small as RFC 5321 lets it be.

use std::sync::{Arc, Mutex};

use base64::{Engine, engine::general_purpose::STANDARD};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

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
}

/// The server; it ends with the test.
#[derive(Clone, Default)]
pub(crate) struct SmtpTestServer {
    state: Arc<Mutex<State>>,
    port: u16,
}

impl SmtpTestServer {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Self { port, ..Self::default() };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                serving.state.lock().unwrap().connections += 1;
                let serving = serving.clone();
                tokio::spawn(async move { drop(serving.serve(stream).await) });
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

    fn signs_in(&self, given: &str) -> Option<(String, String)> {
        let decoded = String::from_utf8(STANDARD.decode(given).ok()?).ok()?;
        let mut parts = decoded.split('\0').skip(1).map(str::to_owned);
        let (user, password) = (parts.next()?, parts.next()?);
        let wanted = self.state.lock().unwrap().password.clone();
        (wanted.as_ref() == Some(&password)).then_some((user, password))
    }

    async fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 test ESMTP\r\n").await?;
        let (mut from, mut to, mut user) = (String::new(), String::new(), None);
        while let Some(line) = lines.next_line().await? {
            let bare = |prefix: &str| {
                let address = line.get(prefix.len()..).unwrap_or_default();
                address.trim_matches(['<', '>', ' ']).split('>').next().unwrap().to_owned()
            };
            let reply = match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
                "EHLO" => "250-test\r\n250-8BITMIME\r\n250 AUTH PLAIN".to_owned(),
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
                    write.write_all(b"354 go on\r\n").await?;
                    let mut message = String::new();
                    while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                        message += line.strip_prefix('.').unwrap_or(&line);
                        message += "\r\n";
                    }
                    let (from, to, user) = (from.clone(), to.clone(), user.clone());
                    let received = Received { from, to, message, user };
                    self.state.lock().unwrap().received.push(received);
                    "250 2.0.0 taken".to_owned()
                }
                "QUIT" => return write.write_all(b"221 2.0.0 bye\r\n").await,
                _ => "502 5.5.1 what?".to_owned(),
            };
            write.write_all(format!("{reply}\r\n").as_bytes()).await?;
        }
        Ok(())
    }
}
