//! The keys that sign access tokens: one signs, the older ones still verify, until the last token they signed has run out.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use ed25519_dalek::{
    SigningKey,
    pkcs8::{DecodePrivateKey, EncodePrivateKey, spki::der::pem::LineEnding},
};
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use zeroize::Zeroizing;

/// Why there are no keys to sign with.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A file can't be read or written.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is not a key.
    #[error("{0} is not an Ed25519 private key in PEM (PKCS#8)")]
    NotAKey(String),
    /// The machine gives no random numbers.
    #[error("no random numbers: {0}")]
    NoRandom(getrandom::Error),
}

/// The keys of this server, newest first.
#[derive(Debug)]
pub struct SigningKeys {
    newest: Key,
    older: Vec<Key>,
}

/// One key.
pub(crate) struct Key {
    /// Its thumbprint (RFC 7638), by which tokens name it.
    pub(crate) id: String,
    /// The public point, as the JWK carries it.
    pub(crate) coordinate: String,
    pub(crate) private: EncodingKey,
    pub(crate) public: DecodingKey,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Key").field("id", &self.id).finish_non_exhaustive()
    }
}

impl SigningKeys {
    /// The keys in a folder; makes the folder and a first key if there is none.
    ///
    /// # Errors
    /// What can't be read, written or understood.
    pub fn open(folder: &Path, now: DateTime<Utc>) -> Result<Self, KeyError> {
        let mut files = pem_files(folder)?;
        if files.is_empty() {
            let made = Self::add(folder, now)?;
            tracing::info!(made = %made.display(), "made a key to sign access tokens with");
            files.push(made);
        }
        files.sort();
        let keys: Result<Vec<Key>, KeyError> = files.iter().rev().map(|file| Key::read(file)).collect();
        let mut keys = keys?.into_iter();
        let newest = keys.next().ok_or_else(|| KeyError::NotAKey(folder.display().to_string()))?;
        Ok(Self { newest, older: keys.collect() })
    }

    /// Adds a key to the folder: it signs from the next start on, and the older ones go on verifying.
    ///
    /// # Errors
    /// What can't be written.
    pub fn add(folder: &Path, now: DateTime<Utc>) -> Result<PathBuf, KeyError> {
        let file = folder.join(format!("{}.pem", now.format("%Y%m%dT%H%M%S%6fZ")));
        let pem = fresh_pem()?;
        write_private(&file, pem.as_bytes()).map_err(|source| KeyError::File { path: file.clone(), source })?;
        Ok(file)
    }

    /// One key, given as PEM.
    ///
    /// # Errors
    /// It is not a key.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        Ok(Self { newest: Key::from_pem(pem, "the signing key")?, older: Vec::new() })
    }

    /// One fresh key that is kept nowhere.
    ///
    /// # Errors
    /// The machine gives no random numbers.
    pub fn generated() -> Result<Self, KeyError> {
        Self::from_pem(&fresh_pem()?)
    }

    pub(crate) fn signing(&self) -> &Key {
        &self.newest
    }

    pub(crate) fn find(&self, id: &str) -> Option<&Key> {
        self.all().find(|key| key.id == id)
    }

    fn all(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.newest).chain(&self.older)
    }

    /// The public halves, for those who verify.
    #[must_use]
    pub fn public(&self) -> KeySet {
        KeySet { keys: self.all().map(Key::public_half).collect() }
    }
}

impl Key {
    fn read(file: &Path) -> Result<Self, KeyError> {
        let pem = fs::read_to_string(file).map(Zeroizing::new);
        let pem = pem.map_err(|source| KeyError::File { path: file.to_owned(), source })?;
        Self::from_pem(&pem, &file.display().to_string())
    }

    fn from_pem(pem: &str, name: &str) -> Result<Self, KeyError> {
        let not_a_key = || KeyError::NotAKey(name.to_owned());
        let secret = SigningKey::from_pkcs8_pem(pem.trim()).map_err(|_| not_a_key())?;
        let coordinate = URL_SAFE_NO_PAD.encode(secret.verifying_key().as_bytes());
        let private = EncodingKey::from_ed_pem(pem.trim().as_bytes()).map_err(|_| not_a_key())?;
        let public = DecodingKey::from_ed_components(&coordinate).map_err(|_| not_a_key())?;
        Ok(Self { id: thumbprint(&coordinate), coordinate, private, public })
    }

