//! Sealed text: what clients and counselors write in confidence, encrypted before it reaches the database.
//!
//! Envelope encryption. Each practice has data keys of its own; they lie in the database wrapped by a master key that does not.
//! Neither a stolen file nor a database administrator can read what is sealed, and removing a practice's data keys erases it.
//! A value is bound to its practice, table, column and row as associated data: moved elsewhere it does not open.

use std::{fs, io::Write, path::Path};

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use domain::ids::PracticeId;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{StoreError, columns::base16};

/// A 256-bit key that is wiped from memory when it is dropped.
pub(crate) type Key = Zeroizing<[u8; 32]>;

const FORMAT: u8 = 1;
const NONCE: usize = 24;
const HEADER: usize = 1 + 4 + NONCE;

/// Why a value can't be sealed or opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The value was altered, moved, or sealed with another key.
    #[error("a sealed value can't be opened: it was altered, moved, or sealed with another key")]
    Opening,
    /// The practice has no such data key: it was erased.
    #[error("the practice's data key {0} is gone")]
    NoDataKey(u32),
    /// None of the master keys at hand wraps the practice's data keys.
    #[error("master key {0} is needed and not at hand")]
    NoMasterKey(String),
    /// The master keys can't be read.
    #[error("master keys are lines of `id:base16 of 32 bytes`, newest first")]
    MasterKeys,
    /// The master keys are gone, and what is in the database can't be read without them.
    #[error("the database holds practices and their master key is missing: put back the copy of it that was kept")]
    MasterKeyMissing,
    /// The operating system gave no randomness.
    #[error("the operating system gave no randomness")]
    Randomness,
}

/// Where a sealed value belongs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// `table.column`.
    pub(crate) column: &'static str,
    /// The row's id.
    pub(crate) row: Uuid,
}

fn associated(practice: PracticeId, place: Place) -> Vec<u8> {
    let mut data = Vec::with_capacity(80);
    data.extend_from_slice(practice.0.as_bytes());
    data.extend_from_slice(place.row.as_bytes());
    data.extend_from_slice(place.column.as_bytes());
    data
}

/// Fills a key, a nonce or a secret from the operating system.
pub(crate) fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>, SealError> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(&mut *bytes).map_err(|_| SealError::Randomness)?;
    Ok(bytes)
}

fn encrypt(key: &Key, number: u32, associated: &[u8], message: &[u8]) -> Result<Vec<u8>, SealError> {
    let nonce = random::<NONCE>()?;
    let cipher = XChaCha20Poly1305::new((&**key).into());
    let sealed = cipher
        .encrypt(&XNonce::from(*nonce), Payload { msg: message, aad: associated })
        .map_err(|_| SealError::Opening)?;
    let mut out = Vec::with_capacity(HEADER + sealed.len());
    out.push(FORMAT);
    out.extend_from_slice(&number.to_be_bytes());
    out.extend_from_slice(&*nonce);
    out.extend_from_slice(&sealed);
    Ok(out)
}

/// The number of the data key that a sealed value names.
pub(crate) fn key_number(sealed: &[u8]) -> Result<u32, SealError> {
    match sealed {
        [FORMAT, a, b, c, d, ..] if sealed.len() > HEADER => Ok(u32::from_be_bytes([*a, *b, *c, *d])),
        _ => Err(SealError::Opening),
    }
}

fn decrypt(key: &Key, associated: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
    key_number(sealed)?;
    let nonce: [u8; NONCE] = sealed[5..HEADER].try_into().map_err(|_| SealError::Opening)?;
    XChaCha20Poly1305::new((&**key).into())
        .decrypt(&XNonce::from(nonce), Payload { msg: &sealed[HEADER..], aad: associated })
        .map(Zeroizing::new)
        .map_err(|_| SealError::Opening)
}

/// One practice's data keys, by number; the newest seals, all of them open.
pub(crate) struct DataKeys {
    practice: PracticeId,
    keys: Vec<(u32, Key)>,
}

impl DataKeys {
    pub(crate) fn new(practice: PracticeId, mut keys: Vec<(u32, Key)>) -> Self {
        keys.sort_by_key(|(number, _)| *number);
        Self { practice, keys }
    }

    pub(crate) fn has(&self, number: u32) -> bool {
        self.keys.iter().any(|(known, _)| *known == number)
    }

