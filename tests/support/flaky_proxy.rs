use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

/// A connection to a server that can be cut: what a store that is away looks like.
pub(crate) struct FlakyProxy {
    /// Where its near end listens.
    pub(crate) url: String,
    ends: JoinSet<()>,
}

impl FlakyProxy {
    /// From a free port to the server at `url`.
    pub(crate) async fn to(url: &str) -> Self {
        let far = url.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mut ends = JoinSet::new();
        ends.spawn(async move {
            let mut open = JoinSet::new();
            loop {
                let (mut near, _) = listener.accept().await.unwrap();
                let mut far = TcpStream::connect(&far).await.unwrap();
                open.spawn(async move { drop(copy_bidirectional(&mut near, &mut far).await) });
            }
        });
        Self { url, ends }
    }

    /// Ends what is open and takes nothing more.
    pub(crate) async fn cut(&mut self) {
        self.ends.shutdown().await;
    }
}