    fn public_half(&self) -> PublicKey {
        PublicKey {
            kty: "OKP",
            crv: "Ed25519",
            r#use: "sig",
            alg: "EdDSA",
            kid: self.id.clone(),
            x: self.coordinate.clone(),
        }
    }
}

/// RFC 7638 with RFC 8037 §2: the members in this order, without spaces.
fn thumbprint(coordinate: &str) -> String {
    let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{coordinate}"}}"#);
    URL_SAFE_NO_PAD.encode(Sha256::digest(canonical))
}

fn fresh_pem() -> Result<Zeroizing<String>, KeyError> {
    let mut seed = Zeroizing::new([0u8; 32]);
    getrandom::fill(seed.as_mut()).map_err(KeyError::NoRandom)?;
    let pem = SigningKey::from_bytes(&seed).to_pkcs8_pem(LineEnding::LF);
    pem.map_err(|_| KeyError::NotAKey("the fresh key".to_owned()))
}

fn pem_files(folder: &Path) -> Result<Vec<PathBuf>, KeyError> {
    let failed = |source| KeyError::File { path: folder.to_owned(), source };
    make_private_folder(folder).map_err(failed)?;
    let paths: io::Result<Vec<PathBuf>> =
        fs::read_dir(folder).map_err(failed)?.map(|entry| entry.map(|entry| entry.path())).collect();
    let is_pem = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "pem");
    Ok(paths.map_err(failed)?.into_iter().filter(is_pem).collect())
}

/// Makes a folder that only its owner can look into, unless it is there.
pub(crate) fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Writes a file that only its owner can read, and that is whole or not there.
pub(crate) fn write_private(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let unfinished = file.with_extension("part");
    if unfinished.exists() {
        // Left behind by a start that broke off.
        fs::remove_file(&unfinished)?;
    }
    let mut handle = options.open(&unfinished)?;
    handle.write_all(bytes)?;
    handle.sync_all()?;
    fs::rename(&unfinished, file)
}

/// Public keys (RFC 7517).
#[derive(Debug, Serialize, ToSchema)]
pub struct KeySet {
    /// Newest first.
    #[schema(max_items = 100)]
    pub(crate) keys: Vec<PublicKey>,
}

/// A public key (RFC 8037).
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicKey {
    /// Key type.
    #[schema(value_type = String, example = "OKP", max_length = 20)]
    kty: &'static str,
    /// Curve.
    #[schema(value_type = String, example = "Ed25519", max_length = 20)]
    crv: &'static str,
    /// What it is used for: signatures.
    #[schema(value_type = String, example = "sig", max_length = 20)]
    r#use: &'static str,
    /// Algorithm.
    #[schema(value_type = String, example = "EdDSA", max_length = 20)]
    alg: &'static str,
    /// Thumbprint (RFC 7638).
    #[schema(max_length = 64)]
    kid: String,
    /// The public point.
    #[schema(max_length = 64)]
    x: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;

    #[test]
    fn the_first_start_makes_a_key_that_only_its_owner_can_read_and_later_starts_find_it() {
        let folder = tempfile::tempdir().unwrap();
        let first = SigningKeys::open(folder.path(), DateTime::UNIX_EPOCH).unwrap();
        let again = SigningKeys::open(folder.path(), DateTime::UNIX_EPOCH).unwrap();
        assert_eq!(first.signing().id, again.signing().id);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let file = pem_files(folder.path()).unwrap().remove(0);
            assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn after_a_rotation_the_newest_key_signs_and_the_older_one_still_verifies() {
        let folder = tempfile::tempdir().unwrap();
        let before = SigningKeys::open(folder.path(), DateTime::UNIX_EPOCH).unwrap();
        SigningKeys::add(folder.path(), DateTime::UNIX_EPOCH + Duration::days(1)).unwrap();
        let after = SigningKeys::open(folder.path(), DateTime::UNIX_EPOCH).unwrap();
        assert_ne!(after.signing().id, before.signing().id);
        assert!(after.find(&before.signing().id).is_some());
        assert_eq!(after.public().keys.len(), 2);
    }

    #[test]
    fn the_thumbprint_is_that_of_the_standard() {
        // RFC 8037, appendix A.3
        let coordinate = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        assert_eq!(thumbprint(coordinate), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn what_is_no_key_is_said_to_be_none_without_showing_it() {
        let error = SigningKeys::from_pem("very secret").unwrap_err().to_string();
        assert!(error.contains("the signing key") && !error.contains("very secret"));
    }
}