    pub(crate) fn seal(&self, place: Place, text: &[u8]) -> Result<Vec<u8>, SealError> {
        let (number, key) = self.keys.last().ok_or(SealError::NoDataKey(1))?;
        encrypt(key, *number, &associated(self.practice, place), text)
    }

    pub(crate) fn open(&self, place: Place, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let number = key_number(sealed)?;
        let key = self.keys.iter().find(|(known, _)| *known == number);
        let (_, key) = key.ok_or(SealError::NoDataKey(number))?;
        decrypt(key, &associated(self.practice, place), sealed)
    }

    /// The first data key, which look-ups of sealed values are keyed by, because it stays when newer ones seal.
    pub(crate) fn first(&self) -> Result<&Key, SealError> {
        self.keys.first().map(|(_, key)| key).ok_or(SealError::NoDataKey(1))
    }
}

/// The keys that wrap every practice's data keys, newest first. They are never in the database.
pub struct MasterKeys(Vec<(String, Key)>);

impl MasterKeys {
    /// Reads lines of `id:base16`, newest first.
    ///
    /// # Errors
    /// [`SealError::MasterKeys`] if a line is not one.
    pub fn parse(text: &str) -> Result<Self, SealError> {
        let lines = text.split([',', '\n']).map(str::trim).filter(|line| !line.is_empty());
        let keys = lines.map(parse_line).collect::<Option<Vec<_>>>().filter(|keys| !keys.is_empty());
        keys.map(Self).ok_or(SealError::MasterKeys)
    }

    /// Reads the file, or makes it with a first key, for this user's eyes alone. Also says whether it was made.
    ///
    /// # Errors
    /// If the file can't be read or made, or holds something else.
    pub fn load_or_make(path: &Path) -> Result<(Self, bool), StoreError> {
        let file = |source| StoreError::File { path: path.to_owned(), source };
        match fs::read_to_string(path) {
            Ok(text) => Ok((Self::parse(&Zeroizing::new(text))?, false)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let keys = Self(vec![new_key()?]);
                match keys.make_file(path) {
                    Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Self::load_or_make(path),
                    made => made.map(|()| (keys, true)).map_err(file),
                }
            }
            Err(error) => Err(file(error)),
        }
    }

    /// The file is there whole or not at all, and never takes the place of another: a start may be broken off, and two may happen
    /// at once.
    fn make_file(&self, path: &Path) -> std::io::Result<()> {
        let unfinished = path.with_extension(format!("{}.part", self.newest()));
        write_private(&unfinished, &self.text())?;
        let linked = fs::hard_link(&unfinished, path);
        fs::remove_file(&unfinished)?;
        match linked {
            // Some file systems have no links.
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => write_private(path, &self.text()),
            linked => linked,
        }
    }

    /// Puts a new key in front, in the file too.
    ///
    /// # Errors
    /// If the file can't be replaced.
    pub fn rotate(&mut self, path: &Path) -> Result<(), StoreError> {
        self.0.insert(0, new_key()?);
        let beside = path.with_extension("new");
        let replaced = write_private(&beside, &self.text()).and_then(|()| fs::rename(&beside, path));
        replaced.map_err(|source| StoreError::File { path: path.to_owned(), source })
    }

    /// The name of the key that wraps now.
    pub(crate) fn newest(&self) -> &str {
        self.0.first().map_or("", |(id, _)| id)
    }

    pub(crate) fn wrap(&self, practice: PracticeId, number: u32, key: &Key) -> Result<Vec<u8>, SealError> {
        let (_, master) = self.0.first().ok_or(SealError::MasterKeys)?;
        encrypt(master, number, practice.0.as_bytes(), &**key)
    }

    pub(crate) fn unwrap(&self, practice: PracticeId, master: &str, wrapped: &[u8]) -> Result<Key, SealError> {
        let key = self.0.iter().find(|(id, _)| id == master);
        let (_, key) = key.ok_or_else(|| SealError::NoMasterKey(master.to_owned()))?;
        let plain = decrypt(key, practice.0.as_bytes(), wrapped)?;
        let bytes: [u8; 32] = plain.as_slice().try_into().map_err(|_| SealError::Opening)?;
        Ok(Zeroizing::new(bytes))
    }

