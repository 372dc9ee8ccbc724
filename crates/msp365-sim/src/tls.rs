//! HTTPS: a root certificate that lives as long as its server, and connections that show one below it.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::serve::Listener;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::aws_lc_rs, pki_types::PrivateKeyDer},
    server::TlsStream,
};

use crate::Error;

/// The names it answers to: this machine, and Microsoft's own hosts in all clouds, for clients that are sent here by a
/// hosts file or a resolver.
const NAMES: [&str; 18] = [
    "localhost",
    "127.0.0.1",
    "::1",
    "login.microsoftonline.com",
    "login.microsoft.com",
    "login.windows.net",
    "sts.windows.net",
    "graph.microsoft.com",
    "api.partnercenter.microsoft.com",
    "login.microsoftonline.us",
    "login-us.microsoftonline.com",
    "login.usgovcloudapi.net",
    "graph.microsoft.us",
    "dod-graph.microsoft.us",
    "login.partner.microsoftonline.cn",
    "login.chinacloudapi.cn",
    "microsoftgraph.chinacloudapi.cn",
    "partner.partnercenterapi.microsoftonline.cn",
];
/// How many connections may be agreeing on their keys at a time; more wait in the system's queue.
const SHAKING: usize = 256;
/// How long a client may take to agree, so that silent ones do not fill the places above.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a server shows its clients. Validity is the library's default, 1975 to 4096: clients go by the system's time,
/// which need not be that of the cloud.
pub(crate) struct Identity {
    /// The root certificate as PEM. Its key is gone once this is made.
    pub(crate) root: String,
    config: Arc<ServerConfig>,
}

impl Identity {
    /// A new root, and a certificate below it for all names and this address.
    pub(crate) fn create(address: IpAddr) -> Result<Self, Error> {
        let refused = |source: rcgen::Error| Error::Certificates {
            source: Box::new(source),
        };
        let root_key = KeyPair::generate().map_err(refused)?;
        let params = root_params();
        let root = params.self_signed(&root_key).map_err(refused)?;
        let key = KeyPair::generate().map_err(refused)?;
        let shown = leaf_params(address)
            .and_then(|leaf| leaf.signed_by(&key, &Issuer::from_params(&params, &root_key)))
            .map_err(refused)?;
        let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|config| {
                config
                    .with_no_client_auth()
                    .with_single_cert(vec![shown.der().clone()], key)
            })
            .map_err(|source| Error::Certificates {
                source: Box::new(source),
            })?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self {
            root: root.pem(),
            config: Arc::new(config),
        })
    }
}

fn root_params() -> CertificateParams {
    let mut root = CertificateParams::default();
    root.distinguished_name
        .push(DnType::CommonName, "msp365 simulated cloud");
    root.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    root.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    root
}

fn leaf_params(address: IpAddr) -> Result<CertificateParams, rcgen::Error> {
    let mut names: Vec<String> = NAMES.into_iter().map(str::to_owned).collect();
    let address = address.to_string();
    if !names.contains(&address) {
        names.push(address);
    }
    let mut leaf = CertificateParams::new(names)?;
    leaf.distinguished_name.push(DnType::CommonName, "localhost");
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    // Newer clients, such as Python 3.13, refuse a certificate that does not name its issuer's key.
    leaf.use_authority_key_identifier_extension = true;
    Ok(leaf)
}

/// Takes connections and lets them agree on keys, side by side.
pub(crate) struct TlsListener {
    tcp: TcpListener,
    acceptor: TlsAcceptor,
    shaking: JoinSet<Option<(TlsStream<TcpStream>, SocketAddr)>>,
}

impl TlsListener {
    pub(crate) fn new(tcp: TcpListener, identity: &Identity) -> Self {
        Self {
            tcp,
            acceptor: TlsAcceptor::from(Arc::clone(&identity.config)),
            shaking: JoinSet::new(),
        }
    }

    fn shake(&mut self, stream: TcpStream, address: SocketAddr) {
        // Answers go out in several writes, which must not wait for each other.
        let _ = stream.set_nodelay(true);
        let agreed = self.acceptor.accept(stream);
        self.shaking.spawn(async move {
            let stream = tokio::time::timeout(PATIENCE, agreed).await.ok()?.ok()?;
            Some((stream, address))
        });
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let has_room = self.shaking.len() < SHAKING;
            tokio::select! {
                (stream, address) = Listener::accept(&mut self.tcp), if has_room => self.shake(stream, address),
                done = self.shaking.join_next(), if !self.shaking.is_empty() => {
                    if let Some(Ok(Some(ready))) = done {
                        return ready;
                    }
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.tcp.local_addr()
    }
}

#[cfg(test)]
mod tests {
    use tokio::{io::AsyncReadExt, net::TcpStream};
    use tokio_rustls::{
        TlsConnector,
        client::TlsStream,
        rustls::{
            ClientConfig, RootCertStore,
            pki_types::{CertificateDer, ServerName, pem::PemObject},
        },
    };

    use super::*;
    use crate::{Server, Sim};

    async fn served() -> Server {
        Sim::seeded(7).customers(0).tls().start().await.unwrap()
    }

    /// A connection to a server under a name, by a client that trusts this root.
    async fn connected(server: &Server, name: &str, root: &str) -> io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_slice(root.as_bytes()).unwrap())
            .unwrap();
        let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let stream = TcpStream::connect(server.address()).await.unwrap();
        let name = ServerName::try_from(name.to_owned()).unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, stream).await
    }

    async fn trusting(server: &Server, name: &str) -> io::Result<TlsStream<TcpStream>> {
        connected(server, name, server.root_certificate().unwrap()).await
    }

    #[tokio::test]
    async fn it_answers_to_this_machine_and_to_microsofts_hosts() {
        let server = served().await;

        for name in NAMES {
            assert!(trusting(&server, name).await.is_ok(), "{name}");
        }
        assert!(trusting(&server, "graph.example").await.is_err());
    }

    #[tokio::test]
    async fn each_server_has_a_root_of_its_own() {
        let (server, other) = (served().await, served().await);

        let stranger = connected(&server, "localhost", other.root_certificate().unwrap()).await;

        assert!(stranger.is_err());
    }

    #[tokio::test]
    async fn http_2_is_agreed_on_where_the_client_can() {
        let server = served().await;

        let stream = trusting(&server, "localhost").await.unwrap();

        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    }

    #[tokio::test]
    async fn a_client_that_says_nothing_keeps_nobody_out() {
        let server = served().await;
        let _silent = TcpStream::connect(server.address()).await.unwrap();

        assert!(trusting(&server, "localhost").await.is_ok());
    }

    #[tokio::test]
    async fn it_stops_while_connections_are_open() {
        let server = served().await;
        let _silent = TcpStream::connect(server.address()).await.unwrap();
        let mut open = trusting(&server, "localhost").await.unwrap();

        server.stop().await.unwrap();

        let mut rest = Vec::new();
        // How the connection ends does not matter, only that it does.
        let _ = open.read_to_end(&mut rest).await;
    }

    #[tokio::test]
    async fn the_announcement_names_the_file_of_the_root_certificate() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("root.pem");
        let sim = Sim::seeded(7).customers(0).tls_root(&file);

        let server = sim.start().await.unwrap();

        assert_eq!(server.announcement()["root_certificate"], file.to_str().unwrap());
        let written = std::fs::read_to_string(&file).unwrap();
        assert_eq!(Some(written.as_str()), server.root_certificate());
        assert_eq!(server.endpoints().graph, format!("https://{}", server.address()));
    }
}