    /// What a text is counted under where there is no practice whose key could hide it. It changes when the keys rotate.
    pub(crate) fn blind_index(&self, purpose: &str, text: &str) -> Result<String, SealError> {
        let (_, master) = self.0.first().ok_or(SealError::MasterKeys)?;
        blind_index(master, purpose, text).ok_or(SealError::MasterKeys)
    }

    fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::new());
        for (id, key) in &self.0 {
            text.push_str(id);
            text.push(':');
            for byte in &**key {
                text.push_str(&format!("{byte:02x}"));
            }
            text.push('\n');
        }
        text
    }
}

/// The same for the same text under the same key, and telling nothing else.
pub(crate) fn blind_index(key: &Key, purpose: &str, text: &str) -> Option<String> {
    use hmac::{Hmac, KeyInit as _, Mac};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&**key).ok()?;
    for part in ["blind index", purpose, text] {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
    Some(base16(&mac.finalize().into_bytes()))
}

fn new_key() -> Result<(String, Key), SealError> {
    let id = random::<4>()?;
    Ok((format!("{:08x}", u32::from_be_bytes(*id)), random::<32>()?))
}

fn parse_line(line: &str) -> Option<(String, Key)> {
    let (id, text) = line.split_once(':')?;
    if id.is_empty() || text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut key = Key::default();
    for (byte, pair) in key.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some((id.to_owned(), key))
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRACTICE: PracticeId = PracticeId(Uuid::from_u128(1));
    const HERE: Place = Place { column: "notes.body", row: Uuid::from_u128(7) };

    fn keys(practice: PracticeId) -> DataKeys {
        DataKeys::new(practice, vec![(1, Zeroizing::new([3; 32])), (2, Zeroizing::new([4; 32]))])
    }

    #[test]
    fn what_is_sealed_opens_in_its_place_and_nowhere_else() {
        let sealed = keys(PRACTICE).seal(HERE, b"we talked").unwrap();
        assert_eq!(&**keys(PRACTICE).open(HERE, &sealed).unwrap(), b"we talked");

        let elsewhere = Place { row: Uuid::from_u128(8), ..HERE };
        let other_column = Place { column: "notes.text", ..HERE };
        assert_eq!(keys(PRACTICE).open(elsewhere, &sealed), Err(SealError::Opening));
        assert_eq!(keys(PRACTICE).open(other_column, &sealed), Err(SealError::Opening));
        assert_eq!(keys(PracticeId(Uuid::from_u128(2))).open(HERE, &sealed), Err(SealError::Opening));
    }

    #[test]
    fn every_altered_byte_is_noticed() {
        let sealed = keys(PRACTICE).seal(HERE, b"we talked").unwrap();
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert!(keys(PRACTICE).open(HERE, &altered).is_err(), "byte {at}");
        }
        for length in 0..sealed.len() {
            assert!(keys(PRACTICE).open(HERE, &sealed[..length]).is_err());
        }
    }

    #[test]
    fn starts_at_once_agree_on_the_master_key() {
        let folder = std::env::temp_dir().join(format!("tenfold-starts-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for round in 0..20 {
            let path = folder.join(format!("{round}.keys"));
            let start = || MasterKeys::load_or_make(&path).unwrap().0.newest().to_owned();
            let names: Vec<_> = std::thread::scope(|scope| {
                let starts: Vec<_> = (0..8).map(|_| scope.spawn(start)).collect();
                starts.into_iter().map(|start| start.join().unwrap()).collect()
            });
            assert!(names.iter().all(|name| *name == names[0]), "{names:?}");
        }
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn master_keys_survive_a_rotation_on_disk() {
        let folder = std::env::temp_dir().join(format!("tenfold-keys-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("master.keys");
        let (mut keys, made) = MasterKeys::load_or_make(&path).unwrap();
        assert!(made);
        let wrapped = keys.wrap(PRACTICE, 1, &Zeroizing::new([9; 32])).unwrap();
        let first = keys.newest().to_owned();

        keys.rotate(&path).unwrap();

        let (reread, made) = MasterKeys::load_or_make(&path).unwrap();
        assert!(!made);
        assert_ne!(reread.newest(), first);
        assert_eq!(*reread.unwrap(PRACTICE, &first, &wrapped).unwrap(), [9; 32]);
        fs::remove_dir_all(&folder).unwrap();
    }
}
